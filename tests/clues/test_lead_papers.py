"""The papers of a lead: which fit when, who makes them, what the lead puts in by itself, and the verbs."""

from datetime import date

import pytest

from accounts.models import User
from clues.actions import complaints, custody, papers
from clues.models import Lead, LeadMove
from clues.paper_rules import OF_STEP, PAPER_RULES, SUGGESTED
from clues.papers import common_of, fits, fitting_forms, may_make, missing_forms, suggested_forms
from clues.states import LeadState, table_of
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from documents.form_kinds import common_fields, form_kinds
from documents.models import IssuedNumber, Paper
from documents.queries.papers import content_of, papers_of_subject
from documents.templating import text_of
from informants.queries import informant_of
from tests.builders import City, moment
from tests.clues.complaint_stages import AT, DAY, LATER, WHO, accepted, complaint_in, in_hand, paper
from tests.clues.complaint_stages import VERBS as OF_COMPLAINTS
from tests.clues.lead_papers import decided_report, disputed, drafted, filled, issued, lead_for_form, print_forms
from tests.clues.stages import VERBS, lead_in
from tests.refusals import refused

FORMS = [key for key, kind in form_kinds().items() if kind.subject == "lead"]
ACCEPTANCE = "complaint_acceptance_notice"


def keys(kinds: object) -> list[str]:
    return [kind.key for kind in kinds]  # type: ignore[attr-defined]  # form kinds, whatever holds them


# ---- the tables ---------------------------------------------------------------------------------


def test_every_form_of_a_lead_has_a_rule_and_every_rule_can_be_met() -> None:
    assert list(PAPER_RULES) == FORMS
    for form, rule in PAPER_RULES.items():
        assert rule.makers and rule.states, form
        assert LeadState.MERGED not in rule.states, "a merged lead makes no papers"
        for state in rule.states:
            channels = {each for each in rule.channels if any(row.target == state for row in table_of(each))}
            assert channels, f"{form}: no lead of its channels is ever {state}"


def test_what_is_suggested_or_missing_fits_its_state_for_some_channel() -> None:
    for table in (SUGGESTED, OF_STEP):
        for state, forms in table.items():
            assert all(state in PAPER_RULES[form].states for form in forms), state
    assert set(LeadState) - SUGGESTED.keys() == {LeadState.MERGED, LeadState.AS_COMPLAINT}


COMPLAINT_FORMS = {
    LeadState.REGISTERED: {"complaint_register", "lead_forwarding_notice", "identity_proof_request"},
    LeadState.ASSIGNED: {"complaint_register", "lead_forwarding_notice", "identity_proof_request"},
    LeadState.ACCEPTING: {"complaint_register", "identity_proof_request"},
    LeadState.MEDIATING: {"complaint_register", ACCEPTANCE, "mediation_notice"},
    LeadState.SETTLED: {"complaint_register", ACCEPTANCE, "mediation_document"},
    LeadState.ENDED: {"complaint_register", ACCEPTANCE, "mediation_end_notice"},
    LeadState.REFUSED: {"complaint_register", "complaint_refusal_notice"},
}
LEAD_FORMS: dict[LeadState, set[str]] = {
    LeadState.REGISTERED: {"lead_source_register"},
    LeadState.ASSIGNED: {"lead_source_register"},
    LeadState.VERIFYING: {"lead_source_register"},
    LeadState.VERIFIED: {"lead_source_register", "filing_approval"},
    LeadState.FILED: {"lead_source_register", "filing_approval"},
    LeadState.NOT_FILED: {"lead_source_register", "filing_approval"},
    LeadState.TRANSFERRED: {"lead_source_register", "case_transfer_letter"},
    LeadState.MERGED: set(),
}


@pytest.mark.parametrize("state", COMPLAINT_FORMS)
def test_a_complaint_has_the_papers_of_its_step_and_no_others(city: City, state: LeadState) -> None:
    lead = complaint_in(city, state)
    assert set(keys(fitting_forms(lead))) == COMPLAINT_FORMS[state]
    assert set(keys(suggested_forms(lead))) <= COMPLAINT_FORMS[state]


