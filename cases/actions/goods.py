"""What becomes of the goods under a measure: given back, confiscated, disposed of early, handed over, unclaimed."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.measure_moves import chosen, move_items, settle_if_done, subject_of
from cases.actions.moves import not_outside, required, yuan
from cases.models import Measure
from cases.queries.measures import (
    ANNOUNCEMENT,
    KIND,
    item_verb_fits,
    lock_measure,
    require_confiscation,
    require_on_case,
)
from cases.states import measures as states
from cases.states.measures import DisposalBasis, ItemState
from core.errors import Invalid, WrongState
from core.transitions import Transition
from deadlines.actions.clocks import local_day, meet_clock, start_clock
from deadlines.queries import open_clock


@transaction.atomic
def return_items(
    *,
    measure_id: int,
    received_by: str,
    returned_on: date,
    actor: User,
    at: datetime,
    item_ids: Sequence[int] | None = None,
) -> Measure:
    """Record that released goods, or what their early disposal brought, were given back and signed for (程序规定第四十二条第二款).

    :param received_by: who signed the inventory.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    measure = _begin(actor, measure_id, states.RETURN_ITEMS)
    who = required(received_by, "received_by", _("请填写在清单上签名领取的人。"), limit=120)
    _not_before_taking(measure, returned_on, at, "returned_on", _("退还日期"))
    items = chosen(measure, item_ids, states.RETURN_ITEMS)
    move_items(items, states.RETURN_ITEMS, actor, at, f"{returned_on}退还{who}")
    _end_announcement(measure, returned_on, actor, at)
    return measure


@transaction.atomic
def confiscate_items(
    *, measure_id: int, reason: str, actor: User, at: datetime, item_ids: Sequence[int] | None = None
) -> Measure:
    """Record that goods are confiscated by the decision of the case (程序规定第三十五条第一款第四项、行政强制法第二十七条).

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: among others ``not_decided``, ``goods_not_confiscated``.
    """
    measure = _begin(actor, measure_id, states.CONFISCATE_ITEMS)
    require_confiscation(measure.case)
    words = required(reason, "reason", _("请写明没收所依据的决定和物品的去向。"), limit=900)
    return _settle(measure, states.CONFISCATE_ITEMS, item_ids, f"{measure.case.decision_number}：{words}", actor, at)


