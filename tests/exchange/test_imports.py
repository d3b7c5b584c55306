"""From the file to the leads: checked first, confirmed by a person, brought in by a worker that may be killed."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry
from clues.models import Lead, LeadMove
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from exchange import queries
from exchange.actions import running, steps
from exchange.models import ColumnMapping, Import, ImportContent, ImportedRow
from informants.models import Informant
from tests.builders import NOW, City
from tests.documents.made_files import archive
from tests.exchange.files import GOOD, HEADERS, csv, rows, upload, xlsx
from tests.refusals import everything, refused


def start(city: City, content: bytes, name: str = "台账.xlsx", mode: str = "good_rows_only") -> Import:
    return steps.upload_leads(
        upload=upload(content, name), office_id=city.east_squad.pk, mode=mode, actor=city.east_clerk, at=NOW
    )


def work(minutes: int = 0) -> int:
    return running.run_imports(clock=lambda: NOW + timedelta(minutes=minutes))


def checked(city: City, content: bytes, name: str = "台账.xlsx", mode: str = "good_rows_only") -> Import:
    of = start(city, content, name, mode)
    steps.check_import(import_id=of.pk, mapping=of.mapping, actor=city.east_clerk, at=NOW)
    work()
    of.refresh_from_db()
    return of


def imported(city: City, content: bytes, name: str = "台账.xlsx", mode: str = "good_rows_only") -> Import:
    of = checked(city, content, name, mode)
    steps.confirm_import(import_id=of.pk, mode=mode, actor=city.east_clerk, at=NOW)
    work()
    of.refresh_from_db()
    return of


def found(of: Import) -> list[tuple[int, str]]:
    return list(queries.problems_of(of).values_list("row", "code"))


# ---- the way ----------------------------------------------------------------


@pytest.mark.parametrize("mode", ["good_rows_only", "all_or_nothing"])
def test_a_good_file_becomes_leads_and_its_bytes_are_gone(city: City, mode: str) -> None:
    of = imported(city, xlsx(rows(3)), mode=mode)

    assert (of.state, of.total, of.good, of.bad, of.known, of.imported) == ("done", 3, 3, 0, 0, 3)
    leads = Lead.objects.order_by("id")
    assert [lead.party_name for lead in leads] == ["示例商店1", "示例商店2", "示例商店3"]
    assert {(lead.office, lead.owner) for lead in leads} == {(city.east_squad, city.east_clerk)}
    assert [lead.number[-2:] for lead in leads] == ["1号", "2号", "3号"]
    assert not ImportContent.objects.exists()
    assert of.sha256
    verbs = Entry.objects.filter(subject_kind="import").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == [
        f"exchange.{name}" for name in ("upload", "check", "finish_check", "confirm", "finish")
    ]  # fmt: skip


def test_checking_registers_nothing_and_names_each_bad_row(city: City) -> None:
    bad = [
        ("举报", "2026-13-01", "甲", "内容"), ("传闻", "2026-02-27", "甲", "内容"), ("举报", "2026-02-27", "", "内容"),
        ("举报", "2027-01-01", "甲", "内容"), ("投诉", "2026-02-27", "甲", "内容"), ("举报", "", "甲", "内容"),
    ]  # fmt: skip
    of = checked(city, xlsx([GOOD, *bad]))

    assert (of.state, of.total, of.good, of.bad) == ("checked", 7, 1, 6)
    assert not Lead.objects.exists()
    codes = dict(found(of))
    assert codes[3] == "not_a_day"
    assert codes[4] == "unknown_channel"
    assert codes[5] == "required"
    assert codes[6] == "future_origin"
    assert codes[8] == "required"
    assert 7 in codes
    assert 2 not in codes


def test_days_and_amounts_are_read_as_people_write_them(city: City) -> None:
    lines = [
        ("举报", day, f"示例{place}", "内容", "1,234.50元")
        for place, day in enumerate(("20260227", "2026年2月27日", "2026/2/27", "46080", "2026-02-27 09:30"))
    ]
    of = imported(city, xlsx(lines, headers=(*HEADERS, "涉案金额（元）")))

    assert of.imported == 5, found(of)
    assert {str(lead.received_on) for lead in Lead.objects.all()} == {"2026-02-27"}
    assert {str(lead.amount) for lead in Lead.objects.all()} == {"1234.50"}


def test_the_informant_is_sealed_and_no_problem_says_a_word(city: City) -> None:
    headers = (*HEADERS, "投诉请求", "投诉人", "联系电话", "通讯地址")
    line = ("投诉", "2026-02-27", "示例超市", "不退货。", "退货", "某甲", "13800000000", "某路1号")
    too_long = (*line[:5], "某" * 61, "13911112222", "某路2号")
    of = imported(city, csv([line, too_long], headers=headers), "投诉.csv")

    assert (of.imported, of.bad) == (1, 1)
    assert Informant.objects.get().subject_id == Lead.objects.get().pk
    told = str(everything())
    assert "13800000000" not in told
    assert "13911112222" not in told


def test_the_columns_are_remembered_for_the_next_file_of_that_kind(city: City) -> None:
    headers = ("渠道", "时间", "名字", "情况")
    of = start(city, xlsx([GOOD], headers=headers))
    assert of.mapping == ["channel", "", "", ""]
    given = ["channel", "received_on", "party_name", "summary"]
    steps.check_import(import_id=of.pk, mapping=given, actor=city.east_clerk, at=NOW)

    assert start(city, xlsx([GOOD], headers=headers)).mapping == given
    assert ColumnMapping.objects.get().user == city.east_clerk


def test_an_old_ledger_comes_in_with_what_became_of_each(city: City) -> None:
    headers = (*HEADERS, "原编号", "承办人", "分派日期", "签收日期", "处理结果", "决定日期", "理由")
    line = (
        "举报", "2025-12-01", "示例商店", "过期食品。", "2025-9", "east_handler", "2025-12-02", "2025-12-03", "不予立案",
        "2025-12-10", "违法行为轻微并及时改正，没有造成危害后果",
    )  # fmt: skip
    of = imported(city, csv([line], headers=headers), "台账.csv")

    assert of.imported == 1, found(of)
    lead = Lead.objects.get()
    assert (lead.state, lead.owner, lead.decline_ground) == ("not_filed", city.east_handler, "minor")
    assert list(LeadMove.objects.order_by("id").values_list("name", flat=True)) == ["log", "assign", "sign", "decline"]


# ---- nothing twice ----------------------------------------------------------


def test_the_same_file_twice_brings_in_nothing_twice(city: City) -> None:
    imported(city, xlsx(rows(3)))
    again = checked(city, xlsx(rows(3)))
    assert (again.good, again.known) == (0, 3)
    first = Import.objects.order_by("id")[0]
    assert (queries.same_file_before(again) == first) == (again.sha256 == first.sha256)
    with refused(Invalid, "nothing_to_import", "mode"):
        steps.confirm_import(import_id=again.pk, mode="good_rows_only", actor=city.east_clerk, at=NOW)


def test_the_same_rows_in_another_file_come_in_once(city: City) -> None:
    imported(city, xlsx(rows(2)))
    of = imported(city, csv(rows(3)), "另一份.csv")
    assert (of.known, of.imported) == (2, 1)
    assert Lead.objects.count() == 3


def test_a_row_twice_in_one_file_comes_in_once_and_is_told(city: City) -> None:
    of = imported(city, xlsx([*rows(1), GOOD, *rows(1)]))
    assert (of.good, of.known, of.imported) == (2, 1, 2)
    assert found(of) == [(4, "row_repeated")]


def test_what_looks_like_another_lead_is_told_and_not_decided(city: City) -> None:
    imported(city, xlsx([GOOD]))
    of = checked(city, xlsx([("举报", "2026-02-28", "示例商店", "又销售过期食品。")]))
    assert (of.good, of.alike) == (1, 1)
    assert found(of) == [(2, "likely_duplicate")]


# ---- killed and refused -----------------------------------------------------


def test_a_worker_killed_between_chunks_is_followed_by_one_that_goes_on(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    of = checked(city, xlsx(rows(5)))
    steps.confirm_import(import_id=of.pk, mode="good_rows_only", actor=city.east_clerk, at=NOW)
    whole, done = running.bring_in, 0

    def killed(**given: Any) -> None:
        nonlocal done
        done += 1
        if done == 2:
            raise KeyboardInterrupt
        whole(**given)

    monkeypatch.setattr(running, "bring_in", killed)
    with pytest.raises(KeyboardInterrupt):
        work()
    assert (Lead.objects.count(), ImportedRow.objects.count()) == (2, 2)

    monkeypatch.setattr(running, "bring_in", whole)
    assert work(1) == 0, "still another's"
    assert work(3) == 1
    of.refresh_from_db()
    assert (of.state, of.imported, Lead.objects.count()) == ("done", 5, 5)
    assert len(set(Lead.objects.values_list("party_name", flat=True))) == 5


def test_checking_killed_begins_anew(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    of = start(city, xlsx([*rows(3), ("传闻", "2026-02-27", "甲", "乙")]))
    steps.check_import(import_id=of.pk, mapping=of.mapping, actor=city.east_clerk, at=NOW)
    monkeypatch.setattr(running, "finish_check", lambda **_given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        work()
    monkeypatch.undo()
    work(5)
    of.refresh_from_db()
    assert (of.state, of.good, of.bad, len(found(of))) == ("checked", 3, 1, 1)


def test_all_or_nothing_with_a_bad_row_is_not_confirmed(city: City) -> None:
    of = checked(city, xlsx([GOOD, ("举报", "2026-02-27", "甲", "")]), mode="all_or_nothing")
    with refused(Invalid, "bad_rows", "mode"):
        steps.confirm_import(import_id=of.pk, mode="all_or_nothing", actor=city.east_clerk, at=NOW)


def test_a_row_gone_bad_after_the_check_leaves_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    of = checked(city, xlsx([*rows(4), ("举报", "2026-02-27", "甲", "乙")]), mode="all_or_nothing")
    steps.confirm_import(import_id=of.pk, mode="all_or_nothing", actor=city.east_clerk, at=NOW)
    Import.objects.filter(pk=of.pk).update(office=city.west_squad)  # the post no longer reaches it

    work()
    of.refresh_from_db()
    assert of.state == "refused"
    assert of.refusal
    assert not Lead.objects.exists()
    assert not ImportedRow.objects.exists()


def test_whoever_lost_the_post_brings_nothing_in(city: City) -> None:
    of = checked(city, xlsx(rows(1)))
    steps.confirm_import(import_id=of.pk, mode="good_rows_only", actor=city.east_clerk, at=NOW)
    city.east_clerk.posts.update(ends_on=NOW.date())
    work()
    assert not Lead.objects.exists()


def test_cancelled_is_gone_without_a_trace_of_the_file(city: City) -> None:
    of = checked(city, xlsx(rows(1)))
    steps.cancel_import(import_id=of.pk, actor=city.east_clerk, at=NOW)
    assert not ImportContent.objects.exists()
    with refused(WrongState, "wrong_state"):
        steps.confirm_import(import_id=of.pk, mode="good_rows_only", actor=city.east_clerk, at=NOW)


def test_ringing_with_nothing_to_do_does_nothing(city: City) -> None:
    assert work() == 0


# ---- refused at the door ----------------------------------------------------

TYPES = (
    b'<Types><Override PartName="/xl/workbook.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (archive({"[Content_Types].xml": TYPES, "xl/vbaProject.bin": b"x"}), "宏.xlsx", "macro_file"),
        (archive({"[Content_Types].xml": TYPES, "xl/worksheets/sheet1.xml": b" " * 60_000_000}), "弹.xlsx", "archive_bomb"),
        (b"%PDF-1.4\n%%EOF", "台账.xlsx", "type_not_allowed"),
        (csv([GOOD]), "台账.xlsx", "type_not_allowed"),
        (b"\xff\xff\xfe\x81", "台账.csv", "undecodable"),
        (b"", "台账.csv", "empty_file"),
        (xlsx([GOOD], headers=("收到日期", "收到日期")), "台账.xlsx", "duplicate_header"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else "",
)  # fmt: skip
def test_a_hostile_file_is_refused_at_the_door(city: City, content: bytes, name: str, code: str) -> None:
    with refused(Invalid, code, "upload"):
        start(city, content, name)


def test_a_missing_column_is_named(city: City) -> None:
    of = start(city, xlsx([GOOD[:3]], headers=HEADERS[:3]))
    with refused(Invalid, "missing_column", "mapping"):
        steps.check_import(import_id=of.pk, mapping=of.mapping, actor=city.east_clerk, at=NOW)
    with pytest.raises(Invalid, match="线索内容"):
        steps.check_import(import_id=of.pk, mapping=of.mapping, actor=city.east_clerk, at=NOW)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (["channel", "channel", "party_name", "summary"], "field_twice"),
        (["channel", "received_on", "party_name", "owner_id"], "unknown_field"),
        (["channel"], "mapping_length"),
    ],
)
def test_a_wrong_mapping_is_refused(city: City, mapping: list[str], code: str) -> None:
    of = start(city, xlsx([GOOD]))
    with refused(Invalid, code):
        steps.check_import(import_id=of.pk, mapping=mapping, actor=city.east_clerk, at=NOW)


@pytest.mark.parametrize("who", ["handler", "west_head", "supervisor", "leader", "reviewer", "east_handler"])
def test_who_may_not_import_for_the_office_uploads_nothing(city: City, who: str) -> None:
    actor: User = getattr(city, who)
    with refused(NotPermitted):
        steps.upload_leads(
            upload=upload(xlsx([GOOD])), office_id=city.east_squad.pk, mode="good_rows_only", actor=actor, at=NOW
        )


def test_an_import_of_another_office_does_not_exist(city: City) -> None:
    of = start(city, xlsx([GOOD]))
    for row in (steps.cancel_import,):
        with refused(NotFound):
            row(import_id=of.pk, actor=city.west_head, at=NOW)
    assert list(queries.imports_for(city.east_head)) == [of]
    assert not queries.imports_for(city.west_head)


def test_what_nobody_goes_on_with_is_cancelled_after_a_week_and_its_file_deleted(city: City) -> None:
    of = start(city, xlsx(rows(2)))
    running.run_imports(clock=lambda: NOW + timedelta(days=7))
    assert Import.objects.get(pk=of.pk).state == "uploaded"
    running.run_imports(clock=lambda: NOW + timedelta(days=7, minutes=1))
    assert Import.objects.get(pk=of.pk).state == "cancelled"
    assert not ImportContent.objects.exists()
    assert Entry.objects.filter(verb="exchange.cancel", actor_label="exchange.run_imports").count() == 1
