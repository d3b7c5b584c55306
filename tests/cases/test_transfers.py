"""A case transferred to another office of this system goes on there, as a lead that is never without its one owner."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actions import close_office, deactivate_user
from accounts.models import User
from accounts.roles import Role
from audit.models import Entry
from cases.actions import outcomes
from cases.models import Case, Ending
from clues.actions import custody, disputes
from clues.models import Dispute, Lead, Tenure
from clues.pages.progress import next_steps, steps_of, waiting_for
from clues.queries import lead_for, leads_for, leads_to_sign, ownership_faults
from core.errors import Invalid, NotFound, WrongState
from deadlines.actions.reminders import sweep_reminders
from deadlines.models import Clock
from informants.actions import seal_informant
from informants.queries import informant_of
from notices.models import Notice
from tests.api_client import Caller, problem_of
from tests.browsing import as_
from tests.builders import NOW, SYSTEM, City, lead_of, make_case, make_notified_case, make_user, moment
from tests.cases.case_pages import page_of, url
from tests.refusals import refused

AT = moment("2026-04-13")
LATER = moment("2026-04-14")
SENT: dict[str, Any] = {"ground": "market", "handed_over": "案卷一册，样品两件", "reason": "经营地在西区"}


@pytest.fixture
def west_clerk(city: City) -> User:
    return make_user("west_clerk", city.west, Role.INTAKE_CLERK)


def sent(city: City, case: Case | None = None, office_id: int | None = 0, **given: Any) -> Lead:
    """What a case of the east squad goes on as in the west."""
    case = outcomes.transfer_case(
        case_id=(case or make_case(city)).pk, actor=city.east_director, at=AT,
        **{**SENT, "office_id": city.west.pk if office_id == 0 else office_id, **given},
    )  # fmt: skip
    lead = case.endings.get().lead
    assert lead is not None
    return lead


# ---- what is there afterwards -------------------------------------------------------------------


def test_the_case_goes_on_as_a_lead_of_whoever_receives_for_the_office(city: City, west_clerk: User) -> None:
    case = make_case(city)
    Case.objects.filter(pk=case.pk).update(
        category="food-sale", region_code="370203", address="西区示例路1号", amount=1200, flags=[], party_code="abc"
    )
    lead = sent(city, case)
    assert (lead.channel, lead.state, lead.received_on, lead.signed_at) == ("transfer_in", "assigned", AT.date(), None)
    assert (lead.office, lead.bureau, lead.owner, lead.number) == (
        city.west,
        city.west,
        west_clerk,
        "westlead〔2026〕1号",
    )
    assert (lead.party_name, lead.party_code, lead.category) == (case.party_name, "ABC", "food-sale")
    assert (lead.region_code, lead.address, lead.amount) == ("370203", "西区示例路1号", Decimal(1200))
    assert lead.channel_facts == {"from_body": "east局", "letter_no": f"立案号{case.number}"}
    for words in (case.number, case.cause, "核查属实。", "经营地在西区", "案卷一册，样品两件", lead_of(case).number):
        assert words in lead.summary
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("ended", "transferred")
    assert case.endings.get().recipient == "west局"
    assert case.moves.latest("id").reason == f"west局，线索编号{lead.number}：经营地在西区"


def test_it_has_its_one_owner_its_periods_and_its_history_from_the_first_moment(city: City, west_clerk: User) -> None:
    lead = sent(city)
    (held,) = Tenure.objects.filter(lead=lead)
    assert (held.owner, held.office, held.starts_at, held.ends_at) == (west_clerk, city.west, AT, None)
    assert {name: list(rows) for name, rows in ownership_faults().items() if rows} == {}
    clocks = Clock.objects.filter(subject_kind="lead", subject_id=lead.pk)
    assert {clock.rule: (clock.state, str(clock.due_on), clock.owner) for clock in clocks} == {
        "lead_verification": ("running", "2026-05-07", west_clerk),
        "lead_signing": ("running", "2026-04-15", west_clerk),
    }
    (move,) = lead.moves.all()
    assert (move.name, move.source, move.target, move.actor) == ("receive", "", "assigned", city.east_director)
    assert (move.office, move.owner) == (city.west, west_clerk)
    assert move.reason == f"由east局移送，{lead.channel_facts['letter_no']}"
    assert Entry.objects.filter(verb="clues.receive", subject_kind="lead", subject_id=lead.pk).count() == 1


def test_whoever_receives_it_finds_it_waiting_and_is_reminded_to_sign(city: City, west_clerk: User) -> None:
    lead = sent(city)
    assert list(leads_to_sign(west_clerk)) == [lead]
    with time_machine.travel(LATER, tick=False):
        sweep_reminders(at=LATER)
        assert lead.number in as_(west_clerk).get("/").content.decode()
    notice = Notice.objects.get(recipient=west_clerk, subject_kind="lead", subject_id=lead.pk)
    assert lead.number in notice.outside


def test_the_receiver_reads_on_its_page_who_sent_it_and_when(city: City, west_clerk: User) -> None:
    lead = sent(city)
    with time_machine.travel(LATER, tick=False):
        page = as_(west_clerk).get(f"/leads/{lead.pk}/").content.decode()
    assert "将案件移送west局，登记为本线索，由West Clerk接收" in page
    assert lead.moves.get().reason in page
    steps = [(step.label, step.stage, step.on) for step in steps_of(lead, list(lead.moves.all()))[:3]]
    assert steps == [("登记", "done", AT.date()), ("分派", "done", AT.date()), ("签收", "current", None)]


def test_a_clerk_who_receives_for_the_office_is_asked_to_pass_it_on_and_not_to_sign(
    city: City, west_clerk: User
) -> None:
    lead = sent(city)
    with time_machine.travel(LATER, tick=False):
        asked = next_steps(west_clerk, lead, [])
        assert waiting_for(west_clerk, lead) == ""
        assert waiting_for(city.west_handler, lead) == "等待承办人West Clerk：签收。"
        home = as_(west_clerk).get("/").content.decode()
    (primary,) = [step for step in asked if step.is_primary]
    assert (primary.label, bool(primary.url)) == ("改派", True)
    assert [(step.url, step.why_not) for step in asked if step.label == "签收"] == [("", "先办理“改派”。")]
    assert "分派" in home


def test_an_office_without_a_clerk_receives_through_its_head(city: City) -> None:
    lead = sent(city, office_id=city.west_squad.pk)
    assert (lead.office, lead.owner, lead.bureau) == (city.west_squad, city.west_head, city.west)
    lead = sent(city, office_id=city.squad.pk)
    assert (lead.owner, lead.bureau) == (city.squad_head, city.corps)
    assert Ending.objects.latest("id").recipient == "city局", "the corps decides in the name of the city"


def test_the_newest_proposal_says_what_is_known(city: City, west_clerk: User) -> None:
    lead = sent(city, make_notified_case(city))
    assert "货架上有超过保质期的食品在售。" in lead.summary
    assert "核查属实。" not in lead.summary


def test_long_words_are_cut_to_what_a_lead_holds_and_say_so(city: City, west_clerk: User) -> None:
    case = make_notified_case(city)
    case.proposals.update(facts="事" * 8000)
    lead = sent(city, case, reason="理" * 4000, handed_over="物" * 4000)
    assert 3000 < len(lead.summary) <= 4000
    assert lead.summary.count("……（其余见移送的材料）") == 3
    assert Ending.objects.get().handed_over == "物" * 4000


# ---- who sees what ------------------------------------------------------------------------------


def test_the_sender_sees_no_more_than_before(city: City, west_clerk: User) -> None:
    case = make_case(city)
    lead = sent(city, case)
    assert lead_for(west_clerk, lead.pk) == lead
    for person in (city.east_handler, city.east_director, city.east_clerk):
        assert lead not in leads_for(person)
        with refused(NotFound, "not_found"):
            lead_for(person, lead.pk)
        page = page_of(person, case)
        assert lead.number in page
        assert f"/leads/{lead.pk}/" not in page
    assert f'<a href="/leads/{lead.pk}/">{lead.number}</a>' in page_of(city.clerk, case), "the city sees both"
    with refused(NotFound, "not_found"):
        lead_for(west_clerk, lead_of(case).pk)


def test_who_told_of_the_original_stays_sealed_there(city: City, west_clerk: User) -> None:
    case = make_case(city)
    original = lead_of(case)
    seal_informant(
        subject_kind="lead", subject_id=original.pk, subject_number=original.number, office=case.office, name="张举报",
        phone="19900000001", address="", id_number="", is_real_name=True, actor=city.east_clerk, at=NOW,
    )  # fmt: skip
    Lead.objects.filter(pk=original.pk).update(
        channel="report", summary="张举报（19900000001）称货架上有过期食品。", informant_key="k" * 64
    )
    lead = sent(city, Case.objects.get(pk=case.pk))
    assert (lead.origin, lead.informant_key, lead.is_anonymous) == (None, "", False)
    assert informant_of("lead", lead.pk) is None
    told = informant_of("lead", original.pk)
    assert told is not None
    for words in ("张举报", "19900000001", told.code, "货架上有过期食品"):
        assert words not in lead.summary
    assert original.number in lead.summary


def test_the_page_of_the_case_takes_no_more_statements_for_it(city: City, west_clerk: User) -> None:
    counts = []
    for given in ({}, {"office_id": None, "recipient": "示例区市场监督管理局"}):
        case = make_case(city)
        outcomes.transfer_case(
            case_id=case.pk, actor=city.east_director, at=AT, **{**SENT, "office_id": city.west.pk, **given}
        )
        browser = as_(city.east_handler)
        browser.get(url("page", case))
        with CaptureQueriesContext(connection) as queries:
            browser.get(url("page", case))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ---- what is refused ----------------------------------------------------------------------------


def test_neither_one_s_own_authority_nor_two_recipients_nor_none(city: City, west_clerk: User) -> None:
    case = make_case(city)
    asked: dict[str, Any] = {"case_id": case.pk, "actor": city.east_director, "at": AT, **SENT}
    west = city.west.pk
    for own in (city.east, city.east_squad):
        with refused(Invalid, "own_office", "office"):
            outcomes.transfer_case(**asked, office_id=own.pk)
    with refused(Invalid, "recipient_required", "recipient"):
        outcomes.transfer_case(**asked)
    with refused(Invalid, "recipient_required", "recipient"):
        outcomes.transfer_case(**asked, office_id=west, recipient="west局")
    with refused(Invalid, "market_only", "office"):
        outcomes.transfer_case(**asked | {"ground": "other_agency"}, office_id=west)
    with refused(Invalid, "unknown_office", "office"):
        outcomes.transfer_case(**asked, office_id=10**6)
    close_office(office_id=west, actor=SYSTEM, at=NOW)
    with refused(Invalid, "office_closed", "office"):
        outcomes.transfer_case(**asked, office_id=west)


def test_what_another_market_authority_sent_goes_on_only_where_the_superior_says(city: City, west_clerk: User) -> None:
    lead, received = sent(city), make_case(city)
    Case.objects.filter(pk=received.pk).update(lead=lead)
    with refused(WrongState, "received_before"):
        sent(city, received)
    with refused(WrongState, "received_before"):
        sent(city, received, office_id=None, recipient="某市市场监督管理局")
    assert sent(city, received, ground="designated", reason="省局指定管辖〔2026〕1号").owner == west_clerk


def test_where_nobody_receives_the_case_stays(city: City) -> None:
    case = make_case(city)
    for person in (city.west_head, city.director):
        deactivate_user(user_id=person.pk, actor=SYSTEM, at=NOW)
    with refused(Invalid, "no_receiver", "office"):
        sent(city, case, office_id=city.west_squad.pk)


def test_without_the_end_of_the_case_there_is_no_lead(
    city: City, west_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> None:
        assert Lead.objects.filter(channel="transfer_in").exists(), "made before, in the same transaction"
        raise WrongState("不能结案", code="not_now")

    case = make_case(city)
    monkeypatch.setattr(outcomes, "start_closing", fails)
    with refused(WrongState, "not_now"):
        sent(city, case)


def test_only_a_transferred_case_goes_on_as_a_lead(city: City) -> None:
    case = make_case(city)
    withdrawn = outcomes.withdraw_case(case_id=case.pk, reason="不应立案", actor=city.east_director, at=AT)
    with pytest.raises(IntegrityError, match="ending_lead_of_a_transfer"), transaction.atomic():
        Ending.objects.filter(case=withdrawn).update(lead=case.lead)


# ---- whoever receives it and objects ------------------------------------------------------------


def test_who_objects_asks_the_common_superior_and_does_not_send_it_on(city: City, west_clerk: User) -> None:
    lead = sent(city)
    with refused(WrongState, "handed_over_before"):
        custody.hand_over_lead(lead_id=lead.pk, office_id=city.squad.pk, reason="不属本局", actor=west_clerk, at=LATER)
    with refused(WrongState, "nobody_before"):
        custody.return_lead(lead_id=lead.pk, reason="不属本局", actor=west_clerk, at=LATER)
    with time_machine.travel(LATER, tick=False):
        assert "不得再自行移送" in as_(west_clerk).get(f"/leads/{lead.pk}/").content.decode()
    disputes.raise_dispute(
        lead_id=lead.pk, office_id=city.east_squad.pk, reason="经营地在东区", actor=west_clerk, at=LATER
    )
    dispute = Dispute.objects.get()
    assert dispute.superior == city.root
    disputes.designate_office(
        dispute_id=dispute.pk, office_id=city.east_squad.pk, opinion="由东区办理", actor=city.director, at=LATER
    )
    lead.refresh_from_db()
    assert (lead.office, lead.owner) == (city.east_squad, city.east_head)


def test_within_the_authority_it_is_assigned_and_still_not_sent_on(city: City, west_clerk: User) -> None:
    lead = sent(city)
    lead = custody.assign_lead(lead_id=lead.pk, office_id=city.west_squad.pk, actor=west_clerk, at=LATER)
    assert custody.sign_lead(lead_id=lead.pk, actor=city.west_head, at=LATER).state == "verifying"
    with refused(WrongState, "handed_over_before"):
        custody.hand_over_lead(lead_id=lead.pk, office_id=city.east.pk, reason="不属本局", actor=west_clerk, at=LATER)


# ---- page and API -------------------------------------------------------------------------------


def test_the_form_offers_the_offices_of_others_and_takes_one_of_the_two(city: City, west_clerk: User) -> None:
    case = make_case(city)
    head, address = as_(city.east_director), url("transfer", case)
    typed = {**SENT, "confirmed": "on"}
    with time_machine.travel(AT, tick=False):
        form = head.get(address).content.decode()
        assert all(f'<option value="{each.pk}"' in form for each in (city.west, city.west_squad, city.corps))
        assert not any(f'<option value="{each.pk}"' in form for each in (city.east, city.east_squad))
        for both in ({}, {"office": city.west.pk, "recipient": "另一机关"}):
            answer = head.post(address, {**typed, **both})
            page = answer.content.decode()
            assert answer.status_code == 400
            assert "接收案件的机关填写一项" in page
            assert 'href="#id_recipient"' in page
            assert "案卷一册，样品两件" in page
            if both:
                assert "另一机关" in page
                assert f'<option value="{city.west.pk}" selected>' in page
        assert not Ending.objects.exists()
        done = head.post(address, {**typed, "office": city.west.pk}, follow=True).content.decode()
    lead = Ending.objects.get().lead
    assert lead is not None
    assert f"已移送west局，线索编号 {lead.number}，本案转入结案。" in done


def test_the_api_takes_an_office_and_tells_the_number_of_the_lead(city: City, west_clerk: User) -> None:
    case, other = make_case(city), make_case(city)
    head = Caller(city.east_director)
    with time_machine.travel(AT, tick=False):
        told = problem_of(head.post(f"/cases/{case.pk}/transfer/", {**SENT, "office": city.east.pk}), 400, "own_office")
        assert told["errors"][0]["pointer"] == "#/office"
        problem_of(head.post(f"/cases/{case.pk}/transfer/", SENT), 400, "recipient_required")
        assert head.post(f"/cases/{case.pk}/transfer/", {**SENT, "office": city.west.pk}).status_code == 200
        assert head.post(f"/cases/{other.pk}/transfer/", {**SENT, "recipient": "示例局"}).status_code == 200
        (ending,) = head.get(f"/cases/{case.pk}/outcomes/").json()["endings"]
        (elsewhere,) = head.get(f"/cases/{other.pk}/outcomes/").json()["endings"]
    lead = Lead.objects.get(channel="transfer_in")
    assert (ending["recipient"], ending["lead_number"]) == ("west局", lead.number)
    assert elsewhere["lead_number"] == ""
    assert Caller(west_clerk).get(f"/leads/{lead.pk}/").json()["received_on"] == date(2026, 4, 13).isoformat()
