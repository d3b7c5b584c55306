"""Days as people write them."""

import re
from datetime import date

DAY = re.compile(r"(\d{4})(?:(\d{2})(\d{2})|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)")


def day_of(text: str) -> date:
    """A day as typed: 2026-11-20, 20261120, 2026/11/20, 2026.11.20 or 2026年11月20日.

    :raises ValueError: it is none of these, or no such day exists.
    """
    match = DAY.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, *rest = match.groups()
    month, day = (part for part in rest if part is not None)
    return date(int(year), int(month), int(day))
