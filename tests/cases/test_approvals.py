"""An officer asks, heads sign what they saw in order, and the last signature is the verb itself."""

import json
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions import give_post
from accounts.models import Office, Post, User
from accounts.roles import Role
from audit.models import Entry
from cases.actions import approvals, filing, term
from cases.actions.approvable import APPROVABLE
from cases.models import Approval, ApprovalStep, Case
from cases.pages.approvals import QUOTES
from cases.queries.approvals import approvals_awaiting, may_sign, may_withdraw
from cases.states.approvals import MOVES, ApprovalState
from cases.states.matter import CaseState, FilingCondition
from clues.actions import decisions
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from notices.models import Notice
from tests.api_client import Caller, problem_of
from tests.builders import NOW, SINCE, SYSTEM, City, make_case, make_user, make_verified_lead, moment
from tests.cases.duties_builders import SUSPENSION, ask_to_file, ask_to_suspend, seen, sign
from tests.refusals import refused


def test_two_heads_sign_in_order_and_the_last_suspends_the_case(city: City) -> None:
    case = make_case(city)
    approval = ask_to_suspend(city, case)
    with refused(NotPermitted, "not_permitted"):
        sign(approval, city.east_director)  # the unit head comes first
    approval = sign(approval, city.east_head, opinion="情况属实")
    assert (approval.state, approval.waiting_role) == (ApprovalState.ASKED, Role.BUREAU_HEAD)
    assert Case.objects.get(pk=case.pk).state == CaseState.INVESTIGATING
    approval = sign(approval, city.east_director, at=moment("2026-03-03"))
    assert approval.state == ApprovalState.APPROVED
    assert Case.objects.get(pk=case.pk).state == CaseState.SUSPENDED
    assert list(case.moves.order_by("id").values_list("name", "actor__username"))[-4:] == [
        ("ask_approval", "east_handler"), ("sign_approval", "east_head"), ("sign_approval", "east_director"),
        ("suspend", "east_director"),
    ]  # fmt: skip
    first, last = approval.steps.order_by("order")
    assert len(first.shown_sha256) == 64
    assert json.loads(last.shown)["signed"][0]["opinion"] == "情况属实"
    assert ["理由", "当事人下落不明"] in json.loads(first.shown)["asked"]
    assert Notice.objects.filter(recipient=city.east_handler, subject_kind="approval").count() == 1


def test_the_unit_head_names_the_officers_and_the_head_files(city: City) -> None:
    lead = make_verified_lead(city)
    approval = ask_to_file(city, lead)
    with refused(Invalid, "two_officers_required", "owner"):
        sign(approval, city.east_head)
    uncertified = make_user("trainee", city.east_squad, Role.INTAKE_CLERK)
    for second, code in (
        (city.east_handler, "two_officers_required"), (uncertified, "not_in_office"), (city.west_handler, "not_in_office"),
    ):  # fmt: skip
        with refused(Invalid, code, "second_officer"):
            sign(approval, city.east_head, owner_id=city.east_handler.pk, second_officer_id=second.pk)
    sign(approval, city.east_head, owner_id=city.east_handler2.pk, second_officer_id=city.east_handler.pk)
    approval = sign(approval, city.east_director)
    case = Case.objects.get(lead=lead)
    assert (case.owner, case.second_officer) == (city.east_handler2, city.east_handler)
    assert json.loads(approval.steps.get(order=2).shown)["signed"][0]["adds"] == [
        ["主办人员", "East Handler2"], ["协办人员", "East Handler"],
    ]  # fmt: skip


def test_what_the_verb_refuses_leaves_the_approval_open(city: City) -> None:
    case = make_case(city)
    approval = ask_to_suspend(city, case, starts_on="2025-01-01")  # before the case was filed
    sign(approval, city.east_head)
    with refused(Invalid):
        sign(approval, city.east_director)
    assert Approval.objects.get().state == ApprovalState.ASKED


