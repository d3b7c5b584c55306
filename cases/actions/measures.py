"""A measure is ordered and taken, or taken on the spot and approved afterwards; its term is extended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.evidence import two_officers
from cases.actions.measure_moves import begin, chosen, end, end_report, move, move_items, subject_of, write_move
from cases.actions.moves import not_outside, required, yuan
from cases.models import Case, Measure, MeasureItem, MeasureItemMove
from cases.queries.matter import lock_case
from cases.queries.measures import REPORTS, TERMS, require_not_lapsed, require_on_case, term_of
from cases.states import measures as states
from cases.states.measures import MeasureKind, MeasureState
from clues.actions.moves import inclusive_days
from core.errors import Invalid, WrongState
from deadlines.actions.clocks import exclude_days, extend_clock, local_day, start_clock
from deadlines.queries import rule_version_of

MOST_ITEMS = 500
MOST_QUANTITY = Decimal(10) ** 9


@dataclass(frozen=True)
class Listed:
    """One line of an inventory; ``value`` in yuan."""

    name: str
    quantity: Decimal
    unit: str
    spec: str = ""
    condition: str = ""
    place: str = ""
    seal_number: str = ""
    value: Decimal | None = None


@dataclass(frozen=True)
class Taking:
    """How a measure was carried out: by whom, when and where, in whose presence, and the inventory made there."""

    officer_id: int
    second_officer_id: int
    taken_at: datetime
    place: str
    presence: str
    items: Sequence[Listed]


@transaction.atomic
def order_measure(*, case_id: int, kind: str, reason: str, basis: str, actor: User, at: datetime) -> Measure:
    """Approve a measure before it is carried out (程序规定第三十三条第一款、第三十六条第一款、行政强制法第十八条第一项).

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: no such kind, no reason, no legal basis.
    """
    case = lock_case(actor, case_id)
    require_on_case(actor, case, states.ORDER_MEASURE)
    measure = new_measure(case, kind, reason, basis, at, MeasureState.ORDERED)
    measure.approved_by, measure.approved_at = actor, at
    measure.save()
    write_move(measure, states.ORDER_MEASURE, "", actor, at, measure.reason)
    return measure


@transaction.atomic
def take_measure(*, measure_id: int, taking: Taking, actor: User, at: datetime) -> Measure:
    """Record that two officers carried out what was approved, with the inventory; its term starts that day (程序规定第三十四条、第三十五条、第三十八条).

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: fewer than two officers or one without a certificate,
        a moment before the approval or in the future, no inventory.
    """
    measure = begin(actor, measure_id, states.TAKE_MEASURE)
    assert measure.approved_at is not None  # noqa: S101 - an ordered measure has its approval
    if taking.taken_at < measure.approved_at.replace(second=0, microsecond=0):  # people write minutes
        raise Invalid(
            _("实施时间早于批准时间。当场紧急采取的，请登记为紧急措施（程序规定第三十三条第二款、第三十六条第二款）。"),
            code="taken_before_approval", field="taken_at",
        )  # fmt: skip
    _carry_out(measure, taking, at)
    move(measure, states.TAKE_MEASURE, actor, at, measure.place)
    _list_items(measure, taking.items, actor, at)
    start_term(measure, actor, at)
    return measure


@transaction.atomic
def take_urgent_measure(
    *, case_id: int, kind: str, reason: str, basis: str, taking: Taking, actor: User, at: datetime
) -> Measure:
    """Record what officers took on the spot; they report to the head within 24 hours (程序规定第三十三条第二款、第三十六条第二款).

    :param reason: what made it urgent.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: as :func:`take_measure`.
    """
    case = lock_case(actor, case_id)
    require_on_case(actor, case, states.TAKE_URGENT_MEASURE)
    measure = new_measure(case, kind, reason, basis, at, MeasureState.URGENT)
    measure.is_urgent = True
    _carry_out(measure, taking, at)
    measure.save()
    write_move(measure, states.TAKE_URGENT_MEASURE, "", actor, at, measure.reason)
    _list_items(measure, taking.items, actor, at)
    start_clock(
        rule=REPORTS[MeasureKind(measure.kind)], subject=subject_of(measure), origin_at=measure.taken_at, actor=actor,
        at=at,
    )  # fmt: skip
    start_term(measure, actor, at)
    return measure


@transaction.atomic
def approve_urgent(*, measure_id: int, reason: str, actor: User, at: datetime) -> Measure:
    """Approve afterwards what was taken on the spot; what comes after the 24 hours is recorded as late.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    measure = begin(actor, measure_id, states.APPROVE_URGENT)
    require_not_lapsed(measure, at)
    words = required(reason, "reason", _("请填写审批意见。"), limit=1000)
    measure.approved_by, measure.approved_at = actor, at
    end_report(measure, actor, at)
    return move(measure, states.APPROVE_URGENT, actor, at, words)


