"""One person at one browser window."""

import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Request, ViewportSize, expect

from accounts.models import User

PASSWORD = "Correct-Horse-7"
DESKTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
SHOTS = Path(settings.VAR_DIR) / "screenshots"


class Desk:
    """A browser context of its own; it notes every console error and every request that leaves the site."""

    def __init__(self, browser: Browser, base: str, **context: Any) -> None:
        self.base = base
        self.complaints: list[str] = []
        self.context = browser.new_context(
            base_url=base, **{"locale": "zh-CN", "viewport": DESKTOP, "timezone_id": "Asia/Shanghai", **context}
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self._request)

    def close(self) -> None:
        self.context.close()

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form answers 400, 403 or 409 by design; the browser notes that as an error of its own.
        if message.type in ("error", "warning") and not re.search(r"status of 4\d\d", message.text):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:")):
            self.complaints.append(f"outside request: {request.url}")

    def log_in(self, user: User) -> None:
        self.page.goto("/login/")
        self.page.fill("input[name=username]", user.username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        expect(self.page.locator(".user-menu")).to_contain_text(user.name)

    def speak(self, language: str) -> None:
        """Change the language as the menu does, by the cookie it sets."""
        self.context.add_cookies([{"name": "django_language", "value": language, "url": self.base}])

    def press(self, name: str) -> None:
        """Follow the button or link of exactly this name in the page's body."""
        main = self.page.locator("main")
        main.get_by_role("link", name=name, exact=True).or_(main.get_by_role("button", name=name, exact=True)).click()

    def fill(self, **values: str) -> None:
        """Type into fields by name; a list picks by its words, a ``*`` ticks."""
        for name, value in values.items():
            field = self.page.locator(f"main form [name={name}]")
            kind = field.first.evaluate("field => field.type || field.tagName")
            if kind == "select-one":
                field.select_option(label=value)
            elif kind == "radio":
                self.page.get_by_label(value, exact=True).check()
            elif kind == "checkbox":
                field.check()
            else:
                field.fill(value)

    def told(self, words: str) -> None:
        """The page says so in the line on top that follows every act."""
        expect(self.page.locator(".messages")).to_contain_text(words)

    def shoot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def barriers(self) -> list[str]:
        """What axe finds serious or critical on this page."""
        is_there = self.page.evaluate("'axe' in window")
        found = (Axe("0") if is_there else Axe()).run(self.page).response["violations"]
        return [
            f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]

    def overflows(self) -> bool:
        """Whether the page must be scrolled sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
