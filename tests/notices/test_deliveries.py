"""Deliveries survive refusals, dead senders and dead addresses."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from notices import actions
from notices.actions import gather_digests, send_deliveries
from notices.models import Delivery, DeliveryState, Notice
from notices.queries import dead_deliveries
from tests.builders import make_user
from tests.notices.test_digests import AT, tell

# The library loads all its plug-ins at the first address; one of them asks Python for a module it has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")


class Refusing(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no mail server")


@pytest.fixture
def waiting(law: None) -> Delivery:
    reader = make_user("reader", email="reader@example.org")
    tell(reader)
    gather_digests(at=AT)
    return Delivery.objects.get()


def refuse(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.notices.test_deliveries.Refusing"


def test_a_refused_mail_is_tried_again_ever_more_rarely(waiting: Delivery, settings: Settings) -> None:
    refuse(settings)
    pauses = []
    at = AT
    for attempt in range(1, 6):
        assert send_deliveries(at=at) == 0
        waiting.refresh_from_db()
        assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, attempt)
        assert waiting.last_error == "ConnectionRefusedError: no mail server"
        pauses.append(waiting.next_attempt_at - at)
        assert send_deliveries(at=waiting.next_attempt_at - timedelta(seconds=1)) == 0
        at = waiting.next_attempt_at

    for attempt, pause in enumerate(pauses):
        assert 0.8 <= pause / timedelta(minutes=2**attempt) <= 1.2

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_deliveries(at=at) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{waiting.message_id}@localhost>"
    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error) == (DeliveryState.SENT, "")


def test_after_the_last_try_it_is_dead_and_the_recipient_told_inside(waiting: Delivery, settings: Settings) -> None:
    refuse(settings)
    settings.DELIVERY_TRIES = 3
    at = AT
    for _ in range(5):
        send_deliveries(at=at)
        at += timedelta(days=1)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (DeliveryState.DEAD, 3)
    assert dead_deliveries(at) == 1
    assert dead_deliveries(at + timedelta(days=8)) == 0
    told = Notice.objects.get(kind="delivery_dead")
    assert told.recipient_id == waiting.recipient_id
    assert gather_digests(at=AT + timedelta(days=5)) == 0  # about the mail that fails no mail is sent


def test_a_sender_that_died_leaves_a_delivery_that_is_tried_again_with_the_same_id(waiting: Delivery) -> None:
    claimed = actions._claim_delivery(AT)
    assert claimed is not None

    assert send_deliveries(at=AT + actions.LEASE - timedelta(seconds=1)) == 0
    assert send_deliveries(at=AT + actions.LEASE) == 1

    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{waiting.message_id}@localhost>"
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (DeliveryState.SENT, 2)


def test_a_delivery_that_kills_every_sender_ends_dead(waiting: Delivery, settings: Settings) -> None:
    settings.DELIVERY_TRIES = 2
    at = AT
    for _ in range(2):
        assert actions._claim_delivery(at) is not None
        at += actions.LEASE

    assert send_deliveries(at=at) == 0

    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error) == (DeliveryState.DEAD, "Undeliverable: the sender died each time")
    assert mail.outbox == []


def test_a_sender_that_was_only_slow_does_not_undo_what_another_did(
    waiting: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first sender hangs past its lease; the second sends; then the first fails."""
    send = actions._send

    def hang_then_fail(delivery: Delivery) -> None:
        monkeypatch.setattr(actions, "_send", send)
        assert send_deliveries(at=AT + actions.LEASE) == 1
        raise TimeoutError

    monkeypatch.setattr(actions, "_send", hang_then_fail)
    assert send_deliveries(at=AT) == 0

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (DeliveryState.SENT, 2)
    assert len(mail.outbox) == 1


def test_a_bad_delivery_does_not_stop_the_next(waiting: Delivery) -> None:
    User.objects.filter(pk=waiting.recipient_id).update(email="bad\naddress@example.org")
    other = make_user("other", email="other@example.org")
    tell(other)
    gather_digests(at=AT)

    assert send_deliveries(at=AT) == 1

    assert [sent.to for sent in mail.outbox] == [["other@example.org"]]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error[:15]) == (DeliveryState.WAITING, "BadHeaderError:")


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_nothing_is_sent_to_an_address_or_a_person_that_is_no_more(waiting: Delivery, change: dict[str, Any]) -> None:
    User.objects.filter(pk=waiting.recipient_id).update(**change)

    assert send_deliveries(at=AT) == 0

    waiting.refresh_from_db()
    assert waiting.last_error == "Undeliverable: the recipient has no such channel any more"
    assert mail.outbox == []


class Gateway(HTTPServer):
    """A message gateway that remembers, and may refuse."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.taken: list[dict[str, Any]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/"


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Gateway)
        self.server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests are silent."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def gathered_for_gateway(url: str) -> Delivery:
    reader = make_user("reader")
    User.objects.filter(pk=reader.pk).update(gateway=url)
    tell(reader, "线索1")
    gather_digests(at=AT)
    return Delivery.objects.get()


def test_a_gateway_takes_the_digest_with_its_id(law: None, gateway: Gateway, settings: Settings) -> None:
    settings.GATEWAY_SCHEMES = ["json"]
    delivery = gathered_for_gateway(gateway.url)

    assert send_deliveries(at=AT) == 1

    (taken,) = gateway.taken
    assert taken["title"] == "【期限提醒】1 条通知"
    assert taken["message"].startswith("1. 线索1号\n")
    assert str(delivery.message_id) in taken["message"]


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_gateway_that_refuses_or_points_elsewhere_is_tried_again(
    law: None, gateway: Gateway, settings: Settings, status: int
) -> None:
    settings.GATEWAY_SCHEMES = ["json"]
    gateway.status = status
    delivery = gathered_for_gateway(gateway.url)

    assert send_deliveries(at=AT) == 0

    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == (
        DeliveryState.WAITING,
        "Undeliverable: the gateway did not take the message",
    )
    assert len(gateway.taken) == 1


@pytest.mark.parametrize("url", ["{}", "JSON://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1:6379/", "nonsense"])
def test_a_scheme_that_is_not_allowed_is_never_asked(law: None, gateway: Gateway, url: str) -> None:
    delivery = gathered_for_gateway(url.format(gateway.url))

    assert send_deliveries(at=AT) == 0

    delivery.refresh_from_db()
    assert delivery.last_error.endswith("is not among GATEWAY_SCHEMES")
    assert gateway.taken == []


@pytest.mark.django_db(transaction=True)
def test_senders_at_the_same_time_send_each_delivery_once(transactional_db: None) -> None:
    for number in range(12):
        tell(make_user(f"reader{number}", email=f"r{number}@example.org"))
    gather_digests(at=AT)

    def send() -> None:
        send_deliveries(at=AT)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(f"r{number}@example.org" for number in range(12))
    assert set(Delivery.objects.values_list("state", "attempts")) == {(DeliveryState.SENT, 1)}
