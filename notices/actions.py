"""Telling people: the only writer of notices and deliveries."""

import json
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import NotFound
from core.transitions import in_record
from notices.channels import Line, Undeliverable, digest, send_email, send_to_gateway
from notices.models import Channel, Delivery, DeliveryState, Notice
from notices.queries import notices_for

LEASE = timedelta(minutes=10)  # whoever claimed a delivery has sent it by then, or has died
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=12)
SENDING_SECONDS = 30  # one ring goes on sending no longer, so that senders never take all workers from the sweep

log = structlog.get_logger()


class NewNotice(NamedTuple):
    """What one person is to be told. ``key`` identifies the telling: the same key is never told twice to one person.

    ``outside`` is what e-mail and gateways may carry: the matter's number, never a name.
    """

    recipient_id: int
    kind: str
    key: str
    subject_kind: str
    subject_id: int
    title: str
    body: str = ""
    outside: str = ""
    is_urgent: bool = False
    is_late: bool = False


INSERT = f"INSERT INTO {Notice._meta.db_table} (created_at, {', '.join(NewNotice._fields)}) "
# One letter a field: what is sent and parsed for thousands of rows is mostly names otherwise.
LETTERS = "abcdefghij"
FROM_JSON = (
    "SELECT %s, * FROM json_to_recordset(%s) AS new "
    "(a bigint, b text, c text, d text, e bigint, f text, g text, h text, i bool, j bool) "
)
FROM_ROW = f"VALUES ({', '.join(['%s'] * (1 + len(NewNotice._fields)))}) "
ONCE = "ON CONFLICT (recipient_id, key) DO NOTHING"


@transaction.atomic
def post_notices(notices: Sequence[NewNotice], *, at: datetime) -> None:
    """Write notices to inboxes; one already told (same recipient and key) is silently the same notice.

    A statement by hand: a sweep writes thousands, and model instances would cost more than all else it does.
    """
    if not notices:
        return
    rows = [_fitting(new) for new in notices]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            records = json.dumps([dict(zip(LETTERS, row, strict=True)) for row in rows], ensure_ascii=False)
            cursor.execute(INSERT + FROM_JSON + ONCE, [at, records])
        else:
            moment = connection.ops.adapt_datetimefield_value(at)
            cursor.executemany(INSERT + FROM_ROW + ONCE, [(moment, *row) for row in rows])


def _fitting(new: NewNotice) -> NewNotice:
    if len(new.title) <= 200 and len(new.body) <= 500 and len(new.outside) <= 200:
        return new
    return new._replace(title=new.title[:200], body=new.body[:500], outside=new.outside[:200])


@transaction.atomic
def mark_read(*, notice_id: int, actor: User, at: datetime) -> Notice:
    """:raises NotFound: not a notice of this user's."""
    notice = notices_for(actor).select_for_update().filter(pk=notice_id).first()
    if notice is None:
        raise NotFound(_("没有找到这条通知。"), code="not_found")
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def mark_all_read(*, actor: User, at: datetime) -> int:
    """Mark the whole inbox read; how many were unread."""
    return notices_for(actor).filter(read_at__isnull=True).update(read_at=at)


# ---- outside the house ------------------------------------------------------


def gather_digests(*, at: datetime) -> int:
    """Put every notice not yet gathered into one waiting delivery per recipient and channel; how many deliveries.

    Outside the sending hours only urgent notices are gathered. Who has no channel, or no account any more, has
    nothing to be gathered for: their notices are in the inbox.
    """
    waiting = Notice.objects.filter(gathered_at__isnull=True)
    waiting.filter(Q(recipient__is_active=False) | Q(recipient__email="", recipient__gateway="")).update(gathered_at=at)
    if not _is_sending_time(at):
        waiting = waiting.filter(is_urgent=True)
    recipients = User.objects.filter(pk__in=waiting.order_by().values("recipient"))
    return sum(_gather_for(recipient, waiting, at) for recipient in recipients.order_by("id"))


def _is_sending_time(at: datetime) -> bool:
    opens, closes = settings.SENDING_HOURS
    return str(opens) <= f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%H:%M}" < str(closes)


