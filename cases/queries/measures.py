"""Reading the measures of a case and what becomes of the goods: every read passes the gate of the case."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import require_role, unseen
from cases.models import Case, Measure, MeasureItem, MeasureItemMove, MeasureMove
from cases.policies import conflict_in_investigation, visible_to
from cases.queries.matter import case_for, lock_case
from cases.queries.money import is_annulled
from cases.states import measures as states
from cases.states.decision import PenaltyKind
from cases.states.matter import HEAD
from cases.states.measures import (
    COERCIVE,
    HEADS_OWN,
    ITEM_VERBS,
    MAY_TAKE,
    MEASURE_TABLE,
    NOT_ANY_MORE,
    OF_REGISTRATION,
    OF_SEIZURE,
    RUNNING,
    TAKING,
    UNDER_MEASURE,
    UNSETTLED,
    MeasureKind,
    MeasureState,
)
from core.errors import NotPermitted, WrongState
from core.transitions import Transition, require_state
from deadlines.models import Clock
from deadlines.states import OPEN_STATES, ClockState

KIND = "measure"
REGISTRATION, SEIZURE = "evidence_registration", "seizure"
TERMS = {MeasureKind.REGISTRATION: REGISTRATION, MeasureKind.SEALING: SEIZURE, MeasureKind.SEIZURE: SEIZURE}
REPORTS = {
    MeasureKind.REGISTRATION: "emergency_evidence_registration_report",
    MeasureKind.SEALING: "emergency_coercive_report",
    MeasureKind.SEIZURE: "emergency_coercive_report",
}
ANNOUNCEMENT = "unclaimed_goods_announcement"
PEOPLE = ("officer", "second_officer", "approved_by", "follows")


def measure_for(user: User, measure_id: int) -> Measure:
    """:raises NotFound:"""
    cases = Case.objects.filter(visible_to(user))
    found = Measure.objects.filter(case__in=cases, pk=measure_id).select_related(*PEOPLE).first()
    if found is None:
        raise unseen(pgettext("in a sentence", "措施"))
    found.case = case_for(user, found.case_id)
    return found


def lock_measure(user: User, measure_id: int) -> Measure:
    """The same gate, holding the case until the transaction ends: every change of a measure takes this lock.

    :raises NotFound:
    """
    lock_case(user, measure_for(user, measure_id).case_id)
    return measure_for(user, measure_id)


def measures_of(case: Case) -> QuerySet[Measure]:
    """The measures of a case the caller has fetched through a gate, each with ``due_on`` and its unsettled items counted."""
    running = Clock.objects.filter(
        subject_kind=KIND, subject_id=OuterRef("pk"), state=ClockState.RUNNING, rule__in=set(TERMS.values())
    )
    return (
        case.measures.select_related("officer", "approved_by")
        .annotate(
            due_on=Subquery(running.values("due_on")[:1]),
            listed=Count("items"),
            unsettled=Count("items", filter=Q(items__state__in=UNSETTLED)),
        )
        .order_by("number")
    )


def items_of(measure: Measure) -> list[MeasureItem]:
    """The inventory of a measure in the order of its lines."""
    return list(measure.items.order_by("number"))


def histories(items: Iterable[MeasureItem]) -> QuerySet[MeasureItem]:
    """The same lines, each with its moves and who made them."""
    ids = [item.pk for item in items]
    moves = Prefetch("moves", MeasureItemMove.objects.select_related("actor").order_by("id"))
    return MeasureItem.objects.filter(pk__in=ids).prefetch_related(moves).order_by("number")


def moves_of_measure(measure: Measure) -> QuerySet[MeasureMove]:
    """The history of a measure the caller has fetched through a gate, oldest first."""
    return measure.moves.select_related("actor").order_by("id")


def held_items(case: Case) -> QuerySet[MeasureItem]:
    """What the office still has in its hands, of every measure of the case."""
    return (
        MeasureItem.objects.filter(measure__case=case, state__in=UNSETTLED)
        .select_related("measure")
        .order_by("measure__number", "number")
    )


def goods_unsettled(case: Case) -> str:
    """What of the case's measures stands against closing it, in words; '' when nothing does."""
    running = case.measures.filter(state__in=RUNNING).first()
    if running is not None:
        return _("%(measure)s还在实施中") % {"measure": running.label}
    item = held_items(case).first()
    if item is None:
        return ""
    return _("%(measure)s清单第%(number)s项“%(name)s”尚未处理") % {
        "measure": item.measure.label, "number": item.number, "name": item.name,
    }  # fmt: skip


