"""Merging on the pages and over the API; what the lead page shows of likely duplicates."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from clues.models import Lead
from clues.states import FactsGoOn
from tests.api_client import Caller, problem_of
from tests.builders import City, moment
from tests.clues.merge_builders import AT, OTHER_PHONE, PHONE, complaint, merge, report


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(city: City, lead: Lead, who: str = "east_clerk") -> str:
    return browser(getattr(city, who)).get(f"/leads/{lead.pk}/").content.decode()


def test_the_lead_page_shows_what_is_likely_the_same_and_why(city: City) -> None:
    first, second = report(city), report(city, "2026-05-18")
    shown = page(city, second)
    assert "可能相同的线索" in shown
    assert "名称相同、同一举报人、内容相似 100%" in shown
    assert f"/leads/{second.pk}/merge/?original={first.pk}" in shown
    assert "本系统默认值，不是法定期限" in shown
    assert PHONE not in shown
    assert "并入这一条" not in page(city, second, "east_handler"), "not theirs to merge"


def test_nothing_is_said_where_nothing_is_alike(city: City) -> None:
    assert "可能相同的线索" not in page(city, report(city))


def test_the_way_of_a_merged_lead_ends_with_the_merging(city: City) -> None:
    original = report(city)
    merged = merge(city, report(city, "2026-05-18"), original)
    way = page(city, merged).split('class="stepper"')[1].split("</ol>")[0]
    assert "已并入" in way
    assert "决定是否立案" not in way


def test_a_complaint_is_shown_beside_a_report_but_not_merged(city: City) -> None:
    first, second = complaint(city), report(city)
    shown = page(city, second)
    assert first.number in shown
    assert "并入这一条" not in shown


def test_an_original_is_not_offered_to_be_merged_itself(city: City) -> None:
    original, again = report(city), report(city)
    report(city)
    merge(city, again, original)
    shown = page(city, original)
    assert "可能相同的线索" in shown
    assert "并入这一条" not in shown


def test_a_lead_is_merged_from_its_page_and_taken_out_again(city: City) -> None:
    original, again = report(city), report(city, "2026-05-18")
    client = browser(city.east_clerk)
    address = f"/leads/{again.pk}/merge/?original={original.pk}"
    form = client.get(address).content.decode()
    assert f'value="{original.number}"' in form
    assert "第三十五条第二款" in form
    assert "市场监督管理投诉举报处理办法" in form
    with time_machine.travel(AT, tick=False):
        answer = client.post(
            address,
            {"original": original.number, "facts": "new_facts", "reason": "同一批牛奶，补充了小票"},
            follow=True,
        )
    assert f"已并入{original.number}" in answer.content.decode()
    shown = page(city, original)
    assert again.number in shown
    assert str(FactsGoOn.NEW_FACTS.label) in shown
    assert "将另一条线索并入本线索" in shown
    with time_machine.travel(AT, tick=False):
        answer = client.post(f"/leads/{again.pk}/unmerge/", {"reason": "另一批牛奶"}, follow=True)
    assert "已解除并入" in answer.content.decode()
    assert "解除并入，线索回到" in page(city, again)


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"original": "不存在的编号"}, 400, "没有编号为“不存在的编号”的线索"),
        ({"facts": ""}, 400, "请选择。"),
        ({"reason": ""}, 400, "请填写。"),
    ],
)
def test_a_faulty_merge_comes_back_with_what_was_typed(
    city: City, changed: dict[str, str], status: int, words: str
) -> None:
    original, again = report(city), report(city)
    given = {"original": original.number, "facts": "same_again", "reason": "同一批牛奶"} | changed
    answer = browser(city.east_clerk).post(f"/leads/{again.pk}/merge/", given)
    assert answer.status_code == status
    shown = answer.content.decode()
    assert words in shown
    assert given["reason"] in shown
    assert not Lead.objects.filter(state="merged").exists()


def test_a_chain_is_refused_on_the_form(city: City) -> None:
    first, second, third = report(city), report(city), report(city)
    merge(city, second, first)
    given = {"original": second.number, "facts": "same_again", "reason": "同一批牛奶"}
    answer = browser(city.east_clerk).post(f"/leads/{third.pk}/merge/", given)
    assert answer.status_code == 409
    assert "请并入那一条主线索" in answer.content.decode()


def test_the_number_of_a_lead_elsewhere_is_no_number(city: City) -> None:
    from clues.actions import custody

    far, lead = report(city), report(city)
    custody.assign_lead(
        lead_id=far.pk, office_id=city.west_squad.pk, owner_id=city.west_handler.pk, actor=city.clerk, at=AT
    )
    client = browser(city.east_clerk)
    assert far.number not in client.get(f"/leads/{lead.pk}/merge/?original={far.pk}").content.decode()
    answer = client.post(
        f"/leads/{lead.pk}/merge/", {"original": far.number, "facts": "same_again", "reason": "同一批"}
    )
    assert answer.status_code == 400
    assert "另有 1 条相同当事人的线索在其他机构" in page(city, lead)


# ---- over the API ----


def test_merging_over_the_api_says_where_it_went(city: City) -> None:
    original, again = report(city), report(city)
    caller = Caller(city.east_clerk)
    with time_machine.travel(AT, tick=False):
        answer = caller.post(
            f"/leads/{again.pk}/merge/", {"original": original.pk, "facts": "same_again", "reason": "同一批牛奶"}
        ).json()
        assert (answer["state"], answer["original"], answer["merged_as"]) == ("merged", original.pk, "same_again")
        assert [move["name"] for move in answer["legal_moves"]] == ["unmerge"]
        problem_of(
            caller.post(f"/leads/{original.pk}/merge/", {"original": again.pk, "facts": "same_again", "reason": "反"}),
            409, "merge_cycle",
        )  # fmt: skip
        answer = caller.post(f"/leads/{again.pk}/unmerge/", {"reason": "另一批"}).json()
    assert (answer["state"], answer["original"], answer["merged_as"]) == ("registered", None, "")


def test_what_is_likely_the_same_is_asked_before_logging(city: City) -> None:
    lead = report(city)
    body = {"received_on": "2026-05-18", "party_name": "示例商店", "informant_phone": PHONE}
    (found,) = Caller(city.east_clerk).post("/leads/likely/", body).json()
    assert (found["id"], found["number"], found["reasons"]) == (lead.pk, lead.number, ["名称相同", "同一举报人"])
    assert 0 < found["score"] < 1
    assert Caller(city.west_handler).post("/leads/likely/", body).json() == []
    (found,) = Caller(city.east_clerk).post("/leads/likely/", body | {"informant_phone": OTHER_PHONE}).json()
    assert found["reasons"] == ["名称相同"]
    problem_of(Caller(city.east_clerk).post("/leads/likely/", {"party_name": "示例商店"}), 400, "required")


def test_logging_is_never_stopped_but_says_what_is_likely_the_same(city: City) -> None:
    lead = report(city)
    body: dict[str, Any] = {
        "channel": "self_found", "received_on": "2026-05-18", "party_name": "示例商店", "summary": "过期",
        "office": city.east_squad.pk,
    }  # fmt: skip
    with time_machine.travel(moment("2026-05-18"), tick=False):
        answer = Caller(city.east_clerk).post("/leads/", body)
    assert answer.status_code == 201, answer.content
    assert [each["id"] for each in answer.json()["likely"]] == [lead.pk]


# ---- on entry ----


def entry(city: City, **changed: Any) -> dict[str, Any]:
    return {
        "received_on": "2026-05-18", "party_name": "示例商店", "summary": "卖过期牛奶", "office": city.east_squad.pk,
        "informant_phone": PHONE, "informant_is_real_name": "no",
    } | changed  # fmt: skip


def test_what_is_likely_the_same_stands_before_the_form_until_it_was_looked_at(city: City) -> None:
    lead = report(city)
    client = browser(city.east_clerk)
    with time_machine.travel(moment("2026-05-18"), tick=False):
        answer = client.post("/leads/new/?channel=report", entry(city))
        shown = answer.content.decode()
        assert answer.status_code == 400
        assert lead.number in shown
        assert "名称相同、同一举报人、内容相似 100%" in shown
        assert "已核对，不是同一件" in shown
        assert "卖过期牛奶</textarea>" in shown, "what was typed is kept"
        assert Lead.objects.count() == 1
        answer = client.post("/leads/new/?channel=report", entry(city, checked="yes"), follow=True)
    assert answer.status_code == 200
    assert Lead.objects.count() == 2


def test_a_new_lead_is_merged_right_after_it_is_logged(city: City) -> None:
    lead = report(city)
    with time_machine.travel(moment("2026-05-18"), tick=False):
        answer = browser(city.east_clerk).post(
            "/leads/new/?channel=report", entry(city, merge_into=str(lead.pk)), follow=True
        )
    assert answer.redirect_chain[-1][0].endswith(f"/merge/?original={lead.pk}")
    assert f'value="{lead.number}"' in answer.content.decode()


def test_nothing_alike_is_logged_at_once(city: City) -> None:
    with time_machine.travel(moment("2026-05-18"), tick=False):
        answer = browser(city.east_clerk).post("/leads/new/?channel=report", entry(city))
    assert answer.status_code == 302