def test_what_is_returned_is_asked_anew_and_stays_on_record(city: City) -> None:
    case = make_case(city)
    first = ask_to_suspend(city, case)
    with refused(Invalid, "required", "opinion"):
        approvals.return_approval(
            approval_id=first.pk, seen=seen(first, city.east_head), opinion=" ", actor=city.east_head, at=NOW
        )
    first = approvals.return_approval(
        approval_id=first.pk, seen=seen(first, city.east_head), opinion="补充查找记录", actor=city.east_head, at=NOW
    )
    assert (first.state, first.end_reason) == (ApprovalState.RETURNED, "补充查找记录")
    asked: dict[str, Any] = {"kind": "suspend", "case_id": case.pk, "arguments": SUSPENSION | {"reason": "附查找记录"}}
    second = approvals.ask_approval(**asked, replaces_id=first.pk, actor=city.east_handler, at=NOW)
    assert second.replaces == first
    assert Approval.objects.get(pk=first.pk).arguments["reason"] == "当事人下落不明"
    approvals.withdraw_approval(approval_id=second.pk, reason="当事人已出现", actor=city.east_handler, at=NOW)
    with refused(Invalid, "not_returned", "replaces"):  # asked anew once already
        approvals.ask_approval(**asked, replaces_id=first.pk, actor=city.east_handler, at=NOW)


def test_one_approval_at_a_time_and_only_its_asker_takes_it_back(city: City) -> None:
    case = make_case(city)
    approval = ask_to_suspend(city, case)
    with refused(WrongState, "approval_open"):
        ask_to_suspend(city, case)
    with refused(NotPermitted, "not_the_asker"):
        approvals.withdraw_approval(approval_id=approval.pk, reason="x", actor=city.east_handler2, at=NOW)
    assert [may_withdraw(user, approval) for user in (city.east_handler, city.east_handler2)] == [True, False]
    Post.objects.filter(user=city.east_handler).update(role=Role.INTAKE_CLERK)
    no_officer = User.objects.get(pk=city.east_handler.pk)
    assert not may_withdraw(no_officer, approval)
    with refused(NotPermitted, "not_permitted"):
        approvals.withdraw_approval(approval_id=approval.pk, reason="x", actor=no_officer, at=NOW)
    Post.objects.filter(user=city.east_handler).update(role=Role.HANDLER)
    approvals.withdraw_approval(approval_id=approval.pk, reason="当事人已出现", actor=city.east_handler, at=NOW)
    with refused(WrongState, "wrong_state"):
        approvals.return_approval(approval_id=approval.pk, seen="", opinion="x", actor=city.east_head, at=NOW)


@pytest.mark.parametrize("open_as", ["case", "lead"])
def test_the_database_keeps_one_open_approval_of_a_kind(city: City, open_as: str) -> None:
    first = ask_to_suspend(city, make_case(city)) if open_as == "case" else ask_to_file(city, make_verified_lead(city))
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            kind=first.kind, case=first.case, lead=first.lead, office=first.office, asked_by=city.east_handler2,
            asked_at=NOW, waiting_role=Role.UNIT_HEAD,
        )  # fmt: skip