@transaction.atomic
def refuse_urgent(*, measure_id: int, reason: str, actor: User, at: datetime) -> Measure:
    """Do not approve it: the measure is over at once and everything goes back (程序规定第三十三条第二款、第三十六条第二款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    measure = begin(actor, measure_id, states.REFUSE_URGENT)
    words = required(reason, "reason", _("请写明不应当采取措施的理由。"), limit=1000)
    measure.end_reason = words
    end(measure, local_day(at), actor, at)
    move_items(chosen(measure, None, states.FREE_ITEMS), states.FREE_ITEMS, actor, at, words)
    return move(measure, states.REFUSE_URGENT, actor, at, words)


@transaction.atomic
def extend_seizure(*, measure_id: int, reason: str, told_on: date, actor: User, at: datetime) -> Measure:
    """Extend a sealing or seizure once by thirty days; the party is told in writing and why (程序规定第三十八条第一款、第二款).

    :param told_on: the day of the written notice to the party.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: extended before, its last day passed, not told yet.
    """
    measure = begin(actor, measure_id, states.EXTEND_SEIZURE)
    why = required(reason, "reason", _("请写明情况复杂、需要延长的理由。"), limit=500)
    _require_told(measure, told_on, at)
    clock = extend_clock(clock_id=_term_id(measure), approved_by=actor, reason=why, actor=actor, at=at)
    return move(measure, states.EXTEND_SEIZURE, actor, at, f"延至{clock.due_on}，{told_on}书面告知：{why}")


@transaction.atomic
def exclude_test_days(
    *, measure_id: int, first_day: date, last_day: date, told_on: date, reason: str, actor: User, at: datetime
) -> Measure:
    """Leave the definite days of a test (both included), told to the party in writing, out of the term (程序规定第三十八条第三款).

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: days outside the term or left out before, not told yet.
    """
    measure = begin(actor, measure_id, states.EXCLUDE_TEST_DAYS)
    why = required(reason, "reason", _("请写明检测、检验、检疫、鉴定的机构和事项。"), limit=500)
    _require_told(measure, told_on, at)
    term = term_of(measure)
    ground = rule_version_of(term).excluded_grounds[0][:60] if term else ""
    clock = exclude_days(
        clock_id=_term_id(measure), ground=ground, days=inclusive_days(first_day, last_day), approved_by=actor,
        reason=why, actor=actor, at=at,
    )  # fmt: skip
    return move(
        measure, states.EXCLUDE_TEST_DAYS, actor, at,
        f"{first_day}至{last_day}不计入，期限至{clock.due_on}，{told_on}书面告知：{why}",
    )  # fmt: skip


# ---- shared -----------------------------------------------------------------


def new_measure(case: Case, kind: str, reason: str, basis: str, at: datetime, state: str) -> Measure:
    """A measure with the next number of its case, unsaved.

    :raises Invalid:
    """
    if kind not in MeasureKind.values:
        raise Invalid(_("请选择措施种类。"), code="unknown_measure_kind", field="kind")
    last = case.measures.aggregate(last=Max("number"))["last"] or 0
    return Measure(
        case=case, number=last + 1, kind=kind, state=state, created_at=at,
        reason=required(reason, "reason", _("请写明采取措施的理由。"), limit=1000),
        basis=required(basis, "basis", _("请写明所依据的法律、法规条款。"), limit=300),
    )  # fmt: skip


def _carry_out(measure: Measure, taking: Taking, at: datetime) -> None:
    case, day = measure.case, local_day(taking.taken_at)
    if taking.taken_at > at:
        raise Invalid(_("实施时间在现在之后，请核对。"), code="future_date", field="taken_at")
    begun = case.lead.received_on if case.lead is not None else case.filed_on
    not_outside(day, min(begun, case.filed_on), local_day(at), "taken_at", _("实施日期"))
    officer, second = two_officers(case, taking.officer_id, taking.second_officer_id, day, states.TAKE_MEASURE)
    for person, field in ((officer, "officer"), (second, "second_officer")):
        if person.pk == measure.approved_by_id:
            raise Invalid(_("批准措施的负责人不得作为实施人员，请改选他人。"), code="separation_of_duties", field=field)
    if measure.approved_by_id in (officer.pk, second.pk):
        raise Invalid(
            _("批准措施的负责人不得作为实施人员（职责分离，本系统默认），请另选他人。"),
            code="separation_of_duties", field="officer" if measure.approved_by_id == officer.pk else "second_officer",
        )  # fmt: skip
    measure.officer, measure.second_officer, measure.taken_at = officer, second, taking.taken_at
    measure.place = required(taking.place, "place", _("请写明实施地点。"), limit=200)
    measure.presence = required(
        taking.presence, "presence",
        _("请写明当事人是否到场、清单是否签名；当事人不到场或者拒绝签名的，写明见证和录像情况（程序规定第四十三条）。"),
        limit=500,
    )  # fmt: skip


def _list_items(measure: Measure, lines: Sequence[Listed], actor: User, at: datetime) -> None:
    if not 0 < len(lines) <= MOST_ITEMS:
        raise Invalid(
            _("请当场清点并填写清单，至少一项，最多%(most)s项（程序规定第三十四条第一款）。") % {"most": MOST_ITEMS},
            code="inventory_required", field="items",
        )  # fmt: skip
    for number, line in enumerate(lines, start=1):
        item = _item(measure, number, line)
        item.save()
        MeasureItemMove.objects.create(
            item=item, at=at, actor=actor, name=states.LIST_ITEM.name, source="", target=item.state
        )


def _item(measure: Measure, number: int, line: Listed) -> MeasureItem:
    row = _("清单第%(number)s项：") % {"number": number}
    quantity = line.quantity
    if not quantity.is_finite() or not 0 < quantity < MOST_QUANTITY or quantity != quantity.quantize(Decimal("0.001")):
        raise Invalid(row + _("数量应大于0，最多三位小数。"), code="bad_quantity", field="items")
    for text, most in ((line.spec, 120), (line.condition, 200), (line.place, 200), (line.seal_number, 60)):
        if len(text.strip()) > most:
            raise Invalid(row + _("最多%(most)s个字。") % {"most": most}, code="too_long", field="items")
    if line.value is not None and yuan(line.value, "items") < 0:
        raise Invalid(row + _("价值不能为负数。"), code="negative_amount", field="items")
    return MeasureItem(
        measure=measure, number=number, quantity=quantity, spec=line.spec.strip(), condition=line.condition.strip(),
        place=line.place.strip() or measure.place, seal_number=line.seal_number.strip(), value=line.value,
        name=required(line.name, "items", row + _("请填写名称。"), limit=120),
        unit=required(line.unit, "items", row + _("请填写单位。"), limit=20),
    )  # fmt: skip


def start_term(measure: Measure, actor: User, at: datetime) -> None:
    """The term of a measure begins on the day it was carried out."""
    assert measure.taken_at is not None  # noqa: S101 - just carried out
    start_clock(
        rule=TERMS[MeasureKind(measure.kind)], subject=subject_of(measure), origin_on=local_day(measure.taken_at),
        actor=actor, at=at,
    )  # fmt: skip


def _term_id(measure: Measure) -> int:
    term = term_of(measure)
    if term is None:
        raise WrongState(_("这项措施没有正在计时的期限。"), code="no_open_clock")
    return term.pk


def _require_told(measure: Measure, told_on: date, at: datetime) -> None:
    assert measure.taken_at is not None  # noqa: S101 - in force
    not_outside(told_on, local_day(measure.taken_at), local_day(at), "told_on", _("书面告知日期"))
