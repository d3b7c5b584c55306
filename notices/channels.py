"""The ways out of the house: e-mail and message gateways, and how a digest reads there. Knows no rows."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import NamedTuple
from uuid import UUID

import apprise
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

MOST_LINES = 200
ASSET = apprise.AppriseAsset(http_redirects=False, secure_logging=True)


class Undeliverable(Exception):  # noqa: N818 - said of the message, like the refusals
    """The channel did not take the message; the text is safe to keep and show."""


class Line(NamedTuple):
    """One notice of a digest: only what may leave the house."""

    text: str
    path: str
    is_late: bool


class Message(NamedTuple):
    """``id`` stays the same however often the message is tried, so that a receiver can drop repeats."""

    id: UUID
    subject: str
    body: str


def digest(message_id: UUID, lines: Sequence[Line]) -> Message:
    """Put all that one person is told in one run into one message."""
    late = sum(line.is_late for line in lines)
    if late:
        subject = _("【期限提醒】{n} 条通知，其中 {late} 条迟到").format(n=len(lines), late=late)
    else:
        subject = _("【期限提醒】{n} 条通知").format(n=len(lines))
    shown = [_entry(number, line) for number, line in enumerate(lines[:MOST_LINES], start=1)]
    if len(lines) > MOST_LINES:
        shown.append(_("另有 {n} 条，请登录后查看。").format(n=len(lines) - MOST_LINES))
    foot = _("全部通知：{url}").format(url=_url(reverse("notice_list")))
    return Message(message_id, subject, "\n".join([*shown, "", foot, _("编号：{id}").format(id=message_id)]))


def _entry(number: int, line: Line) -> str:
    text = line.text or _("您有一条新通知")
    return f"{number}. {_('【迟到】') if line.is_late else ''}{text}\n   {_url(line.path)}"


def _url(path: str) -> str:
    return f"{str(settings.SITE_URL).rstrip('/')}{path}"


def send_email(address: str, message: Message) -> None:
    """:raises OSError: the mail server could not be reached or refused (smtplib's errors are OSErrors)."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{message.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    EmailMessage(message.subject, message.body, to=[address], headers=headers).send()


def send_to_gateway(url: str, message: Message) -> None:
    """:raises Undeliverable: the scheme is not allowed, the address is malformed, or the gateway did not take it."""
    scheme = url.partition("://")[0].lower()
    if scheme not in settings.GATEWAY_SCHEMES:
        raise Undeliverable(f"scheme {scheme[:20]!r} is not among GATEWAY_SCHEMES")
    gateway = apprise.Apprise(asset=ASSET)
    if not gateway.add(url):
        raise Undeliverable("the gateway address is malformed")
    if not gateway.notify(title=message.subject, body=message.body):
        raise Undeliverable("the gateway did not take the message")
