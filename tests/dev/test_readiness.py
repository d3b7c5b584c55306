"""Is the site up? Asked of a real server that answers in each of the ways it can."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tools.readiness import is_up, wait_until_ready

answers: list[tuple[int, bytes]] = []


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Site) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body", "up"),
    [
        (200, b'{"status": "ok", "database": "ok"}', True),
        (503, b'{"status": "alarm", "database": "ok"}', True),
        (503, b'{"status": "alarm", "database": "failed"}', False),
        (500, b"<h1>Server Error</h1>", False),
        (400, b"", False),
        (200, b"[]", False),
    ],
)
def test_the_site_is_up_when_its_database_answers(url: str, status: int, body: bytes, up: bool) -> None:
    answers[:] = [(status, body)]
    assert is_up(url) is up


def test_a_site_that_is_not_there_is_not_up(url: str) -> None:
    host = url.rpartition(":")[0]
    assert is_up(f"{host}:1") is False


def test_waiting_ends_when_the_site_comes_up(url: str) -> None:
    answers[:] = [(500, b""), (500, b""), (200, b'{"database": "ok"}')]
    assert wait_until_ready(url, given_up=lambda: False, glance=0.01)


def test_waiting_ends_when_it_takes_too_long(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    answers[:] = [(500, b"")]
    assert not wait_until_ready(url, given_up=lambda: False, patience=0.05, glance=0.01)
    assert "not ready after 0.05 s" in capsys.readouterr().out


def test_waiting_ends_when_stopped(url: str) -> None:
    answers[:] = [(500, b"")]
    assert not wait_until_ready(url, given_up=lambda: True)
