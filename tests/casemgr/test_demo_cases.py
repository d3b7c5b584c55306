"""The demo city shows every part of a case: what the handler of the first district finds when signing in."""

from datetime import timedelta

import pytest

from accounts.models import Office
from casemgr.demo_cases import FORMS
from casemgr.demo_city import build_city, division_of_powers, number_formats
from casemgr.demo_matters import load_matters
from casemgr.demo_steps import Story, Walk, district_team
from cases.models import Case
from cases.queries.casefile import ready_file
from cases.states.matter import CaseState, Outcome
from deadlines.models import Clock
from documents.actions.templates import load_templates
from documents.models import Paper, Service
from documents.states import PaperState
from tests.builders import NOW, SYSTEM, moment

TODAY = NOW.date()


@pytest.mark.slow
@pytest.mark.django_db
def test_each_unit_of_the_demo_has_a_case_at_every_part_of_the_procedure(law: None) -> None:
    number_formats(at=NOW)
    load_templates(actor=SYSTEM, at=NOW, forms=FORMS)
    build_city(at=NOW, since=TODAY.replace(year=TODAY.year - 1, month=1, day=1))
    division_of_powers(at=NOW)
    load_matters(now=NOW)
    for office in Office.objects.filter(code__in=("district-a-squad", "corps-1")):
        shown = {case.party_name: case for case in Case.objects.filter(office=office)}
        seized = shown["示例十六号酒类批发部"]
        assert (seized.state, seized.evidence.count()) == (CaseState.INVESTIGATING, 2)
        term = Clock.objects.get(subject_kind="measure", subject_id=seized.measures.get().pk)
        assert term.due_on is not None and TODAY < term.due_on <= TODAY + timedelta(days=4)
        drafts = Paper.objects.filter(subject_kind="case", subject_id=seized.pk, state=PaperState.DRAFT)
        assert drafts.get().form == "inquiry_notice"

        assert shown["示例十七号五金店"].state == CaseState.APPROVED
        waiting = shown["示例十八号停车管理公司"]
        assert (waiting.state, waiting.latest_hearing is not None) == (CaseState.HEARING, True)
        heard = waiting.latest_hearing
        assert heard is not None and heard.opens_at is not None and heard.opens_at > NOW and heard.party_told_on

        parts = shown["示例十九号建材有限公司"]
        assert parts.state == CaseState.SERVED and parts.paid == 20_000
        assert parts.plans.get().instalments.count() == 3
        late = shown["示例十一号房地产营销中心"]
        due = Clock.objects.get(subject_kind="case", subject_id=late.pk, rule="fine_payment")
        assert late.state == CaseState.SERVED and due.due_on is not None and due.due_on < TODAY

        spared, bound = shown["示例二十号面馆"], shown["示例二十一号粮油店"]
        assert (spared.state, spared.outcome) == (CaseState.CLOSED, Outcome.EXEMPT)
        assert bound.state == CaseState.CLOSED and ready_file(bound).pages > 10
        assert Service.objects.filter(subject_kind="case", subject_id=bound.pk).count() == 2
        filed = Paper.objects.get(subject_kind="lead", subject_id=bound.lead_id or 0)
        assert (filed.form, filed.state) == ("filing_approval", PaperState.ISSUED)
        assert filed.title in [line["title"] for line in ready_file(bound).manifest]
        spot = shown["示例二十二号水果店"]
        assert (spot.procedure, spot.handed_in_on) == ("summary", None)


@pytest.mark.slow
@pytest.mark.django_db
def test_an_accepted_complaint_of_the_demo_has_its_decision_issued(law: None) -> None:
    at = moment("2026-05-06")
    number_formats(at=at)
    load_templates(actor=SYSTEM, at=at, forms=["complaint_acceptance_notice"])
    build_city(at=at, since=TODAY.replace(year=TODAY.year - 1, month=1, day=1))
    walk = Walk(
        district_team(), Story("示例家具店", "沙发开裂，要求更换。", "complaint", 0, "mediating", "consumer-goods")
    )
    walk.log(at, received_on=at.date())
    walk.assign(at)
    walk.sign(at)
    walk.accept(at, on=at.date())
    walk.print_acceptance(at)
    paper = Paper.objects.get(subject_kind="lead", subject_id=walk.lead_id)
    assert (paper.state, paper.dated_on) == (PaperState.ISSUED, at.date())
    assert "沙发开裂，要求更换" in paper.text
