"""The pages of leads: the register, one lead, the form of each verb."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from clues.actions import custody, decisions, verification
from clues.actions.files import attach_files
from clues.models import Lead, LeadMove
from clues.states import TRANSITIONS, LeadState
from deadlines.models import Clock
from deadlines.queries import clocks_of
from tests.builders import NOW, City, make_lead, make_verified_lead, moment
from tests.clues.stages import doer
from tests.documents.made_files import PDF, upload

VERBS = (
    "assign",
    "sign",
    "return",
    "hand_over",
    "take_over",
    "raise_dispute",
    "extend",
    "exclude",
    "report",
    "send_back",
    "decline",
    "transfer",
)
PEOPLE = ("east_clerk", "east_handler", "east_head", "east_director", "east_reviewer", "clerk", "director", "leader")
LOG = {
    "received_on": "20260302",
    "party_name": "示例商店",
    "party_code": "",
    "summary": "货架上有过期食品。",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-03-04"), tick=False):
        yield


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def buttons(page: str) -> set[str]:
    """The moves offered as buttons, by their address."""
    return set(re.findall(r'class="button[^"]*" href="/(?:leads|cases/file)/([^"]+)/"', page))


def lead_in(city: City, state: str) -> Lead:
    if state == LeadState.REGISTERED:
        return make_lead(city)
    lead = make_verified_lead(city)
    if state == LeadState.VERIFYING:
        return verification.send_back_lead(
            lead_id=lead.pk, reason="补充", actor=city.east_director, at=moment("2026-03-03")
        )
    if state == LeadState.NOT_FILED:
        return decisions.decline_lead(
            lead_id=lead.pk, ground="minor", reason="已改正", actor=city.east_director, at=moment("2026-03-03")
        )
    return lead


def picture(lead: Lead) -> tuple[Any, ...]:
    """What a refusal must leave as it was."""
    lead.refresh_from_db()
    fields = tuple(getattr(lead, field.attname) for field in Lead._meta.concrete_fields)
    return (*fields, LeadMove.objects.count(), list(Clock.objects.values_list("pk", "due_on", "state")))


# ---- the register -------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_costs_the_same_for_one_lead_and_for_three(
    city: City, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(rows):
        make_lead(city)
    reader = as_(city.east_head)
    with django_assert_num_queries(18):
        page = reader.get(reverse("lead_list"))
    assert len(page.context["rows"]) == rows


def test_the_register_shows_only_leads_the_post_opens(city: City) -> None:
    lead = make_lead(city)
    assert lead.number in as_(city.east_handler).get("/leads/").content.decode()
    page = as_(city.west_handler).get("/leads/").content.decode()
    assert lead.number not in page
    assert "还没有线索" in page


def test_the_register_is_narrowed_by_what_stands_in_the_address(city: City) -> None:
    early = make_lead(city, at=moment("2026-02-02"), party="早年商店")
    late = make_lead(city, party="新开商店")
    custody.assign_lead(
        lead_id=late.pk, office_id=city.east_squad.pk, owner_id=city.east_handler2.pk, actor=city.east_head,
        at=moment("2026-03-03"),
    )  # fmt: skip
    reader = as_(city.east_handler2)

    def found(query: str) -> list[str]:
        return [lead.party_name for lead, _clock in reader.get(f"/leads/?{query}").context["rows"]]

    assert found("") == ["新开商店", "早年商店"]
    assert found("state=registered") == ["早年商店"]
    assert found("state=open") == ["新开商店", "早年商店"]
    assert found("channel=complaint") == []
    assert found("owner=me") == ["新开商店"]
    assert found("due=overdue") == ["早年商店"]
    assert found("received_from=2026-03-01") == ["新开商店"]
    assert found("received_to=20260301") == ["早年商店"]
    assert found(f"office={city.east_squad.pk}") == ["新开商店", "早年商店"]
    assert found(f"office={city.west_squad.pk}") == []
    assert found("q=早年") == ["早年商店"]
    assert found(f"q={early.number}") == ["早年商店"]


def test_a_wrong_filter_is_named_and_nothing_is_listed(city: City) -> None:
    make_lead(city)
    page = as_(city.east_head).get("/leads/?received_from=yesterday&office=x&state=%00")
    assert page.status_code == 200
    assert page.context["rows"] == []
    assert "“yesterday”不是日期" in page.content.decode()


def test_the_register_is_turned_by_key(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        make_lead(city, at=moment(day), party=day)
    monkeypatch.setattr("clues.pages.lists.page_behind.__defaults__", (2,))
    reader = as_(city.east_head)
    first = reader.get("/leads/?state=open")
    assert [lead.party_name for lead, _clock in first.context["rows"]] == ["2026-03-04", "2026-03-03"]
    following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert following is not None
    assert "state=open" in following[1]
    second = reader.get("/leads/" + following[1].replace("&amp;", "&"))
    assert [lead.party_name for lead, _clock in second.context["rows"]] == ["2026-03-02"]
    assert reader.get("/leads/?after=nonsense").status_code == 400


# ---- one lead -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["registered", "verifying", "verified", "not_filed"])
@pytest.mark.parametrize("who", PEOPLE)
def test_the_page_offers_exactly_the_moves_this_person_may_make(city: City, state: str, who: str) -> None:
    lead, user = lead_in(city, state), getattr(city, who)
    reader = as_(user)
    offered = buttons(reader.get(reverse("lead_page", args=[lead.pk])).content.decode())
    for verb in VERBS:
        answer = reader.get(reverse(f"lead_{verb}", args=[lead.pk])).status_code
        assert (f"{lead.pk}/{verb}" in offered) is (answer == 200), verb
    assert (str(lead.pk) in offered) is (reader.get(reverse("case_file", args=[lead.pk])).status_code == 200)


def test_the_page_of_a_lead_stays_within_its_queries(
    city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lead = make_verified_lead(city)
    reader = as_(city.east_director)
    with django_assert_num_queries(33):
        reader.get(reverse("lead_page", args=[lead.pk]))


def test_the_page_tells_steps_clocks_and_history_as_sentences(city: City) -> None:
    page = as_(city.east_director).get(reverse("lead_page", args=[make_verified_lead(city).pk])).content.decode()
    assert "East Handler（east-squad局）</strong> 提交核查结果" in page
    assert "将线索分派给east-squad局East Handler" in page
    assert page.count("期限开始计算，至 2026年3月23日") == 1
    assert "程序规定第十八条、第十九条" in page
    assert "剩 13 个工作日" in page


def test_a_panel_without_content_waits_until_it_can_have_some(city: City) -> None:
    lead = make_lead(city)

    def panels(user: User) -> set[str]:
        page = as_(user).get(reverse("lead_page", args=[lead.pk])).content.decode()
        return set(re.findall(r'<h2 id="(checks|findings|files)-title"', page))

    assert panels(city.leader) == set()
    assert panels(city.east_handler) == {"files"}
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler.pk, actor=city.east_head, at=NOW
    )
    custody.sign_lead(lead_id=lead.pk, actor=city.east_handler, at=NOW)
    assert panels(city.leader) == {"checks", "findings"}
    verification.report_findings(
        lead_id=lead.pk, findings="情节轻微。", proposal="not_filed", actor=city.east_handler, at=NOW
    )
    decisions.decline_lead(lead_id=lead.pk, ground="minor", reason="已改正", actor=city.east_director, at=NOW)
    assert panels(city.leader) == {"findings"}
    attach_files(lead_id=lead.pk, upload=[upload(PDF, "来信.pdf")], purpose="material", actor=city.east_handler, at=NOW)
    assert panels(city.leader) == {"findings", "files"}


def test_who_may_not_is_told_who_may(city: City) -> None:
    page = as_(city.east_handler).get(reverse("lead_page", args=[make_verified_lead(city).pk])).content.decode()
    assert "等待east局的部门负责人办理。" in page
    assert "退回补充核查、决定立案、决定不予立案、移送其他部门、延长核查期限、扣除检验鉴定期间" in page


def test_a_doubtful_credit_code_warns_and_does_not_block(city: City) -> None:
    writer = as_(city.east_head)
    writer.post(
        "/leads/new/?channel=self_found", {**LOG, "party_code": "91370202MA0000000X", "office": city.east_squad.pk}
    )
    lead = Lead.objects.get()
    page = writer.get(reverse("lead_page", args=[lead.pk])).content.decode()
    assert "仅提示，不影响办理" in page
    assert "信用代码存疑" in writer.get("/leads/").content.decode()


def test_a_lead_of_another_office_does_not_exist(city: City) -> None:
    lead = make_lead(city)
    stranger, before = as_(city.west_head), picture(lead)
    names = ["lead_page", "case_file", "case_of_lead", *(f"lead_{verb}" for verb in VERBS)]
    for name in names:
        url = reverse(name, args=[lead.pk])
        assert stranger.get(url).status_code == 404, name
        if name not in ("lead_page", "case_of_lead"):
            assert stranger.post(url, {"reason": "x"}).status_code == 404, name
    assert picture(lead) == before


# ---- the forms ----------------------------------------------------------------------------------


def test_a_lead_is_logged_and_the_page_says_until_when_it_runs(city: City) -> None:
    answer = as_(city.east_clerk).post(
        "/leads/new/?channel=self_found", {**LOG, "office": city.east_squad.pk}, follow=True
    )
    lead = Lead.objects.get()
    assert lead.received_on == date(2026, 3, 2)
    assert lead.owner == city.east_clerk
    assert f"已登记线索 {lead.number}。“违法线索核查（决定是否立案）”期限至 2026年3月23日。" in answer.content.decode()


def test_the_form_comes_filled_with_today_and_leaves_the_office_to_the_division(city: City) -> None:
    page = as_(city.east_handler).get("/leads/new/?channel=self_found").content.decode()
    assert 'value="2026-03-04"' in page
    assert f'<option value="{city.east_squad.pk}">' in page
    assert f'<option value="{city.west_squad.pk}"' not in page
    assert "应当自发现线索或者收到材料之日起十五个工作日内予以核查" in page


def test_a_refused_lead_keeps_everything_typed_and_names_each_field(city: City) -> None:
    typed = {**LOG, "received_on": "2026-03-05", "party_name": "", "office": city.east_squad.pk}
    answer = as_(city.east_clerk).post("/leads/new/?channel=self_found", typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#id_party_name"' in page
    assert 'value="2026-03-05"' in page
    assert "货架上有过期食品。" in page
    assert not Lead.objects.exists()

    answer = as_(city.east_clerk).post("/leads/new/?channel=self_found", {**typed, "party_name": "示例商店"})
    assert answer.status_code == 400
    assert 'href="#id_received_on"' in answer.content.decode()
    assert "在今天之后" in answer.content.decode()
    assert not Lead.objects.exists()


def test_an_office_outside_the_post_is_refused(city: City) -> None:
    answer = as_(city.east_clerk).post("/leads/new/?channel=self_found", {**LOG, "office": city.west_squad.pk})
    assert answer.status_code == 403
    assert "线索登记员" in answer.content.decode()
    assert as_(city.east_clerk).post("/leads/new/?channel=self_found", {**LOG, "office": "99999"}).status_code == 400
    assert not Lead.objects.exists()


def test_who_may_not_log_is_told_so(city: City) -> None:
    for user in (city.east_reviewer, city.leader):
        assert as_(user).get("/leads/new/").status_code == 403
        assert (
            as_(user).post("/leads/new/?channel=self_found", {**LOG, "office": city.east_squad.pk}).status_code == 403
        )
    assert not Lead.objects.exists()


def test_choosing_another_office_brings_its_people_and_keeps_the_words(city: City) -> None:
    lead = make_lead(city)
    writer, url = as_(city.clerk), reverse("lead_assign", args=[lead.pk])
    before = picture(lead)
    page = writer.post(url, {"office": city.west_squad.pk, "reason": "管辖在西区", "refresh": "yes"}).content.decode()
    assert "West Handler" in page
    assert "East Handler" not in page.split('name="owner"')[1]
    assert "管辖在西区" in page
    assert "error-summary" not in page
    assert picture(lead) == before

    wrong = writer.post(url, {"office": city.west_squad.pk, "owner": city.east_handler.pk})
    assert wrong.status_code == 400
    assert "不是west-squad局的" in wrong.content.decode()
    assert picture(lead) == before

    right = writer.post(
        url, {"office": city.west_squad.pk, "owner": city.west_handler.pk, "reason": "管辖在西区"}, follow=True
    )
    assert "已分派给west-squad局West Handler，等待签收。" in right.content.decode()
    lead.refresh_from_db()
    assert lead.owner == city.west_handler
    running = {clock.rule: str(clock.due_on) for clock in clocks_of("lead", lead.pk) if clock.ended_on is None}
    assert running == {"lead_verification": "2026-03-23", "lead_signing": "2026-03-06"}


def test_verification_is_reported_extended_and_its_tests_left_out(city: City) -> None:
    lead = lead_in(city, LeadState.VERIFYING)
    head, officer = as_(city.east_director), as_(city.east_handler)
    extended = head.post(reverse("lead_extend", args=[lead.pk]), {"reason": "案情复杂"}, follow=True)
    assert "已批准延长核查期限。“违法线索核查（决定是否立案）”期限至 2026年4月14日。" in extended.content.decode()
    assert "已延长 1 次，依法不能再延长" in extended.content.decode()
    assert head.get(reverse("lead_extend", args=[lead.pk])).status_code == 409

    left_out = {"ground": "检验", "first_day": "2026-03-03", "last_day": "20260304", "reason": "送检"}
    excluded = head.post(reverse("lead_exclude", args=[lead.pk]), left_out, follow=True)
    assert "期限至 2026年4月16日" in excluded.content.decode()

    reported = officer.post(
        reverse("lead_report", args=[lead.pk]), {"findings": "核查属实。", "proposal": "filed"}, follow=True
    )
    assert "等待east局的部门负责人决定" in reported.content.decode()
    assert "建议：立案" in reported.content.decode()


def test_a_second_extension_is_refused_and_the_reason_kept(city: City) -> None:
    lead = lead_in(city, LeadState.VERIFYING)
    head, url = as_(city.east_director), reverse("lead_extend", args=[lead.pk])
    head.post(url, {"reason": "案情复杂"})
    before = picture(lead)
    answer = head.post(url, {"reason": "又很复杂"})
    assert answer.status_code == 400
    assert "只能延长1次" in answer.content.decode()
    assert "又很复杂" in answer.content.decode()
    assert picture(lead) == before


@pytest.mark.parametrize(
    ("verb", "typed"),
    [
        ("decline", {"ground": "minor", "reason": "已改正"}),
        ("transfer", {"transferred_to": "示例市公安局", "reason": "涉嫌犯罪"}),
    ],
)
def test_an_irreversible_decision_asks_once(city: City, verb: str, typed: dict[str, str]) -> None:
    lead = make_verified_lead(city)
    head, url = as_(city.east_director), reverse(f"lead_{verb}", args=[lead.pk])
    before = picture(lead)
    unticked = head.post(url, typed)
    assert unticked.status_code == 400
    assert "请核对后勾选确认" in unticked.content.decode()
    assert typed["reason"] in unticked.content.decode()
    assert picture(lead) == before

    ticked = head.post(url, {**typed, "confirmed": "on"}, follow=True)
    assert "核查期限停止计算" in ticked.content.decode()
    lead.refresh_from_db()
    assert lead.decided_on == date(2026, 3, 4)


def test_a_move_the_state_does_not_have_answers_409_in_plain_words(city: City) -> None:
    lead = lead_in(city, LeadState.NOT_FILED)
    before = picture(lead)
    for row in TRANSITIONS:
        if row.sources and row.name not in ("file", "hand_down") and not row.starts_from(LeadState.NOT_FILED):
            answer = as_(doer(city, row.name)).post(reverse(f"lead_{row.name}", args=[lead.pk]), {"reason": "x"})
            assert answer.status_code == 409, row.name
            assert "当前状态为“不予立案”" in answer.content.decode()
            assert f'href="{reverse("lead_page", args=[lead.pk])}">返回' in answer.content.decode()
    assert picture(lead) == before


def test_a_move_of_somebody_else_answers_403_and_says_whose_it_is(city: City) -> None:
    lead = make_verified_lead(city)
    before = picture(lead)
    for verb in ("extend", "exclude", "send_back", "decline", "transfer"):
        answer = as_(city.east_handler).post(reverse(f"lead_{verb}", args=[lead.pk]), {"reason": "x"})
        assert answer.status_code == 403, verb
        assert "部门负责人" in answer.content.decode()
    assert picture(lead) == before
