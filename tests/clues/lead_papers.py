"""Papers of leads, made through the verbs, from the templates that come with the product."""

from datetime import date, datetime
from typing import Any

from accounts.models import User
from clues.actions import custody, disputes, papers
from clues.models import Lead
from clues.states import LeadState
from documents.actions.templates import load_templates, set_form_numbers
from documents.form_kinds import form_kind
from documents.models import Paper
from tests.builders import NOW, SYSTEM, City
from tests.clues.complaint_stages import AT, complaint_in, in_hand, paper, verified_report
from tests.clues.stages import VERBS, lead_in

TYPED = {"day": "2026-05-20", "count": "3", "money": "100", "yes_no": True}


def print_forms(*forms: str) -> None:
    """National templates of these forms, and the formats of all numbers."""
    load_templates(actor=SYSTEM, at=NOW, forms=forms)
    set_form_numbers(actor=SYSTEM, at=NOW)


def filled(form: str) -> dict[str, Any]:
    """Something in every field of a form that nothing fills by itself."""
    return {
        field.name: TYPED.get(field.kind, f"示例{field.name}")
        for field in form_kind(form).fields
        if field.required and not field.default_from
    }


def drafted(lead: Lead, form: str, actor: User, *, at: datetime = AT) -> Paper:
    return papers.draft_paper(lead_id=lead.pk, form=form, fields=filled(form), actor=actor, at=at)


def issued(lead: Lead, form: str, actor: User, *, at: datetime = AT, on: date | None = None) -> Paper:
    paper_id = drafted(lead, form, actor, at=at).pk
    return papers.issue_paper(lead_id=lead.pk, paper_id=paper_id, dated_on=on or at.date(), actor=actor, at=at)


def disputed(city: City) -> Lead:
    """A lead of the east squad over which the city is to designate."""
    lead = lead_in(city, LeadState.VERIFYING)
    disputes.raise_dispute(lead_id=lead.pk, office_id=city.west_squad.pk, reason="在西区", actor=city.east_head, at=AT)
    return lead


def of_the_city(city: City) -> Lead:
    """A lead of the city's squad, which the city may hand down."""
    lead = paper(city, "report", office_id=city.squad.pk, actor=city.squad_head)
    return custody.assign_lead(
        lead_id=lead.pk, office_id=city.squad.pk, owner_id=city.handler.pk, actor=city.squad_head, at=AT
    )


def decided_report(city: City) -> Lead:
    lead = verified_report(city)
    return VERBS["decline"](city, lead, city.east_director, AT)


def lead_for_form(city: City, form: str) -> tuple[Lead, User]:
    """A lead a form fits, and somebody who makes it."""
    officer = city.east_handler
    match form:
        case "jurisdiction_designation":
            return disputed(city), city.director
        case "case_hand_down_notice":
            return of_the_city(city), city.director
        case "lead_source_register":
            return lead_in(city, LeadState.REGISTERED), officer
        case "case_transfer_letter":
            return lead_in(city, LeadState.TRANSFERRED), officer
        case "filing_approval":
            return lead_in(city, LeadState.VERIFIED), officer
        case "report_register":
            return in_hand(city, paper(city, "report")), officer
        case "lead_forwarding_notice":
            return paper(city), city.east_clerk
        case "report_result_notice":
            return decided_report(city), officer
    states = {
        "complaint_register": LeadState.REGISTERED, "identity_proof_request": LeadState.ACCEPTING,
        "complaint_refusal_notice": LeadState.REFUSED, "mediation_end_notice": LeadState.ENDED,
        "mediation_document": LeadState.SETTLED,
    }  # fmt: skip
    return complaint_in(city, states.get(form, LeadState.MEDIATING)), officer