def require_goods_settled(case: Case) -> None:
    """Whether the case may be closed as far as its measures go.

    :raises WrongState: ``measures_in_force``.
    """
    if words := goods_unsettled(case):
        raise WrongState(
            _(
                "%(words)s，不能结案。请先解除措施并退还、没收或者依法处理全部物品（程序规定第四十二条、行政强制法第二十七条）。"
            )
            % {"words": words},
            code="measures_in_force",
        )


def confiscates_goods(case: Case) -> bool:
    """Whether goods are confiscated by the decision of the case; of a decision under an older ledger, which knew no kinds,
    that is for its officers to say."""
    if case.decided_on is None:
        return False
    return PenaltyKind.CONFISCATE_GOODS in case.penalties or not case.outcome


def require_confiscation(case: Case) -> None:
    """Goods are confiscated by a penalty decision that says so and stands (程序规定第三十五条第一款第四项).

    :raises WrongState: ``not_decided``, ``goods_not_confiscated``.
    """
    if case.decided_on is None:
        raise WrongState(
            _("本案尚未作出行政处罚决定，不能没收物品（程序规定第三十五条第一款第四项、行政强制法第二十七条）。"),
            code="not_decided",
        )
    if not confiscates_goods(case) or is_annulled(case):
        raise WrongState(
            _("本案的决定没有没收非法财物，或者已经被撤销，不能没收物品（程序规定第三十五条第一款第四项）。请解除措施并退还。"),
            code="goods_not_confiscated",
        )  # fmt: skip


# ---- the term ---------------------------------------------------------------


def term_of(measure: Measure) -> Clock | None:
    """The open clock of the measure's own term."""
    return Clock.objects.filter(
        subject_kind=KIND, subject_id=measure.pk, rule=TERMS[MeasureKind(measure.kind)], state__in=OPEN_STATES
    ).first()


def lapsed_registrations(at: datetime) -> list[int]:
    """The registrations still running although their term is over (程序规定第三十五条第二款), the oldest first."""
    due = Clock.objects.filter(subject_kind=KIND, rule=REGISTRATION, state=ClockState.RUNNING, due_at__lte=at).order_by(
        "due_at", "id"
    )
    ids = list(due.values_list("subject_id", flat=True))
    running = set(Measure.objects.filter(pk__in=ids, state__in=RUNNING).values_list("pk", flat=True))
    return [each for each in ids if each in running]


def has_lapsed(measure: Measure, term: Clock | None, at: datetime) -> bool:
    """Whether a registration is over by law, whether or not the sweep has said so yet."""
    return (
        measure.kind == MeasureKind.REGISTRATION
        and measure.state in RUNNING
        and term is not None
        and term.due_at is not None
        and term.due_at <= at
    )


def require_not_lapsed(measure: Measure, at: datetime) -> None:
    """:raises WrongState: ``registration_lapsed``."""
    term = term_of(measure)
    if has_lapsed(measure, term, at):
        raise WrongState(
            _("先行登记保存的七个工作日已于%(day)s届满，措施自动解除（程序规定第三十五条第二款），请立即退还物品。")
            % {"day": term.due_on if term else ""},
            code="registration_lapsed",
        )


# ---- who may ----------------------------------------------------------------


