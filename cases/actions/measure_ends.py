"""A measure ends: registered evidence is dealt with, the head releases, or the seven working days run out."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import SystemActor, User
from accounts.policies import authority_of
from accounts.queries import officers_of
from accounts.roles import Role
from cases.actions.measure_moves import begin, chosen, end, move, move_items, stays, write_move
from cases.actions.measures import new_measure, start_term
from cases.actions.moves import required
from cases.models import Measure, MeasureItem, MeasureItemMove
from cases.queries.matter import hold_case
from cases.queries.measures import (
    PEOPLE,
    has_lapsed,
    items_of,
    lapsed_registrations,
    require_confiscation,
    require_handling,
    require_not_lapsed,
    term_of,
)
from cases.states import measures as states
from cases.states.measures import COERCIVE, UNDER_MEASURE, Handling, MeasureState, ReleaseGround
from core.errors import Invalid
from deadlines.actions.clocks import local_day
from notices.actions import NewNotice, post_notices

SWEEP = SystemActor("system:lapsed-measures")


@transaction.atomic
def handle_registered(
    *,
    measure_id: int,
    handling: str,
    reason: str,
    actor: User,
    at: datetime,
    kind: str = "",
    basis: str = "",
) -> Measure:
    """Deal with registered evidence in one of the five ways of 程序规定第三十五条第一款, within seven working days.

    Preserved or released goods go back, tested ones stay with the office until they are released, confiscated or handed
    over; a seizure takes over the inventory as a measure of its own.

    :param kind: and ``basis``: of the sealing or seizure that follows (``seize``).
    :raises NotFound: :raises NotPermitted: among others ``head_decides``. :raises WrongState: among others
        ``registration_lapsed``, ``not_decided``, ``goods_not_confiscated``. :raises Invalid:
    """
    measure = begin(actor, measure_id, states.HANDLE_REGISTERED)
    if handling not in Handling.values:
        raise Invalid(_("请选择处理措施（程序规定第三十五条第一款）。"), code="unknown_handling", field="handling")
    require_handling(actor, measure, handling)
    require_not_lapsed(measure, at)
    words = required(reason, "reason", _("请写明处理的情况和理由。"), limit=1000)
    if handling == Handling.CONFISCATE:
        require_confiscation(measure.case)
    if handling == Handling.SEIZE:
        _seize(measure, kind, basis, words, actor, at)
    elif handling == Handling.CONFISCATE:
        move_items(chosen(measure, None, states.CONFISCATE_ITEMS), states.CONFISCATE_ITEMS, actor, at, words)
    elif handling != Handling.TEST:
        move_items(chosen(measure, None, states.FREE_ITEMS), states.FREE_ITEMS, actor, at, words)
    measure.handling, measure.end_reason = handling, words
    if handling == Handling.RELEASE:
        measure.release_ground = ReleaseGround.OTHER
    end(measure, local_day(at), actor, at)
    return move(measure, states.HANDLE_REGISTERED, actor, at, words)


def _seize(measure: Measure, kind: str, basis: str, words: str, actor: User, at: datetime) -> None:
    """The seizure that takes over the goods; it runs from the day it was decided."""
    if kind not in COERCIVE:
        raise Invalid(_("请选择查封或者扣押。"), code="unknown_measure_kind", field="kind")
    after = new_measure(measure.case, kind, words, basis, at, MeasureState.IN_FORCE)
    after.follows, after.approved_by, after.approved_at, after.taken_at = measure, actor, at, at
    after.officer, after.second_officer = measure.officer, measure.second_officer
    after.place, after.presence = measure.place, measure.presence
    after.save()
    write_move(after, states.TAKE_MEASURE, "", actor, at, words)
    held = chosen(measure, None, states.CARRY_OVER_ITEMS)
    move_items(held, states.CARRY_OVER_ITEMS, actor, at, f"转入{after.label}")
    for item in held:
        taken = MeasureItem.objects.create(
            measure=after, number=item.number, name=item.name, spec=item.spec, quantity=item.quantity, unit=item.unit,
            condition=item.condition, place=item.place, seal_number=item.seal_number, value=item.value,
        )  # fmt: skip
        MeasureItemMove.objects.create(
            item=taken, at=at, actor=actor, name=states.LIST_ITEM.name, source="", target=taken.state,
            reason=f"由{measure.label}转入",
        )  # fmt: skip
    start_term(after, actor, at)


@transaction.atomic
def release_measure(
    *, measure_id: int, ground: str, reason: str, actor: User, at: datetime, item_ids: Sequence[int] | None = None
) -> Measure:
    """Release a measure, or some of its items: they are to be given back at once (程序规定第三十三条第一款、第四十二条).

    :param item_ids: only these items; the measure goes on for the rest.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    measure = begin(actor, measure_id, states.RELEASE_MEASURE)
    if ground not in ReleaseGround.values:
        raise Invalid(_("请选择解除的情形（程序规定第四十二条第一款）。"), code="unknown_ground", field="ground")
    require_not_lapsed(measure, at)
    words = required(reason, "reason", _("请写明解除的理由。"), limit=1000)
    move_items(chosen(measure, item_ids, states.FREE_ITEMS), states.FREE_ITEMS, actor, at, words)
    if any(item.state in UNDER_MEASURE for item in items_of(measure)):
        return move(measure, stays(states.RELEASE_MEASURE), actor, at, words)
    measure.release_ground, measure.end_reason = ground, words
    end(measure, local_day(at), actor, at)
    return move(measure, states.RELEASE_MEASURE, actor, at, words)


def release_lapsed_measures(*, at: datetime) -> int:
    """End every registration whose seven working days passed with nothing done (程序规定第三十五条第二款); how many.

    May run late, twice or beside another: each is looked at again under the lock of its case, each in a transaction of
    its own. The measure ends on the last day of its term, whenever this runs.
    """
    return sum(_release_lapsed(measure_id, at) for measure_id in lapsed_registrations(at))


@transaction.atomic
def _release_lapsed(measure_id: int, at: datetime) -> bool:
    case_id = Measure.objects.values_list("case_id", flat=True).get(pk=measure_id)
    case = hold_case(case_id)
    measure = Measure.objects.select_related(*PEOPLE).get(pk=measure_id)
    measure.case = case
    term = term_of(measure)
    if term is None or term.due_on is None or not has_lapsed(measure, term, at):
        return False
    words = f"七个工作日已于{term.due_on}届满，未采取措施，自动解除"
    move_items(chosen(measure, None, states.FREE_ITEMS), states.FREE_ITEMS, SWEEP, at, words)
    measure.end_reason = words
    end(measure, term.due_on, SWEEP, at)
    move(measure, states.LAPSE, SWEEP, at, words)
    _tell(measure, words, at)
    return True


def _tell(measure: Measure, words: str, at: datetime) -> None:
    """The officers and the heads, once."""
    case = measure.case
    heads = officers_of(authority_of(case.office), [Role.BUREAU_HEAD])
    people = {case.owner_id, case.second_officer_id, *(head.pk for head in heads)}
    people |= {person for person in (measure.officer_id, measure.second_officer_id) if person}
    notices = [
        NewNotice(
            recipient_id=person, kind="measure_lapsed", key=f"measure:{measure.pk}:lapsed", subject_kind="measure",
            subject_id=measure.pk, title=f"{case.number} {measure.label}已自动解除，请立即退还物品",
            body=words, outside=f"{case.number} 有一项先行登记保存已自动解除", is_urgent=True,
        )
        for person in sorted(people)
    ]  # fmt: skip
    post_notices(notices, at=at)
