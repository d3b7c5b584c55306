"""Telling people: the only writer of notices and deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.errors import NotFound
from notices.models import Notice
from notices.queries import notices_for


@dataclass(frozen=True)
class NewNotice:
    """What one person is to be told. ``key`` identifies the telling: the same key is never told twice to one person."""

    recipient_id: int
    kind: str
    key: str
    subject_kind: str
    subject_id: int
    title: str
    body: str = ""
    is_urgent: bool = False
    is_late: bool = False


@transaction.atomic
def post_notices(notices: Sequence[NewNotice], *, at: datetime) -> None:
    """Write notices to inboxes; one already told (same recipient and key) is silently the same notice."""
    Notice.objects.bulk_create(
        (
            Notice(
                recipient_id=new.recipient_id, kind=new.kind, key=new.key, subject_kind=new.subject_kind,
                subject_id=new.subject_id, title=new.title[:200], body=new.body[:500], is_urgent=new.is_urgent,
                is_late=new.is_late, created_at=at,
            )
            for new in notices
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )  # fmt: skip


@transaction.atomic
def mark_read(*, notice_id: int, actor: User, at: datetime) -> Notice:
    """:raises NotFound: not a notice of this user's."""
    notice = notices_for(actor).select_for_update().filter(pk=notice_id).first()
    if notice is None:
        raise NotFound("没有找到这条通知。", code="not_found")
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def mark_all_read(*, actor: User, at: datetime) -> int:
    """Mark the whole inbox read; how many were unread."""
    return notices_for(actor).filter(read_at__isnull=True).update(read_at=at)
