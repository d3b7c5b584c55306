"""Hearings walked at random: the history of the case alone gives back where the hearing stands."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cases.actions import hearing, hearing_session
from cases.models import Case, CaseMove, Hearing
from cases.policies import conflict
from cases.states.hearing import HEARING_TABLE, HearingState
from cases.states.matter import CaseState
from core.errors import Refusal
from core.transitions import Transition
from deadlines.models import Clock
from tests.builders import City, moment
from tests.cases import hearing_builders as build
from tests.cases.test_case_walks import check_clocks
from tests.refusals import everything

Act = Callable[[City, Case, datetime, random.Random], object]
NEXT_MONTH = timedelta(days=35)


def _resume(city: City, case: Case, at: datetime, chance: random.Random) -> object:
    later = at + timedelta(days=chance.choice([0, 3, 35]))
    return hearing_session.resume_hearing(
        case_id=case.pk, opens_at=later, place="三楼", reason="已消失", actor=city.east_head, at=at
    )


def _decide_recusal(city: City, case: Case, at: datetime, chance: random.Random) -> object:
    asked = case.latest_hearing.recusals.filter(is_granted__isnull=True).first() if case.latest_hearing else None
    person = asked.person if asked else city.east_head
    return hearing_session.decide_hearing_recusal(
        case_id=case.pk, person_id=person.pk, is_granted=False, opinion="不属实",
        actor=city.east_director if person == city.east_head else city.east_head, at=at,
    )  # fmt: skip


ACTS: dict[str, Act] = {
    "name_host": lambda city, case, at, _chance: build.name_host(city, case, at=at),
    "change_hosts": lambda city, case, at, _chance: hearing.change_hosts(
        case_id=case.pk, host_id=city.east_head.pk, reason="补充", actor=city.east_director, at=at
    ),
    "hand_materials": lambda city, case, at, _chance: build.hand_over(city, case, at=at),
    "schedule_hearing": lambda city, case, at, chance: build.schedule(
        city, case, opens_at=at + timedelta(days=chance.choice([3, 20, 35])), at=at,
        third_party=chance.choice(["", "示例供货商"]), secrecy=chance.choice(["", "privacy"]),
    ),
    "reschedule_hearing": lambda city, case, at, _chance: hearing.reschedule_hearing(
        case_id=case.pk, opens_at=at + NEXT_MONTH, place="一楼", reason="冲突", actor=city.east_head, at=at
    ),
    "record_hearing_notice": lambda city, case, at, chance: build.tell(
        city, case, chance.choice(["party", "officers", "third_party"]), at=at
    ),
    "announce_hearing": lambda city, case, at, _chance: build.announce(city, case, at=at),
    "ask_hearing_recusal": lambda city, case, at, chance: hearing_session.ask_hearing_recusal(
        case_id=case.pk, person_id=chance.choice([city.east_head.pk, build.clerk_of_hearing(city).pk]), reason="亲属",
        actor=city.east_head, at=at,
    ),
    "decide_hearing_recusal": _decide_recusal,
    "suspend_hearing": lambda city, case, at, _chance: hearing_session.suspend_hearing(
        case_id=case.pk, ground="other", reason="停电", actor=city.east_head, at=at
    ),
    "resume_hearing": _resume,
    "hold_hearing": lambda city, case, at, _chance: build.hold(city, case, at=at),
    "report_hearing": lambda city, case, at, _chance: build.report(city, case, at=at),
    "end_hearing": lambda city, case, at, _chance: build.end(city, case, at=at),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_a_hearing_walked_at_random_is_told_whole_by_the_history_of_its_case(city: City, seed: int) -> None:
    chance = random.Random(seed)
    case = build.request(city, build.make_told_case(city))
    at, moves, refusals = moment("2026-03-20T12:00"), 0, 0
    for _ in range(40):
        case = Case.objects.select_related("owner", "second_officer", "office__bureau").get(pk=case.pk)
        if case.state != CaseState.HEARING:
            break
        at += timedelta(days=chance.choice([0, 0, 1, 4]), minutes=5)
        heard = Hearing.objects.get(case=case)
        legal = [row for row in HEARING_TABLE if row.roles and row.starts_from(heard.state)]
        rare = chance.random() < 0.85  # ending early ends the walk
        row = chance.choice([each for each in legal if not (rare and each.name == "end_hearing")] or legal)
        before = everything()
        try:
            ACTS[row.name](city, case, at, chance)
            moves += 1
        except Refusal:
            refusals += 1
            assert everything() == before
    assert moves > 2
    told = list(CaseMove.objects.filter(case=case, name__in=[row.name for row in HEARING_TABLE]).order_by("id"))
    assert replayed(told) == Hearing.objects.get(case=case).state
    assert all(move.source == move.target for move in told if move.name not in ("request_hearing", *ENDINGS))
    check_clocks(case.pk)
    open_clocks = Clock.objects.filter(subject_id=case.pk, subject_kind="case", rule__startswith="hearing_")
    if case.state != CaseState.HEARING:
        assert not open_clocks.filter(state__in=["running", "suspended"]).exists()


ENDINGS = ("report_hearing", "end_hearing")
# Steps that are somebody's before a host is named.
WITHOUT_HOST = (
    "name_host", "change_hosts", "hand_materials", "record_hearing_notice", "announce_hearing",
    "decide_hearing_recusal", "end_hearing",
)  # fmt: skip


def replayed(moves: list[CaseMove]) -> str:
    """Where the moves alone say the hearing stands."""
    rows: dict[str, Transition] = {row.name: row for row in HEARING_TABLE}
    state = ""
    for each in moves:
        row = rows[each.name]
        assert not row.sources or row.starts_from(state), (each.name, state)
        state = row.target or state
    return state


@pytest.mark.parametrize("state", HearingState.values)
def test_a_step_works_from_the_states_of_its_row_and_from_no_other(city: City, state: str) -> None:
    case = build.hearing_in(city, state)
    heard = Hearing.objects.get(case=case)
    assert heard.state == state
    people = (city.east_director, city.east_head, city.east_handler, build.clerk_of_hearing(city))
    for row in HEARING_TABLE:
        if row.name not in ACTS:
            continue
        assert heard.is_open or not row.starts_from(state)
        case = Case.objects.select_related("owner", "second_officer", "office__bureau").get(pk=case.pk)
        if heard.is_open:
            is_somebodys = heard.host_id or row.name in WITHOUT_HOST
            assert bool(is_somebodys) == any(not conflict(person, case, row) for person in people), row.name
            assert conflict(city.supervisor, case, row), row.name
        if not row.starts_from(state):
            before = everything()
            with pytest.raises(Refusal) as caught:
                ACTS[row.name](city, case, moment("2026-04-08"), random.Random(1))
            statuses = (409,) if heard.host_id or not heard.is_open else (403, 409)
            assert caught.value.status in statuses, (row.name, caught.value.detail)
            assert everything() == before
