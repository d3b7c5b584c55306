"""Exactly one owner at every moment: through every verb of custody, by the database, and over the whole of it."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Office, User
from accounts.roles import Role
from clues.actions import custody, disputes, merging
from clues.models import Dispute, Lead, Tenure
from clues.queries import owned_at, owned_by_office, ownership_faults
from core.errors import Refusal
from deadlines.models import Clock
from tests.api_client import Caller, problem_of
from tests.builders import City, make_lead, make_user, make_verified_lead, moment
from tests.clues.stages import VERBS as STEPS
from tests.refusals import everything

Step = Callable[[Lead, User, Office, datetime], object]


def _dispute(verb: Callable[..., object]) -> Step:
    def step(lead: Lead, actor: User, office: Office, at: datetime) -> object:
        found = Dispute.objects.filter(lead=lead, settled_at__isnull=True).first()
        given = (
            {"reason": "协商不成"} if verb is disputes.escalate_dispute else {"office_id": office.pk, "opinion": "同意"}
        )
        return verb(dispute_id=found.pk if found else 0, actor=actor, at=at, **given)

    return step


def _passing(verb: Callable[..., object]) -> Step:
    return lambda lead, actor, office, at: verb(lead_id=lead.pk, office_id=office.pk, reason="理由", actor=actor, at=at)


WALK: dict[str, Step] = {
    "assign": _passing(custody.assign_lead),
    "sign": lambda lead, actor, _office, at: custody.sign_lead(lead_id=lead.pk, actor=actor, at=at),
    "return": lambda lead, actor, _office, at: custody.return_lead(lead_id=lead.pk, reason="理由", actor=actor, at=at),
    "hand_over": _passing(custody.hand_over_lead),
    "take_over": _passing(custody.take_over_lead),
    "hand_down": _passing(custody.hand_down_lead),
    "raise": _passing(disputes.raise_dispute),
    "settle": _dispute(disputes.settle_dispute),
    "escalate": _dispute(disputes.escalate_dispute),
    "designate": _dispute(disputes.designate_office),
    "merge": lambda lead, actor, _office, at: merging.merge_lead(
        lead_id=lead.pk, original_id=Lead.objects.exclude(pk=lead.pk)[0].pk, facts="other_person", reason="同一事实",
        actor=actor, at=at,
    ),
    "unmerge": lambda lead, actor, _office, at: merging.unmerge_lead(
        lead_id=lead.pk, reason="不是", actor=actor, at=at
    ),
}  # fmt: skip


def walked(verb: str, lead: Lead, people: list[User], office: Office, at: datetime) -> bool:
    """Whether the first of these people who may has done it."""
    for person in people:
        try:
            WALK[verb](lead, person, office, at)
        except Refusal:
            continue
        return True
    return False


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_every_moment_has_one_owner_and_no_period_moves(city: City, seed: int) -> None:
    chance, at = random.Random(seed), moment("2026-03-02")
    people = [make_user("west_clerk", city.west, Role.INTAKE_CLERK), city.clerk, city.director, city.west_head]
    make_lead(city, party="另一商店")
    lead = make_lead(city, at=at)
    offices = [city.east, city.east_squad, city.west, city.west_squad, city.squad]
    due = str(Clock.objects.get(rule="lead_verification", subject_id=lead.pk).due_on)
    for _step in range(16):
        at += timedelta(minutes=chance.choice([0, 1, 60 * 24]))
        office = chance.choice(offices)
        some = chance.sample([lead.owner, *people], len(people) + 1)
        assert any(walked(verb, lead, some, office, at) for verb in chance.sample(sorted(WALK), len(WALK)))
        lead = Lead.objects.select_related("owner").get(pk=lead.pk)
        clock = Clock.objects.get(rule="lead_verification", subject_id=lead.pk)
        assert (clock.owner_id, clock.office_id, str(clock.due_on)) == (lead.owner_id, lead.office_id, due)
        assert {name: list(rows) for name, rows in ownership_faults().items() if rows} == {}
    assert lead.moves.count() == 17
    one_owner_at_every_moment(lead, at)


def one_owner_at_every_moment(lead: Lead, until: datetime) -> None:
    tenures = list(Tenure.objects.filter(lead=lead).order_by("starts_at", "id"))
    first = lead.moves.earliest("id").at
    assert tenures[0].starts_at == first
    assert all(one.ends_at == following.starts_at for one, following in pairwise(tenures))
    assert (tenures[-1].ends_at, tenures[-1].office_id, tenures[-1].owner_id) == (None, lead.office_id, lead.owner_id)
    for hours in range(0, int((until - first).total_seconds()) // 3600 + 2, 7):
        asked = first + timedelta(hours=hours)
        covering = [each for each in tenures if each.starts_at <= asked and (not each.ends_at or each.ends_at > asked)]
        assert len(covering) == 1, asked


# ---- what the database refuses ----------------------------------------------------------------------------------------


def test_a_second_open_tenure_is_refused_by_the_database(city: City) -> None:
    lead = make_lead(city)
    with pytest.raises(IntegrityError, match=r"tenure_one_open_per_lead|UNIQUE"), transaction.atomic():
        Tenure.objects.create(lead=lead, office=city.west, owner=city.west_head, starts_at=moment("2026-03-02"))


def test_a_tenure_that_ends_before_it_starts_is_refused_by_the_database(city: City) -> None:
    lead = make_lead(city)
    with pytest.raises(IntegrityError, match="tenure_ends_after_start"), transaction.atomic():
        Tenure.objects.filter(lead=lead).update(ends_at=moment("2026-03-01"))


# ---- over the whole database ------------------------------------------------------------------------------------------


def checked() -> str:
    told = StringIO()
    call_command("check_owners", stdout=told)
    return told.getvalue()


def break_lead(lead: Lead, city: City) -> None:
    Lead.objects.filter(pk=lead.pk).update(owner=city.east_handler)


def break_bureau(lead: Lead, city: City) -> None:
    Tenure.objects.filter(lead=lead, ends_at__isnull=True).update(bureau=None)


def close_all(lead: Lead, _city: City) -> None:
    Tenure.objects.filter(lead=lead, ends_at__isnull=True).update(ends_at=moment("2026-03-09"))


def tear(lead: Lead, _city: City) -> None:
    Tenure.objects.filter(lead=lead, ends_at__isnull=True).update(starts_at=moment("2026-03-05"))


def overlap(lead: Lead, _city: City) -> None:
    first = Tenure.objects.filter(lead=lead).earliest("starts_at")
    Tenure.objects.filter(pk=first.pk).update(ends_at=moment("2026-03-08"))


def start_late(lead: Lead, _city: City) -> None:
    first = Tenure.objects.filter(lead=lead).earliest("starts_at")
    Tenure.objects.filter(pk=first.pk).update(starts_at=first.starts_at + timedelta(hours=1))


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (break_lead, "differs_from_lead"), (break_bureau, "differs_from_lead"), (close_all, "no_open_tenure"),
        (tear, "gap"), (overlap, "overlap"), (start_late, "starts_late"),
    ],
)  # fmt: skip
def test_the_check_over_everything_finds_each_kind_of_damage(
    city: City, damage: Callable[[Lead, City], None], fault: str
) -> None:
    make_verified_lead(city)
    lead = make_lead(city)
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.west_squad.pk, owner_id=city.west_handler.pk, actor=city.clerk,
        at=moment("2026-03-03"),
    )  # fmt: skip
    assert "每条线索在任何时刻都恰有一个承办人" in checked()
    damage(lead, city)
    assert [name for name, rows in ownership_faults().items() if rows] == [fault]
    with pytest.raises(CommandError, match="1 处不是恰好一个承办人") as failed:
        checked()
    assert failed.value.returncode == 1


def test_the_check_costs_the_same_for_any_number_of_leads(
    city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(3):
        make_verified_lead(city)
    with django_assert_num_queries(5):
        checked()


# ---- who owned what at a moment ---------------------------------------------------------------------------------------


def moved(city: City) -> Lead:
    """The east handler's from the second of March, ten o'clock; the west's from the fourth, three in the afternoon."""
    lead = make_lead(city)
    return custody.assign_lead(
        lead_id=lead.pk, office_id=city.west_squad.pk, owner_id=city.west_handler.pk, actor=city.clerk,
        at=moment("2026-03-04T15:00"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "owner"),
    [
        ("2026-03-02T09:59", None),
        ("2026-03-02T10:00", "east_handler"),
        ("2026-03-04T14:59", "east_handler"),
        ("2026-03-04T15:00", "west_handler"),
        ("2027-01-01T00:00", "west_handler"),
    ],
)
def test_at_any_moment_the_city_sees_one_owner(city: City, asked: str, owner: str | None) -> None:
    moved(city)
    assert [each.owner.username for each in owned_at(city.director, moment(asked))] == ([owner] if owner else [])


