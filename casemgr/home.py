"""我的待办: what must be done, nearest first; then what waits for a signature; then what is to be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from cases.models import Case
from cases.pages.progress import awaited_move as awaited_of_case
from cases.policies import may_move
from cases.queries.approvals import approvals_awaiting
from cases.queries.matter import WITH_OFFICE as CASE_OFFICE
from cases.queries.matter import cases_awaiting, cases_for
from cases.states.approvals import SIGN
from clues.models import Lead
from clues.pages.progress import awaited_of
from clues.queries import WITH_OFFICE as LEAD_OFFICE
from clues.queries import leads_awaiting, leads_for, leads_to_sign
from clues.queries import legal_moves as lead_moves
from clues.states import LeadState
from core.paging import page_behind
from deadlines.faces import end_of_soon
from deadlines.models import Clock
from deadlines.queries import (
    current_calendar,
    natural_ends,
    nearest_clocks,
    office_worklist_for,
    suspended_for,
    worklist_for,
)
from deadlines.replay import SHANGHAI, end_of_day
from notices.queries import notices_for

HEADS = (Role.UNIT_HEAD, Role.BUREAU_HEAD, Role.SUPERVISOR, Role.LEADER)
DOERS = (Role.INTAKE_CLERK, Role.HANDLER, Role.UNIT_HEAD, Role.BUREAU_HEAD, Role.LEGAL_REVIEWER)
SHORT = 10
KINDS: dict[str, str | Promise] = {"lead": _("线索"), "case": _("案件")}


@dataclass(frozen=True)
class Work:
    """One row: a clock, what kind of matter it runs on, and the next legal step of this user there, if any."""

    clock: Clock
    kind: str | Promise
    next_step: str | Promise


@dataclass(frozen=True)
class Awaiting:
    """A matter that waits for this user's signature or assignment, and the clock of it that ends first."""

    matter: Lead | Case
    clock: Clock | None


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str | Promise
    rows: list[Work]


def home(request: HttpRequest) -> HttpResponse:
    user, now = _user(request), timezone.now()
    may_widen = user.has_role(*HEADS)
    # Who only oversees has nothing of their own to do: the office is what they come for.
    usual = "own" if user.has_role(*DOERS) else "office"
    is_office = may_widen and request.GET.get("scope", usual) == "office"
    worklist = office_worklist_for(user) if is_office else worklist_for(user)
    page = page_behind(worklist, ("due_at", "id"), request.GET.get("after", ""))
    awaiting = leads_awaiting(user)
    to_assign = list(awaiting.filter(state=LeadState.REGISTERED)[: SHORT + 1])
    to_decide = list(awaiting.filter(state=LeadState.VERIFIED)[: SHORT + 1])
    to_sign = list(leads_to_sign(user)[: SHORT + 1])
    lead_clocks = _nearest("lead", [*to_sign, *to_assign, *to_decide], now)
    to_approve = list(cases_awaiting(user)[: SHORT + 1])
    case_clocks = _nearest("case", to_approve, now)
    context: dict[str, Any] = {
        "sections": _sections(page.rows, user, now),
        "page": page,
        "is_office": is_office,
        "may_widen": may_widen,
        "short": SHORT,
        "now": now,
        "to_sign": [Awaiting(lead, lead_clocks.get(lead.pk)) for lead in to_sign],
        "to_assign": [Awaiting(lead, lead_clocks.get(lead.pk)) for lead in to_assign],
        "to_decide": [Awaiting(lead, lead_clocks.get(lead.pk)) for lead in to_decide],
        "to_approve": [Awaiting(case, case_clocks.get(case.pk)) for case in to_approve],
        "approvals": list(approvals_awaiting(user)[: SHORT + 1]) if user.has_role(*SIGN.roles) else [],
        "suspended": [] if is_office else list(suspended_for(user)[:SHORT]),
        "notices": list(notices_for(user).filter(read_at__isnull=True)[:SHORT]),
    }
    return render(request, "casemgr/home.html", context)


def _nearest(kind: str, matters: Sequence[Lead | Case], now: datetime) -> dict[int, Clock]:
    return nearest_clocks(kind, [matter.pk for matter in matters], now) if matters else {}


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user


def _sections(clocks: Sequence[Clock], user: User, now: datetime) -> list[Section]:
    tonight = end_of_day(now.astimezone(SHANGHAI).date())
    bounds = (now, tonight, end_of_soon(current_calendar(), now)) if clocks else (now, tonight, tonight)
    sections = [
        Section("overdue", _("已逾期"), []),
        Section("today", _("今天"), []),
        Section("soon", _("三个工作日内"), []),
        Section("later", _("以后"), []),
    ]
    steps = _next_steps(clocks, user)
    is_any_past = any(clock.due_at and clock.due_at <= now for clock in clocks)
    lapsing = natural_ends() if is_any_past else frozenset()
    for clock in clocks:
        assert clock.due_at is not None  # noqa: S101 - a constraint: the worklist holds running clocks only
        place = sum(clock.due_at > bound for bound in bounds)
        if place == 0 and clock.rule_version in lapsing:
            continue  # its expiry was its natural end: nothing is left to do before it
        key = (clock.subject_kind, clock.subject_id)
        sections[place].rows.append(Work(clock, KINDS.get(clock.subject_kind, ""), steps.get(key, "")))
    return [section for section in sections if section.rows]


def _next_steps(clocks: Iterable[Clock], user: User) -> dict[tuple[str, int], str | Promise]:
    """What each matter waits for, where it waits for this user; one query per kind."""
    ids: dict[str, set[int]] = {}
    for clock in clocks:
        ids.setdefault(clock.subject_kind, set()).add(clock.subject_id)
    steps: dict[tuple[str, int], str | Promise] = {}
    if "lead" in ids:
        leads = leads_for(user).filter(pk__in=ids["lead"]).select_related(*LEAD_OFFICE).prefetch_related("checks")
        for lead in leads:
            legal = lead_moves(user, lead)
            awaited = awaited_of(user, lead, legal)
            if awaited and awaited in legal:
                steps["lead", lead.pk] = awaited.label
    if "case" in ids:
        cases = cases_for(user).filter(pk__in=ids["case"]).select_related(*CASE_OFFICE).prefetch_related("recusals")
        for case in cases:
            expected = awaited_of_case(case)
            if expected and may_move(user, case, expected):
                steps["case", case.pk] = expected.label
    return steps
