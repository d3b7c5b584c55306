"""The one clock: several machines never agree on the time, the database they share does."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """The present moment by the database's clock; by this machine's where the database is a file on it."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    assert isinstance(moment, datetime)  # noqa: S101 - what the function returns
    return moment
