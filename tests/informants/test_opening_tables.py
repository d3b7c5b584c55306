"""Openings as a table: every verb against every state, every person against every verb, and what the database holds."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.roles import Role
from audit.models import Entry
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from informants import actions, states
from informants.models import Informant, Opening, Reading
from informants.policies import may_see, may_see_opening
from informants.queries import (
    informant_for,
    informants_for,
    legal_moves,
    opening_for,
    openings_for,
    openings_waiting_for,
)
from informants.sealing import Identity
from informants.states import OPENING_TRANSITIONS, REQUEST, OpeningState
from notices.models import Notice
from tests.builders import City, make_user
from tests.informants.people import LATER, NAME, OPENING_VERBS, PHONE, THEN, ask, make_informant, opening_in
from tests.refusals import refused

ROWS = {row.name: row for row in OPENING_TRANSITIONS if row is not REQUEST}
SEES = {
    "director", "reviewer", "supervisor", "leader", "clerk",
    "east_clerk", "east_director", "east_reviewer", "east_head", "east_handler", "east_handler2",
}  # fmt: skip
MAY_ASK = {"supervisor", "east_director", "east_head", "east_handler", "east_handler2"}
MAY_DECIDE = {"supervisor", "east_director", "east_head"}


def people_of(city: City) -> dict[str, User]:
    return {name: person for name, person in vars(city).items() if isinstance(person, User)}


def doer(city: City, verb: str) -> User:
    return city.east_handler if verb in ("read", "close") else city.east_head


def succeeds(verb: str, opening: Opening, actor: User) -> str:
    """Carry the verb out and take it back; the state between."""
    with transaction.atomic():
        OPENING_VERBS[verb](opening, actor, LATER)
        state = Opening.objects.get(pk=opening.pk).state
        transaction.set_rollback(True)
    return state


def test_every_verb_of_the_table_is_tried() -> None:
    assert set(OPENING_VERBS) == set(ROWS)


@pytest.mark.parametrize("state", OpeningState.values)
def test_a_verb_works_from_the_states_of_its_row_and_from_no_other(city: City, state: str) -> None:
    opening = opening_in(city, state)
    for verb, row in ROWS.items():
        if row.starts_from(state):
            assert succeeds(verb, opening, doer(city, verb)) == (row.target or state)
        else:
            with refused(WrongState, "wrong_state"):
                OPENING_VERBS[verb](opening, doer(city, verb), LATER)


def test_only_who_works_on_the_report_may_ask(city: City) -> None:
    informant = make_informant(city)
    for name, person in people_of(city).items():
        if name in MAY_ASK:
            with transaction.atomic():
                ask(informant, person)
                transaction.set_rollback(True)
        else:
            with refused(NotPermitted if name in SEES else NotFound):
                ask(informant, person)


@pytest.mark.parametrize("verb", ["approve", "refuse"])
def test_only_a_second_person_in_charge_of_the_office_decides(city: City, verb: str) -> None:
    opening = opening_in(city, OpeningState.PENDING)
    for name, person in people_of(city).items():
        if name in MAY_DECIDE:
            succeeds(verb, opening, person)
        else:  # a colleague does not even see that somebody asked
            with refused(NotPermitted if name == "east_handler" else NotFound):
                OPENING_VERBS[verb](opening, person, LATER)


@pytest.mark.parametrize("verb", ["approve", "refuse"])
def test_nobody_decides_their_own_request(city: City, verb: str) -> None:
    opening = ask(make_informant(city), city.east_head)
    with refused(NotPermitted, "separation_of_duties"):
        OPENING_VERBS[verb](opening, city.east_head, LATER)
    succeeds(verb, opening, city.east_director)


def test_only_who_asked_reads(city: City) -> None:
    opening = opening_in(city, OpeningState.APPROVED)
    for name, person in people_of(city).items():
        if name == "east_handler":
            assert actions.open_identity(opening_id=opening.pk, actor=person, at=LATER) == Identity(NAME, PHONE)
        elif name in MAY_DECIDE:
            with refused(NotPermitted, "separation_of_duties"):
                actions.open_identity(opening_id=opening.pk, actor=person, at=LATER)
        else:
            with refused(NotFound, "not_found"):
                actions.open_identity(opening_id=opening.pk, actor=person, at=LATER)


def test_the_buttons_are_exactly_the_verbs_that_would_not_be_refused(city: City) -> None:
    for state in OpeningState.values:
        opening = opening_in(city, state)
        for person in (city.east_handler, city.east_head, city.east_director, city.supervisor):
            legal = {row.name for row in legal_moves(person, opening_for(person, opening.pk), LATER)}
            done = set()
            for verb in OPENING_VERBS:
                try:
                    succeeds(verb, opening, person)
                    done.add(verb)
                except (NotPermitted, WrongState):
                    pass
            assert legal == done, (state, person)


def test_consent_ends_after_its_hours_to_the_second(city: City) -> None:
    opening = opening_in(city, OpeningState.APPROVED)
    end = THEN + timedelta(hours=24)
    assert opening.expires_at == end
    assert actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=end).name == NAME
    with refused(WrongState, "opening_expired"):
        actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=end + timedelta(seconds=1))
    assert not {row.name for row in legal_moves(city.east_handler, opening, end + timedelta(seconds=1))} & {"read"}


def test_consent_for_an_hour_lasts_an_hour(city: City) -> None:
    opening = ask(make_informant(city), city.east_handler)
    actions.approve_opening(opening_id=opening.pk, hours=1, opinion="同意", actor=city.supervisor, at=THEN)
    with refused(WrongState, "opening_expired"):
        actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=THEN + timedelta(minutes=61))


@pytest.mark.parametrize("hours", [0, 25, -1])
def test_consent_is_for_one_to_twenty_four_hours(city: City, hours: int) -> None:
    opening = opening_in(city, OpeningState.PENDING)
    with refused(Invalid, "hours_out_of_range", "hours"):
        actions.approve_opening(opening_id=opening.pk, hours=hours, actor=city.east_head, at=LATER)


def test_only_the_fields_asked_for_are_opened(city: City) -> None:
    informant = make_informant(city)
    opening = actions.request_opening(
        informant_id=informant.pk, ground="mediation", wanted=["phone"], reason="约定调解时间和地点。",
        actor=city.east_handler, at=THEN,
    )  # fmt: skip
    OPENING_VERBS["approve"](opening, city.east_head, THEN)
    identity = actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=LATER)
    assert identity == Identity(phone=PHONE)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"ground": "curiosity"}, "unknown_ground", "ground"),
        ({"ground": ""}, "unknown_ground", "ground"),
        ({"wanted": []}, "unknown_fields", "wanted"),
        ({"wanted": ["name", "bank"]}, "unknown_fields", "wanted"),
        ({"reason": "要看  "}, "required", "reason"),
        ({"reason": "看" * 501}, "too_long", "reason"),
    ],
)
def test_a_request_says_what_for_which_fields_and_why(
    city: City, changed: dict[str, object], code: str, field: str
) -> None:
    informant = make_informant(city)
    given = {"ground": "reward", "wanted": ["name"], "reason": "发放奖励需核对。"} | changed
    with refused(Invalid, code, field):
        actions.request_opening(informant_id=informant.pk, actor=city.east_handler, at=THEN, **given)  # type: ignore[arg-type]  # wrong on purpose


def test_one_person_asks_once_at_a_time(city: City) -> None:
    informant = make_informant(city)
    first = ask(informant, city.east_handler)
    with refused(WrongState, "already_requested"):
        ask(informant, city.east_handler)
    ask(informant, city.east_handler2)
    OPENING_VERBS["close"](first, city.east_handler, LATER)
    assert ask(informant, city.east_handler, at=LATER).state == OpeningState.PENDING


def test_every_reading_is_kept_told_to_the_approver_and_in_the_trail(city: City) -> None:
    opening = opening_in(city, OpeningState.APPROVED)
    for minute in (1, 2):
        actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=LATER + timedelta(minutes=minute))
    readings = Reading.objects.filter(opening=opening, reader=city.east_handler)
    assert [reading.fields for reading in readings] == [["name", "phone"]] * 2
    told = Notice.objects.filter(recipient=city.east_head, key__startswith=f"opening:{opening.pk}:reading")
    assert [notice.title for notice in told] == [f"East Handler查阅了{opening.informant.code}的身份信息"] * 2
    entries = Entry.objects.filter(verb="informants.read", subject_label=opening.informant.code)
    assert [entry.facts for entry in entries] == [{"opening": opening.pk, "fields": ["name", "phone"]}] * 2


def test_a_request_is_told_to_those_who_may_decide_and_the_answer_to_who_asked(city: City) -> None:
    informant = make_informant(city)
    opening = ask(informant, city.east_handler)
    told = Notice.objects.filter(subject_kind="opening", subject_id=opening.pk)
    assert {notice.recipient for notice in told} == {city.east_head, city.supervisor}
    assert {notice.body for notice in told} == {informant.subject_number}
    OPENING_VERBS["refuse"](opening, city.supervisor, LATER)
    (answer,) = told.filter(recipient=city.east_handler)
    assert answer.title == f"{informant.code}的查阅申请未获同意"


def test_a_head_s_own_request_goes_to_the_next_head_above(city: City) -> None:
    opening = ask(make_informant(city), city.east_head)
    told = Notice.objects.filter(subject_kind="opening", subject_id=opening.pk)
    assert {notice.recipient for notice in told} == {city.east_director, city.supervisor}


@pytest.mark.parametrize("person", sorted(SEES | {"squad_head", "west_handler", "west_head", "handler"}))
def test_the_gate_of_a_list_and_of_a_row_agree(city: City, person: str) -> None:
    opening = opening_in(city, OpeningState.APPROVED)
    other = ask(make_informant(city), city.supervisor)
    user = getattr(city, person)
    assert set(informants_for(user)) == {row for row in Informant.objects.all() if may_see(user, row)}
    openings = {row for row in (opening, other) if may_see(user, row.informant) and may_see_opening(user, row)}
    assert set(openings_for(user)) == openings
    waiting = {other} if person in MAY_DECIDE - {"supervisor"} else set()
    assert set(openings_waiting_for(user)) == waiting


def test_when_the_matter_goes_to_another_office_who_had_it_reads_no_more(city: City) -> None:
    opening = opening_in(city, OpeningState.APPROVED)
    informant = opening.informant
    actions.move_informants(subject_kind="lead", subject_id=informant.subject_id, office=city.west_squad)
    with refused(NotFound, "not_found"):
        actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=LATER)
    moved = informant_for(city.west_handler, informant.pk)
    assert (moved.office, moved.bureau) == (city.west_squad, city.west)


def test_who_lost_the_post_reads_no_more(city: City) -> None:
    opening = opening_in(city, OpeningState.APPROVED)
    city.east_handler.posts.update(ends_on=THEN.date())
    with refused(NotFound, "not_found"):
        actions.open_identity(
            opening_id=opening.pk, actor=type(city.east_handler).objects.get(pk=city.east_handler.pk), at=LATER
        )


@pytest.mark.parametrize(
    ("constraint", "state", "broken"),
    [
        ("opening_decided_by_another", OpeningState.APPROVED, {"decided_by": "requested_by"}),
        ("opening_decided_exactly_when_said", OpeningState.PENDING, {"state": "approved"}),
        ("opening_decided_exactly_when_said", OpeningState.APPROVED, {"state": "pending"}),
        ("opening_decided_exactly_when_said", OpeningState.REFUSED, {"hours": 3}),
        ("opening_decided_exactly_when_said", OpeningState.PENDING, {"state": "closed"}),
        ("opening_lasts_a_day_at_most", OpeningState.APPROVED, {"hours": 25}),
        ("opening_lasts_a_day_at_most", OpeningState.APPROVED, {"hours": 0}),
    ],
)
def test_the_database_refuses_what_no_verb_may_write(
    city: City, constraint: str, state: str, broken: dict[str, object]
) -> None:
    opening = opening_in(city, state)
    values = {name: getattr(opening, value) if name == "decided_by" else value for name, value in broken.items()}  # type: ignore[call-overload]  # a field name
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Opening.objects.filter(pk=opening.pk).update(**values)


def test_the_database_holds_one_pending_request_of_a_person(city: City) -> None:
    opening = opening_in(city, OpeningState.PENDING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.create(
            informant=opening.informant, ground="other_need", wanted=["name"], reason="再申请一次",
            requested_by=city.east_handler, requested_at=LATER,
        )  # fmt: skip


def test_a_second_head_cannot_approve_what_they_asked_through_another_post(city: City) -> None:
    """Two posts do not make two people."""
    double = make_user("double", city.east_squad, Role.HANDLER)
    from accounts.actions import give_post
    from tests.builders import SINCE, SYSTEM

    give_post(user=double, office=city.east_squad, role=Role.UNIT_HEAD, starts_on=SINCE, actor=SYSTEM, at=THEN)
    opening = ask(make_informant(city), double)
    with refused(NotPermitted, "separation_of_duties"):
        OPENING_VERBS["approve"](opening, double, LATER)
    assert states.APPROVE.name in {row.name for row in legal_moves(city.east_head, opening, LATER)}
