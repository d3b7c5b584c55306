"""The bound file of a case: what lies in it and in which order, pages and hashes, the worker, archiving."""

import json
import zipfile
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from PIL import Image
from pypdf import PdfReader, PdfWriter

from accounts.models import User
from cases.actions import casefile, evidence
from cases.actions.casefile import archive_case, bind_files, request_file
from cases.file_items import items_of
from cases.models import Case, CaseFile
from cases.states.casefile import CaseFileState
from cases.states.matter import CaseState
from cases.volumes import Item, Volume, Words, catalogue, missing, ordered
from core.errors import NotFound, NotPermitted, WrongState
from documents.actions.templates import load_templates
from documents.binding import Unprintable, bind, pages_of, picture_pdf, words_pdf
from documents.models import Paper
from documents.queries.papers import content_of
from tests.builders import NOW, SYSTEM, City, make_case, moment
from tests.cases.evidence_builders import described, make_evidence
from tests.cases.stages import case_in
from tests.documents import made_files as made
from tests.documents.made_files import upload
from tests.refusals import refused

FORMS = ("case_file_cover", "case_file_catalogue", "case_file_note")
LATER = moment("2026-04-20")


def item(volume: str, place: int, on: str | None = None, title: str = "x") -> Item:
    return Item(volume, place, title, Words(()), on=date.fromisoformat(on) if on else None)


def a_pdf(pages: int = 2) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(400, 300)
    writer.pages[0].rotate(90)
    to = BytesIO()
    writer.write(to)
    return to.getvalue()


def a_picture() -> bytes:
    to = BytesIO()
    Image.new("RGB", (3000, 2000), "red").save(to, "JPEG")
    return to.getvalue()


def bound(case: Case, actor: User, at: datetime = LATER) -> CaseFile:
    file = request_file(case_id=case.pk, actor=actor, at=at)
    assert bind_files(clock=lambda: at) == 1
    return CaseFile.objects.get(pk=file.pk)


@pytest.fixture
def forms(city: City) -> None:
    load_templates(actor=SYSTEM, at=NOW, forms=FORMS)


def test_a_volume_follows_the_article_and_within_a_place_the_days() -> None:
    items = [item("main", 4, None), item("main", 4, "2026-03-02"), item("secondary", 1), item("main", 1, "2026-03-05")]
    assert [(each.place, each.on) for each in ordered(items, "main")] == [
        (1, date(2026, 3, 5)), (4, date(2026, 3, 2)), (4, None),
    ]  # fmt: skip
    entries = catalogue(ordered(items, "main"), [1, 3, 2])
    assert [(each.order, each.pages) for each in entries] == [(1, "1"), (2, "2-4"), (3, "5-6")]


def test_what_a_file_must_hold_hangs_on_how_the_case_ended() -> None:
    assert len(missing([], outcome="penalty", procedure="ordinary")) == 8
    assert [str(each) for each in missing([item("main", 1), item("secondary", 1)], outcome="terminated", procedure="ordinary")] == [
        "结案审批表"
    ]  # fmt: skip
    assert not missing([item("main", 2), item("secondary", 5)], outcome="penalty", procedure="summary")


def test_every_page_of_the_parts_is_numbered_and_nothing_that_acts_comes_along(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "a.pdf").write_bytes(words_pdf("甲", [("项", "一\n二")], "注"))
    (folder / "b.pdf").write_bytes(a_pdf(3))
    front = words_pdf("封面", [], "")
    assert bind([front], [folder / "a.pdf", folder / "b.pdf"], [front], folder / "all.pdf", title="卷") == 4
    pages = PdfReader(folder / "all.pdf").pages
    assert len(pages) == 6
    numbers = [page.extract_text().split() for page in pages]
    assert [str(n) in words for n, words in enumerate(numbers[1:5], start=1)] == [True] * 4
    assert all("/Annots" not in page and "/AA" not in page for page in pages)


def test_the_same_words_give_the_same_bytes() -> None:
    assert words_pdf("甲", [("项", "一")], "注") == words_pdf("甲", [("项", "一")], "注")
    assert "甲" in PdfReader(BytesIO(words_pdf("甲", [("项", "A & B <x>")], "注"))).pages[0].extract_text()


def test_what_has_no_pages_is_told_apart() -> None:
    for content in (b"%PDF-1.4\nnothing\n%%EOF", b"", made.PNG[:40]):
        with pytest.raises(Unprintable):
            pages_of(BytesIO(content))
    with pytest.raises(Unprintable):
        picture_pdf(BytesIO(b"no picture"), "x")
    locked = PdfWriter(clone_from=BytesIO(a_pdf()))
    locked.encrypt("secret")
    to = BytesIO()
    locked.write(to)
    with pytest.raises(Unprintable):
        pages_of(to)


