"""Two clients move the same matter in the same instant: exactly one wins, the other is told the state has changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connections

from audit.models import Entry
from cases.models import Case
from cases.states.matter import FilingCondition
from clues.models import Lead, LeadMove
from deadlines.models import Clock
from documents.models import IssuedNumber
from tests.api_client import Caller, problem_of
from tests.builders import City, make_lead, make_notified_case, make_verified_lead, moment
from tests.cases.test_case_api import BODIES as CASE_BODIES

CLIENTS = 4


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Every call in a thread and on a connection of its own, all let go together; the answers in order."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=20)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def one_winner(answers: list[Any]) -> None:
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (len(answers) - 1), [
        answer.content.decode() for answer in answers
    ]
    for answer in answers:
        if answer.status_code == 409:
            problem_of(answer, 409, "wrong_state")


def travel(at: datetime) -> Any:
    return time_machine.travel(at, tick=False)


def test_a_case_is_decided_once_and_numbered_once(transactional_db: None, city: City) -> None:
    case = make_notified_case(city)
    callers = [Caller(city.east_director) for _ in range(CLIENTS)]
    with travel(moment("2026-03-24")):
        answers = at_once(
            [lambda each=each: each.post(f"/cases/{case.pk}/decide/", CASE_BODIES["decide"]) for each in callers]  # type: ignore[misc]  # a default binds the loop variable
        )
    one_winner(answers)
    assert Case.objects.get().state == "decided"
    assert IssuedNumber.objects.filter(series__kind="penalty_decision").count() == 1
    assert Clock.objects.filter(rule="decision_service").count() == 1
    assert Entry.objects.filter(verb="cases.decide").count() == 1


def test_a_lead_is_decided_once_whatever_the_decisions(transactional_db: None, city: City) -> None:
    lead = make_verified_lead(city)
    director = [Caller(city.east_director) for _ in range(3)]
    officers = {
        "owner": city.east_handler.pk, "second_officer": city.east_handler2.pk, "conditions": FilingCondition.values
    }  # fmt: skip
    with travel(moment("2026-03-03")):
        answers = at_once([
            lambda: director[0].post(f"/leads/{lead.pk}/decline/", {"ground": "minor", "reason": "轻微"}),
            lambda: director[1].post(f"/leads/{lead.pk}/transfer/", {"transferred_to": "公安", "reason": "涉罪"}),
            lambda: director[2].post(f"/leads/{lead.pk}/file/", {"cause": "案由", **officers}),
        ])  # fmt: skip
    won = [answer for answer in answers if answer.status_code < 300]
    assert len(won) == 1
    assert [answer.status_code for answer in answers if answer not in won] == [409, 409]
    decided = Lead.objects.get()
    assert LeadMove.objects.filter(name__in=["decline", "transfer", "file"]).count() == 1
    assert Case.objects.count() == (1 if decided.state == "filed" else 0)
    assert Clock.objects.get(rule="lead_verification").state == "met"


def test_two_assignments_follow_each_other_and_the_last_owner_is_the_only_one(
    transactional_db: None, city: City
) -> None:
    lead = make_lead(city)
    heads = [Caller(city.east_head) for _ in range(2)]
    owners = [city.east_handler.pk, city.east_handler2.pk]
    with travel(moment("2026-03-03")):
        answers = at_once([
            lambda head=head, owner=owner: head.post(  # type: ignore[misc]  # a default binds the loop variable
                f"/leads/{lead.pk}/assign/", {"office": city.east_squad.pk, "owner": owner}
            )
            for head, owner in zip(heads, owners, strict=True)
        ])  # fmt: skip
    # Assigning again is legal while verifying: both happen, one after the other, and clock and lead agree in the end.
    assert [answer.status_code for answer in answers] == [200, 200]
    last = LeadMove.objects.filter(name="assign").latest("id")
    assert Lead.objects.get().owner_id == Clock.objects.get(rule="lead_verification").owner_id == last.owner_id


def test_verification_is_extended_once_however_many_ask(transactional_db: None, city: City) -> None:
    lead = make_verified_lead(city)
    callers = [Caller(city.east_director) for _ in range(CLIENTS)]
    with travel(moment("2026-03-10")):
        answers = at_once(
            [lambda each=each: each.post(f"/leads/{lead.pk}/extend/", {"reason": "复杂"}) for each in callers]  # type: ignore[misc]  # a default binds the loop variable
        )
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert str(Clock.objects.get(rule="lead_verification").due_on) == "2026-04-14"
    assert Clock.objects.get(rule="lead_verification").extensions.count() == 1


@pytest.mark.parametrize("clients", [CLIENTS])
def test_leads_logged_at_once_are_numbered_without_gap_or_double(
    transactional_db: None, city: City, clients: int
) -> None:
    callers = [Caller(city.east_handler) for _ in range(clients)]
    body = {
        "channel": "self_found", "received_on": "2026-03-02", "party_name": "示例商店", "summary": "过期食品。",
        "office": city.east_squad.pk,
    }  # fmt: skip
    with travel(moment("2026-03-03")):
        answers = at_once([lambda each=each: each.post("/leads/", body) for each in callers])  # type: ignore[misc]  # a default binds the loop variable
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(IssuedNumber.objects.filter(series__kind="lead").values_list("serial", flat=True)) == [1, 2, 3, 4]