@transaction.atomic
def dispose_early(
    *,
    measure_id: int,
    item_ids: Sequence[int],
    basis: str,
    proceeds: Decimal,
    kept_proof: str,
    actor: User,
    at: datetime,
) -> Measure:
    """Approve that goods which do not keep are disposed of before the decision (程序规定第四十一条第三款).

    :param basis: a :class:`cases.states.measures.DisposalBasis`.
    :param proceeds: yuan, of all these items together; booked on the first of them.
    :param kept_proof: how evidence of the goods was kept before.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    measure = _begin(actor, measure_id, states.DISPOSE_EARLY)
    if basis not in DisposalBasis.values:
        raise Invalid(
            _("先行处置须经权利人同意或者申请，或者公告期满没有人同意或者申请（程序规定第四十一条第三款）。"),
            code="consent_required", field="basis",
        )  # fmt: skip
    if yuan(proceeds, "proceeds") < 0:
        raise Invalid(_("金额不能为负数。"), code="negative_amount", field="proceeds")
    proof = required(kept_proof, "kept_proof", _("请写明处置前如何留存证据（程序规定第四十一条第三款）。"), limit=900)
    items = chosen(measure, item_ids, states.DISPOSE_EARLY)
    for place, item in enumerate(items):
        item.disposal_basis, item.proceeds = basis, proceeds if place == 0 else Decimal()
    move_items(items, states.DISPOSE_EARLY, actor, at, f"所得{proceeds}元；留存证据：{proof}")
    return measure


@transaction.atomic
def hand_over_items(
    *, measure_id: int, receiver: str, reason: str, actor: User, at: datetime, item_ids: Sequence[int] | None = None
) -> Measure:
    """Hand goods over to the authority the matter goes to (程序规定第十七条、行政强制法第二十一条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    measure = _begin(actor, measure_id, states.HAND_OVER_ITEMS)
    to = required(receiver, "receiver", _("请填写接收机关。"), limit=120)
    words = required(reason, "reason", _("请写明移送理由和交接情况，并书面告知当事人。"), limit=800)
    return _settle(measure, states.HAND_OVER_ITEMS, item_ids, f"移送{to}：{words}", actor, at)


@transaction.atomic
def announce_items(
    *,
    measure_id: int,
    announced_on: date,
    reason: str,
    actor: User,
    at: datetime,
    item_ids: Sequence[int] | None = None,
) -> Measure:
    """Record the announcement that released goods be collected; thirty days run from it (程序规定第四十二条第三款).

    :param reason: that the party cannot be found, or whose the goods are cannot be told.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: among others ``announcement_runs``.
    """
    measure = _begin(actor, measure_id, states.ANNOUNCE_ITEMS)
    if open_clock(rule=ANNOUNCEMENT, subject_kind=KIND, subject_id=measure.pk) is not None:
        raise WrongState(_("这项措施的公告期还在计时，期满之后才能再次公告。"), code="announcement_runs")
    words = required(reason, "reason", _("请写明当事人下落不明或者无法确定所有人的情况。"), limit=900)
    _not_before_taking(measure, announced_on, at, "announced_on", _("公告日期"))
    move_items(
        chosen(measure, item_ids, states.ANNOUNCE_ITEMS), states.ANNOUNCE_ITEMS, actor, at,
        f"{announced_on}公告：{words}",
    )  # fmt: skip
    measure.announced_on = announced_on
    measure.save()
    start_clock(rule=ANNOUNCEMENT, subject=subject_of(measure), origin_on=announced_on, actor=actor, at=at)
    return measure


@transaction.atomic
def send_to_treasury(
    *, measure_id: int, reason: str, actor: User, at: datetime, item_ids: Sequence[int] | None = None
) -> Measure:
    """Approve that goods nobody collected in the thirty days, or what their auction brought, go to the treasury (程序规定第四十二条第三款).

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: among others ``announcement_runs``.
    """
    measure = _begin(actor, measure_id, states.SEND_TO_TREASURY)
    term = open_clock(rule=ANNOUNCEMENT, subject_kind=KIND, subject_id=measure.pk)
    if term is not None and term.due_on is not None and local_day(at) <= term.due_on:
        raise WrongState(
            _("公告期至%(day)s届满，期满仍无人领取的，才能上缴国库（程序规定第四十二条第三款）。")
            % {"day": term.due_on},
            code="announcement_runs",
        )
    words = required(reason, "reason", _("请写明公告期满无人领取、上缴或者拍卖的情况。"), limit=900)
    items = chosen(measure, item_ids, states.SEND_TO_TREASURY)
    move_items(items, states.SEND_TO_TREASURY, actor, at, words)
    _end_announcement(measure, local_day(at), actor, at)
    return measure


def _begin(actor: User, measure_id: int, row: Transition) -> Measure:
    """:raises NotFound, NotPermitted: :raises WrongState: among others ``not_for_this_measure``."""
    measure = lock_measure(actor, measure_id)
    require_on_case(actor, measure.case, row)
    if row is not states.CONFISCATE_ITEMS and not item_verb_fits(measure, row):
        raise WrongState(
            _("%(measure)s%(state)s，不能“%(what)s”（%(basis)s）。")
            % {
                "measure": measure.label, "state": measure.get_state_display(), "what": row.label, "basis": row.basis,
            },
            code="not_for_this_measure",
        )  # fmt: skip
    return measure


def _settle(
    measure: Measure, row: Transition, item_ids: Sequence[int] | None, words: str, actor: User, at: datetime
) -> Measure:
    move_items(chosen(measure, item_ids, row), row, actor, at, words)
    settle_if_done(measure, actor, at, words)
    return measure


def _not_before_taking(measure: Measure, day: date, at: datetime, field: str, name: str) -> None:
    assert measure.taken_at is not None  # noqa: S101 - goods lie under a measure that was taken
    not_outside(day, local_day(measure.taken_at), local_day(at), field, name)


def _end_announcement(measure: Measure, on: date, actor: User, at: datetime) -> None:
    """Nothing announced is left: the term of the announcement is over."""
    term = open_clock(rule=ANNOUNCEMENT, subject_kind=KIND, subject_id=measure.pk)
    if term is not None and not measure.items.filter(state=ItemState.UNCLAIMED).exists():
        last = term.due_on or on  # whatever comes after it, the announcement itself ended there
        meet_clock(clock_id=term.pk, on=max(min(on, last), term.origin_on), actor=actor, at=at)
