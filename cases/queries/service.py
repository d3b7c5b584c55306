"""Who serves the papers of a case, what their service starts, and what stands in the way of taking it back."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import may_act_for
from cases.models import Case
from cases.queries.hearing import day_told, open_hearing
from cases.queries.remedy import URGING_RULE
from cases.states import matter as states
from cases.states.hearing import TELL, UNTELL, Told
from cases.states.matter import CaseState, PartyKind
from core.errors import Invalid, NotPermitted, WrongState
from core.transitions import Transition
from deadlines.models import Clock
from deadlines.queries import open_clock
from deadlines.states import ClockState
from documents import states as paper_states
from documents.models import Paper, ServedPaper, Service
from documents.queries.papers import papers_of_subject
from documents.queries.service import standing_services
from documents.service_ways import CONFIRM_ADDRESS, OFFICER, SERVICE_TABLE, Delivery, Relation, ServiceState
from documents.states import PaperState

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
    if row is None:
        return None
    return None if is_recorded(_recorded(case, row), on) else row


def _recorded(case: Case, row: Transition) -> date | None:
    """The day on which the case knows this service already."""
    if row is states.URGE:
        clock = open_clock(rule=URGING_RULE, subject_kind=KIND, subject_id=case.pk)
        return clock.origin_on if clock else None
    day: date | None = getattr(case, DAYS[row])
    return day


def is_recorded(recorded: date | None, on: date) -> bool:
    """Whether the matter knows this very day of service already.

    :raises Invalid: ``other_day_recorded``.
    """
    if recorded is not None and recorded != on:
        raise Invalid(
            _("案件已经登记于%(day)s送达，与这里的日期不一致，请核对。") % {"day": recorded},
            code="other_day_recorded", field="on",
        )  # fmt: skip
    return recorded is not None


def require_day_of_papers(case: Case, row: Transition, on: date, since: datetime | None = None) -> None:
    """A day of service recorded without its paper must not contradict what is known of the newest paper of that kind.

    :param since: papers issued before this moment belong to an earlier round.
    :raises WrongState: ``announcement_running``. :raises Invalid: ``served_before_paper``.
    """
    forms = [form for form, move in EFFECTS.items() if move is row]
    papers = papers_of_subject(KIND, case.pk).filter(form__in=forms, state=PaperState.ISSUED)
    paper = (papers.filter(issued_at__gte=since) if since else papers).last()
    if paper is None or paper.dated_on is None:
        return
    served = standing_services(paper.pk).select_related("service").first()
    if served is not None and served.service.state == ServiceState.RUNNING:
        raise WrongState(
            _("%(paper)s正在公告送达，公告期满才视为送达；已经用其他方式送达的，请先撤销公告送达登记。")
            % {"paper": paper.label},
            code="announcement_running",
        )
    if served is None and on < paper.dated_on:
        raise Invalid(
            _("%(paper)s落款日期是%(day)s，送达日期不能早于这一天。") % {"paper": paper.label, "day": paper.dated_on},
            code="served_before_paper", field="served_on",
        )  # fmt: skip


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
    rows = [row for row in (*DAYS, states.URGE, TELL) if row.name in started]
    if any(_has_gone_on(case, service, row) for row in rows):
        raise WrongState(
            _("这次送达之后案件已经继续办理，不能撤销送达登记。送达确有错误的，请依法重新办理后续事项。"),
            code="service_followed",
        )
    return rows


def _has_gone_on(case: Case, service: Service, row: Transition) -> bool:
    if row is TELL:
        heard = open_hearing(case)
        is_as_told = heard is not None and day_told(heard, whom_told(case, service)) == service.served_on
        return not is_as_told or heard is None or heard.has_begun or not UNTELL.starts_from(heard.state)
    made = case.moves.filter(name=row.name).order_by("-id").first()
    if made is None or case.state != (row.target or made.target):
        return True
    return case.moves.filter(pk__gt=made.pk).exclude(name__in=BESIDE).exists()


def whom_told(case: Case, service: Service) -> Told:
    """Whom a hearing notice went to."""
    heard = case.latest_hearing
    is_third = heard is not None and bool(heard.third_party) and service.recipient != case.party_name
    return Told.THIRD_PARTY if is_third else Told.PARTY