def test_the_database_lets_nobody_sign_twice_or_their_own(city: City) -> None:
    approval = sign(ask_to_suspend(city, make_case(city)), city.east_head)
    signed = ApprovalStep.objects.get(order=1)
    done = {"decided_at": NOW, "outcome": "approved", "shown_sha256": signed.shown_sha256}
    for who, name in ((city.east_head, "(?i)unique"), (city.east_handler, "approval_step_signed_by_another")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            approval.steps.filter(order=2).update(decided_by=who, **done)


def test_an_approval_ends_visibly_when_the_case_moves_on(city: City) -> None:
    case = make_case(city)
    approval = ask_to_suspend(city, case)
    term.suspend_case(
        case_id=case.pk, ground="other", starts_on=date(2026, 3, 3), reason="直接批准", actor=city.east_director,
        at=moment("2026-03-03"),
    )  # fmt: skip
    approval.refresh_from_db()
    assert (approval.state, approval.waiting_role) == (ApprovalState.VOID, "")
    assert case.moves.filter(name="void_approval").exists()
    assert not approvals_awaiting(city.east_head).exists()


def test_an_approval_to_file_ends_when_the_lead_is_decided_otherwise(city: City) -> None:
    filed, declined, late = (make_verified_lead(city) for _ in range(3))
    asked = [ask_to_file(city, lead) for lead in (filed, declined, late)]
    filing.file_case(
        lead_id=filed.pk, cause="过期食品", owner_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk,
        conditions=FilingCondition.values, actor=city.east_director, at=NOW,
    )  # fmt: skip
    for lead in (declined, late):
        decisions.transfer_lead(
            lead_id=lead.pk, transferred_to="城管部门", reason="不属本部门管辖", actor=city.east_director, at=NOW
        )
    assert not approvals_awaiting(city.east_head).exists()
    assert sign(asked[2], city.east_head, owner_id=1, second_officer_id=2).state == ApprovalState.VOID
    assert approvals.void_moot_approvals(at=NOW) == 1
    assert approvals.void_moot_approvals(at=NOW) == 0
    assert set(Approval.objects.values_list("state", flat=True)) == {ApprovalState.VOID}
    assert Entry.objects.filter(verb="cases.void_approval").count() == 2


def test_who_had_a_hand_in_the_matter_does_not_sign(city: City) -> None:
    case = make_case(city)
    both = [
        also(city.east_handler, city.east_squad, Role.UNIT_HEAD), also(city.east_handler2, city.east_squad, Role.UNIT_HEAD),
        also(city.east_head, city.east, Role.BUREAU_HEAD),
    ]  # fmt: skip
    approval = ask_to_suspend(city, case)
    for officer in both[:2]:
        with refused(NotPermitted, "separation_of_duties"):
            sign(approval, officer)
    sign(approval, both[2])
    with refused(NotPermitted, "separation_of_duties"):
        sign(approval, both[2])  # the next signature is another's, whatever posts one holds
    with refused(NotFound, "not_found"):
        approvals.withdraw_approval(approval_id=approval.pk, reason="x", actor=city.west_head, at=NOW)


def also(person: User, office: Office, role: str) -> User:
    give_post(user=person, office=office, role=role, starts_on=SINCE, actor=SYSTEM, at=NOW)
    return User.objects.get(pk=person.pk)


def test_the_list_of_what_waits_and_the_question_who_may_sign_agree(city: City) -> None:
    case = make_case(city)
    also(city.east_handler2, city.east_squad, Role.UNIT_HEAD)
    also(city.east_head, city.east, Role.BUREAU_HEAD)
    asked = [ask_to_suspend(city, case), ask_to_file(city, make_verified_lead(city))]
    for _step in range(2):
        rows = list(Approval.objects.select_related("case__owner", "lead", "office__bureau", "office__parent__parent"))
        for user in User.objects.all():
            expected = {row.pk for row in rows if may_sign(user, row)}
            assert set(approvals_awaiting(user).values_list("pk", flat=True)) == expected, user.username
        if asked[0].waiting_role == Role.UNIT_HEAD:
            asked[0] = sign(asked[0], city.east_head)


def test_only_what_was_seen_is_signed(city: City) -> None:
    case = make_case(city)
    approval = ask_to_suspend(city, case)
    before = seen(approval, city.east_head)
    Case.objects.filter(pk=case.pk).update(cause="另一案由")
    for act in (approvals.sign_approval, approvals.return_approval):
        with refused(WrongState, "shown_changed"):
            act(approval_id=approval.pk, seen=before, opinion="同意", actor=city.east_head, at=NOW)


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"reason": "x", "colour": "red"}, "unknown_argument", "arguments"),
        ({"ground": "other", "starts_on": "2026-03-03"}, "required", "reason"),
        ({"ground": "other", "starts_on": "3月3日", "reason": "x"}, "bad_argument", "starts_on"),
    ],
)
def test_arguments_the_verb_would_not_take_are_refused(
    city: City, arguments: dict[str, Any], code: str, field: str
) -> None:
    case = make_case(city)
    with refused(Invalid, code, field):
        approvals.ask_approval(kind="suspend", case_id=case.pk, arguments=arguments, actor=city.east_handler, at=NOW)


