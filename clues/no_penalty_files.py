"""Reading the no-penalty lists of an authority from their file (``data/law/no_penalty_items.yaml`` shows the schema)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from clues.states import NoPenaltyList
from deadlines.strict_yaml import Record, load_strictly

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
LIMITS = {"title": 200, "condition": 2000, "basis": 300}


@dataclass(frozen=True)
class NoPenaltyEntry:
    """One version of an item; ``office`` is the code of the authority it is for, '' for everybody."""

    key: str
    kind: NoPenaltyList
    title: str
    condition: str
    basis: str
    office: str
    starts_on: date
    ends_on: date | None
    is_default: bool

    @property
    def eve(self) -> date:
        """The last day of the version before this one."""
        return self.starts_on - timedelta(days=1)


def parse_no_penalty_items(text: str) -> tuple[NoPenaltyEntry, ...]:
    """The items of a file, oldest version first.

    :raises Invalid: names the place (``items[0].title``) and what is wrong there.
    """
    file = Record(load_strictly(text), "")
    rows = file.records("items")
    file.done()
    return tuple(sorted((_entry(row) for row in rows), key=lambda entry: (entry.starts_on, entry.key)))


def _entry(row: Record) -> NoPenaltyEntry:
    starts_on = row.day("effective_from")
    if starts_on is None:
        raise row.wrong("effective_from", _("须写明施行日。"), "missing_key")
    entry = NoPenaltyEntry(
        key=row.text("key"), kind=row.choice("kind", NoPenaltyList), title=row.text("title"),
        condition=row.text("condition"), basis=row.text("basis"), office=row.text("office", ""),
        starts_on=starts_on, ends_on=row.day("effective_to"), is_default=row.flag("is_default"),
    )  # fmt: skip
    row.done()
    if not KEY.fullmatch(entry.key):
        raise row.wrong("key", _("事项编号只用小写字母、数字和下划线。"))
    for name, most in LIMITS.items():
        if len(getattr(entry, name)) > most:
            raise row.wrong(name, _("最多%(most)s个字。") % {"most": most}, "too_long")
    if entry.ends_on is not None and entry.ends_on < starts_on:
        raise row.wrong("effective_to", _("失效日早于施行日。"), "inverted_interval")
    return entry
