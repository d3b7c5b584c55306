"""What looks like one matter: the arithmetic, and who is shown what."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clues.actions import intake
from clues.actions.intake import InformantInput
from clues.duplicates import (
    Likeness,
    Sought,
    likely_same,
    likely_same_as,
    likely_same_many,
    same_party_elsewhere,
    sought_of,
)
from clues.likeness import Sign, likeness, pairs_of, score_of
from clues.models import Lead
from tests.builders import NOW, City, moment

CODE = "91370202MA3C00001X"
WORDS = st.text(alphabet="过期食品货架保质店a1， 有卖", max_size=60)


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    found = likeness(pairs_of(one), pairs_of(other))
    assert 0 <= found <= 1
    assert found == likeness(pairs_of(other), pairs_of(one))


@given(WORDS)
def test_a_text_is_wholly_like_itself_unless_it_says_nothing(text: str) -> None:
    assert likeness(pairs_of(text), pairs_of(text)) == (1 if pairs_of(text) else 0)


@given(st.lists(st.sampled_from(Sign), unique=True), st.sampled_from(Sign), st.floats(0, 1))
def test_a_further_sign_never_speaks_against(signs: list[Sign], more: Sign, text: float) -> None:
    assert 0 <= score_of(signs, text) <= score_of({*signs, more}, text) + 1e-9 <= 1 + 1e-9


def test_width_case_and_punctuation_do_not_tell_texts_apart() -> None:
    assert pairs_of("ＡＢＣ店，卖过期牛奶。") == pairs_of("abc店 卖过期牛奶")
    assert pairs_of("店") == {"店"}
    assert pairs_of("，。_ ") == frozenset()


SPOILT = "该店货架上有三盒超过保质期的牛奶，生产日期为去年十月，投诉人购买后发现并保留了小票。"


def log(city: City, **changed: Any) -> Lead:
    given: dict[str, Any] = {
        "channel": "report", "received_on": date(2026, 3, 2), "party_name": "甲区示例食品有限公司", "party_code": CODE,
        "summary": SPOILT, "office_id": city.east_squad.pk, "actor": city.east_clerk, "at": NOW,
        "informant": InformantInput(phone="13800000417"),
    }  # fmt: skip
    return intake.log_lead(**(given | changed))


def like(city: City, who: str = "east_clerk", **changed: Any) -> list[Likeness]:
    given: dict[str, Any] = {
        "party_name": "", "party_code": "", "informant_key": "", "summary": "", "received_on": date(2026, 3, 10),
    }  # fmt: skip
    return likely_same(getattr(city, who), **(given | changed))


def test_what_is_likely_the_same_is_shown_with_its_reasons(city: City) -> None:
    lead = log(city)
    (found,) = like(
        city, party_name="甲区示例食品", party_code=CODE, informant_key=lead.informant_key, summary=SPOILT + "请查处。"
    )
    assert found.lead == lead
    assert found.reasons[:3] == ("统一社会信用代码相同", "名称相同", "同一举报人")
    assert found.reasons[3].startswith("内容相似 9") or found.reasons[3] == "内容相似 100%"
    assert 0.9 < found.score < 1


@pytest.mark.parametrize(
    ("changed", "is_found"),
    [
        ({"party_code": CODE}, True),
        ({"party_name": "甲区示例食品"}, True),
        ({"party_name": "甲区示例食品店"}, False),  # near names alone are two shops
        ({"party_name": "甲区示例食品店", "summary": SPOILT}, True),
        ({"summary": SPOILT}, False),  # nothing to look it up by
        ({"party_name": "待查", "summary": SPOILT}, False),
        ({"party_code": CODE, "received_on": date(2026, 8, 29)}, True),
        ({"party_code": CODE, "received_on": date(2026, 8, 30)}, False),  # 181 days later
    ],
)
def test_what_makes_a_lead_likely_the_same(city: City, changed: dict[str, Any], is_found: bool) -> None:
    log(city)
    assert bool(like(city, **changed)) is is_found


def test_one_informant_alone_is_not_one_matter(city: City) -> None:
    lead = log(city)
    assert not like(city, informant_key=lead.informant_key, party_name="乙区另一商店", summary="价格标签不符")
    (found,) = like(city, informant_key=lead.informant_key, party_name="乙区另一商店", summary=SPOILT)
    assert found.reasons == ("同一举报人", "内容相似 100%")


def test_a_lead_is_not_its_own_likeness_and_the_likeliest_comes_first(city: City) -> None:
    first, second, third = log(city), log(city, summary="价格标签不符。", informant=InformantInput()), log(city)
    assert [found.lead for found in likely_same_as(city.east_clerk, sought_of(first))] == [third, second]


def test_nobody_is_shown_what_they_do_not_see(city: City) -> None:
    log(city)
    assert not like(city, "west_head", party_code=CODE)
    assert like(city, "clerk", party_code=CODE)


def test_those_who_assign_learn_how_many_lie_elsewhere_and_nothing_more(city: City) -> None:
    log(city)
    sought = Sought("", CODE, "", "", date(2026, 3, 10))
    counted = {
        name: same_party_elsewhere(getattr(city, name), sought)
        for name in vars(city)
        if "_" in name and hasattr(getattr(city, name), "has_role")
    }
    assert counted["west_head"] == counted["squad_head"] == 1
    assert counted["west_handler"] == 0, "no duty to assign"
    assert counted["east_clerk"] == counted["east_head"] == 0, "they see it"


def test_many_rows_are_answered_in_three_statements(city: City, django_assert_num_queries: Any) -> None:
    lead = log(city)
    rows = [
        Sought("别的商店", "", "", "", date(2026, 3, 10)),
        Sought("", CODE, "", SPOILT, date(2026, 3, 10)),
        Sought("甲区示例食品有限公司", "", lead.informant_key, "", date(2026, 3, 10)),
    ] * 3
    actor = city.east_clerk
    assert actor.active_posts
    with django_assert_num_queries(3):
        answers = likely_same_many(actor, rows)
    assert [[found.lead for found in answer] for answer in answers] == [[], [lead], [lead]] * 3
    assert likely_same_many(actor, []) == []


def test_a_longer_list_takes_no_more_statements(city: City, django_assert_num_queries: Any) -> None:
    log(city)
    actor = city.east_clerk
    assert actor.active_posts
    for rows in (1, 3):
        while Lead.objects.count() < rows:
            log(city, at=moment("2026-03-03"))
        with django_assert_num_queries(4):
            assert len(like(city, party_name="甲区示例食品", party_code=CODE, informant_key="x")) == rows
