"""The papers of a case: which fit when, who makes them, what the case puts in by itself, and the way of one on pages and API."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from cases.actions import papers
from cases.models import Case
from cases.papers import common_of
from cases.queries.matter import case_for
from cases.queries.papers import fits, fitting_forms, may_make, missing_forms, suggested_forms
from cases.states.matter import CaseState
from cases.states.papers import FITS, SUGGESTED
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from documents.form_kinds import common_fields, form_kinds
from documents.models import IssuedNumber, Paper, Template
from documents.queries.papers import papers_of_subject
from tests.api_client import Caller, problem_of
from tests.builders import City, decide, make_approved_case, make_case, make_notified_case, moment
from tests.documents.made_files import upload
from tests.documents.paper_builders import INQUIRY, draft, issue, make_forms, make_template, word
from tests.refusals import refused

NOTICE: dict[str, object] = {"告知陈述申辩": True}
DECISION: dict[str, object] = {
    "调查经过": "经立案调查。", "告知和意见": "未提出。", "定性和依据": "经营超过保质期食品。", "裁量理由": "一般。", "违反条款": "示例条款",
    "处罚依据": "示例条款", "履行方式和期限": "十五日内缴纳。", "救济途径和期限": "复议或者诉讼。",
}  # fmt: skip


def test_a_case_fills_exactly_the_common_fields_that_templates_may_use(city: City) -> None:
    case = decide(city, make_notified_case(city), at=moment("2026-03-24"))
    common = common_of(case_for(city.east_handler, case.pk), on=date(2026, 3, 24))

    known = common_fields("case")
    assert common.keys() == known.keys()
    for name, field in known.items():
        value = common[name]
        if not field.columns:
            assert isinstance(value, str), name
        else:
            assert not isinstance(value, str) and all(row.keys() == set(field.columns) for row in value), name
    assert {name: common[name] for name in ("机关名称", "当事人名称", "主办证号", "立案日期", "罚款金额", "罚款大写", "决定日期")} == {
        "机关名称": "east局", "当事人名称": "示例商店", "主办证号": case.owner.certificates.get().number,
        "立案日期": "2026年3月2日", "罚款金额": "5000.00", "罚款大写": "伍仟元整", "决定日期": "2026年3月24日",
    }  # fmt: skip


def test_every_form_of_a_case_fits_somewhere_and_what_is_suggested_fits() -> None:
    assert FITS.keys() == {key for key, kind in form_kinds().items() if kind.subject == "case"}
    assert all(FITS.values())
    for state, forms in SUGGESTED.items():
        assert all(state in FITS[form] for form in forms), state
    assert set(CaseState) - SUGGESTED.keys() == {CaseState.MERGED, CaseState.ARCHIVED}


def test_the_notice_waits_for_approval_and_the_decision_paper_for_the_decision(city: City) -> None:
    make_forms("penalty_notice", "penalty_decision")
    case = make_case(city)
    for form in ("penalty_notice", "penalty_decision", "performance_demand"):
        assert form not in [kind.key for kind in (*suggested_forms(case), *fitting_forms(case))]
        with refused(WrongState, "paper_not_now"):
            draft(city, case, form, {})

    approved = make_approved_case(city)
    assert [kind.key for kind in suggested_forms(approved)] == ["penalty_notice", "service_receipt"]
    notice = issue(city, approved, "penalty_notice", NOTICE, at=moment("2026-03-11"))
    assert notice.number_text == "east市监罚告〔2026〕1号"
    common = common_of(case_for(city.east_handler, approved.pk), on=date(2026, 3, 11))
    assert common["告知书文号"] == notice.number_text
    assert [row["名称"] for row in common["送达文书"] if isinstance(row, dict)] == ["行政处罚告知书"]


def test_the_decision_paper_bears_the_number_and_the_day_of_the_decision(city: City) -> None:
    make_forms("penalty_decision")
    case = decide(city, make_notified_case(city), at=moment("2026-03-24"))
    later = moment("2026-03-26")
    assert [kind.key for kind in missing_forms(case, [])] == [
        "conclusion_report", "case_review", "penalty_notice", "penalty_decision",
    ]  # fmt: skip
    assert not fits(case, "no_penalty_decision") and not fits(case, "spot_penalty_decision")
    paper = draft(city, case, "penalty_decision", DECISION, at=later)
    with refused(Invalid, "not_day_of_decision", "dated_on"):
        papers.issue_paper(
            case_id=case.pk, paper_id=paper.pk, dated_on=date(2026, 3, 26), actor=city.east_handler, at=later
        )
    on = date(2026, 3, 24)
    first = papers.issue_paper(case_id=case.pk, paper_id=paper.pk, dated_on=on, actor=city.east_handler, at=later)
    assert first.number_text == case.decision_number

    second = draft(city, case, "penalty_decision", DECISION, at=later)
    with refused(Invalid, "number_in_use"):
        papers.issue_paper(case_id=case.pk, paper_id=second.pk, dated_on=on, actor=city.east_handler, at=later)
    papers.void_paper(case_id=case.pk, paper_id=first.pk, reason="错字", actor=city.east_handler, at=later)
    again = papers.issue_paper(case_id=case.pk, paper_id=second.pk, dated_on=on, actor=city.east_handler, at=later)
    assert again.number_text == case.decision_number
    assert not IssuedNumber.objects.get(text=case.decision_number).is_void, "the decision itself still stands"


def test_officers_make_the_papers_of_the_investigation_and_reviewers_theirs(city: City) -> None:
    make_forms("inquiry_notice")
    case = make_case(city)
    for user in (city.east_director, city.east_reviewer):
        with refused(NotPermitted, "not_permitted"):
            papers.draft_paper(
                case_id=case.pk, form="inquiry_notice", fields=INQUIRY, actor=user, at=moment("2026-03-03")
            )
    with refused(NotFound, "not_found"):
        papers.draft_paper(
            case_id=case.pk, form="inquiry_notice", fields=INQUIRY, actor=city.west_handler, at=moment("2026-03-03")
        )
    assert may_make(city.east_director, case, "case_matter_approval")
    assert may_make(city.east_reviewer, case, "case_review") and not may_make(city.east_handler, case, "case_review")
    paper = issue(city, case)
    more: dict[Callable[..., Paper], dict[str, Any]] = {
        papers.issue_paper: {"dated_on": date(2026, 3, 2)},
        papers.void_paper: {"reason": "x"},
        papers.revise_paper: {"fields": {}},
    }
    for act, arguments in more.items():
        with refused(NotPermitted, "not_permitted"):
            act(case_id=case.pk, paper_id=paper.pk, actor=city.east_director, at=moment("2026-03-03"), **arguments)
        with pytest.raises(NotFound):
            act(case_id=case.pk, paper_id=paper.pk + 99, actor=city.east_handler, at=moment("2026-03-03"), **arguments)
    Case.objects.filter(pk=case.pk).update(state="archived", closed_on=date(2026, 3, 2), archived_on=date(2026, 3, 2))
    with refused(WrongState, "file_is_closed"):
        papers.void_paper(
            case_id=case.pk, paper_id=paper.pk, reason="x", actor=city.east_handler, at=moment("2026-03-03")
        )


@pytest.fixture
def desk(client: Client, city: City) -> Client:
    client.force_login(city.east_handler)
    return client


@time_machine.travel(moment("2026-03-03"), tick=False)
def test_a_paper_goes_its_way_on_the_pages(desk: Client, city: City) -> None:
    make_forms("inquiry_notice")
    case = make_case(city)
    here = f"/cases/{case.pk}/papers/"
    assert "询问通知书" in desk.get(f"/cases/{case.pk}/").content.decode(), "suggested on the page of the case"
    assert "还没有制作文书" in desk.get(here).content.decode()
    form = desk.get(f"{here}new/inquiry_notice/").content.decode()
    assert "系统自动填入的内容" in form and "留空时填入“示例商店”" in form

    kept = desk.post(f"{here}new/inquiry_notice/", {"询问地点": "x" * 400, "调查事项": "A & B <x>"})
    assert kept.status_code == 400 and "A &amp; B &lt;x&gt;" in kept.content.decode()
    desk.post(f"{here}new/inquiry_notice/", {"询问地点": "大队", "调查事项": "A & B <x>"})
    paper = Paper.objects.get()
    at = f"{here}{paper.pk}/"
    shown = desk.get(at).content.decode()
    assert "草稿，未签发" in shown and "签发前还要填写：询问时间" in shown and "示例商店：经营超过保质期食品" in shown
    incomplete = desk.post(f"{at}issue/", {"dated_on": "2026-03-03", "confirmed": "on"})
    assert incomplete.status_code == 400 and "须填写“询问时间”" in incomplete.content.decode()
    assert "A &amp; B &lt;x&gt;" in desk.get(f"{at}revise/").content.decode()
    desk.post(f"{at}revise/", {"询问地点": "大队", "调查事项": "A & B <x>", "询问时间": "明天九时"})
    unconfirmed = desk.post(f"{at}issue/", {"dated_on": "2026-03-03"})
    assert unconfirmed.status_code == 400
    assert desk.get(f"{at}docx/").status_code == 409, "a draft has no file"
    done = desk.post(f"{at}issue/", {"dated_on": "2026-03-03", "confirmed": "on"}, follow=True)

    assert "已签发《询问通知书》（east市监询通〔2026〕1号）" in done.content.decode()
    case_page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "签发文书" in case_page and "east市监询通〔2026〕1号" in case_page
    word_file = desk.get(f"{at}docx/")
    assert b"".join(word_file).startswith(b"PK")
    pdf = desk.get(f"{at}pdf/")
    assert pdf["Content-Type"] == "application/pdf" and "sandbox" in pdf["Content-Security-Policy"]
    text = PdfReader(BytesIO(b"".join(pdf))).pages[0].extract_text()
    assert "east市监询通〔2026〕1号" in text and "示例商店" in text

    void = desk.post(f"{at}void/", {"reason": "地点写错", "confirmed": "on"}, follow=True).content.decode()
    assert "已作废" in void and "地点写错" in void and "east市监询通〔2026〕1号" in void
    desk.force_login(city.west_handler)
    for address in (here, at, f"{at}docx/", f"{at}pdf/", f"{at}issue/"):
        assert desk.get(address).status_code == 404


def test_no_page_asks_more_with_more_papers(desk: Client, city: City) -> None:
    make_forms("inquiry_notice")
    case = make_case(city)
    issue(city, case)

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert desk.get(address).status_code == 200
        return len(counted)

    pages = (f"/cases/{case.pk}/", f"/cases/{case.pk}/papers/", f"/cases/{case.pk}/papers/{Paper.objects.get().pk}/")
    before = [asked(page) for page in pages]
    for _turn in range(4):
        issue(city, case)
    assert [asked(page) for page in pages] == before


@time_machine.travel(moment("2026-03-03"), tick=False)
def test_a_paper_goes_its_way_over_the_api(city: City) -> None:
    make_forms("inquiry_notice")
    case = make_case(city)
    officer, stranger = Caller(city.east_handler), Caller(city.west_handler)
    at = f"/cases/{case.pk}/papers/"

    listed = officer.get(at).json()
    assert listed["papers"] == [] and {"key", "name", "basis", "is_suggested"} == listed["forms"][0].keys()
    problem_of(officer.post(at, {"form": "inquiry_notice", "typed": {"x": 1}}), 400, "unknown_paper_field")
    problem_of(officer.post(at, {"form": "inquiry_notice", "typed": {"询问地点": [1]}}), 400, "invalid")
    made = officer.post(at, {"form": "inquiry_notice", "typed": {"询问地点": "大队"}})
    assert made.status_code == 201
    one = f"{at}{made.json()['id']}/"
    problem_of(officer.get(f"{one}docx/"), 404, "not_found")
    problem_of(officer.post(f"{one}issue/", {"dated_on": "2026-03-03"}), 400, "required")
    officer.post(f"{one}revise/", {"typed": INQUIRY})
    issued = officer.post(f"{one}issue/", {"dated_on": "2026-03-03"}).json()
    assert (issued["number"], issued["state"], len(issued["sha256"])) == ("east市监询通〔2026〕1号", "issued", 64)
    assert officer.get(one).json() == issued
    assert b"".join(officer.get(f"{one}docx/")).startswith(b"PK")
    voided = officer.post(f"{one}void/", {"reason": "写错"}).json()
    assert (voided["state"], voided["number"]) == ("void", issued["number"])
    for path, body in ((at, None), (one, None), (f"{one}issue/", {"dated_on": "2026-03-03"})):
        answer = stranger.get(path) if body is None else stranger.post(path, body)
        problem_of(answer, 404, "not_found")
    forms = {each["key"]: each for each in officer.get("/forms/").json()}
    assert len(forms) == 66
    assert (forms["inquiry_notice"]["template_version"], forms["scene_record"]["template_version"]) == (1, None)


def test_an_authority_sets_its_own_templates_and_goes_back_to_the_national_ones(client: Client, city: City) -> None:
    make_forms("inquiry_notice")
    here = "/papers/templates/inquiry_notice/"
    client.force_login(city.east_handler)
    assert "全国统一第1版" in client.get("/papers/templates/").content.decode()
    assert "上传本机关的模板" not in client.get(here).content.decode()
    assert [client.get(f"{here}new/").status_code, client.post(f"{here}retire/").status_code] == [403, 403]
    assert client.get("/papers/templates/nonsense/").status_code == 400

    client.force_login(city.east_reviewer)
    assert "〔当事人名称〕" in client.get(here).content.decode(), "shown with its own names"
    wrong = client.post(f"{here}new/", {"upload": upload(word(["{{ 别的 }} {{ 另外的 }}"]), "模板.docx")})
    assert wrong.status_code == 400
    assert all(each in wrong.content.decode() for each in ("别的", "另外的"))
    client.post(f"{here}new/", {"upload": upload(word(["新样 {{ 当事人名称 }}"]), "模板.docx"), "note": "换抬头"})
    page = client.get(here).content.decode()
    assert "自己的模板，第1版" in page and "换抬头" in page and "新样" in page
    own = Template.objects.get(office=city.east)
    assert b"".join(client.get(f"/papers/templates/files/{own.pk}/")).startswith(b"PK")
    assert "本机关第1版" in client.get("/papers/templates/").content.decode()
    client.post(f"{here}retire/", {"confirmed": "on"})
    assert "全国统一模板，第1版" in client.get(here).content.decode()


def test_what_a_draft_lacks_to_be_shown_is_said_on_its_page(desk: Client, city: City) -> None:
    case = make_case(city)
    paper = draft(city, case)
    shown = desk.get(f"/cases/{case.pk}/papers/{paper.pk}/")
    assert shown.status_code == 200 and "load_forms" in shown.content.decode()
    make_template("inquiry_notice")
    assert "paper-sheet" in desk.get(f"/cases/{case.pk}/papers/{paper.pk}/").content.decode()
    assert [each.pk for each in papers_of_subject("case", case.pk)] == [paper.pk]
