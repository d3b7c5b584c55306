"""The pages and the API of hearings and discussions, each step by whoever it belongs to."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cases.actions.legal_review import submit_legal_review
from cases.models import Case, Discussion, Hearing
from cases.states.duties import ReviewHead
from cases.states.hearing import STEPS, HearingState
from cases.states.matter import CaseState
from tests.api_client import Caller
from tests.browsing import as_
from tests.builders import City, moment
from tests.cases import hearing_builders as build
from tests.cases.hearing_builders import HELD, PREPARED, REPORTED, TOLD, hearing_in, make_told_case


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(PREPARED, tick=False) as traveller:
        yield traveller


def send(user: User, verb: str, case: Case, **values: Any) -> Any:
    at = reverse(f"case_{verb}", args=[case.pk])
    assert as_(user).get(at).status_code == 200
    return as_(user).post(at, {"confirmed": "on", **values})


def test_who_has_told_everybody_and_announced_it_is_not_asked_again(city: City, clock: Any) -> None:
    case = hearing_in(city, HearingState.MATERIALS_RECEIVED)
    build.schedule(city, case)
    clock.move_to(TOLD)
    host = as_(city.east_head)
    forms = [reverse(f"case_{verb}", args=[case.pk]) for verb in ("record_hearing_notice", "announce_hearing")]
    page = host.get(reverse("case_page", args=[case.pk])).content.decode()
    assert all(f'href="{form}"' in page for form in forms)
    build.tell(city, case, "party")
    build.tell(city, case, "officers")
    build.announce(city, case)
    page = host.get(reverse("case_page", args=[case.pk])).content.decode()
    assert not any(f'href="{form}"' in page for form in forms)
    assert "应当通知的人都已通知" in page
    assert [host.get(form).status_code for form in forms] == [409, 409]


def test_a_hearing_and_what_follows_walk_through_the_pages(city: City, clock: Any) -> None:
    case = make_told_case(city)
    recorder = build.clerk_of_hearing(city)
    first, second = build.deputies(city)
    head, host, officer = city.east_director, city.east_head, city.east_handler
    moves: list[tuple[Any, User, str, dict[str, Any]]] = [
        (PREPARED, officer, "request_hearing", {"requested_on": "2026-03-20", "way": "writing", "request": "过重"}),
        (PREPARED, head, "name_host", {"host": host.pk}),
        (PREPARED, officer, "hand_materials", {"handed_on": "2026-03-20"}),
        (PREPARED, host, "schedule_hearing", {
            "opens_at": "2026-04-03 9:30", "place": "三楼", "secrecy": "", "recorder": recorder.pk,
            "third_party": "示例供货商",
        }),
        (TOLD, officer, "record_hearing_notice", {"told": "party", "told_on": "2026-03-24"}),
        (TOLD, host, "record_hearing_notice", {"told": "third_party", "told_on": "2026-03-24"}),
        (TOLD, recorder, "record_hearing_notice", {"told": "officers", "told_on": "2026-03-24"}),
        (TOLD, host, "announce_hearing", {"announced_on": "2026-03-24", "where": "公告栏"}),
        (TOLD, host, "suspend_hearing", {"ground": "force_majeure", "reason": "住院"}),
        (TOLD, host, "resume_hearing", {
            "opens_at": "2026-04-03T09:30", "place": "三楼", "recorder": recorder.pk, "reason": "出院",
        }),
        (HELD, recorder, "ask_hearing_recusal", {"person": host.pk, "reason": "亲属"}),
        (HELD, head, "decide_hearing_recusal", {"person": host.pk, "is_granted": "no", "opinion": "不属实"}),
        (HELD, host, "resume_hearing", {
            "opens_at": "2026-04-03 10:30", "place": "三楼", "recorder": recorder.pk, "reason": "已决定",
        }),
        (HELD, recorder, "hold_hearing", {
            "party_came": "on", "agent": "李某某", "mandate": "代为陈述、申辩", "third_party_came": "on",
            "officers": ["East Handler"], "witnesses": "王某某、赵某某", "held_on": "2026-04-03", "minutes": "逐项质证。",
            "last_word_third_party": "无", "last_word_officers": "维持", "last_word_party": "从轻",
        }),
        (REPORTED, host, "report_hearing", {"summary": "充分发表意见", "advice": "维持"}),
        (REPORTED, officer, "submit_legal_review", {"reviewer": city.east_reviewer.pk}),
        (REPORTED, city.east_reviewer, "pass_legal_review", {"heads": ReviewHead.values, "opinion": "同意"}),
        (REPORTED, head, "discuss", {
            "topic": "decision", "held_at": "2026-04-07 09:00", "place": "会议室", "chair": head.pk,
            "recorder": recorder.pk, "minutes": "逐一发言", "conclusion": "agree", "resolution": "按告知的决定",
            **{f"stance_{each.pk}": "for" for each in (head, first)}, f"stance_{second.pk}": "against",
            **{f"words_{each.pk}": f"{each.name}的话" for each in (head, first, second)},
        }),
    ]  # fmt: skip
    for at, user, verb, values in moves:
        clock.move_to(at)
        answer = send(user, verb, case, **values)
        assert answer.status_code == 302, (verb, answer.content.decode())
    page = as_(officer).get(reverse("case_hearing", args=[case.pk])).content.decode()
    for words in ("李某某", "赵某某", "逐项质证。", "维持", "East Deputy2的话", "不需要回避", "反对", "示例供货商"):
        assert words in page, words
    assert "听证与集体讨论" in as_(officer).get(reverse("case_page", args=[case.pk])).content.decode()
    case.refresh_from_db()
    assert case.state == CaseState.NOTIFIED


@pytest.mark.parametrize(
    "state", [HearingState.REQUESTED, HearingState.SCHEDULED, HearingState.SUSPENDED, HearingState.HELD]
)
def test_the_page_offers_each_person_exactly_their_steps_in_few_statements(
    city: City, clock: Any, state: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = hearing_in(city, state)
    clock.move_to(HELD)
    recorder = build.clerk_of_hearing(city)
    for user in (city.east_director, city.east_head, city.east_handler, recorder, city.east_reviewer):
        client = as_(user)
        with django_assert_max_num_queries(30):
            page = client.get(reverse("case_hearing", args=[case.pk])).content.decode()
        for row in STEPS:
            at = reverse(f"case_{row.name}", args=[case.pk])
            if f'href="{at}"' in page:
                assert client.get(at).status_code == 200, row.name
            else:
                assert client.get(at).status_code in (403, 409), (row.name, user.name)


def test_what_a_step_refuses_comes_back_on_its_form_with_what_was_typed(city: City, clock: Any) -> None:
    case = hearing_in(city, HearingState.MATERIALS_RECEIVED)
    typed = {"opens_at": "2026-03-25 09:00", "place": "三楼大会议室", "recorder": build.clerk_of_hearing(city).pk}
    answer = send(city.east_head, "schedule_hearing", case, **typed)
    assert answer.status_code == 400
    assert "七个工作日" in answer.content.decode()
    assert "三楼大会议室" in answer.content.decode()
    answer = send(city.east_head, "schedule_hearing", case, **{**typed, "opens_at": "明天下午"})
    assert "请写成 2026-11-20 10:00" in answer.content.decode()
    assert as_(city.west_head).get(reverse("case_hearing", args=[case.pk])).status_code == 404
    assert as_(city.east_handler).get(reverse("case_name_host", args=[case.pk])).status_code == 403


def test_the_api_tells_hearings_and_takes_their_steps(city: City, clock: Any) -> None:
    case = hearing_in(city, HearingState.SCHEDULED)
    host, head = Caller(city.east_head), Caller(city.east_director)
    at = f"/cases/{case.pk}"
    told = host.get(f"{at}/hearings/").json()
    assert {step["name"] for step in told["legal_steps"]} == {
        "reschedule_hearing", "record_hearing_notice", "announce_hearing", "ask_hearing_recusal", "suspend_hearing",
        "hold_hearing",
    }  # fmt: skip
    assert told["hearings"][0]["party_told_on"] == "2026-03-24"
    clock.move_to(HELD)
    people: list[dict[str, Any]] = [
        {"part": "party", "name": "示例商店"},
        {"part": "handler", "name": "某某", "is_present": False},
    ]
    body = {
        "held_on": "2026-04-03", "attendance": people, "minutes": "质证", "last_word_officers": "维持",
        "last_word_party": "从轻",
    }  # fmt: skip
    refusal = host.post(f"{at}/hold_hearing/", body)
    assert (refusal.status_code, refusal.json()["code"]) == (400, "officer_absent")
    people[1]["is_present"] = True
    assert host.post(f"{at}/hold_hearing/", {**body, "attendance": [{**people[0], "age": 3}]}).status_code == 400
    assert host.post(f"{at}/hold_hearing/", body).status_code == 200
    clock.move_to(REPORTED)
    assert host.post(f"{at}/report_hearing/", {"summary": "充分", "advice": "维持"}).json()["state"] == "heard"
    voices = [
        {"person": each.person_id, "stance": each.stance, "opinion": each.opinion} for each in build.speaking(city)
    ]
    answer = head.post(f"{at}/discuss/", {
        "topic": "decision", "held_at": "2026-04-07T09:00:00+08:00", "place": "会议室", "chair": city.east_director.pk,
        "recorder": build.clerk_of_hearing(city).pk, "voices": voices, "minutes": "逐一发言", "conclusion": "agree",
        "resolution": "按告知的决定",
    })  # fmt: skip
    assert answer.status_code == 200, answer.content.decode()
    kept = head.get(f"{at}/discussions/").json()
    assert [voice["stance"] for voice in kept[0]["voices"]] == ["for", "for", "against"]
    bad = head.post(f"{at}/discuss/", {"held_at": "2026-04-07"})
    assert bad.status_code == 400
    submit_legal_review(case_id=case.pk, reviewer_id=city.east_reviewer.pk, actor=city.east_handler, at=REPORTED)
    reviewer = Caller(city.east_reviewer)
    assert reviewer.post(f"{at}/pass_legal_review/", {"opinion": "同意", "heads": ReviewHead.values}).status_code == 200
    assert (Hearing.objects.count(), Discussion.objects.count()) == (1, 1)
    assert moment("2026-04-07") == REPORTED
