"""The papers of a lead on its pages and over the API: the way of one, who is let in, and what a refusal keeps."""

from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from clues.actions.papers import void_paper
from clues.models import Lead
from clues.states import LeadState
from documents.models import Paper
from informants.queries import informant_of
from tests.api_client import Caller, problem_of
from tests.browsing import as_
from tests.builders import City
from tests.clues.complaint_stages import AT, WHO, complaint_in
from tests.clues.lead_papers import issued, print_forms
from tests.clues.stages import VERBS, lead_in
from tests.refusals import everything

ACCEPTANCE = "complaint_acceptance_notice"
TYPED = {"事项": "退货 <退款> & 赔偿"}
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def today() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def lead(city: City) -> Lead:
    """An accepted complaint, whose decision can be printed."""
    print_forms(ACCEPTANCE)
    return complaint_in(city, LeadState.MEDIATING)


@pytest.fixture
def desk(client: Client, city: City) -> Client:
    client.force_login(city.east_handler)
    return client


def test_a_paper_goes_its_way_on_the_pages(desk: Client, city: City, lead: Lead) -> None:
    page = f"/leads/{lead.pk}/"
    here, new = f"{page}papers/", f"{page}papers/new/{ACCEPTANCE}/"
    assert new in desk.get(page).content.decode(), "suggested on the page of the lead"
    listed = desk.get(here).content.decode()
    assert "还没有制作文书" in listed and "已经办理、还没有签发文书的步骤" in listed and new in listed
    told = informant_of("lead", lead.pk)
    assert told is not None
    form = desk.get(new).content.decode()
    assert "系统自动填入的内容" in form and f"留空时填入“{told.code}”" in form

    kept = desk.post(new, {"事项": "x" * 400, "联系电话": "A & B <x>"})
    assert kept.status_code == 400 and "A &amp; B &lt;x&gt;" in kept.content.decode()
    desk.post(new, {"联系电话": "12315"})
    paper = Paper.objects.get()
    at = f"{here}{paper.pk}/"
    shown = desk.get(at).content.decode()
    assert "草稿，未签发" in shown and "签发前还要填写：事项" in shown and told.code in shown
    given = {"dated_on": "2026-04-20", "confirmed": "on"}
    incomplete = desk.post(f"{at}issue/", given)
    assert incomplete.status_code == 400 and "须填写“事项”" in incomplete.content.decode()
    desk.post(f"{at}revise/", TYPED)
    early = desk.post(f"{at}issue/", {**given, "dated_on": "2026-04-19"})
    assert early.status_code == 400 and "2026-04-19" in early.content.decode(), "what was typed stays"
    assert 'value="2026-04-20"' in desk.get(f"{at}issue/").content.decode(), "the day it was accepted"
    done = desk.post(f"{at}issue/", given, follow=True).content.decode()

    assert "已签发《投诉受理决定书》（east市监诉受〔2026〕1号）" in done and "&lt;退款&gt; &amp;" in done
    on_lead = desk.get(page).content.decode()
    assert "签发文书" in on_lead and "east市监诉受〔2026〕1号" in on_lead
    assert b"".join(desk.get(f"{at}docx/")).startswith(b"PK")
    pdf = PdfReader(BytesIO(b"".join(desk.get(f"{at}pdf/")))).pages[0].extract_text()
    assert told.code in pdf and WHO.name not in pdf
    assert desk.post(f"{at}revise/", TYPED).status_code == 409
    void = desk.post(f"{at}void/", {"reason": "事项写错", "confirmed": "on"}, follow=True).content.decode()
    assert "已作废" in void and "事项写错" in void and "east市监诉受〔2026〕1号" in void


def test_who_may_not_make_a_paper_is_told_so_and_strangers_find_nothing(city: City, lead: Lead) -> None:
    made = issued(lead, ACCEPTANCE, city.east_handler)
    here = f"/leads/{lead.pk}/papers/"
    forms = [f"{here}new/{ACCEPTANCE}/", *(f"{here}{made.pk}/{verb}/" for verb in ("revise", "issue", "void"))]
    files = [f"{here}{made.pk}/docx/", f"{here}{made.pk}/pdf/"]
    stranger, clerk, officer = as_(city.west_head), as_(city.east_clerk), as_(city.east_handler)
    before = everything()
    for address in (here, f"{here}{made.pk}/", *forms, *files):
        assert stranger.get(address).status_code == 404
    for address in forms:
        assert [clerk.get(address).status_code, clerk.post(address, {"reason": "x"}).status_code] == [403, 403]
    page = clerk.get(here).content.decode()
    assert f"{here}{made.pk}/" in page and f"{here}new/{ACCEPTANCE}/" not in page
    assert officer.get(f"{here}new/mediation_document/").status_code == 409, "not settled"
    assert officer.get(f"{here}new/report_register/").status_code == 409, "no report"
    assert officer.get(f"{here}new/inquiry_notice/").status_code == 400, "a paper of cases"
    assert everything() == before