def test_who_may_ask_and_for_what(city: City) -> None:
    case, lead = make_case(city), make_verified_lead(city)
    asked: dict[str, Any] = {"arguments": SUSPENSION, "at": NOW}
    with refused(Invalid, "unknown_approval_kind", "kind"):
        approvals.ask_approval(kind="annul", case_id=case.pk, actor=city.east_handler, **asked)
    with refused(WrongState, "wrong_state"):
        approvals.ask_approval(kind="close", case_id=case.pk, actor=city.east_handler, **asked)
    for actor in (make_user("third", city.east_squad), city.east_director):
        with refused(NotPermitted):
            approvals.ask_approval(kind="suspend", case_id=case.pk, actor=actor, **asked)
    with refused(NotPermitted, "not_the_owner"):
        approvals.ask_approval(kind="file", lead_id=lead.pk, actor=city.east_handler2, **asked)
    with refused(NotFound, "not_found"):
        approvals.ask_approval(kind="file", lead_id=lead.pk, actor=city.west_handler, **asked)


def test_an_office_may_have_an_order_of_its_own(city: City) -> None:
    for roles in ([], ["unit_head"], ["bureau_head", "unit_head"], ["handler", "bureau_head"]):
        with refused(Invalid, "bad_chain", "roles"):
            approvals.set_approval_chain(authority=city.east, kind="file", roles=roles, actor=SYSTEM, at=NOW)
    approvals.set_approval_chain(authority=city.east, kind="file", roles=["bureau_head"], actor=SYSTEM, at=NOW)
    lead = make_verified_lead(city)
    sign(
        ask_to_file(city, lead), city.east_director, owner_id=city.east_handler.pk,
        second_officer_id=city.east_handler2.pk,
    )  # fmt: skip
    assert Case.objects.get(lead=lead).owner == city.east_handler


def test_every_kind_that_can_be_asked_for_is_a_move_of_its_table() -> None:
    assert set(APPROVABLE) <= set(MOVES)
    assert set(QUOTES) == set(APPROVABLE)


def test_an_approval_goes_through_its_pages(client: Client, city: City) -> None:
    case = make_case(city)
    with time_machine.travel(moment("2026-03-03"), tick=False):
        client.force_login(city.east_handler)
        page = client.get(f"/cases/{case.pk}/").content.decode()
        ask = f"/cases/{case.pk}/approvals/ask/suspend/"
        assert ask in page
        answer = client.post(ask, SUSPENSION, follow=True).content.decode()
        assert "已报请审批，等待办案机构负责人。" in answer
        approval = Approval.objects.get()
        assert "撤回报请" in answer
        client.force_login(city.east_head)
        assert client.get("/").content.decode().count(f"/cases/approvals/{approval.pk}/") == 1
        assert '<span class="nav-count">1</span>' in client.get("/cases/approvals/").content.decode()
        form = client.get(f"/cases/approvals/{approval.pk}/sign/").content.decode()
        assert "当事人下落不明" in form
        digest = seen(approval, city.east_head)
        assert f'value="{digest}"' in form
        assert client.post(f"/cases/approvals/{approval.pk}/return/", {"seen": digest}).status_code == 400
        client.post(f"/cases/approvals/{approval.pk}/return/", {"seen": digest, "opinion": "补充查找记录"})
        client.force_login(city.east_handler)
        again = f"{ask}?again={approval.pk}"
        assert again in client.get(f"/cases/approvals/{approval.pk}/").content.decode()
        assert "当事人下落不明" in client.get(again).content.decode()
        client.post(again, SUSPENSION | {"reason": "附查找记录"})
        second = Approval.objects.get(replaces=approval)
        for head in (city.east_head, city.east_director):
            client.force_login(head)
            client.post(
                f"/cases/approvals/{second.pk}/sign/",
                {"seen": seen(second, head), "confirmed": "on", "opinion": "同意"},
            )
        assert Case.objects.get().state == CaseState.SUSPENDED
        told = client.get(f"/cases/approvals/{second.pk}/").content.decode()
        assert "审批时所见的内容" in told
        assert "本系统的默认设置" in told


