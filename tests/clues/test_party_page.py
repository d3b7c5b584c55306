"""One party: everything the reader may see of it, and factors that decide nothing."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from casemgr.party import party_for
from cases.models import Case
from clues.models import Lead
from core.errors import Invalid
from tests.api_client import Caller, problem_of
from tests.builders import City, decide, lead_of, make_notified_case, moment
from tests.clues.merge_builders import OTHER_PHONE, PHONE, complaint, report

CODE, ANOTHER = "91370202MA3C00001X", "91370202MA3C00002X"
TODAY = date(2026, 6, 1)


def look(city: City, who: str = "east_clerk", **asked: Any) -> Any:
    given: dict[str, Any] = {"code": "", "name": "", "today": TODAY}
    return party_for(getattr(city, who), **(given | asked))


def penalised(city: City) -> Case:
    case = decide(city, make_notified_case(city), at=moment("2026-03-25"))
    Lead.objects.filter(pk=lead_of(case).pk).update(party_code=CODE)
    Case.objects.filter(pk=case.pk).update(party_code=CODE)
    return case


def test_the_code_is_certain_and_the_name_alone_only_likely(city: City) -> None:
    coded, plain, other = report(city, party_code=CODE), report(city), report(city, party_code=ANOTHER)
    stranger = report(city, party_name="乙区另一商店")
    party = look(city, code=CODE.lower())
    assert list(party.certain.leads) == [coded]
    assert party.likely is not None
    assert set(party.likely.leads) == {plain, other}
    by_name = look(city, name="示例 商店有限公司")
    assert set(by_name.certain.leads) == {coded, plain, other}
    assert by_name.likely is None
    assert stranger not in by_name.certain.leads


def test_a_case_bears_the_comparable_name_of_its_lead(city: City) -> None:
    case = make_notified_case(city)
    assert case.normal_name == lead_of(case).normal_name == "示例商店"
    assert list(look(city, name="示例商店").certain.cases) == [case]


def test_penalties_are_told_with_number_day_and_sum(city: City) -> None:
    case = penalised(city)
    party = look(city, code=CODE)
    assert list(party.penalties) == [case]
    assert (party.penalised_in_one_year, party.penalised_in_two_years, str(party.fined)) == (1, 1, "5300.00")
    assert look(city, code=CODE, today=date(2027, 3, 25)).penalised_in_one_year == 1
    later = look(city, code=CODE, today=date(2027, 3, 26))
    assert (later.penalised_in_one_year, later.penalised_in_two_years) == (0, 1)


def test_who_complains_often_is_shown_by_number_alone(city: City) -> None:
    for _n in range(3):
        newest = complaint(city)
    complaint(city, phone=OTHER_PHONE)
    report(city)  # no complaint
    party = look(city, name="示例商店")
    (found,) = party.complainers
    assert (found.newest, found.of_party, found.in_all, party.complaints) == (newest, 3, 3, 4)
    assert look(city, name="示例商店", today=date(2026, 12, 1)).complainers == []


def test_nobody_is_shown_what_they_do_not_see(city: City) -> None:
    penalised(city)
    for who in ("west_head", "handler"):
        party = look(city, who, code=CODE)
        assert party.certain.is_empty
        assert not party.penalties
        assert party.names == []
    assert not look(city, "leader", code=CODE).certain.is_empty


@pytest.mark.parametrize("asked", [{}, {"name": "待查"}, {"name": " （）"}])
def test_a_party_nobody_named_is_nobody(city: City, asked: dict[str, str]) -> None:
    report(city, party_name="待查")
    with pytest.raises(Invalid) as caught:
        look(city, **asked)
    assert caught.value.code == "required"


def browse(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_what_is_certain_and_that_factors_decide_nothing(city: City) -> None:
    case, lead = penalised(city), report(city)
    shown = browse(city.east_clerk, f"/parties/?code={CODE}")
    assert lead_of(case).number in shown
    assert lead.number in shown
    assert "名称相同、没有代码或者代码不同的" in shown
    assert "仅供参考，不作为认定依据" in shown
    shown = browse(city.east_clerk, "/parties/?name=示例商店")
    assert "同名的可能不是同一人" in shown
    for address in ("/parties/", "/parties/?name=待查", "/parties/?code=%00"):
        assert "查询" in browse(city.east_clerk, address)


def test_lead_and_case_lead_to_their_party(city: City) -> None:
    case, lead = penalised(city), report(city)
    assert "/parties/?name=%E7%A4%BA%E4%BE%8B%E5%95%86%E5%BA%97" in browse(city.east_clerk, f"/leads/{lead.pk}/")
    for address in (f"/leads/{case.lead_id}/", f"/cases/{case.pk}/"):
        assert f"/parties/?code={CODE}" in browse(city.east_clerk, address)
    assert "/parties/?" not in browse(city.east_clerk, f"/leads/{report(city, party_name='待查').pk}/")


def test_the_api_answers_with_what_the_page_shows(city: City) -> None:
    case = penalised(city)
    answer = Caller(city.east_clerk).get(f"/parties/?code={CODE}").json()
    assert [lead["id"] for lead in answer["certain"]["leads"]] == [case.lead_id]
    assert answer["penalties"][0]["decision_number"] == case.decision_number
    assert answer["certain"]["lead_count"] == "1"
    problem_of(Caller(city.east_clerk).get("/parties/"), 400, "required")


def test_more_rows_take_no_more_statements(city: City, django_assert_num_queries: Any) -> None:
    actor = city.east_clerk
    assert actor.active_posts
    for rows in (1, 3):
        while Lead.objects.count() < rows:
            report(city, party_code=CODE)
        with django_assert_num_queries(13):
            party_for(actor, code=CODE, name="", today=TODAY)
    assert PHONE not in str(party_for(actor, code=CODE, name="", today=TODAY))