def test_a_paper_goes_its_way_over_the_api(city: City, lead: Lead) -> None:
    officer, clerk, stranger = (Caller(user) for user in (city.east_handler, city.east_clerk, city.west_handler))
    at = f"/leads/{lead.pk}/papers/"
    listed = officer.get(at).json()
    assert listed["papers"] == []
    assert [form["key"] for form in listed["forms"]] == ["complaint_register", ACCEPTANCE, "mediation_notice"]
    assert [form["key"] for form in clerk.get(at).json()["forms"]] == ["complaint_register"]
    body = {"form": ACCEPTANCE, "typed": TYPED}
    before = everything()
    problem_of(officer.post(at, {"form": ACCEPTANCE, "typed": {"x": 1}}), 400, "unknown_paper_field")
    problem_of(officer.post(at, {"form": "mediation_document", "typed": {}}), 409, "paper_not_now")
    problem_of(officer.post(at, {"form": "inquiry_notice", "typed": {}}), 400, "form_of_other_subject")
    problem_of(clerk.post(at, body), 403, "not_permitted")
    problem_of(stranger.post(at, body), 404, "not_found")
    assert everything() == before

    made = officer.post(at, {"form": ACCEPTANCE, "typed": {}})
    assert made.status_code == 201 and made["Location"].endswith(f"{at}{made.json()['id']}/")
    one = f"{at}{made.json()['id']}/"
    problem_of(officer.get(f"{one}docx/"), 404, "not_found")
    problem_of(officer.post(f"{one}issue/", {"dated_on": "2026-04-20"}), 400, "required")
    officer.post(f"{one}revise/", {"typed": TYPED})
    problem_of(officer.post(f"{one}issue/", {"dated_on": "2026-04-21"}), 400, "day_out_of_range")
    done = officer.post(f"{one}issue/", {"dated_on": "2026-04-20"}).json()
    assert (done["number"], done["state"], done["subject_kind"]) == ("east市监诉受〔2026〕1号", "issued", "lead")
    assert len(done["sha256"]) == 64 and WHO.name not in done["text"]
    assert officer.get(one).json() == done
    assert b"".join(officer.get(f"{one}docx/")).startswith(b"PK")
    assert officer.get(f"/leads/{lead.pk}/").json()["moves"][-1]["name"] == "issue_paper"
    problem_of(officer.post(f"{one}revise/", {"typed": TYPED}), 409, "wrong_state")
    assert officer.post(f"{one}void/", {"reason": "写错"}).json()["state"] == "void"
    for path in (at, one, f"{one}docx/"):
        problem_of(stranger.get(path), 404, "not_found")


def test_no_page_asks_more_with_more_papers(desk: Client, city: City, lead: Lead) -> None:
    first = issued(lead, ACCEPTANCE, city.east_handler)

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert desk.get(address).status_code == 200
        return len(counted)

    page = f"/leads/{lead.pk}/"
    pages = (page, f"{page}papers/", f"{page}papers/{first.pk}/")
    before = [asked(each) for each in pages]
    for _turn in range(4):
        issued(lead, ACCEPTANCE, city.east_handler)
    assert [asked(each) for each in pages] == before


def test_a_merged_lead_shows_its_papers_and_offers_none(desk: Client, city: City) -> None:
    merged = lead_in(city, LeadState.MERGED)
    page = desk.get(f"/leads/{merged.pk}/papers/").content.decode()
    assert "现在没有由您制作的文书" in page and "/papers/new/" not in page
    assert "made-papers" not in desk.get(f"/leads/{merged.pk}/").content.decode()


def test_a_form_is_suggested_until_one_of_it_was_issued_whatever_state_follows(city: City) -> None:
    register = "lead_source_register"
    print_forms(register)
    lead = lead_in(city, LeadState.REGISTERED)
    head = city.east_director

    def is_suggested() -> bool:
        """On the page of the lead, that of its papers and over the API alike; offered it is in any case."""
        new = f"/leads/{lead.pk}/papers/new/{register}/"
        on_lead = f'<a class="button button-small" href="{new}"' in as_(head).get(f"/leads/{lead.pk}/").content.decode()
        papers = as_(head).get(f"/leads/{lead.pk}/papers/").content.decode()
        told = {form["key"]: form for form in Caller(head).get(f"/leads/{lead.pk}/papers/").json()["forms"]}
        assert new in papers and on_lead == (f'<a class="button" href="{new}"' in papers)
        assert on_lead == told[register]["is_suggested"]
        return on_lead

    assert is_suggested()
    made = issued(lead, register, head)
    assert not is_suggested()
    VERBS["assign"](city, lead, head, AT)
    assert not is_suggested()
    void_paper(lead_id=lead.pk, paper_id=made.pk, reason="写错", actor=head, at=AT)
    assert is_suggested()
