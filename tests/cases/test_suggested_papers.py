"""What is suggested next is what has not been made yet: page of the case, page of its papers and API say the same."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import time_machine
from django.urls import reverse

from accounts.models import User
from cases.actions import papers
from cases.models import Case
from cases.states.hearing import HearingState
from cases.states.matter import CaseState
from documents.form_kinds import form_kind
from documents.models import Paper
from tests.api_client import Caller
from tests.browsing import as_
from tests.builders import NOW, City, decide, make_case, make_notified_case, moment
from tests.cases.hearing_builders import HELD, REPORTED, hearing_in, report
from tests.cases.money_stages import pay
from tests.cases.outcome_stages import fined_on_spot
from tests.cases.stages import VERBS, case_in
from tests.documents.paper_builders import make_forms

TYPED = {"day": "2026-03-05", "count": "3", "money": "100", "yes_no": True}


def filled(form: str) -> dict[str, Any]:
    """Something in every field that must be typed."""
    fields = [field for field in form_kind(form).fields if field.required and not field.default_from]
    return {field.name: TYPED.get(field.kind, f"示例{field.name}") for field in fields}


def issued(case: Case, form: str, actor: User, at: datetime, fields: Mapping[str, object] | None = None) -> Paper:
    draft = papers.draft_paper(case_id=case.pk, form=form, fields=fields or filled(form), actor=actor, at=at)
    on = case.decided_on if form.endswith("penalty_decision") else at.date()
    assert on is not None
    return papers.issue_paper(case_id=case.pk, paper_id=draft.pk, dated_on=on, actor=actor, at=at)


def suggested(case: Case, reader: User, at: datetime) -> set[str]:
    """What this reader is suggested, wherever they look; all they may make is offered besides."""
    with time_machine.travel(at, tick=False):
        browser = as_(reader)
        on_case = browser.get(reverse("case_page", args=[case.pk])).content.decode()
        on_papers = browser.get(reverse("case_papers_page", args=[case.pk])).content.decode()
        told = Caller(reader).get(f"/cases/{case.pk}/papers/").json()["forms"]
    new = rf'href="/cases/{case.pk}/papers/new/(\w+)/"'
    found = set(re.findall(r'<a class="button button-small" ' + new, on_case))
    assert found == set(re.findall(r'<a class="button" ' + new, on_papers))
    assert found == {form["key"] for form in told if form["is_suggested"]}
    offered = on_papers.split('id="fits-title"')[1]
    assert set(re.findall(new, offered)) == {form["key"] for form in told}, "the rest stays within reach"
    return found


def test_a_form_is_suggested_until_one_of_it_was_issued_and_again_when_that_is_void(city: City) -> None:
    make_forms("inquiry_notice")
    case, officer = make_case(city), city.east_handler
    assert {"inquiry_notice", "scene_record"} <= suggested(case, officer, NOW)
    papers.draft_paper(case_id=case.pk, form="inquiry_notice", fields={}, actor=officer, at=NOW)
    assert "inquiry_notice" in suggested(case, officer, NOW), "a draft is none yet"
    paper = issued(case, "inquiry_notice", officer, NOW)
    after = suggested(case, officer, NOW)
    assert "inquiry_notice" not in after and "scene_record" in after
    papers.void_paper(case_id=case.pk, paper_id=paper.pk, reason="地点写错", actor=officer, at=NOW)
    assert "inquiry_notice" in suggested(case, officer, NOW)


def test_each_round_of_review_asks_for_its_own_paper(city: City) -> None:
    make_forms("case_review")
    case, reviewer, at = case_in(city, CaseState.UNDER_REVIEW), city.east_reviewer, moment("2026-03-17")
    assert suggested(case, reviewer, at) == {"case_review"}
    issued(case, "case_review", reviewer, at)
    assert suggested(case, reviewer, at) == set()
    VERBS["return_review"](city, case, reviewer, at)
    again = moment("2026-03-18")
    VERBS["conclude"](city, case, city.east_handler, again)
    assert suggested(case, reviewer, again) == {"case_review"}


def test_the_paper_of_a_decision_is_suggested_once(city: City) -> None:
    make_forms("penalty_decision")
    at = moment("2026-03-24")
    case = decide(city, make_notified_case(city), at=at)
    assert "penalty_decision" in suggested(case, city.east_handler, at)
    issued(case, "penalty_decision", city.east_handler, at)
    assert "penalty_decision" not in suggested(case, city.east_handler, at)


def test_a_decision_on_the_spot_is_not_suggested_again_once_it_is_paid(city: City) -> None:
    make_forms("spot_penalty_decision")
    case = fined_on_spot(city)
    assert "spot_penalty_decision" in suggested(case, city.east_handler, NOW)
    issued(case, "spot_penalty_decision", city.east_handler, NOW)
    assert pay(city, case, "200", "2026-03-04").state == CaseState.PERFORMED
    assert "spot_penalty_decision" not in suggested(case, city.east_handler, moment("2026-03-04"))


def test_the_report_of_a_hearing_stays_made_when_the_case_goes_on(city: City) -> None:
    make_forms("hearing_report", "hearing_notice")
    case, host = hearing_in(city, HearingState.HELD), city.east_head
    assert "hearing_report" in suggested(case, host, HELD)
    issued(case, "hearing_report", host, HELD)
    assert "hearing_report" not in suggested(case, host, HELD)
    report(city, case)
    assert "hearing_report" not in suggested(case, host, REPORTED)
