"""Papers of a lead that became a case: read through the case, bound in its file in the place of what the system writes."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.actions.casefile import bind_files, request_file
from cases.file_items import items_of
from cases.models import Case, CaseFile
from cases.queries.casefile import is_stale
from cases.queries.matter import case_for
from cases.states.casefile import CaseFileState
from cases.volumes import Volume
from clues.actions import papers
from documents.models import Paper
from tests.api_client import Caller, problem_of
from tests.builders import City, lead_of, make_case, moment
from tests.clues.lead_papers import drafted, issued, print_forms
from tests.documents.paper_builders import issue, make_template

AT = moment("2026-03-02T17:00")
LATER = moment("2026-04-20")
FILE_FORMS = ("case_file_cover", "case_file_catalogue", "case_file_note")


@pytest.fixture
def case(city: City) -> Case:
    """A case whose lead has its filing approval issued, and a draft besides."""
    print_forms("filing_approval", "lead_source_register", *FILE_FORMS)
    made = make_case(city)
    issued(lead_of(made), "filing_approval", city.east_handler, at=AT)
    drafted(lead_of(made), "lead_source_register", city.east_handler, at=AT)
    return made


def approval() -> Paper:
    return Paper.objects.get(form="filing_approval")


def test_the_case_shows_the_papers_of_its_lead_and_moves_none_of_them(city: City, client: Client, case: Case) -> None:
    client.force_login(city.east_handler)
    here = f"/cases/{case.pk}/papers/"
    at = f"{here}{approval().pk}/"
    assert at in client.get(f"/cases/{case.pk}/").content.decode(), "on the page of the case"
    listed = client.get(here).content.decode()
    assert at in listed and "案源的文书" in listed and "案件来源登记表" not in listed, "no drafts of the lead"
    shown = client.get(at).content.decode()
    assert "paper-sheet" in shown and f"{at}docx/" in shown
    assert not [verb for verb in ("void", "revise", "issue") if f"{at}{verb}/" in shown]
    starts = [b"".join(client.get(f"{at}{file}/"))[:4] for file in ("docx", "pdf")]
    assert starts == [b"PK\x03\x04", b"%PDF"]
    assert [client.post(f"{at}{verb}/", {"reason": "x"}).status_code for verb in ("void", "revise", "issue")] == [
        404
    ] * 3
    draft = Paper.objects.get(form="lead_source_register")
    assert client.get(f"{here}{draft.pk}/").status_code == 404

    client.force_login(city.west_handler)
    assert [client.get(each).status_code for each in (at, f"{at}docx/", f"{at}pdf/")] == [404] * 3


def test_the_api_lists_them_with_the_case_and_says_whose_they_are(city: City, case: Case) -> None:
    make_template("inquiry_notice")
    issue(city, case, at=moment("2026-03-03"))
    officer = Caller(city.east_handler)
    here = f"/cases/{case.pk}/papers/"
    rows = officer.get(here).json()["papers"]
    assert [(row["subject_kind"], row["form"]) for row in rows] == [
        ("lead", "filing_approval"), ("case", "inquiry_notice"),
    ]  # fmt: skip
    assert officer.get(f"{here}{approval().pk}/").json()["title"] == "立案/不予立案审批表"
    problem_of(officer.post(f"{here}{approval().pk}/void/", {"reason": "x"}), 404, "not_found")


def test_the_file_binds_the_paper_of_the_lead_in_place_of_a_page_from_the_records(city: City, case: Case) -> None:
    place = [item for item in items_of(case) if (item.volume, item.place) == (Volume.MAIN, 1)]
    assert [item.source for item in place] == [approval()]
    assert "案源材料" in [item.title for item in items_of(case)]
    draft = Paper.objects.get(form="lead_source_register")
    lead = lead_of(case)
    papers.issue_paper(lead_id=lead.pk, paper_id=draft.pk, dated_on=AT.date(), actor=city.east_handler, at=AT)
    source = [item for item in items_of(case) if (item.volume, item.place) == (Volume.SECONDARY, 1)]
    assert [item.title for item in source] == ["案件来源登记表"]

    request_file(case_id=case.pk, actor=city.east_handler, at=LATER)
    assert bind_files(clock=lambda: LATER) == 1
    file = CaseFile.objects.get()
    assert file.state == CaseFileState.READY, file.failure
    sums = {line["title"]: line["sha256"] for line in file.manifest}
    bound = approval().file
    assert bound is not None
    assert sums["立案/不予立案审批表"] == bound.sha256 and "立案审批表" not in sums and "案源材料" not in sums


def test_a_paper_of_the_lead_made_void_makes_the_file_stale_and_the_records_take_its_place(
    city: City, case: Case
) -> None:
    file = request_file(case_id=case.pk, actor=city.east_handler, at=LATER)
    assert not is_stale(file, case_for(city.east_handler, case.pk))
    papers.void_paper(
        lead_id=lead_of(case).pk, paper_id=approval().pk, reason="案由写错", actor=city.east_handler,
        at=LATER + timedelta(minutes=1),
    )  # fmt: skip
    assert is_stale(file, case_for(city.east_handler, case.pk))
    assert "立案审批表" in [item.title for item in items_of(case)]