@pytest.mark.parametrize("again", ["²", "9" * 40, "-1", "x"])
def test_an_address_that_names_no_approval_asked_before_gives_the_empty_form(
    client: Client, city: City, again: str
) -> None:
    client.force_login(city.east_handler)
    page = client.get(f"/cases/{make_case(city).pk}/approvals/ask/suspend/", {"again": again})
    assert page.status_code == 200


def test_a_lead_is_filed_through_the_pages_of_its_approval(client: Client, city: City) -> None:
    lead = make_verified_lead(city)
    client.force_login(city.east_handler)
    ask = f"/cases/approvals/file/{lead.pk}/"
    assert ask in client.get(f"/leads/{lead.pk}/").content.decode()
    client.post(ask, {"cause": "过期食品", "conditions": FilingCondition.values})
    approval = Approval.objects.get()
    for head, more in (
        (city.east_head, {"owner": city.east_handler.pk, "second_officer": city.east_handler2.pk}), (city.east_director, {}),
    ):  # fmt: skip
        client.force_login(head)
        client.post(f"/cases/approvals/{approval.pk}/sign/", {"seen": seen(approval, head), "confirmed": "on", **more})
    assert Case.objects.get(lead=lead).owner == city.east_handler


def test_an_approval_goes_through_the_api(city: City) -> None:
    case = make_case(city)
    officer, head, director = Caller(city.east_handler), Caller(city.east_head), Caller(city.east_director)
    asked = officer.post(f"/cases/{case.pk}/ask_approval/", {"kind": "suspend", "arguments": SUSPENSION})
    assert asked.status_code == 201
    at = f"/approvals/{asked.json()['id']}/"
    assert asked["Location"].endswith(at)
    for caller in (head, director):
        told = caller.get(at).json()
        problem_of(caller.post(f"{at}sign_approval/", {"seen": "0" * 64}), 409, "shown_changed")
        answer = caller.post(f"{at}sign_approval/", {"seen": told["shown_sha256"]})
        assert answer.status_code == 200
    assert answer.json()["state"] == "approved"
    assert [step["outcome"] for step in answer.json()["steps"]] == ["approved", "approved"]
    problem_of(head.post(f"{at}sign_approval/", {"seen": "x"}), 409, "wrong_state")
    assert officer.get("/approvals/", state="approved").json()["results"][0]["subject_label"].startswith(case.number)
    assert Case.objects.get().state == CaseState.SUSPENDED


def test_of_two_heads_at_once_one_wins_and_the_other_is_told(city: City) -> None:
    case = make_case(city)
    second = make_user("second_head", city.east, Role.BUREAU_HEAD)
    approval = sign(ask_to_suspend(city, case), city.east_head)
    both_saw = seen(approval, second)
    at = moment("2026-03-03")
    approvals.sign_approval(approval_id=approval.pk, seen=both_saw, actor=city.east_director, at=at)
    for act in (approvals.sign_approval, approvals.return_approval):
        with refused(WrongState, "wrong_state"):
            act(approval_id=approval.pk, seen=both_saw, opinion="同意", actor=second, at=at)
