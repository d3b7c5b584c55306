"""What becomes of the goods of an inventory: every verb against every state, walks that replay, and the closing of the case."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import User
from cases.actions import decision, goods, measure_ends, performance, proposal
from cases.models import Case, Measure, MeasureItem
from cases.queries.measures import legal_measure_moves
from cases.states.measures import ITEM_TABLE, ITEM_VERBS, UNDER_MEASURE, UNSETTLED, ItemState
from core.errors import Invalid, Refusal, WrongState
from deadlines.models import Clock
from tests.builders import KINDS, City, decide, make_case, make_notified_case, moment
from tests.cases.evidence_builders import make_measure
from tests.cases.stages import VERBS as CASE_VERBS
from tests.cases.stages import case_in
from tests.refusals import everything, refused

AT = moment("2026-04-20")
Verb = Callable[[City, Measure, User, datetime], object]


def _held_or_all(it: Measure) -> list[int]:
    held = [item.pk for item in it.items.filter(state="held")]
    return held or [item.pk for item in it.items.all()]


VERBS: dict[str, Verb] = {
    "return_items": lambda city, it, actor, at: goods.return_items(
        measure_id=it.pk, received_by="示例商店张某某", returned_on=at.date(), actor=actor, at=at
    ),
    "confiscate_items": lambda city, it, actor, at: goods.confiscate_items(
        measure_id=it.pk, reason="存入公物仓", actor=actor, at=at
    ),
    "dispose_early": lambda city, it, actor, at: goods.dispose_early(
        measure_id=it.pk, item_ids=_held_or_all(it), basis="consent",
        proceeds=Decimal("80.50"), kept_proof="拍照并留样", actor=actor, at=at,
    ),
    "hand_over_items": lambda city, it, actor, at: goods.hand_over_items(
        measure_id=it.pk, receiver="示例市公安局", reason="涉嫌犯罪", actor=actor, at=at
    ),
    "announce_items": lambda city, it, actor, at: goods.announce_items(
        measure_id=it.pk, announced_on=at.date(), reason="当事人下落不明", actor=actor, at=at
    ),
    "send_to_treasury": lambda city, it, actor, at: goods.send_to_treasury(
        measure_id=it.pk, reason="期满无人领取", actor=actor, at=at
    ),
}  # fmt: skip
WHO = {
    "return_items": "east_handler", "confiscate_items": "east_handler", "dispose_early": "east_director",
    "hand_over_items": "east_director", "announce_items": "east_handler2", "send_to_treasury": "east_director",
}  # fmt: skip


def act(verb: str, city: City, it: Measure, at: datetime) -> object:
    return VERBS[verb](city, Measure.objects.get(pk=it.pk), getattr(city, WHO[verb]), at)


def release(city: City, it: Measure, at: datetime, items: list[int] | None = None) -> None:
    measure_ends.release_measure(
        measure_id=it.pk, ground="decided", reason="不再需要", actor=city.east_director, at=at, item_ids=items
    )


def decided_seizure(city: City) -> tuple[Case, Measure]:
    """A case decided to confiscate goods that are still seized."""
    case = told_of_confiscation(city)
    it = make_measure(city, case, at=moment("2026-03-17"))
    return decide(city, case, at=moment("2026-03-24")), Measure.objects.get(pk=it.pk)


def told_of_confiscation(city: City) -> Case:
    """A case whose party was told on 16 March that a fine and the confiscation of goods are proposed."""
    case = proposal.propose(
        case_id=make_case(city).pk, facts="货架上有过期食品", basis="依据示例法第一条", penalties=[*KINDS, "confiscate_goods"],
        fine=Decimal(5000), confiscated=Decimal(300), goods_value=Decimal(600), actor=city.east_handler,
        at=moment("2026-03-10"),
    )  # fmt: skip
    for verb, actor in (
        ("conclude", city.east_handler), ("pass_review", city.east_reviewer), ("approve_notice", city.east_director),
    ):  # fmt: skip
        CASE_VERBS[verb](city, case, actor, moment("2026-03-10"))
    return decision.notify_party(
        case_id=case.pk, served_on=date(2026, 3, 16), actor=city.east_handler, at=moment("2026-03-16")
    )


def test_every_verb_against_every_state_of_an_item(city: City) -> None:
    """Items are put into each state by hand here; how they come there is proved by the walks below."""
    assert {row.name for row in ITEM_VERBS} == set(VERBS)
    _case, it = decided_seizure(city)
    for state in ItemState.values:
        it.items.update(state=state)
        for row in ITEM_VERBS:
            if row.starts_from(state):
                with transaction.atomic():
                    act(row.name, city, it, AT)
                    assert set(it.items.values_list("state", flat=True)) == {row.target}, (state, row.name)
                    transaction.set_rollback(True)
            else:
                with refused(WrongState):
                    act(row.name, city, it, AT)
        for name in ("east_handler", "east_director", "east_reviewer", "supervisor"):
            person = getattr(city, name)
            offered = {row.name for row in legal_measure_moves(person, it, it.items.all(), AT)} & set(VERBS)
            role = "bureau_head" if name == "east_director" else "handler" if name == "east_handler" else ""
            assert offered == {row.name for row in ITEM_VERBS if row.starts_from(state) and role in row.roles}


def test_goods_are_confiscated_only_by_a_decision_and_settle_the_measure(city: City) -> None:
    case = told_of_confiscation(city)
    it = make_measure(city, case, at=moment("2026-03-17"))
    with refused(WrongState, "not_decided"):
        act("confiscate_items", city, it, moment("2026-03-20"))
    decide(city, case, at=moment("2026-03-24"))
    first, second = it.items.order_by("number")
    goods.confiscate_items(
        measure_id=it.pk, reason="销毁", actor=city.east_handler, at=moment("2026-03-25"), item_ids=[first.pk]
    )
    assert Measure.objects.get(pk=it.pk).state == "in_force"
    release(city, it, moment("2026-03-26"), [second.pk])
    it.refresh_from_db()
    assert (it.state, it.ended_on) == ("released", date(2026, 3, 26))
    assert Clock.objects.get(subject_kind="measure", rule="seizure").state == "met"
    other = make_measure(city, make_case(city, at=moment("2026-03-24")), at=moment("2026-03-24"))
    act("hand_over_items", city, other, moment("2026-03-26"))
    other.refresh_from_db()
    assert (other.state, set(other.items.values_list("state", flat=True))) == ("handled", {"handed_over"})
    with refused(Invalid, "unknown_item", "items"):
        goods.return_items(
            measure_id=it.pk, received_by="张某某", returned_on=date(2026, 3, 27), actor=city.east_handler,
            at=moment("2026-03-27"), item_ids=[other.items.all()[0].pk],
        )  # fmt: skip


def test_goods_are_not_confiscated_where_the_decision_does_not_say_so(city: City) -> None:
    case = make_notified_case(city)
    it = make_measure(city, case, at=moment("2026-03-17"))
    registered = make_measure(city, case, "registration", at=moment("2026-03-20"))
    at = moment("2026-03-24")
    decide(city, case, at=at)
    with refused(WrongState, "goods_not_confiscated"):
        act("confiscate_items", city, it, at)
    with refused(WrongState, "goods_not_confiscated"):
        measure_ends.handle_registered(
            measure_id=registered.pk, handling="confiscate", reason="没收", actor=city.east_director, at=at
        )
    offered = legal_measure_moves(city.east_handler, Measure.objects.get(pk=it.pk), it.items.all(), at)
    assert "confiscate_items" not in {row.name for row in offered}


def test_goods_are_not_confiscated_by_a_decision_that_was_spared_or_set_aside(city: City) -> None:
    case = make_notified_case(city)
    it = make_measure(city, case, at=moment("2026-03-17"))
    CASE_VERBS["spare"](city, case, city.east_director, moment("2026-03-24"))
    with refused(WrongState, "goods_not_confiscated"):
        act("confiscate_items", city, it, AT)
    gone, taken = decided_seizure(city)
    CASE_VERBS["annul"](city, gone, city.east_director, AT)
    with refused(WrongState, "goods_not_confiscated"):
        act("confiscate_items", city, taken, AT)


def test_perishable_goods_are_disposed_of_early_only_with_consent_and_proof(city: City) -> None:
    it = make_measure(city, make_case(city), at=moment("2026-03-05"))
    ids = list(it.items.values_list("pk", flat=True))

    def dispose(**changes: object) -> None:
        wanted = {
            "basis": "announced", "proceeds": Decimal("120.00"), "kept_proof": "留样两份", "item_ids": ids, **changes,
        }  # fmt: skip
        goods.dispose_early(measure_id=it.pk, actor=city.east_director, at=AT, **wanted)  # type: ignore[arg-type]  # by name

    for changes, code, field in (
        ({"basis": ""}, "consent_required", "basis"),
        ({"kept_proof": " "}, "required", "kept_proof"),
        ({"proceeds": Decimal("-1")}, "negative_amount", "proceeds"),
        ({"proceeds": Decimal("0.001")}, "bad_amount", "proceeds"),
        ({"item_ids": [0]}, "unknown_item", "items"),
    ):
        with refused(Invalid, code, field):
            dispose(**changes)
    dispose()
    assert set(it.items.values_list("proceeds", flat=True)) == {Decimal("0.00"), Decimal("120.00")}
    registered = make_measure(city, it.case, "registration", at=moment("2026-04-20"))
    with refused(WrongState, "not_for_this_measure"):
        goods.dispose_early(
            measure_id=registered.pk, item_ids=ids, basis="consent", proceeds=Decimal(), kept_proof="留样",
            actor=city.east_director, at=AT,
        )  # fmt: skip


def test_unclaimed_goods_wait_thirty_days_after_the_announcement(city: City) -> None:
    it = make_measure(city, make_case(city), at=moment("2026-03-05"))
    release(city, it, moment("2026-03-10"))
    with refused(Invalid, "date_too_early", "returned_on"):
        goods.return_items(
            measure_id=it.pk, received_by="张某某", returned_on=date(2026, 3, 4), actor=city.east_handler, at=AT
        )
    first, _second = it.items.order_by("number")
    goods.announce_items(
        measure_id=it.pk, announced_on=date(2026, 3, 12), reason="下落不明", actor=city.east_handler,
        at=moment("2026-03-12"), item_ids=[first.pk],
    )  # fmt: skip
    clock = Clock.objects.get(subject_kind="measure", rule="unclaimed_goods_announcement")
    assert clock.due_on == date(2026, 4, 11)
    with refused(WrongState, "announcement_runs"):
        act("announce_items", city, it, moment("2026-03-13"))
    with refused(WrongState, "announcement_runs"):
        act("send_to_treasury", city, it, moment("2026-04-11T23:59"))
    act("send_to_treasury", city, it, moment("2026-04-14"))
    first.refresh_from_db()
    clock.refresh_from_db()
    assert (first.state, clock.state) == ("to_treasury", "met")


def test_a_case_is_not_closed_while_goods_are_in_hand(city: City) -> None:
    case = case_in(city, "performed")
    other = make_case(city)
    it = make_measure(city, other, at=moment("2026-03-05"))
    Measure.objects.filter(pk=it.pk).update(case=case)
    at = moment("2026-04-13")

    def close() -> None:
        performance.close_case(case_id=case.pk, reason="执行完毕", actor=city.east_director, at=at)

    with refused(WrongState, "measures_in_force"):
        close()
    release(city, it, at)
    with refused(WrongState, "measures_in_force"):
        close()
    act("return_items", city, it, at)
    close()
    assert Case.objects.get(pk=case.pk).state == "closed"
    with refused(WrongState, "case_state"):
        act("return_items", city, it, at)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_walk_of_the_goods_is_told_whole_by_their_histories(city: City, seed: int) -> None:
    chance = random.Random(seed)
    _case, it = decided_seizure(city)
    at = moment("2026-03-25")
    by_name = {row.name: row for row in ITEM_TABLE}
    for _step in range(12):
        at += timedelta(days=chance.choice([1, 3, 12]), minutes=1)
        before = everything()
        try:
            if chance.random() < 0.3:
                held = list(it.items.filter(state__in=UNDER_MEASURE).values_list("pk", flat=True))
                release(city, it, at, chance.sample(held, min(1, len(held))) or None)
            else:
                act(chance.choice(sorted(VERBS)), city, it, at)
        except Refusal:
            assert everything() == before
    for item in MeasureItem.objects.filter(measure=it):
        state = ""
        for move in item.moves.order_by("id"):
            row = by_name[move.name]
            assert move.source == state
            assert not row.sources or row.starts_from(state)
            state = str(row.target)
            assert move.target == state
        assert state == item.state
    it.refresh_from_db()
    under = it.items.filter(state__in=UNDER_MEASURE).exists()
    assert (it.state == "in_force") == under
    assert (it.ended_on is None) == under
    running = Clock.objects.filter(subject_kind="measure", subject_id=it.pk, state="running")
    assert running.filter(rule="seizure").exists() == under
    unclaimed = it.items.filter(state="unclaimed").exists()
    assert running.filter(rule="unclaimed_goods_announcement").exists() == unclaimed
    assert set(UNSETTLED) >= set(UNDER_MEASURE)
