"""Fetching notices: everybody sees their own and nobody else's."""

from django.db.models import QuerySet

from accounts.models import User
from notices.models import Notice

COUNT_CAP = 1001


def notices_for(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient=user).order_by("-id")


def unread_count(user: User) -> int:
    """Unread notices, counted no further than 1001."""
    return notices_for(user).filter(read_at__isnull=True)[:COUNT_CAP].count()
