"""A real Chromium against a real server; without Chromium the tests are skipped, except where it is required."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from deadlines.actions.reminders import sweep_reminders
from tests.builders import City, make_routing
from tests.e2e.desk import Desk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
IS_REQUIRED = os.environ.get("REQUIRE_BROWSER") == "1" or os.environ.get("CI", "").lower() == "true"
SitDown = Callable[..., Desk]


@pytest.fixture(scope="session", autouse=True)
def chromium() -> Iterator[None]:
    if CHROMIUM is None:
        if IS_REQUIRED:
            pytest.fail("Chromium is required here and not installed (apt-get install chromium fonts-wqy-microhei).")
        pytest.skip("Chromium is not installed.")
    # The browser's own event loop runs in this thread, and Django would take it for an asynchronous caller.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    # Chromium refuses its sandbox to root, and only then does without.
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}


@pytest.fixture
def sit_down(browser: Browser, live_server: LiveServer, law: None) -> Iterator[SitDown]:
    """Somebody at a browser of their own; whatever a page complains of fails the test at its end."""
    desks: list[Desk] = []

    def desk(user: User | None = None, **context: Any) -> Desk:
        desks.append(Desk(browser, live_server.url, **context))
        if user is not None:
            desks[-1].log_in(user)
        return desks[-1]

    yield desk
    complaints = [complaint for each in desks for complaint in each.complaints]
    for each in desks:
        each.close()
    assert complaints == []


@pytest.fixture
def swept(city: City) -> City:
    """The city with its reminder service at work."""
    sweep_reminders(at=timezone.now())
    return city


@pytest.fixture
def town(swept: City) -> City:
    """The city with its reminder service at work and a division of powers in force."""
    make_routing(swept)
    return swept
