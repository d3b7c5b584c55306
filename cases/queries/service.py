"""Who serves the papers of a case, what their service starts, and what stands in the way of taking it back."""

from collections.abc import Mapping
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import may_act_for
from cases.models import Case
from cases.states import matter as states
from cases.states.matter import CaseState, PartyKind
from core.errors import Invalid, NotPermitted, WrongState
from core.transitions import Transition
from deadlines.models import Clock
from deadlines.states import ClockState
from documents import states as paper_states
from documents.models import Paper, ServedPaper, Service
from documents.service_ways import CONFIRM_ADDRESS, OFFICER, SERVICE_TABLE, Delivery, Relation, ServiceState

KIND, ANNOUNCEMENT = "case", "service_by_announcement"
# What the service of a form does to the case, besides the row (程序规定第五十七条、第八十一条、行政强制法第五十四条、听证办法第二十条).
HEARING_NOTICE = "hearing_notice"
EFFECTS: Mapping[str, Transition] = {
    "penalty_notice": states.NOTIFY,
    "penalty_decision": states.SERVE,
    "no_penalty_decision": states.SERVE,
    "performance_demand": states.URGE,
}
DAYS = {states.NOTIFY: "notified_on", states.SERVE: "served_on"}
CLOSED = (CaseState.ARCHIVED, CaseState.MERGED)
# Moves that change nothing a service started.
BESIDE = {
    row.name
    for row in (
        *SERVICE_TABLE, CONFIRM_ADDRESS, paper_states.ISSUE_PAPER, paper_states.VOID_PAPER, states.REASSIGN,
        states.DECLARE,
    )
}  # fmt: skip


def may_serve(user: User, case: Case) -> bool:
    is_theirs = user.pk in (case.owner_id, case.second_officer_id) and user.pk not in case.barred_ids
    return is_theirs and may_act_for(user, case.office, OFFICER) and case.state not in CLOSED


def require_service(user: User, case: Case, row: Transition) -> None:
    """Say before anything is typed whether this user may record service in this case now.

    :raises NotPermitted: ``not_permitted``. :raises WrongState: ``file_is_closed``.
    """
    if case.state in CLOSED:
        raise WrongState(
            _("案件%(state)s，不能再“%(what)s”。") % {"state": CaseState(case.state).label, "what": row.label},
            code="file_is_closed",
        )
    if not may_serve(user, case):
        raise NotPermitted(
            _("“%(what)s”由本案办案人员%(owner)s、%(second)s办理（本系统默认），您不能办理。")
            % {"what": row.label, "owner": case.owner.name, "second": case.second_officer.name},
            code="not_permitted",
        )


def require_relation(case: Case, delivery: Delivery) -> None:
    """A family signs for a person, who is in charge of receiving for an organisation (程序规定第八十二条第一项).

    :raises Invalid: ``relation_of_other_party``.
    """
    allowed = {Relation.FAMILY: PartyKind.PERSON, Relation.KEEPER: PartyKind.ORGANISATION}
    needed = allowed.get(Relation(delivery.relation)) if delivery.relation in Relation.values else None
    if needed is not None and delivery.recipient.strip() == case.party_name and case.party_kind != needed:
        raise Invalid(
            _("当事人登记为%(kind)s，不能由“%(relation)s”签收（程序规定第八十二条第一项）。")
            % {"kind": PartyKind(case.party_kind).label, "relation": Relation(delivery.relation).label},
            code="relation_of_other_party", field="relation",
        )  # fmt: skip


def effect_of(case: Case, paper: Paper | ServedPaper, on: date) -> Transition | None:
    """The move this service makes; None when it makes none, or when the case has it already with the same day.

    :raises Invalid: ``other_day_recorded``.
    """
    row = EFFECTS.get(paper.form if isinstance(paper, Paper) else paper.key)
    if row is None or row.starts_from(case.state) or row not in DAYS:
        return row
    recorded = getattr(case, DAYS[row])
    if recorded is None:
        return row
    if recorded != on:
        raise Invalid(
            _("案件已经登记于%(day)s送达，与这里的日期不一致，请核对。") % {"day": recorded},
            code="other_day_recorded", field="on",
        )  # fmt: skip
    return None


def announcements_over(today: date) -> QuerySet[Clock, tuple[int, int]]:
    """Case and service of every announcement whose term has ended and that still runs, the longest over first."""
    running = Service.objects.filter(subject_kind=KIND, subject_id=OuterRef("subject_id"), state=ServiceState.RUNNING)
    return (
        Clock.objects.filter(subject_kind=KIND, rule=ANNOUNCEMENT, state=ClockState.RUNNING, due_on__lt=today)
        .annotate(service=Subquery(running.values("pk")[:1]))
        .filter(service__isnull=False)
        .order_by("due_on", "id")
        .values_list("subject_id", "service")
    )


def require_nothing_followed(case: Case, service: Service) -> list[Transition]:
    """What the service started and can be taken back; empty when it started nothing.

    :raises WrongState: ``service_followed``.
    """
    started = {served.effect for served in service.papers.all() if served.effect}
    rows = [row for row in DAYS if row.name in started]
    is_fixed = len(rows) < len(started)
    for row in rows:
        made = case.moves.filter(name=row.name).order_by("-id").first()
        later = case.moves.filter(pk__gt=made.pk).exclude(name__in=BESIDE) if made else case.moves.none()
        is_fixed = is_fixed or made is None or later.exists() or case.state != row.target
    if is_fixed:
        raise WrongState(
            _("这次送达之后案件已经继续办理，不能撤销送达登记。送达确有错误的，请依法重新办理后续事项。"),
            code="service_followed",
        )
    return rows
