"""Waiting for the site to answer."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable

from tools.console import say

PATIENCE = 120.0


def wait_until_ready(
    url: str, *, given_up: Callable[[], bool], patience: float = PATIENCE, glance: float = 0.25
) -> bool:
    """Ask /healthz until it answers; False when given up or when `patience` seconds have passed (said aloud)."""
    deadline = time.monotonic() + patience
    while not given_up():
        if _answers(f"{url}/healthz"):
            return True
        if time.monotonic() > deadline:
            say(f"{patience:g} 秒内未就绪，请看 var/log/。", f"not ready after {patience:g} s, look in var/log/")
            return False
        time.sleep(glance)
    return False


def _answers(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5):
            return True
    except urllib.error.HTTPError as answer:
        answer.close()
        # 503: it is up and says what is missing, such as the first sweep
        return answer.code < 500 or answer.code == 503
    except OSError:
        return False
