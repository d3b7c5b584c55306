"""Who takes part declares; who must keep away is decided by rank and does nothing more in the case."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions import give_post
from accounts.models import Office, User
from accounts.roles import Role
from cases.actions import duties, filing, recusal
from cases.models import Case, Declaration, Recusal, Review
from cases.pages.progress import awaited_move
from cases.queries.matter import case_for, cases_awaiting, legal_moves, reviewers_of
from cases.states.matter import REASSIGN, CaseState, FilingCondition
from core.errors import Invalid, NotPermitted, WrongState
from deadlines.queries import open_clock
from tests.api_client import Caller, problem_of
from tests.builders import NOW, SINCE, SYSTEM, City, make_case, make_user, make_verified_lead
from tests.cases.stages import LATER, ROWS, VERBS, case_in
from tests.refusals import refused


def also(person: User, office: Office, role: str, *, is_main: bool = False) -> User:
    give_post(user=person, office=office, role=role, starts_on=SINCE, actor=SYSTEM, at=NOW, is_main=is_main)
    return User.objects.get(pk=person.pk)


def asked(city: City, case: Case, person: User) -> Recusal:
    """The party asked this person to withdraw."""
    duties.ask_recusal(
        case_id=case.pk, person_id=person.pk, interest="direct", reason="是当事人的亲属", asked_on=date(2026, 3, 3),
        actor=city.east_handler, at=LATER,
    )  # fmt: skip
    return Recusal.objects.get(case=case, person=person, state="pending")


def grant(case: Case, question: Recusal, actor: User, **given: Any) -> Case:
    return recusal.grant_recusal(
        case_id=case.pk, recusal_id=question.pk, opinion="情况属实", actor=actor, at=LATER, **given
    )


def test_nobody_concludes_before_both_officers_declared(city: City) -> None:
    lead = make_verified_lead(city)
    case = filing.file_case(
        lead_id=lead.pk, cause="过期食品", owner_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk,
        conditions=FilingCondition.values, actor=city.east_director, at=NOW,
    )  # fmt: skip
    duties.declare(case_id=case.pk, actor=city.east_handler, at=NOW)
    VERBS["propose"](city, case, city.east_handler, NOW)
    with refused(WrongState, "not_declared"):
        VERBS["conclude"](city, case, city.east_handler, NOW)
    duties.declare(case_id=case.pk, actor=city.east_handler2, at=NOW)
    assert VERBS["conclude"](city, case, city.east_handler, NOW).state == CaseState.UNDER_REVIEW


@pytest.mark.parametrize(
    ("interest", "note", "code", "field"),
    [("rich", "x", "unknown_interest", "interest"), ("direct", " ", "required", "note"), ("", "x", "unknown_interest", "interest")],
)  # fmt: skip
def test_a_declaration_says_which_and_why(city: City, interest: str, note: str, code: str, field: str) -> None:
    case = make_case(city)
    with refused(Invalid, code, field):
        duties.declare(case_id=case.pk, interest=interest, note=note, actor=city.east_handler, at=NOW)


def test_only_who_takes_part_declares(city: City) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    duties.declare(case_id=case.pk, actor=city.east_reviewer, at=LATER)
    assert Declaration.objects.get(user=city.east_reviewer).capacity == "reviewer"
    for person in (city.east_head, make_user("third", city.east_squad)):
        with refused(NotPermitted, "separation_of_duties"):
            duties.declare(case_id=case.pk, actor=person, at=LATER)


def test_an_interest_that_is_declared_is_put_to_the_head_and_stops_nothing(city: City) -> None:
    case = make_case(city)
    before = open_clock(rule="case_handling", subject_kind="case", subject_id=case.pk)
    duties.declare(case_id=case.pk, interest="direct", note="当事人是我的亲属", actor=city.east_handler, at=NOW)
    question = Recusal.objects.get(case=case)
    assert (question.person, question.state) == (city.east_handler, "pending")
    with refused(WrongState, "recusal_pending"):
        duties.declare(case_id=case.pk, interest="direct", note="再次声明", actor=city.east_handler, at=NOW)
    VERBS["propose"](city, case, city.east_handler, NOW)  # until it is decided the investigation goes on
    recusal.refuse_recusal(
        case_id=case.pk, recusal_id=question.pk, opinion="并非亲属", actor=city.east_director, at=NOW
    )
    assert before is not None
    after = open_clock(rule="case_handling", subject_kind="case", subject_id=case.pk)
    assert after is not None
    assert (after.pk, after.due_on, after.state) == (before.pk, before.due_on, "running")
    VERBS["conclude"](city, case, city.east_handler, NOW)
    with refused(WrongState, "wrong_state"):
        grant(case, question, city.east_director)


def test_who_must_keep_away_makes_no_move_of_the_case_whatever_their_posts(city: City) -> None:
    """Role by verb: no button, and the verb itself refuses."""
    all_posts = also(also(city.east_handler, city.east, Role.BUREAU_HEAD), city.east, Role.LEGAL_REVIEWER)
    all_posts = also(all_posts, city.east_squad, Role.UNIT_HEAD)
    case = make_case(city)
    main = also(make_user("main"), city.east, Role.BUREAU_HEAD, is_main=True)
    grant(case, asked(city, case, city.east_handler), main)
    for verb, row in ROWS.items():
        state = next(iter(sorted(row.sources - {CaseState.HEARING, CaseState.MERGED})), None)
        if state is None:
            continue
        Case.objects.filter(pk=case.pk).update(state=CaseState.INVESTIGATING)
        fetched = case_for(all_posts, case.pk)
        fetched.state = state
        assert row not in legal_moves(all_posts, fetched), verb
        if row.starts_from(CaseState.INVESTIGATING):
            with refused(NotPermitted):
                VERBS[verb](city, case, all_posts, LATER)


def test_an_officer_who_must_keep_away_is_replaced_and_does_not_come_back(city: City) -> None:
    case = make_case(city)
    grant(case, asked(city, case, city.east_handler), city.east_director)
    seen = case_for(city.east_head, case.pk)
    assert awaited_move(seen) is REASSIGN
    assert list(cases_awaiting(city.east_head)) == [seen]
    third = make_user("third", city.east_squad)
    with refused(Invalid, "recused", "owner"):
        filing.reassign_case(
            case_id=case.pk, owner_id=city.east_handler.pk, second_officer_id=third.pk, reason="回避",
            actor=city.east_head, at=LATER,
        )  # fmt: skip
    filing.reassign_case(
        case_id=case.pk, owner_id=city.east_handler2.pk, second_officer_id=third.pk, reason="回避",
        actor=city.east_head, at=LATER,
    )  # fmt: skip
    assert awaited_move(case_for(city.east_head, case.pk)) is not REASSIGN
    assert not cases_awaiting(city.east_head).exists()


def test_a_reviewer_who_must_keep_away_hands_the_review_over_with_its_clock(city: City) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    question = asked(city, case, city.east_reviewer)
    clock = open_clock(rule="legal_review", subject_kind="case", subject_id=case.pk)
    with refused(Invalid, "required", "reviewer"):
        grant(case, question, city.east_director)
    with refused(Invalid, "recused", "reviewer"):
        grant(case, question, city.east_director, reviewer_id=city.east_reviewer.pk)
    other = make_user("east_reviewer2", city.east, Role.LEGAL_REVIEWER)
    case = grant(case, question, city.east_director, reviewer_id=other.pk)
    after = open_clock(rule="legal_review", subject_kind="case", subject_id=case.pk)
    assert clock is not None
    assert after is not None
    assert (case.reviewer, after.owner, after.due_on) == (other, other, clock.due_on)
    assert city.east_reviewer not in reviewers_of(case_for(city.east_director, case.pk))
    VERBS["pass_review"](city, case, other, LATER)
    assert Review.objects.get(case=case).reviewer == other


def test_rank_decides_who_decides(city: City) -> None:
    """程序规定第四条: others by a head, heads by the main head, the main head by the heads together."""
    case = make_case(city)
    officer, head = asked(city, case, city.east_handler2), asked(city, case, city.east_director)
    for person in (city.east_head, city.director, city.east_handler):
        with refused(NotPermitted, "not_recusal_decider"):
            grant(case, officer, person)
    main = also(make_user("main"), city.east, Role.BUREAU_HEAD, is_main=True)
    second = make_user("second_head", city.east, Role.BUREAU_HEAD)
    for person in (city.east_director, second):
        with refused(NotPermitted, "not_recusal_decider"):
            grant(case, head, person)
    grant(case, head, main)
    with refused(NotPermitted):  # who must keep away decides nothing in the case
        grant(case, officer, city.east_director)
    top = asked(city, case, main)
    with refused(NotPermitted, "not_recusal_decider"):
        grant(case, top, main)
    with refused(Invalid, "required", "minutes"):
        grant(case, top, second)
    grant(case, top, second, minutes="2026年4月10日局长办公会记录")
    ranks = dict(Recusal.objects.exclude(rank="").values_list("person__username", "rank"))
    assert ranks == {"east_director": "main_head", "main": "discussion"}


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"interest": "rich"}, "unknown_interest", "interest"), ({"reason": " "}, "required", "reason"),
        ({"asked_on": date(2026, 5, 1)}, "future_date", "asked_on"),
        ({"asked_on": date(2026, 3, 1)}, "date_too_early", "asked_on"), ({"person_id": 0}, "unknown_user", "person"),
    ],
)  # fmt: skip
def test_what_the_party_asks_is_written_down_whole(city: City, change: dict[str, Any], code: str, field: str) -> None:
    case = make_case(city)
    given: dict[str, Any] = {
        "person_id": city.east_handler.pk,
        "interest": "direct",
        "reason": "亲属",
        "asked_on": date(2026, 3, 3),
    }
    with refused(Invalid, code, field):
        duties.ask_recusal(case_id=case.pk, **(given | change), actor=city.east_handler, at=LATER)
    with refused(Invalid, "not_taking_part", "person"):
        duties.ask_recusal(
            case_id=case.pk, **(given | {"person_id": city.west_handler.pk}), actor=city.east_handler, at=LATER
        )


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        (
            "recusal_decided_by_another",
            {"state": "refused", "rank": "head", "decided_by": "person", "decided_at": LATER},
        ),
        ("recusal_decision_is_whole", {"state": "granted"}),
        ("recusal_discussion_has_minutes", {"rank": "discussion"}),
    ],
)
def test_the_database_holds_the_decision_together(city: City, constraint: str, broken: dict[str, Any]) -> None:
    case = make_case(city)
    question = asked(city, case, city.east_handler)
    if broken.get("decided_by") == "person":
        broken = broken | {"decided_by": city.east_handler}
    if "rank" in broken and "state" not in broken:
        grant(case, question, city.east_director)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Recusal.objects.filter(pk=question.pk).update(**broken)


def test_the_pages_of_declaring_and_withdrawing(client: Client, city: City) -> None:
    lead = make_verified_lead(city)
    case = filing.file_case(
        lead_id=lead.pk, cause="过期食品", owner_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk,
        conditions=FilingCondition.values, actor=city.east_director, at=NOW,
    )  # fmt: skip
    client.force_login(city.east_handler)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert f'<a class="button button-primary" href="/cases/{case.pk}/declare/">' in page
    assert client.post(f"/cases/{case.pk}/declare/", {"interest": "", "confirmed": "on"}).status_code == 302
    asked_on = {"person": city.east_handler2.pk, "interest": "direct", "reason": "亲属", "asked_on": "2026-03-03"}
    assert client.post(f"/cases/{case.pk}/ask_recusal/", asked_on).status_code == 302
    question = Recusal.objects.get()
    told = client.get(f"/cases/{case.pk}/duties/").content.decode()
    assert "没有应当回避的情形" in told
    assert "决定之前不停止办案" in told
    at = f"/cases/{case.pk}/recusals/{question.pk}"
    assert client.get(f"{at}/grant/").status_code == 403
    client.force_login(city.east_director)
    assert f"{at}/grant/" in client.get(f"/cases/{case.pk}/").content.decode()
    answer = client.post(f"{at}/grant/", {"opinion": "属实", "confirmed": "on"}, follow=True).content.decode()
    assert "已决定East Handler2回避本案。" in answer
    assert "须由办案机构负责人更换办案人员" in answer
    client.force_login(city.east_head)
    assert (
        f'<a class="button button-primary" href="/cases/{case.pk}/reassign/">'
        in client.get(f"/cases/{case.pk}/").content.decode()
    )


def test_withdrawal_and_review_over_the_api(city: City) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    body = {"person": city.east_handler2.pk, "interest": "other", "reason": "同学", "asked_on": "2026-03-03"}
    asked_for = Caller(city.east_handler).post(f"/cases/{case.pk}/recusals/ask/", body)
    assert asked_for.status_code == 200
    at = f"/cases/{case.pk}/recusals/{asked_for.json()[0]['id']}"
    problem_of(Caller(city.east_handler).post(f"{at}/refuse/", {"opinion": "x"}), 403, "not_recusal_decider")
    answer = Caller(city.east_director).post(f"{at}/refuse/", {"opinion": "不影响公正"})
    assert [row["state"] for row in answer.json()] == ["refused"]
    reviewer = Caller(city.east_reviewer)
    problem_of(
        reviewer.post(f"/cases/{case.pk}/pass_review/", {"opinion": "同意", "heads": ["party"]}),
        400,
        "head_not_confirmed",
    )
    returned = {"outcome": "correct", "objections": {"basis": "适用条款有误"}, "opinion": "请更正"}
    assert reviewer.post(f"/cases/{case.pk}/return_review/", returned).status_code == 200
    rounds = reviewer.get(f"/cases/{case.pk}/reviews/").json()
    assert rounds[0]["outcome"] == "correct"
    assert {"head": "basis", "note": "适用条款有误"} in rounds[0]["heads"]
    assert len(rounds[0]["heads"]) == 7