@pytest.mark.usefixtures("forms")
def test_a_file_holds_evidence_records_and_slips_with_their_hashes(city: City) -> None:
    case = make_case(city)
    for name, content in (
        ("单据.pdf", a_pdf(2)),
        ("现场.jpg", a_picture()),
        ("账册.csv", b"a,b\n1,2\n"),
        ("坏.pdf", made.PDF),
    ):
        evidence.add_evidence(
            case_id=case.pk, described=described(city, title=name), upload=[upload(content, name)],
            actor=city.east_handler, at=NOW,
        )  # fmt: skip
    file = bound(case, city.east_handler)
    assert file.state == CaseFileState.READY, file.failure
    assert file.main is not None and file.secondary is not None and file.bundle is not None
    main = [line for line in file.manifest if line["volume"] == Volume.MAIN]
    assert [line["place"] for line in main] == sorted(line["place"] for line in main)
    assert main[-1]["last"] == max(line["last"] for line in main)
    reader = PdfReader(BytesIO(content_of(file.main)))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "立案审批表" in text and case.party_name in text and "卷内文件目录" in text
    assert len(reader.pages) >= main[-1]["last"] + 3, "cover, catalogue and note are not numbered"
    with zipfile.ZipFile(BytesIO(content_of(file.bundle))) as bundle:
        sums = [line.split("  ") for line in bundle.read("SHA256SUMS").decode().splitlines()]
        for digest, name in sums:
            assert sha256(bundle.read(name)).hexdigest() == digest
        assert json.loads(bundle.read("manifest.json")) == file.manifest
        originals = {sha256(bundle.read(name)).hexdigest() for name in bundle.namelist() if name.startswith("原件/")}
    assert originals == {line["sha256"] for line in file.manifest if line["sha256"]}
    csv = next(line for line in main if line["title"].endswith("账册.csv"))
    assert csv["sm3"] in reader.pages[csv["first"] + len(reader.pages) - main[-1]["last"] - 2].extract_text()


@pytest.mark.usefixtures("forms")
def test_a_worker_that_dies_is_taken_over_and_gives_up_after_three(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(city)
    file = request_file(case_id=case.pk, actor=city.east_handler, at=LATER)
    with refused(WrongState, "file_in_the_making"):
        request_file(case_id=case.pk, actor=city.east_handler, at=LATER)

    def die(*_given: object) -> None:
        raise KeyboardInterrupt

    moments = [LATER + timedelta(minutes=3 * n) for n in range(3)]
    with monkeypatch.context() as patched:
        patched.setattr(casefile, "_bind", die)
        for at in moments[:2]:
            with pytest.raises(KeyboardInterrupt):
                bind_files(clock=partial(LATER.replace, minute=at.minute))
            assert bind_files(clock=partial(LATER.replace, minute=at.minute)) == 0, "the lease holds"
    at = moments[2]
    assert bind_files(clock=lambda: at) == 1
    file.refresh_from_db()
    assert (file.state, file.attempts) == (CaseFileState.READY, 3)

    CaseFile.objects.filter(pk=request_file(case_id=case.pk, actor=city.east_handler, at=at).pk).update(attempts=3)
    assert bind_files(clock=lambda: at) == 0
    assert CaseFile.objects.latest("pk").state == CaseFileState.FAILED


def test_a_file_that_cannot_be_bound_says_why(city: City) -> None:
    file = bound(make_case(city), city.east_handler)
    assert (file.state, "load_forms" in file.failure) == (CaseFileState.FAILED, True)


@pytest.mark.usefixtures("forms")
def test_a_closed_case_is_archived_with_its_whole_and_newest_file(city: City) -> None:
    case = case_in(city, CaseState.CLOSED)
    case.files.all().delete()
    Paper.objects.all().delete()
    with refused(WrongState, "no_case_file"):
        archive_case(case_id=case.pk, actor=city.east_handler, at=LATER)
    bound(case, city.east_handler)
    with pytest.raises(WrongState, match="行政处罚决定书") as caught:
        archive_case(case_id=case.pk, actor=city.east_handler, at=LATER)
    assert (caught.value.code, "立案审批表" in caught.value.detail) == ("file_incomplete", False)


@pytest.mark.usefixtures("forms")
def test_a_change_after_binding_makes_the_file_stale(city: City) -> None:
    case = case_in(city, CaseState.CLOSED)
    bound(case, city.east_handler)
    case.moves.create(at=LATER, actor=city.east_handler, name="close", source="closed", target="closed")
    with refused(WrongState, "case_file_stale"):
        archive_case(case_id=case.pk, actor=city.east_handler, at=LATER)


def test_excluded_evidence_lies_apart(city: City) -> None:
    case = make_case(city)
    exhibit = make_evidence(city, case, at=NOW)
    assert [each.place for each in items_of(case) if each.title.startswith("证据")] == [4]
    evidence.exclude_evidence(evidence_id=exhibit.pk, reason="以非法手段取得", actor=city.east_director, at=NOW)
    assert [each.place for each in items_of(case) if each.title.startswith("证据")] == [7]


@pytest.mark.usefixtures("forms")
def test_the_page_shows_the_order_and_gives_the_volumes(client: Client, city: City) -> None:
    case = make_case(city)
    client.force_login(city.east_handler)
    page = client.get(f"/cases/{case.pk}/file/").content.decode()
    assert page.index("立案审批表") < page.index("案源材料") and "还缺少" in page
    client.post(f"/cases/{case.pk}/file/request/")
    assert "正在生成" in client.get(f"/cases/{case.pk}/file/").content.decode()
    bind_files(clock=lambda: LATER)
    file = CaseFile.objects.get()
    answer: Any = client.get(f"/cases/{case.pk}/file/{file.pk}/main/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "正卷" in unquote(answer["Content-Disposition"])
    assert client.get(f"/cases/{case.pk}/file/{file.pk}/manifest/").status_code == 404
    client.force_login(city.west_handler)
    assert client.get(f"/cases/{case.pk}/file/{file.pk}/main/").status_code == 404


def test_only_those_who_work_in_the_office_have_a_file_bound(city: City) -> None:
    case = make_case(city)
    with refused(NotPermitted, "not_permitted"):
        request_file(case_id=case.pk, actor=city.leader, at=LATER)
    with refused(NotFound, "not_found"):
        request_file(case_id=case.pk, actor=city.west_handler, at=LATER)
