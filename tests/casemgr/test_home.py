from datetime import date

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.actions import review, term
from clues.actions import custody
from notices.actions import NewNotice, post_notices
from tests.builders import City, make_case, make_lead, make_proposal, make_signed_lead, make_verified_lead, moment


def home(client: Client, city_user: object, at: str = "2026-03-02", query: str = "") -> str:
    client.force_login(city_user)  # type: ignore[arg-type]  # any user of the city
    with time_machine.travel(moment(at), tick=False):
        page = client.get(f"/{query}")
    assert page.status_code == 200
    return page.content.decode()


def test_work_is_grouped_by_how_near_it_is(client: Client, city: City) -> None:
    """Fifteen working days from each day of receipt, seen on Friday 2026-03-20."""
    received = {"2026-02-26": "overdue", "2026-02-28": "today", "2026-03-04": "soon", "2026-03-09": "later"}
    for day in received:
        make_signed_lead(city, at=moment(day), party=f"收到于{day}")
    page = home(client, city.east_handler, "2026-03-20")
    places = {section: page.index(f'id="{section}"') for section in ("overdue", "today", "soon", "later")}
    assert list(places) == sorted(places, key=lambda section: places[section])
    bounds = [*places.values(), len(page)]
    for number, day in enumerate(received):
        assert bounds[number] < page.index(f"收到于{day}") < bounds[number + 1]
    assert "逾期 1" in page
    assert "临期 2" in page


def test_somebody_elses_work_is_not_mine(client: Client, city: City) -> None:
    lead = make_lead(city)
    assert lead.label in home(client, city.east_handler)
    assert lead.number not in home(client, city.east_handler2).split("待分派")[0]
    assert lead.number not in home(client, city.west_handler)


def test_a_head_looks_at_the_whole_office(client: Client, city: City) -> None:
    lead = make_verified_lead(city)
    assert "?scope=office" in home(client, city.east_head)
    office = home(client, city.east_head, query="?scope=office")
    assert "本单位待办" in office
    assert lead.label in office
    assert lead.number not in home(client, city.west_head, query="?scope=office")


def test_a_handler_has_no_wider_view(client: Client, city: City) -> None:
    make_verified_lead(city)
    page = home(client, city.east_handler2, query="?scope=office")
    assert 'class="tabs"' not in page
    assert "本单位待办" not in page


def test_what_waits_for_a_signature_stands_first(client: Client, city: City) -> None:
    lead = make_verified_lead(city)
    page = home(client, city.east_director)
    assert page.index("待我审批") < page.index(lead.label)
    assert "待我审批" not in home(client, city.east_handler)


def test_a_city_head_is_not_asked_to_sign_for_a_district(client: Client, city: City) -> None:
    lead = make_verified_lead(city)
    page = home(client, city.director, query="?scope=office")
    assert "待我审批" not in page
    assert lead.label in page


def test_leads_to_be_assigned_are_listed_for_those_who_assign(client: Client, city: City) -> None:
    lead = make_lead(city)
    page = home(client, city.east_head)
    assert page.index("待分派") < page.index(lead.label)


def test_a_case_to_review_waits_for_its_reviewer(client: Client, city: City) -> None:
    case = make_proposal(make_case(city))
    review.conclude_case(
        case_id=case.pk, conclusion="调查终结。", reviewer_id=city.east_reviewer.pk, actor=city.east_handler,
        at=moment("2026-03-03"),
    )  # fmt: skip
    page = home(client, city.east_reviewer, "2026-03-03")
    assert case.number in page.split("待我审批")[1]


def test_the_next_legal_step_is_offered_to_whom_it_belongs(client: Client, city: City) -> None:
    lead = make_lead(city)
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler.pk, actor=city.east_head,
        at=moment("2026-03-02"),
    )  # fmt: skip
    assert "签收" in home(client, city.east_handler)
    custody.sign_lead(lead_id=lead.pk, actor=city.east_handler, at=moment("2026-03-02"))
    assert "提交核查结果" in home(client, city.east_handler)


def test_a_suspended_clock_is_not_forgotten(client: Client, city: City) -> None:
    case = make_case(city)
    term.suspend_case(
        case_id=case.pk, ground="force_majeure", starts_on=date(2026, 3, 3), reason="洪水", actor=city.east_director,
        at=moment("2026-03-03"),
    )  # fmt: skip
    page = home(client, city.east_handler, "2026-03-03")
    assert case.label in page.split("中止计时")[1]


def test_unread_notices_are_shown_and_counted(client: Client, city: City) -> None:
    new = NewNotice(city.handler.pk, "reminder", "k", "calendar", 1, "有一件事")
    post_notices([new], at=moment("2026-03-02"))
    page = home(client, city.handler)
    assert "有一件事" in page
    assert "条未读" in page


def test_nothing_to_do_is_said_with_warmth_and_a_way_on(client: Client, city: City) -> None:
    page = home(client, city.west_handler)
    assert "手头没有要办的事" in page
    assert 'href="/leads/"' in page


def test_a_long_worklist_has_pages(client: Client, city: City) -> None:
    for number in range(53):
        make_lead(city, party=f"第{number:02}家")
    page = home(client, city.east_handler)
    assert "第49家" in page
    assert "第50家" not in page
    assert "下一页" in page
    assert client.get("/?after=nonsense").status_code == 400


@pytest.mark.parametrize("office", [False, True])
def test_the_worklist_costs_the_same_for_one_and_for_three(
    client: Client, city: City, django_assert_num_queries: DjangoAssertNumQueries, office: bool
) -> None:
    client.force_login(city.east_head)
    path = "/?scope=office" if office else "/"
    owner = city.east_head

    def one_more() -> None:
        lead = make_lead(city)
        custody.assign_lead(
            lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=owner.pk, actor=owner, at=moment("2026-03-02")
        )

    one_more()
    client.get(path)
    with django_assert_num_queries(25 if office else 26):
        client.get(path)
    one_more()
    one_more()
    with django_assert_num_queries(25 if office else 26):
        client.get(path)
