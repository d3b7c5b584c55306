"""The complaint procedure: its periods by the law of the day, its grounds, and what it brings forth."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Entry
from clues.actions import complaints, disputes, intake
from clues.complaint_law import MEDIATION, REGULATION, law_on, mediation_rules
from clues.models import Lead
from clues.states import LeadState
from core.errors import Invalid, NotPermitted, WrongState
from deadlines.models import Clock
from deadlines.queries import current_calendar, rule_book
from deadlines.replay import ClockFacts, due_of
from informants.models import Informant
from informants.queries import informant_of
from tests.builders import City, moment
from tests.clues.complaint_stages import (
    AT,
    DAY,
    LATER,
    RECEIVED,
    VERBS,
    WHO,
    accepted,
    complaint_in,
    in_hand,
    paper,
    verified_report,
)
from tests.refusals import refused


def periods(lead: Lead) -> dict[str, tuple[str, str, str]]:
    """Version, last day and state of each clock."""
    clocks = Clock.objects.filter(subject_kind="lead", subject_id=lead.pk)
    return {clock.rule: (clock.rule_version, str(clock.due_on), clock.state) for clock in clocks}


def twin_of(lead: Lead) -> Lead:
    return lead.offspring.get()


# ---- periods ----------------------------------------------------------------


def test_a_complaint_accepted_under_the_old_procedure_has_two_periods_and_the_earlier_binds(city: City) -> None:
    lead = accepted(city, "2026-03-30", "2026-04-10")
    found = periods(lead)
    # Seven working days from 3-30, 4-6 being a day off for 清明.
    assert found["complaint_acceptance"] == ("complaint_acceptance_v20", "2026-04-09", "met_late")
    # 45 working days, 劳动节 with its make-up days between; sixty days end on 6-9.
    assert found[MEDIATION][:2] == ("complaint_mediation_v20", "2026-06-16")
    assert found[REGULATION][:2] == ("consumer_reg_mediation_60d", "2026-06-09")


def test_a_complaint_accepted_under_the_new_procedure_has_one(city: City) -> None:
    lead = accepted(city, "2026-04-20", "2026-04-27")
    found = periods(lead)
    assert found["complaint_acceptance"] == ("complaint_acceptance_v121", "2026-04-29", "met")
    assert found[MEDIATION][:2] == ("complaint_mediation_v121", "2026-06-26")
    assert REGULATION not in found


def test_received_under_the_old_procedure_and_accepted_under_the_new(city: City) -> None:
    found = periods(accepted(city, "2026-04-13", "2026-04-20"))
    assert found["complaint_acceptance"][0] == "complaint_acceptance_v20"
    assert found[MEDIATION][0] == "complaint_mediation_v121"
    assert REGULATION not in found


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        ("2024-06-30", (MEDIATION,)),
        ("2024-07-01", (MEDIATION, REGULATION)),
        ("2026-04-14", (MEDIATION, REGULATION)),
        ("2026-04-15", (MEDIATION,)),
    ],
)
def test_which_periods_run_follows_from_the_rules(law: None, day: str, rules: tuple[str, ...]) -> None:
    assert mediation_rules(rule_book(), date.fromisoformat(day)) == rules


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the law stays as it is
@given(st.dates(date(2024, 7, 1), date(2026, 4, 14)))
def test_the_binding_end_is_never_after_the_sixtieth_day_nor_after_the_forty_fifth_working_day(
    law: None, day: date
) -> None:
    rules, calendar = rule_book(), current_calendar()
    ends = {
        rule: due_of(ClockFacts(origin_on=day), rules.version_on(rule, day), calendar)
        for rule in mediation_rules(rules, day)
    }
    assert set(ends) == {MEDIATION, REGULATION}
    sixtieth = day + timedelta(days=60)
    while not calendar.is_working(sixtieth):
        sixtieth += timedelta(days=1)
    working, at = 0, day
    while working < 45:
        at += timedelta(days=1)
        working += calendar.is_working(at)
    found = {rule: end.on for rule, end in ends.items() if end is not None}
    assert found == {MEDIATION: at, REGULATION: sixtieth}
    assert min(found.values()) == min(at, sixtieth)


@pytest.mark.parametrize("verb", ["settle", "end"])
def test_both_periods_end_together(city: City, verb: str) -> None:
    lead = accepted(city, "2026-03-30", "2026-04-08")
    VERBS[verb](lead, city.east_handler, LATER)
    found = periods(lead)
    assert {found[rule][2] for rule in (MEDIATION, REGULATION)} == {"met"}


def test_days_of_a_test_move_both_periods(city: City) -> None:
    lead = accepted(city, "2026-03-30", "2026-04-08")
    before = periods(lead)
    VERBS["exclude_mediation"](lead, city.east_handler, LATER)  # 5-6 to 5-15: ten days, nine working (5-9 made up)
    after = periods(lead)
    assert [before[rule][1] for rule in (MEDIATION, REGULATION)] == ["2026-06-12", "2026-06-08"]
    assert [after[rule][1] for rule in (MEDIATION, REGULATION)] == ["2026-06-26", "2026-06-17"]


def test_the_end_of_mediation_is_told_within_seven_working_days(city: City) -> None:
    lead = complaint_in(city, LeadState.ENDED)
    assert periods(lead)["complaint_termination_notice"][1:] == ("2026-04-29", "running")
    complaints.tell_parties(lead_id=lead.pk, told_on=date(2026, 4, 30), way="邮寄", actor=city.east_handler, at=LATER)
    assert periods(lead)["complaint_termination_notice"][2] == "met_late"
    with refused(WrongState, "already_told"):
        VERBS["tell"](lead, city.east_handler, LATER)


# ---- grounds and days -------------------------------------------------------


def refuse(city: City, lead: Lead, **changed: Any) -> Lead:
    given: dict[str, Any] = {
        "lead_id": lead.pk, "ground": "not_consumer", "reason": "为经营购买", "told_on": DAY, "other_ways_told": True,
        "actor": city.east_handler, "at": LATER,
    }  # fmt: skip
    return complaints.refuse_complaint(**(given | changed))


def end(city: City, lead: Lead, **changed: Any) -> Lead:
    given: dict[str, Any] = {
        "lead_id": lead.pk, "ended_on": DAY, "ground": "absent", "reason": "多次不到场", "actor": city.east_handler,
        "at": LATER,
    }  # fmt: skip
    return complaints.end_mediation(**(given | changed))


def settle(city: City, lead: Lead, **changed: Any) -> Lead:
    given: dict[str, Any] = {
        "lead_id": lead.pk, "settled_on": DAY, "agreement": "退款。", "made_document": True,
        "actor": city.east_handler, "at": LATER,
    }  # fmt: skip
    return complaints.settle_mediation(**(given | changed))


def test_each_procedure_has_its_own_grounds(law: None) -> None:
    old, new = law_on(rule_book(), date(2026, 4, 14)), law_on(rule_book(), date(2026, 4, 15))
    assert (len(old.refusal_grounds), len(new.refusal_grounds)) == (6, 7)
    assert (len(old.end_grounds), len(new.end_grounds)) == (7, 8)
    assert new.refusal_item("not_consumer").startswith("投诉举报处理办法第十六条第（三）项：不是为生活消费需要")
    assert old.end_item("term_over") == (
        "投诉举报处理暂行办法第二十一条第一款第（五）项：自投诉受理之日起四十五个工作日内未能达成调解协议"
    )


def test_a_ground_the_procedure_of_that_day_does_not_know_is_refused(city: City) -> None:
    lead = in_hand(city, paper(city, received_on=date(2026, 4, 8), at=moment("2026-04-08")), moment("2026-04-08"))
    with refused(Invalid, "unknown_ground", "ground"):
        refuse(city, lead, ground="false_identity", told_on=date(2026, 4, 10))
    after = refuse(city, lead, ground="false_identity", told_on=date(2026, 4, 15))
    assert after.moves.latest("pk").reason.startswith("投诉举报处理办法第十六条第（六）项")


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"ground": "friendship"}, "unknown_ground", "ground"),
        ({"reason": " "}, "required", "reason"),
        ({"reason": "字" * 801}, "too_long", "reason"),
        ({"other_ways_told": False}, "other_ways_not_told", "other_ways_told"),
        ({"told_on": date(2026, 5, 7)}, "day_out_of_range", "told_on"),
        ({"told_on": date(2026, 4, 19)}, "day_out_of_range", "told_on"),
    ],
)
def test_a_faulty_refusal_is_refused(city: City, changed: dict[str, Any], code: str, field: str) -> None:
    lead = complaint_in(city, LeadState.ACCEPTING)
    with refused(Invalid, code, field):
        refuse(city, lead, **changed)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"ground": "minor"}, "unknown_ground", "ground"),
        ({"reason": ""}, "required", "reason"),
        ({"ended_on": date(2026, 4, 19)}, "day_out_of_range", "ended_on"),
        ({"ended_on": date(2026, 5, 7)}, "day_out_of_range", "ended_on"),
        ({"ground": "term_over"}, "mediation_still_runs", "ground"),
    ],
)
def test_a_faulty_end_is_refused(city: City, changed: dict[str, Any], code: str, field: str) -> None:
    lead = complaint_in(city, LeadState.MEDIATING)
    with refused(Invalid, code, field):
        end(city, lead, **changed)


def test_mediation_ends_for_want_of_time_when_the_binding_period_is_over(city: City) -> None:
    lead = accepted(city, "2026-03-30", "2026-04-10")
    with refused(Invalid, "mediation_still_runs", "ground"):
        end(city, lead, ground="term_over", ended_on=date(2026, 6, 8), at=moment("2026-06-08"))
    end(city, lead, ground="term_over", ended_on=date(2026, 6, 9), at=moment("2026-06-09"))
    assert {periods(lead)[rule][2] for rule in (MEDIATION, REGULATION)} == {"met"}


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"agreement": " "}, "required", "agreement"),
        ({"agreement": "字" * 4001}, "too_long", "agreement"),
        ({"made_document": False}, "required", "reason"),
        ({"settled_on": date(2026, 5, 7)}, "day_out_of_range", "settled_on"),
    ],
)
def test_a_faulty_agreement_is_refused(city: City, changed: dict[str, Any], code: str, field: str) -> None:
    lead = complaint_in(city, LeadState.MEDIATING)
    with refused(Invalid, code, field):
        settle(city, lead, **changed)


def test_an_agreement_is_kept_with_or_without_a_document(city: City) -> None:
    lead = complaint_in(city, LeadState.MEDIATING)
    after = settle(city, lead, made_document=False, reason="当场退款，双方同意不制作")
    assert (after.state, after.agreement, after.has_mediation_document) == (LeadState.SETTLED, "退款。", False)
    assert "未制作调解书" in after.moves.latest("pk").reason


@pytest.mark.parametrize(
    ("told", "accepted_on", "field"),
    [("2026-05-07", None, "told_on"), ("2026-04-19", None, "told_on"), ("2026-04-21", "2026-04-22", "accepted_on")],
)
def test_acceptance_lies_between_receipt_and_telling(
    city: City, told: str, accepted_on: str | None, field: str
) -> None:
    lead = complaint_in(city, LeadState.ACCEPTING)
    with refused(Invalid, "day_out_of_range", field):
        complaints.accept_complaint(
            lead_id=lead.pk, told_on=date.fromisoformat(told),
            accepted_on=date.fromisoformat(accepted_on) if accepted_on else None, actor=city.east_handler, at=LATER,
        )  # fmt: skip


# ---- mixed papers -----------------------------------------------------------


@pytest.mark.parametrize(("channel", "rule"), [("complaint", "lead_verification"), ("report", "complaint_acceptance")])
def test_a_mixed_paper_becomes_two_leads_with_their_own_periods_and_one_informant(
    city: City, channel: str, rule: str
) -> None:
    lead = paper(city, channel)
    later = moment("2026-04-23")
    facts = {} if channel == "complaint" else {"claim": "退货"}
    intake.split_lead(lead_id=lead.pk, facts=facts, actor=city.east_handler, at=later)
    twin = twin_of(lead)
    assert {lead.channel, twin.channel} == {"complaint", "report"}
    assert (twin.received_on, twin.party_name, twin.office, twin.state) == (
        RECEIVED, lead.party_name, lead.office, LeadState.REGISTERED,
    )  # fmt: skip
    assert Clock.objects.get(subject_kind="lead", subject_id=twin.pk, rule=rule).origin_on == RECEIVED
    one, other = informant_of("lead", lead.pk), informant_of("lead", twin.pk)
    assert one is not None and other is not None
    assert one.code != other.code and one.phone_key == other.phone_key == twin.informant_key
    assert one.sealed_name != other.sealed_name and other.subject_number == twin.number
    assert WHO.name not in str(list(Entry.objects.values()))


def test_a_paper_is_split_once_from_either_side(city: City) -> None:
    lead = intake.split_lead(lead_id=paper(city).pk, actor=city.east_handler, at=AT)
    for each in (lead, twin_of(lead)):
        with refused(WrongState, "already_split"):
            intake.split_lead(lead_id=each.pk, facts={"claim": "退货"}, actor=city.east_handler, at=LATER)


def test_a_mixed_paper_is_logged_and_split_in_one_go(city: City) -> None:
    lead = paper(city, is_mixed=True)
    assert twin_of(lead).channel == "report"
    assert Informant.objects.count() == 2


def test_a_complaint_is_made_of_a_report_only_with_its_material(city: City) -> None:
    lead = paper(city, "report", informant=intake.InformantInput(phone="13800000417"))
    with refused(WrongState, "complainant_unknown"):
        intake.split_lead(lead_id=lead.pk, facts={"claim": "退货"}, actor=city.east_handler, at=LATER)
    whole = paper(city, "report")
    with refused(Invalid, "required", "claim"):
        intake.split_lead(lead_id=whole.pk, actor=city.east_handler, at=LATER)


def test_nothing_else_holds_a_complaint(city: City) -> None:
    lead = paper(city, "self_found", informant=intake.NOBODY)
    with refused(WrongState, "wrong_state"):
        intake.split_lead(lead_id=lead.pk, actor=city.east_handler, at=LATER)


# ---- found in mediation, treated as complaint -------------------------------


def test_what_mediation_finds_is_verified_within_its_own_period_from_the_day_it_was_found(city: City) -> None:
    lead = complaint_in(city, LeadState.MEDIATING)
    complaints.found_in_mediation(
        lead_id=lead.pk, found_on=date(2026, 4, 30), summary="无证经营。", actor=city.east_handler, at=LATER
    )
    found = twin_of(lead)
    assert (found.channel, found.received_on, found.party_name) == ("self_found", date(2026, 4, 30), lead.party_name)
    assert periods(found)["lead_from_mediation"][:2] == ("lead_from_mediation_v121", "2026-05-25")
    assert "lead_verification" not in periods(found)
    assert informant_of("lead", found.pk) is None and found.informant_key == ""
    assert lead.number in found.channel_facts["found_where"]


@pytest.mark.parametrize(("found_on", "field"), [("2026-04-19", "found_on"), ("2026-05-07", "found_on")])
def test_it_is_found_while_mediation_goes_on(city: City, found_on: str, field: str) -> None:
    lead = complaint_in(city, LeadState.MEDIATING)
    with refused(Invalid, "day_out_of_range", field):
        complaints.found_in_mediation(
            lead_id=lead.pk, found_on=date.fromisoformat(found_on), summary="无证经营。", actor=city.east_handler,
            at=LATER,
        )  # fmt: skip


def treat(city: City, lead: Lead, **changed: Any) -> Lead:
    given: dict[str, Any] = {
        "lead_id": lead.pk,
        "claim": "退货退款",
        "reason": "请求解决争议",
        "actor": city.east_director,
        "at": LATER,
    }
    return complaints.treat_as_complaint(**(given | changed))


def test_a_report_that_asks_for_settlement_becomes_a_complaint(city: City) -> None:
    lead = treat(city, verified_report(city), claimed_on=date(2026, 4, 28))
    complaint = twin_of(lead)
    assert (lead.state, complaint.channel, complaint.state) == ("as_complaint", "complaint", "registered")
    assert complaint.channel_facts == {"claim": "退货退款"}
    assert periods(lead)["lead_verification"][2] == "met"
    assert periods(complaint)["complaint_acceptance"][:2] == ("complaint_acceptance_v121", "2026-05-11")
    assert informant_of("lead", complaint.pk) is not None


def test_without_the_complainants_material_it_stays_a_report(city: City) -> None:
    lead = verified_report(city, informant=intake.NOBODY)
    with refused(WrongState, "complainant_unknown"):
        treat(city, lead)
    whole = verified_report(city)
    with refused(Invalid, "required", "claim"):
        treat(city, whole, claim=" ")
    with refused(Invalid, "day_out_of_range", "claimed_on"):
        treat(city, whole, claimed_on=date(2026, 4, 1))


def test_who_verified_does_not_decide_that_it_is_a_complaint(city: City) -> None:
    lead = verified_report(city)
    with refused(NotPermitted):
        treat(city, lead, actor=city.east_handler)


def test_a_complaint_under_dispute_is_neither_accepted_nor_refused(city: City) -> None:

    lead = complaint_in(city, LeadState.ACCEPTING)
    disputes.raise_dispute(
        lead_id=lead.pk, office_id=city.west.pk, reason="不在本区", actor=city.east_director, at=LATER
    )
    for verb in ("accept", "refuse"):
        with refused(WrongState, "dispute_open"):
            VERBS[verb](lead, city.east_handler, LATER)
