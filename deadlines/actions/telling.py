"""Whom a reminder reaches and what it says."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from accounts.models import Office, User
from accounts.queries import OFFICE_WITH_ANCESTORS, InCharge
from deadlines.replay import SHANGHAI
from deadlines.rules import RuleBook
from notices.actions import NewNotice

URGENT_AUDIENCES = frozenset({"unit_head", "supervising_office"})


class Claimed(NamedTuple):
    """A reminder this sweep holds, with what is said of its clock. ``late_since``: when it should have been told."""

    id: int
    rung: str
    audience: str
    is_current: bool
    late_since: datetime | None
    rule_version: str
    subject_kind: str
    subject_id: int
    subject_label: str
    subject_number: str
    due_on: date | None
    office_id: int
    owner_id: int


class Recipients:
    """Who stands behind an audience, read once a sweep."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], list[int]] = {}
        self._active: dict[int, bool] = {}
        self._offices: dict[int, Office] = {}

    def load(self, claimed: Collection[Claimed]) -> None:
        owners = {row.owner_id for row in claimed} - self._active.keys()
        if owners:
            self._active |= dict(User.objects.filter(pk__in=owners).values_list("pk", "is_active"))
        beyond_owners = (row for row in claimed if row.audience != "owner" or not self._active.get(row.owner_id))
        offices = {row.office_id for row in beyond_owners} - self._offices.keys()
        if offices:
            self._offices |= Office.objects.select_related(*OFFICE_WITH_ANCESTORS).in_bulk(offices)

    def of(self, row: Claimed) -> list[int]:
        """The user ids to tell. An owner who has left is stood in for by the head; a missing head by the supervisor.

        A head who owns the matter is not their own superior: the next head above is told.
        """
        if row.audience == "owner" and self._active.get(row.owner_id):
            return [row.owner_id]
        office: Office | None = self._offices[row.office_id]
        people = self._behind(row.audience, self._offices[row.office_id])
        while row.audience == "unit_head" and row.owner_id in people and office is not None:
            office = office.parent
            people = self._behind(
                "unit_head" if office else "supervising_office", office or self._offices[row.office_id]
            )
        return people

    def _behind(self, audience: str, office: Office) -> list[int]:
        key = (audience, office.pk)
        if key not in self._known:
            heads = [] if audience == "supervising_office" else self._in_charge.heads_of(office)
            self._known[key] = [user.pk for user in heads or self._in_charge.supervisors_of(office)]
        return self._known[key]

    @cached_property
    def _in_charge(self) -> InCharge:
        return InCharge()


class Words:
    """What notices say, put together once per rule and rung."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._known: dict[tuple[str, str], tuple[str, str, bool]] = {}

    def notice(self, row: Claimed, recipient_id: int) -> NewNotice:
        what, basis, is_by_hour = self._of(row.rule_version, row.rung)
        late = f"；本应于{row.late_since.astimezone(SHANGHAI):%Y-%m-%d %H:%M}提醒" if row.late_since else ""
        return NewNotice(
            recipient_id=recipient_id,
            kind=f"deadline_{row.rung}",
            key=f"reminder:{row.id}",
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            title=f"{what}——{row.subject_label}",
            body=f"届满日{row.due_on}{basis}{late}",
            outside=f"{what}——{row.subject_number}，届满日{row.due_on}" if row.subject_number else "",
            is_urgent=is_by_hour or row.audience in URGENT_AUDIENCES,
            is_late=row.late_since is not None,
        )

    def _of(self, rule_version: str, rung: str) -> tuple[str, str, bool]:
        key = (rule_version, rung)
        if key not in self._known:
            rule = self._book.version(rule_version)
            basis = f"（{rule.instrument}{rule.article}）"
            self._known[key] = (f"{_headline(rung)}：{rule.name_zh}", basis, rule.unit.value == "hour")
        return self._known[key]


def _headline(rung: str) -> str:
    if rung.startswith("warn_"):
        return "期限临近"
    return {"due": "今日届满", "lapsed": "期限已届满", "overdue_owner": "已逾期"}.get(rung, "逾期未办，请督促")