def require_on_case(user: User, case: Case, row: Transition) -> None:
    """Whether this user may make this move of measures on this case, as far as the case goes.

    :raises NotPermitted: :raises WrongState: ``case_state``.
    """
    require_role(user, case.office, row.roles, what=str(row.label), basis=row.basis)
    if why := conflict_in_investigation(user, case, row):
        raise NotPermitted(
            _("您不能办理“%(what)s”：%(why)s。") % {"what": row.label, "why": why}, code="separation_of_duties"
        )
    if not _case_allows(case, row):
        raise WrongState(
            _("案件当前状态为“%(state)s”，不能“%(what)s”（%(basis)s）。")
            % {"state": case.get_state_display(), "what": row.label, "basis": row.basis},
            code="case_state",
        )


def _case_allows(case: Case, row: Transition) -> bool:
    return case.state in MAY_TAKE if row.name in TAKING else case.state not in NOT_ANY_MORE


def require_measure_move(user: User, measure: Measure, row: Transition) -> None:
    """:raises NotPermitted, WrongState:"""
    require_on_case(user, measure.case, row)
    require_state(_table_of(measure), row, measure.state, str(MeasureState(measure.state).label))
    if row not in _table_of(measure):
        raise WrongState(
            _("“%(what)s”不适用于%(kind)s（%(basis)s）。")
            % {"what": row.label, "kind": measure.get_kind_display(), "basis": row.basis},
            code="wrong_kind",
        )
    if row is states.APPROVE_URGENT and user.pk in (measure.officer_id, measure.second_officer_id):
        raise NotPermitted(_("实施措施的人员不得自己批准。"), code="separation_of_duties")


def _table_of(measure: Measure) -> tuple[Transition, ...]:
    """The moves this kind of measure knows."""
    foreign = OF_REGISTRATION if measure.kind in COERCIVE else OF_SEIZURE
    return tuple(row for row in MEASURE_TABLE if row.name not in foreign)


def require_handling(user: User, measure: Measure, handling: str) -> None:
    """:raises NotPermitted: ``head_decides``: the law leaves this way of handling to the head."""
    if handling in HEADS_OWN and (
        not may_act_for(user, measure.case.office, HEAD)
        or user.pk
        in (measure.officer_id, measure.second_officer_id, measure.case.owner_id, measure.case.second_officer_id)
    ):
        raise NotPermitted(
            _(
                "查封、扣押，没收和解除措施须由部门负责人决定（程序规定第三十三条第一款、第三十六条第一款），办案人员只能办理证据保全和送检。"
            ),
            code="head_decides",
        )


def may_on_case(user: User, case: Case, row: Transition) -> bool:
    """:func:`require_on_case` as an answer."""
    return (
        may_act_for(user, case.office, row.roles)
        and _case_allows(case, row)
        and not conflict_in_investigation(user, case, row)
    )


def rows_of(measure: Measure, items: Iterable[MeasureItem]) -> list[Transition]:
    """What may be done with the measure and the items of its inventory now, by whoever it belongs to."""
    found = {item.state for item in items}
    rows = [row for row in _table_of(measure) if row.sources and row.roles and row.starts_from(measure.state)]
    if not found & set(UNDER_MEASURE):
        rows = [row for row in rows if row is not states.RELEASE_MEASURE]
    rows += [row for row in ITEM_VERBS if found & row.sources and item_verb_fits(measure, row)]
    return [row for row in rows if _case_allows(measure.case, row)]


def legal_measure_moves(user: User, measure: Measure, items: Iterable[MeasureItem], at: datetime) -> list[Transition]:
    """Those of :func:`rows_of` that this user may make; of a registration that lapsed none are left but to give back."""
    rows = [row for row in rows_of(measure, items) if may_on_case(user, measure.case, row)]
    return [] if has_lapsed(measure, term_of(measure), at) else rows


def item_verb_fits(measure: Measure, row: Transition) -> bool:
    """Whether what befalls the items is possible as the measure and the case stand."""
    if row is states.DISPOSE_EARLY:
        return measure.kind in COERCIVE and measure.state == MeasureState.IN_FORCE
    if row is states.CONFISCATE_ITEMS:
        return confiscates_goods(measure.case) and measure.state in (MeasureState.IN_FORCE, MeasureState.HANDLED)
    if row is states.HAND_OVER_ITEMS:
        return measure.state in (MeasureState.IN_FORCE, MeasureState.HANDLED)
    return True
