"""Whether the site is up: asked while starting, and by the container's health check (`python -m tools.readiness URL`)."""

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from tools.console import say

PATIENCE = 120.0


def wait_until_ready(
    url: str, *, given_up: Callable[[], bool], patience: float = PATIENCE, glance: float = 0.25
) -> bool:
    """Ask until the site is up; False when given up or when `patience` seconds have passed (said aloud)."""
    deadline = time.monotonic() + patience
    while not given_up():
        if is_up(url):
            return True
        if time.monotonic() > deadline:
            say(f"{patience:g} 秒内未就绪，请看 var/log/。", f"not ready after {patience:g} s, look in var/log/")
            return False
        time.sleep(glance)
    return False


def is_up(url: str) -> bool:
    """True when /healthz says that its database answers.

    A silent sweep is an alarm (503) for whoever watches, but no reason to take the site away from its users.
    """
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{url}/healthz", timeout=5) as answer:
            body = answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            body = refusal.read()
    except OSError:
        return False
    try:
        report = json.loads(body)
    except ValueError:
        return False
    return isinstance(report, dict) and report.get("database") == "ok"


if __name__ == "__main__":
    sys.exit(0 if is_up(sys.argv[1]) else 1)
