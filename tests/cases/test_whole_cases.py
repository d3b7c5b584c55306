"""Three published cases from the lead to the archived file, whose volumes are opened and read."""

import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from io import BytesIO

import pytest
from pypdf import PdfReader

from cases.actions.casefile import archive_case, bind_files, request_file
from cases.models import Case, CaseFile
from cases.states.matter import CaseState, Outcome
from cases.volumes import Volume
from deadlines.models import Clock
from documents.actions.templates import load_templates, set_form_numbers
from documents.models import Paper, StoredFile
from documents.queries.papers import content_of
from tests.builders import NOW, SYSTEM, City, moment
from tests.cases import whole

NOTE_PAGES = 1


@pytest.fixture
def forms(city: City) -> None:
    load_templates(actor=SYSTEM, at=NOW, forms=whole.FORMS)
    set_form_numbers(actor=SYSTEM, at=NOW)


def archived(case: Case, city: City, on: str) -> CaseFile:
    """The case with its file bound and archived."""
    at = moment(on)
    file = request_file(case_id=case.pk, actor=city.east_handler, at=at)
    assert bind_files(clock=lambda: at) == 1
    file.refresh_from_db()
    assert not file.failure
    assert archive_case(case_id=case.pk, actor=city.east_handler, at=at).state == CaseState.ARCHIVED
    return file


def squeezed(text: str) -> str:
    return "".join(text.split())


def volume(file: CaseFile, name: Volume) -> tuple[list[str], str]:
    """The titles of a volume in its order, once its pages were looked at: numbers, catalogue; and all its words."""
    stored: StoredFile | None = file.main if name == Volume.MAIN else file.secondary
    assert stored is not None
    content = content_of(stored)
    assert sha256(content).hexdigest() == stored.sha256
    texts = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    lines = [line for line in file.manifest if line["volume"] == name]
    assert [line["place"] for line in lines] == sorted(line["place"] for line in lines), "the order of article 78"
    front = len(texts) - lines[-1]["last"] - NOTE_PAGES
    for number, text in enumerate(texts[front:-NOTE_PAGES], start=1):
        assert str(number) in text.split(), f"page {number} of {name} bears its number"
    for before, line in zip([None, *lines], lines, strict=False):
        assert line["first"] == (before["last"] + 1 if before else 1)
    listing = squeezed("".join(texts[1:front]))
    places = [listing.index(squeezed(line["title"])) for line in lines]
    assert places == sorted(places), "the catalogue lists what lies there, in that order"
    return [line["title"] for line in lines], squeezed("".join(texts))


def require_bundle(file: CaseFile) -> None:
    """Every hash of the manifest is that of the bytes in the bundle."""
    assert file.bundle is not None
    with zipfile.ZipFile(BytesIO(content_of(file.bundle))) as bundle:
        assert json.loads(bundle.read("manifest.json")) == file.manifest
        sums = [line.split("  ", 1) for line in bundle.read("SHA256SUMS").decode().splitlines()]
        assert all(sha256(bundle.read(name)).hexdigest() == digest for digest, name in sums)
        assert {name for _digest, name in sums} | {"SHA256SUMS"} == set(bundle.namelist())
    originals = {digest for digest, name in sums if name.startswith("原件/")}
    issued = {sha256(content_of(paper.file)).hexdigest() for paper in Paper.objects.all() if paper.file}
    assert originals and {line["sha256"] for line in file.manifest if line["file"]} == originals | issued


def walked(city: City, build: Callable[[City], Case], on: str) -> tuple[Case, CaseFile]:
    case = build(city)
    file = archived(case, city, on)
    require_bundle(file)
    open_ = Clock.objects.filter(subject_kind="case", subject_id=case.pk, state__in=["running", "suspended"])
    assert not open_.exists(), "nothing runs on in a case that is archived"
    return Case.objects.get(pk=case.pk), file


def in_this_order(titles: list[str], *wanted: str) -> None:
    found = [next(place for place, title in enumerate(titles) if want in title) for want in wanted]
    assert found == sorted(found), titles


@pytest.mark.usefixtures("forms")
def test_a_case_with_a_hearing_ends_in_a_bound_file(city: City) -> None:
    case, file = walked(city, whole.overcharging, "2026-08-13")
    assert case.fine == case.paid == 319_000 and case.outcome == Outcome.PENALTY
    order = case.refund_orders.get()
    assert order.amount == sum(each.refunded for each in order.beneficiaries.all()) == 63_800
    titles, words = volume(file, Volume.MAIN)
    in_this_order(
        titles, "立案审批表", "行政处罚决定书", "送达回证（行政处罚决定书、信用修复告知书）", "责令退款通知书", "行政处罚告知书",
        "送达回证（行政处罚告知书）", "行政处罚听证通知书", "延期/分期缴纳罚款通知书", "现场笔录", "收费台账", "听证笔录", "罚没款缴纳记录",
        "陈述申辩",
    )  # fmt: skip
    assert "企业K" in words and squeezed(case.decision_number) in words and "319000.00" in words
    assert "ledgerpagethree" in words, "every page of a scan lies in the volume"
    titles, words = volume(file, Volume.SECONDARY)
    in_this_order(
        titles, "案源材料", "案件调查终结报告", "案件审核/法制审核表", "听证报告", "结案审批表", "集体讨论记录"
    )
    assert "企业K" in words


@pytest.mark.usefixtures("forms")
def test_an_ordinary_case_paid_late_ends_in_a_bound_file(city: City) -> None:
    case, file = walked(city, whole.lift, "2026-06-09")
    # Due on Monday 25 May; seven days at three per cent of 50 000 yuan until 1 June (程序规定第七十五条).
    assert [case.fine, case.late_fine, case.paid] == [Decimal(50_000), Decimal(10_500), Decimal(60_500)]
    titles, words = volume(file, Volume.MAIN)
    in_this_order(titles, "立案审批表", "行政处罚决定书", "行政处罚告知书", "现场笔录", "电梯检验报告", "缴纳记录")
    assert "听证笔录" not in titles and "企业D" in words and squeezed(case.decision_number) in words
    titles, _words = volume(file, Volume.SECONDARY)
    in_this_order(titles, "案源材料", "案件调查终结报告", "案件审核/法制审核表", "结案审批表")


@pytest.mark.usefixtures("forms")
def test_a_case_referred_to_the_police_ends_in_a_bound_file(city: City) -> None:
    case, file = walked(city, whole.counterfeits, "2025-03-04")
    assert (case.outcome, case.decision_number) == (Outcome.REFERRED, "")
    titles, words = volume(file, Volume.MAIN)
    in_this_order(titles, "立案审批表", "现场笔录", "财物清单及处理情况")
    assert "企业F" in words and "移送示例市公安局" in words
    titles, _words = volume(file, Volume.SECONDARY)
    in_this_order(titles, "案源材料", "结案审批表", "涉嫌犯罪案件移送书")