def test_each_office_sees_what_it_owned_then(city: City) -> None:
    moved(city)
    before, after = moment("2026-03-03"), moment("2026-03-05")
    assert owned_at(city.east_handler, before).count() == 1
    assert owned_at(city.east_handler, after).count() == 0
    assert owned_at(city.west_handler, before).count() == 0
    assert owned_at(city.west_handler, after).count() == 1


def test_what_was_decided_before_that_day_is_in_nobodys_hand(city: City) -> None:
    lead = make_verified_lead(city)
    STEPS["decline"](city, lead, city.east_director, moment("2026-03-05"))
    assert owned_at(city.east_handler, moment("2026-03-05")).count() == 1
    assert owned_at(city.east_handler, moment("2026-03-06")).count() == 0


def test_the_offices_are_counted_the_busiest_first(city: City) -> None:
    moved(city)
    make_lead(city)
    make_lead(city)
    counts = owned_by_office(owned_at(city.director, moment("2026-03-05")))
    assert [(office.code, n) for office, n in counts] == [("east-squad", 2), ("west-squad", 1)]


def page_of(city: City, who: str, query: str = "") -> str:
    client = Client()
    client.force_login(getattr(city, who))
    return client.get(f"{reverse('lead_owners')}{query}").content.decode()


def test_the_page_tells_it_for_the_moment_in_the_address(city: City) -> None:
    lead = moved(city)
    page = page_of(city, "clerk", "?at=2026-03-03T10:00")
    assert "2026-03-03 10:00，共 1 条线索有人承办" in page
    assert "East Handler" in page
    assert "2026-03-04 15:00" in page
    page = page_of(city, "east_handler", "?at=2026-03-03")
    assert "2026-03-03 23:59" in page
    assert f'href="/leads/{lead.pk}/"' not in page  # it has gone out of their sight; that they had it has not
    assert lead.number in page
    assert "至今" in page_of(city, "clerk")
    assert "这一时刻没有线索" in page_of(city, "clerk", f"?at=2026-03-03&office={city.west_squad.pk}")