@transaction.atomic
def _gather_for(recipient: User, waiting: QuerySet[Notice], at: datetime) -> int:
    """The claim, the deliveries and the mark are one transaction; what another gatherer holds is its own."""
    rows = waiting.filter(recipient=recipient).order_by("id")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    claimed = list(rows.values_list("id", flat=True))
    channels = [channel for channel in (Channel.EMAIL, Channel.GATEWAY) if _address(recipient, channel)]
    if not claimed:
        return 0
    for channel in channels:
        delivery = Delivery.objects.create(recipient=recipient, channel=channel, created_at=at, next_attempt_at=at)
        delivery.notices.add(*claimed)
    Notice.objects.filter(pk__in=claimed).update(gathered_at=at)
    return len(channels)


def _address(recipient: User, channel: str) -> str:
    return recipient.email if channel == Channel.EMAIL else recipient.gateway


def send_deliveries(*, at: datetime) -> int:
    """Send what waits, one after the other; how many were sent.

    Each is claimed under a lease before the network is asked and marked after it, never inside a transaction: a sender
    that dies in between leaves a delivery that is tried again, with the same message id, when the lease has run out.
    """
    sent = 0
    stop = time.monotonic() + SENDING_SECONDS
    while time.monotonic() < stop and (delivery := _claim_delivery(at)):
        try:
            _send(delivery)
        except (Undeliverable, OSError, ValueError) as error:
            _put_off(delivery, f"{type(error).__name__}: {error}"[:300], at)
        else:
            _still_ours(delivery).update(state=DeliveryState.SENT, sent_at=at, last_error="")
            sent += 1
    return sent


@transaction.atomic
def _claim_delivery(at: datetime) -> Delivery | None:
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, next_attempt_at__lte=at).select_related("recipient")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    delivery = rows.order_by("next_attempt_at", "id").first()
    if delivery is not None:
        delivery.attempts += 1
        delivery.next_attempt_at = at + LEASE
        delivery.save(update_fields=["attempts", "next_attempt_at"])
    return delivery


def _still_ours(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts)


def _send(delivery: Delivery) -> None:
    if delivery.attempts > settings.DELIVERY_TRIES:
        raise Undeliverable("the sender died each time")
    address = _address(delivery.recipient, delivery.channel)
    if not (address and delivery.recipient.is_active):
        raise Undeliverable("the recipient has no such channel any more")
    rows = delivery.notices.order_by("id")
    message = digest(delivery.message_id, [Line(row.outside, _page_of(row), row.is_late) for row in rows])
    if delivery.channel == Channel.EMAIL:
        send_email(address, message)
    else:
        send_to_gateway(address, message)


def _page_of(notice: Notice) -> str:
    """The page of the matter; the inbox for a kind of subject that has none."""
    try:
        return reverse(f"{notice.subject_kind}_page", args=[notice.subject_id])
    except NoReverseMatch:
        return reverse("notice_list")


@transaction.atomic
def _put_off(delivery: Delivery, error: str, at: datetime) -> None:
    """Try again later, ever more rarely; after the last try give up, and tell the recipient inside the house."""
    if delivery.attempts < settings.DELIVERY_TRIES:
        pause = min(FIRST_PAUSE * 2 ** (delivery.attempts - 1), LONGEST_PAUSE)
        spread = 0.8 + delivery.message_id.int % 1000 / 2500  # 0.8 to 1.2, so that a dead server is not stormed
        _still_ours(delivery).update(next_attempt_at=at + pause * spread, last_error=error)
        return
    if not _still_ours(delivery).update(state=DeliveryState.DEAD, last_error=error):
        return
    log.error("delivery_dead", delivery=delivery.pk, channel=delivery.channel)
    told = NewNotice(
        recipient_id=delivery.recipient_id, kind="delivery_dead", key=f"delivery:{delivery.pk}",
        subject_kind="delivery", subject_id=delivery.pk,
        title=f"给您的{in_record(Channel(delivery.channel).label)}多次发送失败，请联系管理员核对您的地址",
        body="没有通知丢失：全部通知都在这里。",
    )  # fmt: skip
    post_notices([told], at=at)
    Notice.objects.filter(recipient=delivery.recipient, key=told.key).update(gathered_at=at)
