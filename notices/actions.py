"""Telling people: the only writer of notices and deliveries."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from accounts.models import User
from core.errors import NotFound
from notices.models import Notice
from notices.queries import notices_for


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
FROM_JSON = (
    "SELECT %s, * FROM json_to_recordset(%s) AS new (recipient_id bigint, kind text, key text, subject_kind text, "
    "subject_id bigint, title text, body text, outside text, is_urgent bool, is_late bool) "
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
    rows = [new._replace(title=new.title[:200], body=new.body[:500], outside=new.outside[:200]) for new in notices]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            records = json.dumps([row._asdict() for row in rows], ensure_ascii=False)
            cursor.execute(INSERT + FROM_JSON + ONCE, [at, records])
        else:
            moment = connection.ops.adapt_datetimefield_value(at)
            cursor.executemany(INSERT + FROM_ROW + ONCE, [(moment, *row) for row in rows])


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