@pytest.mark.parametrize("state", LEAD_FORMS)
def test_a_lead_has_the_papers_of_its_step_and_no_others(city: City, state: LeadState) -> None:
    lead = lead_in(city, state)
    assert set(keys(fitting_forms(lead))) == LEAD_FORMS[state]
    for form in set(FORMS) - LEAD_FORMS[state]:
        if form not in ("jurisdiction_designation", "case_hand_down_notice", "lead_forwarding_notice"):
            with refused(WrongState, "paper_not_now"):
                drafted(lead, form, city.east_handler, at=moment("2026-03-10"))


def test_only_a_report_is_registered_as_one_and_has_its_result_told(city: City) -> None:
    assert "report_register" in keys(fitting_forms(in_hand(city, paper(city, "report"))))
    told = keys(fitting_forms(decided_report(city)))
    assert {"report_result_notice", "filing_approval", "report_register"} <= set(told)
    assert "report_result_notice" not in keys(fitting_forms(lead_in(city, LeadState.NOT_FILED)))


def test_a_decision_under_the_law_before_is_not_printed_on_the_forms_of_now(city: City) -> None:
    old = accepted(city, "2026-03-02", "2026-03-04")
    assert not fits(old, ACCEPTANCE) and keys(missing_forms(old, [])) == []
    with refused(WrongState, "paper_not_now"):
        drafted(old, ACCEPTANCE, city.east_handler, at=moment("2026-03-05"))


def test_no_mediation_document_is_printed_where_none_was_made(city: City) -> None:
    lead = complaint_in(city, LeadState.MEDIATING)
    complaints.settle_mediation(
        lead_id=lead.pk, settled_on=DAY, agreement="当场退款。", made_document=False, reason="已即时履行",
        actor=city.east_handler, at=LATER,
    )  # fmt: skip
    with refused(WrongState, "paper_not_now"):
        drafted(lead, "mediation_document", city.east_handler, at=LATER)


# ---- what a lead fills in -----------------------------------------------------------------------


def test_a_lead_fills_exactly_the_common_fields_that_templates_may_use(city: City) -> None:
    lead = complaint_in(city, LeadState.REFUSED)
    common = common_of(lead, city.east)
    known = common_fields("lead")
    assert common.keys() == known.keys()
    assert [name for name, field in known.items() if isinstance(common[name], str) == bool(field.columns)] == []
    told = informant_of("lead", lead.pk)
    assert told is not None
    assert {name: common[name] for name in ("机关名称", "来源渠道", "举报人代号", "投诉请求", "不予受理项", "收到日期")} == {
        "机关名称": "east局", "来源渠道": "投诉", "举报人代号": told.code, "投诉请求": "退货退款", "不予受理项": "三",
        "收到日期": "2026年4月20日",
    }  # fmt: skip
    ended = common_of(complaint_in(city, LeadState.ENDED), city.east)
    assert (ended["终止调解项"], ended["受理日期"]) == ("一", "2026年4月20日")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_issued_from_the_template_that_comes_along_and_names_nobody_who_told(
    city: City, form: str
) -> None:
    print_forms(form)
    lead, actor = lead_for_form(city, form)
    made = issued(lead, form, actor, at=moment("2026-04-21"))
    assert made.file is not None
    for text in (made.text, text_of(content_of(made.file)), str(made.fields)):
        assert not [mark for mark in (WHO.name, WHO.phone, WHO.address) if mark in text]
    if form in (ACCEPTANCE, "complaint_refusal_notice", "complaint_register", "mediation_document"):
        told = informant_of("lead", lead.pk)
        assert told is not None and told.code in made.text
    assert bool(made.number_text) == bool(made.kind.code)
    assert made.kind.code in made.number_text
    last = LeadMove.objects.filter(lead=lead).latest("id")
    assert (last.name, last.reason, last.target) == ("issue_paper", made.label, lead.state)


# ---- the verbs ----------------------------------------------------------------------------------


