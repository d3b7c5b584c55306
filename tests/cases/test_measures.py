"""Registration, sealing and seizure: who may, when, how long, and what ends them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Certificate, User
from cases.actions import duties, filing, measure_ends, measures, recusal
from cases.models import Case, Measure, MeasureItem, MeasureMove
from cases.queries.measures import legal_measure_moves
from cases.states.measures import MEASURE_TABLE, MeasureKind, MeasureState
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from deadlines.models import Clock
from notices.models import Notice
from tests.builders import City, make_case, make_notified_case, make_user, moment
from tests.cases.evidence_builders import LAW, make_measure, make_urgent, measure_in, taking
from tests.refusals import refused
from tests.threads import at_once

DAY = moment("2026-03-05")
Verb = Callable[[City, Measure, User, datetime], object]
VERBS: dict[str, Verb] = {
    "take_measure": lambda city, it, actor, at: measures.take_measure(
        measure_id=it.pk, taking=taking(city, at - timedelta(minutes=5)), actor=actor, at=at
    ),
    "approve_urgent": lambda city, it, actor, at: measures.approve_urgent(
        measure_id=it.pk, reason="同意", actor=actor, at=at
    ),
    "refuse_urgent": lambda city, it, actor, at: measures.refuse_urgent(
        measure_id=it.pk, reason="与违法行为无关", actor=actor, at=at
    ),
    "handle_registered": lambda city, it, actor, at: measure_ends.handle_registered(
        measure_id=it.pk, handling="preserve", reason="已拍照留存", actor=actor, at=at
    ),
    "extend_seizure": lambda city, it, actor, at: measures.extend_seizure(
        measure_id=it.pk, reason="情况复杂", told_on=at.date(), actor=actor, at=at
    ),
    "exclude_test_days": lambda city, it, actor, at: measures.exclude_test_days(
        measure_id=it.pk, first_day=date(2026, 3, 4), last_day=date(2026, 3, 8), told_on=at.date(), reason="送检",
        actor=actor, at=at,
    ),
    "release_measure": lambda city, it, actor, at: measure_ends.release_measure(
        measure_id=it.pk, ground="unrelated", reason="无关", actor=actor, at=at
    ),
}  # fmt: skip
ROWS = {row.name: row for row in MEASURE_TABLE if row.sources and row.roles}
HEAD, OFFICERS = {"east_director"}, {"east_handler", "east_handler2"}
MAY = {
    "take_measure": OFFICERS, "approve_urgent": HEAD, "refuse_urgent": HEAD, "handle_registered": OFFICERS | HEAD,
    "extend_seizure": HEAD, "exclude_test_days": HEAD, "release_measure": HEAD,
}  # fmt: skip
BLIND = {"squad_head", "handler", "handler2", "west_handler", "west_head"}


def clock_of(measure: Measure, rule: str) -> Clock:
    return Clock.objects.get(subject_kind="measure", subject_id=measure.pk, rule=rule)


def states_of(measure: Measure) -> list[str]:
    return list(MeasureItem.objects.filter(measure=measure).order_by("number").values_list("state", flat=True))


def tried(verb: str, city: City, it: Measure, actor: User) -> str:
    """The state a verb leads to, taken back again."""
    with transaction.atomic():
        VERBS[verb](city, it, actor, DAY)
        state: str = Measure.objects.get(pk=it.pk).state
        transaction.set_rollback(True)
    return state


@pytest.mark.parametrize("kind", ["registration", "seizure"])
def test_every_verb_against_every_state_and_every_person(city: City, kind: str) -> None:
    assert set(VERBS) == set(ROWS)
    case = make_case(city)
    foreign = {"extend_seizure", "exclude_test_days"} if kind == "registration" else {"handle_registered"}
    only = {MeasureState.LAPSED, MeasureState.HANDLED}
    people = {name: person for name, person in vars(city).items() if isinstance(person, User)}
    for state in MeasureState.values:
        if state in only and kind == "seizure":
            continue
        it = measure_in(city, case, state, kind)
        assert it.state == state
        for verb, row in ROWS.items():
            doer = people[sorted(MAY[verb])[0]]
            if row.starts_from(state) and verb not in foreign:
                assert tried(verb, city, it, doer) == (row.target or state)
            else:
                with refused(WrongState):
                    VERBS[verb](city, it, doer, DAY)
            if row.starts_from(state) and verb not in foreign:
                for name, person in people.items():
                    if name not in MAY[verb]:
                        with refused(NotFound if name in BLIND else NotPermitted):
                            VERBS[verb](city, it, person, DAY)
        for name, person in people.items():
            if name not in BLIND:
                offered = {row.name for row in legal_measure_moves(person, it, it.items.all(), DAY)} & set(ROWS)
                assert offered == {
                    verb for verb, row in ROWS.items()
                    if row.starts_from(state) and verb not in foreign and name in MAY[verb]
                }, (state, name)  # fmt: skip


def test_a_seizure_is_ordered_by_the_head_and_taken_by_two_officers_for_thirty_days_without_roll(city: City) -> None:
    case = make_case(city)
    with refused(NotPermitted, "not_permitted"):
        measures.order_measure(
            case_id=case.pk, kind="seizure", reason="转移", basis=LAW, actor=city.east_handler, at=moment("2026-03-05")
        )
    it = make_measure(city, case, at=moment("2026-03-05"))
    clock = clock_of(it, "seizure")
    assert (it.state, it.approved_by, it.officer) == ("in_force", city.east_director, city.east_handler)
    assert clock.due_on == date(2026, 4, 4), "a Saturday, and a seizure does not roll"
    assert clock.subject_number == f"{case.number} 扣押1"
    assert states_of(it) == ["held", "held"]

    measures.exclude_test_days(
        measure_id=it.pk, first_day=date(2026, 3, 10), last_day=date(2026, 3, 14), told_on=date(2026, 3, 9),
        reason="送检", actor=city.east_director, at=moment("2026-03-14"),
    )  # fmt: skip
    assert clock_of(it, "seizure").due_on == date(2026, 4, 9)
    measures.extend_seizure(
        measure_id=it.pk, reason="案情复杂", told_on=date(2026, 4, 1), actor=city.east_director, at=moment("2026-04-01")
    )
    assert clock_of(it, "seizure").due_on == date(2026, 5, 9)
    with refused(Invalid, "no_extension_left"):
        measures.extend_seizure(
            measure_id=it.pk, reason="再延", told_on=date(2026, 4, 2), actor=city.east_director,
            at=moment("2026-04-02"),
        )  # fmt: skip
    with refused(Invalid, "date_too_early", "told_on"):
        measures.exclude_test_days(
            measure_id=it.pk, first_day=date(2026, 4, 3), last_day=date(2026, 4, 4), told_on=date(2026, 3, 4),
            reason="再检", actor=city.east_director, at=moment("2026-04-05"),
        )  # fmt: skip
    measure_ends.release_measure(
        measure_id=it.pk, ground="expired", reason="期满", actor=city.east_director, at=moment("2026-05-09")
    )
    it.refresh_from_db()
    assert (it.state, it.ended_on, clock_of(it, "seizure").state) == ("released", date(2026, 5, 9), "met")
    assert states_of(it) == ["to_return", "to_return"]
    assert list(MeasureMove.objects.filter(measure=it).values_list("name", flat=True)) == [
        "order_measure", "take_measure", "exclude_test_days", "extend_seizure", "release_measure",
    ]  # fmt: skip


def test_what_is_typed_is_refused_with_its_field(city: City) -> None:
    case, at = make_case(city), moment("2026-03-05")
    unlicensed = make_user("unlicensed", city.east_squad)
    Certificate.objects.filter(user=unlicensed).delete()
    ordered = measures.order_measure(
        case_id=case.pk, kind="sealing", reason="证据可能灭失", basis=LAW, actor=city.east_director, at=at
    )
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"second_officer_id": city.east_handler.pk}, "two_officers_required", "second_officer"),
        ({"second_officer_id": unlicensed.pk}, "no_certificate", "second_officer"),
        ({"second_officer_id": city.west_handler.pk}, "not_in_office", "second_officer"),
        ({"taken_at": at + timedelta(hours=2)}, "future_date", "taken_at"),
        ({"taken_at": at - timedelta(hours=1)}, "taken_before_approval", "taken_at"),
        ({"items": []}, "inventory_required", "items"),
        ({"presence": " "}, "required", "presence"),
    ]
    for changes, code, field in wrong:
        with refused(Invalid, code, field):
            measures.take_measure(
                measure_id=ordered.pk, taking=taking(city, at, **changes), actor=city.east_handler,
                at=at + timedelta(hours=1),
            )  # fmt: skip
    for bad in ({"quantity": 0}, {"quantity": "1.0001"}, {"quantity": "NaN"}, {"value": "-1"}, {"name": " "}):
        with refused(Invalid, field="items"):
            lines = [_line(city, at, bad)]
            measures.take_measure(
                measure_id=ordered.pk, taking=taking(city, at, items=lines), actor=city.east_handler, at=at
            )
    with refused(Invalid, "unknown_measure_kind", "kind"):
        measures.order_measure(
            case_id=case.pk, kind="freeze", reason="转移", basis=LAW, actor=city.east_director, at=at
        )


def _line(city: City, at: datetime, bad: Mapping[str, object]) -> measures.Listed:
    changed: dict[str, Any] = {name: Decimal(str(value)) if name != "name" else value for name, value in bad.items()}
    return replace(taking(city, at).items[0], **changed)


def test_nothing_is_taken_once_the_case_is_decided(city: City) -> None:
    from tests.builders import decide

    case = make_notified_case(city)
    decide(city, case, at=moment("2026-03-24"))
    with refused(WrongState, "case_state"):
        measures.order_measure(
            case_id=case.pk, kind="seizure", reason="转移", basis=LAW, actor=city.east_director,
            at=moment("2026-03-25"),
        )  # fmt: skip
    with refused(WrongState, "case_state"):
        make_urgent(city, case, at=moment("2026-03-25"))


def test_what_was_taken_on_the_spot_is_approved_within_a_day_or_ends_at_once(city: City) -> None:
    case, at = make_case(city), moment("2026-03-05T15:00")
    soon, late, refused_one = (make_urgent(city, case, at=at) for _ in range(3))
    report = clock_of(soon, "emergency_coercive_report")
    assert report.due_at == at + timedelta(hours=24)
    measures.approve_urgent(measure_id=soon.pk, reason="同意", actor=city.east_director, at=at + timedelta(hours=24))
    measures.approve_urgent(measure_id=late.pk, reason="同意", actor=city.east_director, at=at + timedelta(hours=25))
    measures.refuse_urgent(measure_id=refused_one.pk, reason="不当", actor=city.east_director, at=at)
    assert clock_of(soon, "emergency_coercive_report").state == "met"
    assert clock_of(late, "emergency_coercive_report").state == "met_late"
    assert [it.state for it in Measure.objects.order_by("id")] == ["in_force", "in_force", "released"]
    assert states_of(refused_one) == ["to_return", "to_return"]
    assert set(Clock.objects.filter(subject_kind="measure", subject_id=refused_one.pk).values_list("state", flat=True)) == {
        "met"
    }  # fmt: skip


def test_a_head_who_investigates_approves_nothing(city: City) -> None:
    from accounts.actions import give_post
    from tests.builders import SINCE, SYSTEM

    case = make_case(city)
    give_post(
        user=city.east_handler2, office=city.east, role="bureau_head", starts_on=SINCE, actor=SYSTEM,
        at=moment("2026-03-02"),
    )  # fmt: skip
    officer = User.objects.get(pk=city.east_handler2.pk)
    urgent = make_urgent(city, case, at=moment("2026-03-05"))
    with refused(NotPermitted, "separation_of_duties"):
        measures.approve_urgent(measure_id=urgent.pk, reason="同意", actor=officer, at=DAY)
    with refused(NotPermitted, "separation_of_duties"):
        measures.order_measure(case_id=case.pk, kind="seizure", reason="转移", basis=LAW, actor=officer, at=DAY)


def test_nobody_who_is_barred_takes_part(city: City) -> None:
    case = make_case(city)
    ordered = measures.order_measure(
        case_id=case.pk, kind="seizure", reason="可能转移", basis=LAW, actor=city.east_director, at=moment("2026-03-03")
    )
    duties.ask_recusal(
        case_id=case.pk, person_id=city.east_handler2.pk, interest="other", reason="当事人的亲属",
        asked_on=date(2026, 3, 3), actor=city.east_handler, at=moment("2026-03-03"),
    )  # fmt: skip
    recusal.grant_recusal(
        case_id=case.pk, recusal_id=case.recusals.get().pk, opinion="属实", actor=city.east_director,
        at=moment("2026-03-03"),
    )  # fmt: skip
    with refused(NotPermitted, "recused"):
        measures.take_measure(
            measure_id=ordered.pk, taking=taking(city, moment("2026-03-04")), actor=city.east_handler, at=DAY
        )
    with refused(NotPermitted, "separation_of_duties"):
        make_urgent_by(city, case, city.east_handler2)


def make_urgent_by(city: City, case: Case, actor: User) -> Measure:
    return measures.take_urgent_measure(
        case_id=case.pk, kind="seizure", reason="正在转移", basis=LAW, taking=taking(city, DAY), actor=actor, at=DAY
    )


# ---- registered evidence ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handling", "who", "items"),
    [
        ("preserve", "east_handler", "to_return"),
        ("test", "east_handler", "held"),
        ("seize", "east_director", "carried_over"),
        ("release", "east_director", "to_return"),
    ],
)
def test_registered_evidence_is_dealt_with_in_seven_working_days(
    city: City, handling: str, who: str, items: str
) -> None:
    case = make_case(city)
    it = make_measure(city, case, "registration", at=moment("2026-03-03"))
    assert clock_of(it, "evidence_registration").due_on == date(2026, 3, 12)
    more = {"kind": "seizure", "basis": LAW} if handling == "seize" else {}
    at = moment("2026-03-12T23:00")
    measure_ends.handle_registered(
        measure_id=it.pk, handling=handling, reason="处理", actor=getattr(city, who), at=at, **more
    )
    it.refresh_from_db()
    assert (it.state, it.handling, it.ended_on) == ("handled", handling, date(2026, 3, 12))
    assert states_of(it) == [items, items]
    assert clock_of(it, "evidence_registration").state == "met"
    if handling == "seize":
        after = Measure.objects.get(follows=it)
        assert (after.kind, after.state, states_of(after)) == ("seizure", "in_force", ["held", "held"])
        assert clock_of(after, "seizure").due_on == date(2026, 4, 11)


def test_the_head_decides_on_seizure_release_and_confiscation(city: City) -> None:
    it = make_measure(city, make_case(city), "registration", at=moment("2026-03-03"))

    def handle(handling: str, actor: User, at: datetime = DAY, kind: str = "") -> None:
        measure_ends.handle_registered(
            measure_id=it.pk, handling=handling, reason="处理", actor=actor, at=at, kind=kind, basis=LAW
        )

    for handling in ("seize", "release", "confiscate"):
        with refused(NotPermitted, "head_decides"):
            handle(handling, city.east_handler)
    with refused(WrongState, "not_decided"):
        handle("confiscate", city.east_director)
    with refused(Invalid, "unknown_measure_kind", "kind"):
        handle("seize", city.east_director, kind="registration")
    with refused(Invalid, "unknown_handling", "handling"):
        handle("burn", city.east_director)
    with refused(WrongState, "registration_lapsed"):
        handle("preserve", city.east_handler, at=moment("2026-03-13T00:00"))


def test_a_registration_with_nothing_done_lapses_on_its_last_day_however_late_the_bell(city: City) -> None:
    case = make_case(city)
    lapsing = make_measure(city, case, "registration", at=moment("2026-03-03"))
    urgent = make_urgent(city, case, "registration", at=moment("2026-03-03"))
    seizure = make_measure(city, case, "seizure", at=moment("2026-03-03"))
    assert measure_ends.release_lapsed_measures(at=moment("2026-03-12T23:59")) == 0
    assert measure_ends.release_lapsed_measures(at=moment("2026-03-20")) == 2
    assert measure_ends.release_lapsed_measures(at=moment("2026-03-20")) == 0
    for it in (lapsing, urgent):
        it.refresh_from_db()
        assert (it.state, it.ended_on, states_of(it)) == ("lapsed", date(2026, 3, 12), ["to_return", "to_return"])
        assert not Clock.objects.filter(subject_kind="measure", subject_id=it.pk, state="running").exists()
        told = Notice.objects.filter(kind="measure_lapsed", subject_id=it.pk)
        assert set(told.values_list("recipient", flat=True)) == {
            city.east_handler.pk, city.east_handler2.pk, city.east_director.pk,
        }  # fmt: skip
    assert Measure.objects.get(pk=seizure.pk).state == "in_force"
    move = MeasureMove.objects.get(measure=lapsing, name="lapse")
    assert (move.actor, "2026-03-12" in move.reason) == (None, True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_release_once(city: City) -> None:
    it = make_measure(city, make_case(city), "registration", at=moment("2026-03-03"))
    at = moment("2026-03-20")
    released = at_once([lambda: measure_ends.release_lapsed_measures(at=at)] * 2)
    assert sorted(each for each in released if isinstance(each, int)) == [0, 1]
    assert MeasureMove.objects.filter(measure=it, name="lapse").count() == 1
    assert Notice.objects.filter(kind="measure_lapsed").count() == 3


def test_new_officers_take_the_clocks_of_the_measures_over(city: City) -> None:
    case = make_case(city)
    it = make_measure(city, case, at=moment("2026-03-03"))
    filing.reassign_case(
        case_id=case.pk, owner_id=city.east_handler2.pk, second_officer_id=city.east_handler.pk, reason="调岗",
        actor=city.east_director, at=DAY,
    )  # fmt: skip
    assert clock_of(it, "seizure").owner == city.east_handler2
    assert Case.objects.get(pk=case.pk).owner == city.east_handler2


def test_each_kind_has_its_term(city: City) -> None:
    case = make_case(city)
    rules = [clock.rule for kind in MeasureKind.values for clock in Clock.objects.filter(
        subject_kind="measure", subject_id=make_measure(city, case, kind, at=moment("2026-03-03")).pk
    )]  # fmt: skip
    assert rules == ["evidence_registration", "seizure", "seizure"]
