"""Fetching notices: everybody sees their own and nobody else's."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.models import User
from notices.models import Delivery, DeliveryState, Notice

COUNT_CAP = 1001


def notices_for(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient=user).order_by("-id")


def unread_count(user: User) -> int:
    """Unread notices, counted no further than 1001."""
    return notices_for(user).filter(read_at__isnull=True)[:COUNT_CAP].count()


def dead_deliveries(now: datetime) -> int:
    """Messages given up on in the last seven days, counted no further than 1001. Their notices are in the inbox."""
    since = now - timedelta(days=7)
    return Delivery.objects.filter(state=DeliveryState.DEAD, created_at__gte=since)[:COUNT_CAP].count()