def test_issuing_freezes_and_voiding_keeps(city: City) -> None:
    print_forms(ACCEPTANCE)
    lead = complaint_in(city, LeadState.MEDIATING)
    officer = city.east_handler
    assert keys(missing_forms(lead, [])) == [ACCEPTANCE]
    first = issued(lead, ACCEPTANCE, officer)
    assert first.number_text == "east市监诉受〔2026〕1号"
    assert (first.office, first.dated_on, first.state) == (city.east, date(2026, 4, 20), "issued")
    assert missing_forms(lead, papers_of_subject("lead", lead.pk)) == []
    with refused(WrongState, "wrong_state"):
        papers.revise_paper(lead_id=lead.pk, paper_id=first.pk, fields={"事项": "别的"}, actor=officer, at=AT)
    Lead.objects.filter(pk=lead.pk).update(party_name="改名商店")
    assert Paper.objects.get(pk=first.pk).text == first.text
    with refused(Invalid, "required", "reason"):
        papers.void_paper(lead_id=lead.pk, paper_id=first.pk, reason=" ", actor=officer, at=AT)
    void = papers.void_paper(lead_id=lead.pk, paper_id=first.pk, reason="事项写错", actor=officer, at=AT)
    assert (void.state, void.text, void.number_text) == ("void", first.text, first.number_text)
    assert IssuedNumber.objects.get(text=first.number_text).is_void
    assert LeadMove.objects.filter(lead=lead).latest("id").reason == f"{first.label}：事项写错"
    with refused(WrongState, "wrong_state"):
        papers.void_paper(lead_id=lead.pk, paper_id=first.pk, reason="再次", actor=officer, at=AT)
    assert issued(lead, ACCEPTANCE, officer).number_text == "east市监诉受〔2026〕2号", "no number is given twice"


@pytest.mark.parametrize("day", ["2026-04-19", "2026-04-21"])
def test_a_paper_is_dated_neither_before_the_lead_came_nor_after_today(city: City, day: str) -> None:
    print_forms("complaint_register")
    lead = complaint_in(city, LeadState.ACCEPTING)
    draft = drafted(lead, "complaint_register", city.east_handler)
    with refused(Invalid, "day_out_of_range", "dated_on"):
        papers.issue_paper(
            lead_id=lead.pk, paper_id=draft.pk, dated_on=date.fromisoformat(day), actor=city.east_handler, at=AT
        )


def test_an_incomplete_draft_is_kept_and_not_issued(city: City) -> None:
    print_forms(ACCEPTANCE)
    lead = complaint_in(city, LeadState.MEDIATING)
    draft = papers.draft_paper(lead_id=lead.pk, form=ACCEPTANCE, fields={}, actor=city.east_handler, at=AT)
    with refused(Invalid, "required", "事项"):
        papers.issue_paper(lead_id=lead.pk, paper_id=draft.pk, dated_on=AT.date(), actor=city.east_handler, at=AT)
    papers.void_paper(lead_id=lead.pk, paper_id=draft.pk, reason="不需要", actor=city.east_handler, at=AT)
    assert not LeadMove.objects.filter(lead=lead, name="void_paper").exists(), "a draft leaves no trace in the history"
    with refused(Invalid, "unknown_paper_field"):
        papers.draft_paper(lead_id=lead.pk, form=ACCEPTANCE, fields={"x": "y"}, actor=city.east_handler, at=AT)
    with refused(Invalid, "form_of_other_subject"):
        papers.draft_paper(lead_id=lead.pk, form="inquiry_notice", fields={}, actor=city.east_handler, at=AT)


def test_strangers_see_no_lead_and_those_without_the_role_make_nothing(city: City) -> None:
    print_forms(ACCEPTANCE)
    lead = complaint_in(city, LeadState.MEDIATING)
    draft = drafted(lead, ACCEPTANCE, city.east_handler)
    for stranger in (city.west_handler, city.handler):
        with refused(NotFound, "not_found"):
            drafted(lead, ACCEPTANCE, stranger)
        with refused(NotFound, "not_found"):
            papers.issue_paper(lead_id=lead.pk, paper_id=draft.pk, dated_on=AT.date(), actor=stranger, at=AT)
    for colleague in (city.east_clerk, city.east_reviewer, city.leader):
        with refused(NotPermitted, "not_permitted"):
            drafted(lead, ACCEPTANCE, colleague)
        with refused(NotPermitted, "not_permitted"):
            papers.issue_paper(lead_id=lead.pk, paper_id=draft.pk, dated_on=AT.date(), actor=colleague, at=AT)
        with refused(NotPermitted, "not_permitted"):
            papers.void_paper(lead_id=lead.pk, paper_id=draft.pk, reason="x", actor=colleague, at=AT)
    other = complaint_in(city, LeadState.MEDIATING)
    with refused(NotFound, "not_found"):
        papers.issue_paper(lead_id=other.pk, paper_id=draft.pk, dated_on=AT.date(), actor=city.east_handler, at=AT)


