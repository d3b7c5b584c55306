"""Taking leads out of the register: exactly those a list shows, without a word about who told, and on the record."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record
from clues.actions.past import GROUNDS
from clues.models import Lead
from clues.states import Channel, LeadState
from core.errors import Invalid
from core.transitions import in_record
from deadlines.actions.starting import local_day
from exchange.columns import COLUMNS, Column
from exchange.sheets import write_csv, write_table
from routing.queries import category_named

MOST_EXPORTED = 50_000
FORMATS = ("xlsx", "csv")
EXPORTED = tuple(column for column in COLUMNS if column.part != "informant")
PAGE = 2000


def export_leads(
    *, leads: QuerySet[Lead], asked: str, to: IO[bytes], file_format: str, actor: User, at: datetime
) -> int:
    """Write the leads of a list, already through the gate, to a file; how many. Same columns as the import.

    :param asked: the filter, as the list's address has it; kept with the number of rows.
    :param file_format: ``xlsx`` or ``csv``.
    :raises Invalid: ``unknown_format``, ``too_many_rows``.
    """
    if file_format not in FORMATS:
        raise Invalid(_("可以导出为xlsx或者csv。"), code="unknown_format", field="format")
    count = leads.order_by()[: MOST_EXPORTED + 1].count()
    if count > MOST_EXPORTED:
        raise Invalid(
            _("符合条件的线索超过%(most)s条，一次最多导出这么多。请收窄筛选条件后分几次导出。") % {"most": MOST_EXPORTED},
            code="too_many_rows", field="format",
        )  # fmt: skip
    write = write_csv if file_format == "csv" else write_table
    write(to, [column.heading for column in EXPORTED], _rows(leads))
    record(
        verb="exchange.export", actor=actor, at=at, subject_kind="export", subject_id=0, subject_label="线索列表",
        filter=asked[:500], rows=count, format=file_format,
    )  # fmt: skip
    return count


def _rows(leads: QuerySet[Lead]) -> Iterator[list[str]]:
    words: dict[str, str] = {}
    for lead in leads.select_related("office", "owner").iterator(chunk_size=PAGE):
        yield [_told(lead, column, words) for column in EXPORTED]


def _told(lead: Lead, column: Column, words: dict[str, str]) -> str:
    if column.part == "facts":
        return str(lead.channel_facts.get(column.name, ""))
    if column.name == "category":
        return _category(lead.category, words)
    if column.name in TOLD:
        return TOLD[column.name](lead)
    value = getattr(lead, column.name)
    return "" if value is None else str(value)


def _ground(lead: Lead) -> str:
    if lead.state not in GROUNDS:
        return ""
    field, kind = GROUNDS[lead.state]
    return in_record(kind(getattr(lead, field)).label)


def _category(code: str, words: dict[str, str]) -> str:
    if code and code not in words:
        try:
            words[code] = f"{code} {category_named(code).name}"
        except Invalid:
            words[code] = code  # a category of an earlier tree
    return words.get(code, "")


# What is not written as it is stored; of the past, a list of leads knows no more than this.
TOLD: dict[str, Callable[[Lead], str]] = {
    "channel": lambda lead: in_record(Channel(lead.channel).label),
    "state": lambda lead: in_record(LeadState(lead.state).label),
    "office": lambda lead: lead.office.name,
    "owner": lambda lead: lead.owner.username,
    "flags": lambda lead: "、".join(lead.flags),
    "ground": _ground,
    "signed_on": lambda lead: local_day(lead.signed_at).isoformat() if lead.signed_at else "",
    "assigned_on": lambda _lead: "",
    "reason": lambda _lead: "",
}