@pytest.mark.parametrize("typed", ["gestern", "2026-02-30", "2026-03-03 25:00", "0001-01-01", "9999-12-31", "%00"])
def test_a_wrong_moment_is_said_and_nothing_listed(city: City, typed: str) -> None:
    moved(city)
    page = page_of(city, "clerk", f"?at={typed}")
    assert "不是时刻" in page
    assert "East Handler" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_lead_and_for_three(
    city: City, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(rows):
        make_lead(city)
    client = Client()
    client.force_login(city.east_head)
    with django_assert_num_queries(14):
        client.get(reverse("lead_owners"))


def test_the_api_tells_it_too(city: City) -> None:
    lead = moved(city)
    rows = Caller(city.clerk).get("/leads/owners/", at="2026-03-03T10:00:00+08:00").json()["results"]
    assert [(row["lead"], row["owner_name"], row["ends_at"]) for row in rows] == [
        (lead.pk, "East Handler", "2026-03-04T15:00:00+08:00"),
    ]  # fmt: skip
    caller = Caller(city.clerk)
    assert [row["owner_name"] for row in caller.get("/leads/owners/").json()["results"]] == ["West Handler"]
    assert caller.get("/leads/owners/", office=city.east_squad.pk).json()["results"] == []
    before = everything()
    problem_of(caller.get("/leads/owners/", at="gestern"), 400, "invalid")
    problem_of(caller.get("/leads/owners/", at="0001-01-01T00:00:00Z"), 400, "date_out_of_range")
    problem_of(caller.get("/leads/owners/", moment="2026-03-03"), 400, "unknown_parameter")
    assert everything() == before


def test_the_api_pages_through_the_owners_of_a_moment(city: City) -> None:
    leads = [make_lead(city).pk for _number in range(3)]
    caller, seen, query = Caller(city.east_clerk), [], {"page_size": "2", "at": "2026-03-03T10:00:00+08:00"}
    answer = caller.get("/leads/owners/", **query).json()
    seen += [row["lead"] for row in answer["results"]]
    after = parse_qs(urlsplit(answer["next"]).query)["after"][0]
    answer = caller.get("/leads/owners/", **query, after=after).json()
    seen += [row["lead"] for row in answer["results"]]
    assert (seen, answer["next"]) == (leads[::-1], None)