OFFICERS, HEAD = {"east_handler", "east_handler2", "east_head"}, {"east_director"}
CLERKS = {"east_clerk", "clerk"}  # the city's takes in for all of it
MAKERS = {
    "lead_source_register": CLERKS | OFFICERS | HEAD,
    "complaint_register": CLERKS | OFFICERS | HEAD,
    "lead_forwarding_notice": CLERKS | {"east_head"} | HEAD,
    "filing_approval": OFFICERS | HEAD,
    "case_transfer_letter": OFFICERS | HEAD,
    ACCEPTANCE: OFFICERS | HEAD,
    "complaint_refusal_notice": OFFICERS | HEAD,
    "mediation_end_notice": OFFICERS | HEAD,
    "case_hand_down_notice": HEAD,
    "jurisdiction_designation": HEAD,  # nobody disputes this one: its own authority's
}


@pytest.mark.parametrize("form", MAKERS)
def test_a_paper_is_made_by_whoever_may_take_the_step_it_tells_of(city: City, form: str) -> None:
    lead = lead_in(city, LeadState.VERIFYING)
    people = {name: person for name, person in vars(city).items() if isinstance(person, User)}
    assert {name for name, person in people.items() if may_make(person, lead, form)} == MAKERS[form]


def test_the_notice_of_designation_speaks_for_the_common_superior_alone(city: City) -> None:
    print_forms("jurisdiction_designation")
    lead = disputed(city)
    for one_of_the_parties in (city.east_director, city.east_handler):
        with refused(NotPermitted, "not_permitted"):
            drafted(lead, "jurisdiction_designation", one_of_the_parties)
    made = issued(lead, "jurisdiction_designation", city.director)
    assert made.office == city.root and "city局" in made.text and made.number_text.startswith("city市监指定")


def test_a_lead_handed_to_another_authority_takes_no_unfinished_paper_along(city: City) -> None:
    print_forms("lead_forwarding_notice", "complaint_register")
    lead = paper(city)
    done = issued(lead, "lead_forwarding_notice", city.east_clerk)
    open_draft = drafted(lead, "complaint_register", city.east_clerk)
    custody.hand_over_lead(
        lead_id=lead.pk, office_id=city.west_squad.pk, reason="在西区", actor=city.east_director, at=AT
    )
    with refused(WrongState, "paper_not_now"):
        papers.issue_paper(lead_id=lead.pk, paper_id=open_draft.pk, dated_on=AT.date(), actor=city.west_handler, at=AT)
    with refused(NotPermitted, "not_permitted"):
        papers.void_paper(lead_id=lead.pk, paper_id=done.pk, reason="x", actor=city.west_head, at=AT)
    papers.void_paper(lead_id=lead.pk, paper_id=open_draft.pk, reason="重新制作", actor=city.west_handler, at=AT)
    assert issued(lead, "complaint_register", city.west_handler).office == city.west


def test_a_merged_lead_neither_makes_nor_voids_papers(city: City) -> None:
    print_forms("lead_source_register")
    at = moment("2026-03-10")
    lead = lead_in(city, LeadState.VERIFYING)
    made = issued(lead, "lead_source_register", city.east_handler, at=at)
    VERBS["merge"](city, lead, city.east_head, at)
    with refused(WrongState, "paper_not_now"):
        drafted(lead, "lead_source_register", city.east_handler, at=at)
    with refused(WrongState, "file_is_closed"):
        papers.void_paper(lead_id=lead.pk, paper_id=made.pk, reason="x", actor=city.east_handler, at=at)


def test_what_went_out_stays_when_the_complaint_goes_on(city: City) -> None:
    print_forms(ACCEPTANCE, "mediation_end_notice")
    lead = complaint_in(city, LeadState.MEDIATING)
    issued(lead, ACCEPTANCE, city.east_handler)
    OF_COMPLAINTS["end"](lead, city.east_handler, LATER)
    lead.refresh_from_db()
    assert keys(missing_forms(lead, papers_of_subject("lead", lead.pk))) == ["mediation_end_notice"]
    ended = issued(lead, "mediation_end_notice", city.east_handler, at=LATER)
    assert "第〔一〕项" in ended.text and filled("mediation_end_notice")["事项"] in ended.text
