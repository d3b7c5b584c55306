"""The API: by code everywhere, in plain in one answer."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from informants.api import serializers as shapes
from informants.models import Opening, Reward
from informants.states import OPENING_TRANSITIONS, REWARD_TRANSITIONS, OpeningState, RewardState
from tests.api_client import Caller, problem_of
from tests.builders import City
from tests.informants.people import LATER, NAME, PHONE, ask, make_informant, opening_in, propose, reward_in

ASK = {"ground": "feedback", "wanted": ["phone", "name"], "reason": "告知处理结果。"}
BODIES: dict[str, dict[str, Any]] = {
    "informant-ask": ASK,
    "informant-propose": {"level": "first", "domain": "other_domain", "base_amount": "1.00", "reason": "属实"},
    "opening-approve": {"hours": 4},
    "opening-refuse": {"reason": "先核台账"},
    "opening-close": {},
    "opening-read": {},
    "reward-grant": {},
    "reward-deny": {"reason": "不符"},
    "reward-tell": {"told_on": "2026-03-03"},
    "reward-claim": {"claimed_on": "2026-03-03"},
    "reward-lapse": {"reason": "未领"},
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def test_every_move_has_its_address() -> None:
    begins = {"ask", "propose"}
    of_openings = {row.name for row in OPENING_TRANSITIONS} - begins
    of_rewards = {row.name for row in REWARD_TRANSITIONS} - begins
    assert set(BODIES) == {
        *(f"informant-{name}" for name in begins), *(f"opening-{name}" for name in of_openings),
        *(f"reward-{name}" for name in of_rewards),
    }  # fmt: skip


def test_from_asking_to_reading_over_the_api(city: City) -> None:
    informant = make_informant(city)
    handler, head = Caller(city.east_handler), Caller(city.east_head)
    asked = handler.post(f"/informants/{informant.pk}/ask/", ASK)
    assert asked.status_code == 201
    answer = asked.json()
    assert set(answer) == set(shapes.OpeningOut().fields)
    assert (answer["code"], answer["wanted"], answer["state"]) == (informant.code, ["name", "phone"], "pending")
    assert [move["name"] for move in answer["legal_moves"]] == ["close"]
    moves = {move["name"]: move["url"] for move in head.get(f"/openings/{answer['id']}/").json()["legal_moves"]}
    assert set(moves) == {"approve", "refuse"}
    head.client.post(moves["approve"], {"hours": 4}, format="json")
    seen = handler.get(f"/openings/{answer['id']}/").json()
    assert (seen["state"], seen["expires_at"]) == ("approved", "2026-03-03T15:00:00+08:00")
    read = next(move["url"] for move in seen["legal_moves"] if move["name"] == "read")
    assert handler.client.post(read, {}, format="json").json() == {
        "name": NAME, "phone": PHONE, "address": "", "id_number": "",
    }  # fmt: skip
    readings = head.get(f"/openings/{answer['id']}/").json()["readings"]
    assert [(row["reader"], row["read_fields"]) for row in readings] == [(city.east_handler.pk, ["name", "phone"])]


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"ground": "x"}, "invalid_choice", "#/ground"),
        ({"wanted": []}, "unknown_fields", "#/wanted"),
        ({"wanted": "name"}, "not_a_list", "#/wanted"),
        ({"reason": "看看"}, "required", "#/reason"),
        ({"name": NAME}, "unknown_field", "#/name"),
    ],
)
def test_a_wrong_request_is_named_and_changes_nothing(
    city: City, changed: dict[str, Any], code: str, pointer: str
) -> None:
    informant = make_informant(city)
    response = Caller(city.east_handler).post(f"/informants/{informant.pk}/ask/", ASK | changed)
    assert [error["pointer"] for error in problem_of(response, 400, code)["errors"]] == [pointer]
    assert not Opening.objects.exists()


@pytest.mark.parametrize("hours", [0, 25, "4", True])
def test_hours_are_a_whole_number_up_to_a_day(city: City, hours: object) -> None:
    opening = opening_in(city, OpeningState.PENDING)
    response = Caller(city.east_head).post(f"/openings/{opening.pk}/approve/", {"hours": hours})
    assert response.status_code == 400
    assert Opening.objects.get().state == OpeningState.PENDING


def test_reading_what_is_not_ones_own_or_not_yet_allowed_is_a_problem(city: City) -> None:
    opening = opening_in(city, OpeningState.PENDING)
    address = f"/openings/{opening.pk}/read/"
    problem_of(Caller(city.east_handler).post(address), 409, "wrong_state")
    problem_of(Caller(city.east_head).post(address), 403, "separation_of_duties")
    problem_of(Caller(city.east_handler2).post(address), 404, "not_found")


def test_a_reward_over_the_api(city: City) -> None:
    informant = make_informant(city)
    handler, director = Caller(city.east_handler), Caller(city.east_director)
    made = handler.post(f"/informants/{informant.pk}/propose/", BODIES["informant-propose"] | {"base_amount": "300000"})
    assert made.status_code == 201
    reward = made.json()
    assert set(reward) == set(shapes.RewardOut().fields)
    assert (reward["amount"], reward["needs_finance"], reward["state"]) == ("15000.00", False, "proposed")
    for caller, verb in ((director, "grant"), (handler, "tell"), (handler, "claim")):
        reward = caller.post(f"/rewards/{reward['id']}/{verb}/", BODIES[f"reward-{verb}"]).json()
    assert (reward["state"], reward["claimed_on"]) == ("claimed", "2026-03-03")
    assert [move["name"] for move in reward["moves"]] == ["propose", "grant", "tell", "claim"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", ["/informants/", "/openings/", "/rewards/"])
def test_a_list_costs_the_same_whatever_it_holds(
    city: City, rows: int, address: str, django_assert_num_queries: Any
) -> None:
    for _n in range(rows):
        informant = make_informant(city)
        ask(informant, city.east_handler)
        propose(informant, city.east_handler)
    caller = Caller(city.east_head)
    with django_assert_num_queries(3):  # token, posts, rows
        assert len(caller.get(address).json()["results"]) == rows


def test_lists_are_filtered_as_declared(city: City) -> None:
    opening, reward = opening_in(city, OpeningState.APPROVED), reward_in(city, RewardState.TOLD)
    caller = Caller(city.east_head)
    for address, query, found in (
        ("/informants/", {"code": opening.informant.code}, [opening.informant_id]),
        ("/informants/", {"subject_kind": "lead", "subject_id": reward.informant.subject_id}, [reward.informant_id]),
        ("/openings/", {"state": "pending"}, []),
        ("/openings/", {"informant": opening.informant_id}, [opening.pk]),
        ("/rewards/", {"state": ["told", "claimed"]}, [reward.pk]),
        ("/rewards/", {"state": "lapsed"}, []),
    ):
        assert [row["id"] for row in caller.get(address, **query).json()["results"]] == found
    problem_of(caller.get("/informants/", phone=PHONE), 400, "unknown_parameter")
    assert Reward.objects.count() == 1
