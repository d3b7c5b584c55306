"""A holiday notice for 2027 as it may look: made up for measuring, and never loaded anywhere else."""

import json
from datetime import date, timedelta

# first day off, how many, festival; the statutory days of 2027 with the usual moving of rest days
_OFF = (
    ("2027-01-01", 3, "元旦"),
    ("2027-02-05", 9, "春节"),
    ("2027-04-03", 3, "清明节"),
    ("2027-05-01", 5, "劳动节"),
    ("2027-06-09", 1, "端午节"),
    ("2027-09-15", 1, "中秋节"),
    ("2027-10-01", 7, "国庆节"),
)
_WORKED = (
    ("2027-01-30", "春节"),
    ("2027-02-14", "春节"),
    ("2027-05-08", "劳动节"),
    ("2027-09-26", "国庆节"),
    ("2027-10-09", "国庆节"),
)


def next_notice() -> bytes:
    """In the form of the holiday-cn files, fit for ``publish_calendar``."""
    days = [
        {"name": name, "date": str(date.fromisoformat(first) + timedelta(days=shift)), "isOffDay": True}
        for first, count, name in _OFF
        for shift in range(count)
    ]
    days += [{"name": name, "date": day, "isOffDay": False} for day, name in _WORKED]
    return json.dumps(
        {"year": 2027, "papers": ["https://example.invalid/2027"], "days": sorted(days, key=lambda row: row["date"])}
    ).encode()
