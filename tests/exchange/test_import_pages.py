"""Importing and exporting at the screen and over the API."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from audit.models import Entry
from clues.models import Lead
from exchange.actions import exporting
from exchange.columns import COLUMNS, guess
from exchange.models import Import, ImportContent
from exchange.sheets import write_csv
from tests.api_client import Caller, problem_of
from tests.builders import City, make_lead
from tests.exchange.files import GOOD, HEADERS, csv, rows, upload, xlsx
from tests.exchange.test_imports import checked, imported, work


@pytest.fixture
def desk(client: Client, city: City) -> Client:
    client.force_login(city.east_clerk)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def table_of(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


# ---- importing --------------------------------------------------------------


def test_a_clerk_imports_a_ledger_from_upload_to_leads(desk: Client, city: City) -> None:
    answer = desk.post(
        reverse("import_new"),
        {"upload": upload(xlsx([*rows(2), ("传闻", "2026-02-27", "甲", "乙")])), "office": city.east_squad.pk,
         "mode": "good_rows_only"},
    )  # fmt: skip
    of = Import.objects.get()
    columns = reverse("import_columns", args=[of.pk])
    assert answer["Location"] == columns
    shown = text_of(desk.get(columns))
    assert "A 来源渠道" in shown

    here = reverse("import_page", args=[of.pk])
    fields = {f"column_{place}": name for place, name in enumerate(of.mapping)}
    assert desk.post(columns, fields)["Location"] == here
    assert 'http-equiv="refresh"' in text_of(desk.get(here))

    work()
    page = text_of(desk.get(here))
    assert 'http-equiv="refresh"' not in page
    assert "确认导入 2 条线索" in page
    assert "传闻" in page
    desk.post(reverse("import_confirm", args=[of.pk]), {"mode": "good_rows_only"})
    work()
    page = text_of(desk.get(here))
    assert all(lead.number in page for lead in Lead.objects.all())
    assert Lead.objects.count() == 2


def test_a_refused_file_says_so_on_the_form(desk: Client, city: City) -> None:
    answer = desk.post(
        reverse("import_new"),
        {"upload": upload(b"%PDF-1.4\n%%EOF"), "office": city.east_squad.pk, "mode": "good_rows_only"},
    )
    assert answer.status_code == 400
    assert "不能上传" in text_of(answer)
    assert not Import.objects.exists()


def test_a_missing_column_is_said_on_the_form_and_the_choices_stay(desk: Client, city: City) -> None:
    desk.post(
        reverse("import_new"),
        {"upload": upload(xlsx([GOOD])), "office": city.east_squad.pk, "mode": "good_rows_only"},
    )  # fmt: skip
    of = Import.objects.get()
    fields = {"column_0": "channel", "column_1": "received_on", "column_2": "", "column_3": "summary"}
    answer = desk.post(reverse("import_columns", args=[of.pk]), fields)
    assert answer.status_code == 400
    assert "缺少必需的列：当事人名称" in text_of(answer)


def test_all_or_nothing_with_bad_rows_comes_back_with_the_reason(desk: Client, city: City) -> None:
    of = checked(city, xlsx([GOOD, ("举报", "2026-02-27", "", "乙")]), mode="all_or_nothing")
    answer = desk.post(reverse("import_confirm", args=[of.pk]), {"mode": "all_or_nothing"})
    assert answer.status_code == 400
    assert "一行也不导入" in text_of(answer)


def test_the_problems_are_taken_away_as_a_workbook(desk: Client, city: City) -> None:
    of = checked(city, xlsx([("传闻", "2026-02-27", "甲", "乙")]))
    lines = table_of(body_of(desk.get(reverse("import_problems", args=[of.pk]))))
    assert lines[1][:3] == ["2", "问题", "来源渠道"]


def test_cancelling_deletes_the_file(desk: Client, city: City) -> None:
    of = checked(city, xlsx([GOOD]))
    desk.post(reverse("import_cancel", args=[of.pk]))
    assert not ImportContent.objects.exists()
    assert "文件内容已删除" in text_of(desk.get(reverse("import_page", args=[of.pk])))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(
    desk: Client, city: City, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        checked(city, xlsx(rows(1, start=number * 10)))
    desk.get(reverse("import_list"))
    with django_assert_num_queries(10):
        assert desk.get(reverse("import_list")).status_code == 200


def test_the_template_is_read_back_column_for_column(desk: Client) -> None:
    content = body_of(desk.get(reverse("lead_template")))
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names == ["线索", "填写说明", "选项"]
    assert guess([str(cell) for cell in book.get_sheet_by_index(0).to_python()[0]]) == [each.name for each in COLUMNS]


def test_a_filled_template_comes_in(desk: Client, city: City) -> None:
    headers = [f"{each.heading}*" if each.is_required else each.heading for each in COLUMNS]
    given = {
        "channel": "抽检不合格", "received_on": "2026-02-27", "party_name": "示例厂", "summary": "不合格",
        "report_no": "1号", "product": "面粉", "failed_items": "铝", "laboratory": "某所", "category": "food-sale 食品销售",
    }  # fmt: skip
    of = imported(city, xlsx([[given.get(each.name, "") for each in COLUMNS]], headers=headers))
    assert of.imported == 1, list(of.problems.values())
    lead = Lead.objects.get()
    assert (lead.category, lead.channel_facts["product"]) == ("food-sale", "面粉")


# ---- exporting --------------------------------------------------------------


def test_the_export_holds_exactly_what_the_list_shows(desk: Client, city: City) -> None:
    first, _second = make_lead(city, party="甲店"), make_lead(city, party="乙店")
    lines = table_of(body_of(desk.get(reverse("lead_export"), {"q": "甲店"})))
    assert [line[3] for line in lines] == ["当事人名称", "甲店"]
    assert lines[1][0] == first.number
    entry = Entry.objects.filter(verb="exchange.export").get()
    assert (entry.facts["rows"], entry.actor_label) == (1, city.east_clerk.label)
    assert "q=" in entry.facts["filter"]


def test_what_somebody_does_not_see_is_not_exported(client: Client, city: City) -> None:
    make_lead(city)
    client.force_login(city.west_handler)
    assert len(table_of(body_of(client.get(reverse("lead_export"))))) == 1


@pytest.mark.parametrize("text", ["=1+1", "+8613800000000", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")'])
def test_nothing_exported_is_ever_calculated(desk: Client, city: City, text: str) -> None:
    make_lead(city, party=text)
    workbook = body_of(desk.get(reverse("lead_export")))
    assert text in table_of(workbook)[1]
    assert b"<f>" not in workbook
    told = body_of(desk.get(reverse("lead_export"), {"format": "csv"})).decode("utf-8-sig")
    assert told.splitlines()[1].count("'" + text[0]) == 1


def test_a_tab_is_kept_from_a_spreadsheet_too() -> None:
    file = BytesIO()
    write_csv(file, ["甲"], [["\t=1"]])
    assert "'\t=1" in file.getvalue().decode("utf-8-sig")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_imported_again_brings_in_nothing(desk: Client, city: City, form: str) -> None:
    imported(city, xlsx([*rows(2), ("举报", "2026-02-27", "=甲", "乙")]))
    content = body_of(desk.get(reverse("lead_export"), {"format": form}))
    again = checked(city, content, f"导出.{form}")
    assert (again.good, again.bad, again.known) == (0, 0, 3), list(again.problems.values())


def test_an_export_never_names_an_informant(desk: Client, city: City) -> None:
    headers = (*HEADERS, "投诉请求", "投诉人", "联系电话", "通讯地址")
    line = ("投诉", "2026-02-27", "示例超市", "不退货。", "退货", "某甲", "13800000000", "某路1号")
    imported(city, csv([line], headers=headers), "投诉.csv")
    told = body_of(desk.get(reverse("lead_export"), {"format": "csv"})).decode("utf-8-sig")
    assert "示例超市" in told
    assert not any(word in told for word in ("13800000000", "某甲", "某路1号", "投诉举报人"))


def test_too_many_leads_are_not_exported(desk: Client, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_EXPORTED", 1)
    make_lead(city)
    make_lead(city)
    answer = desk.get(reverse("lead_export"))
    assert answer.status_code == 400
    assert "收窄筛选条件" in text_of(answer)
    assert not Entry.objects.filter(verb="exchange.export").exists()


@pytest.mark.parametrize("query", [{"format": "exe"}, {"received_from": "昨天"}])
def test_a_wrong_wish_is_refused_in_words(desk: Client, query: dict[str, str]) -> None:
    assert desk.get(reverse("lead_export"), query).status_code == 400


# ---- over the API -----------------------------------------------------------


def test_a_program_imports_a_ledger(city: City) -> None:
    caller = Caller(city.east_clerk)
    made = caller.client.post(
        "/api/v1/imports/",
        {"upload": upload(xlsx(rows(2))), "office": city.east_squad.pk, "mode": "all_or_nothing"},
        format="multipart",
    )
    assert made.status_code == 201, made.content.decode()
    pk, mapping = made.json()["id"], made.json()["mapping"]
    assert caller.post(f"/imports/{pk}/check/", {"mapping": mapping}).status_code == 200
    work()
    assert caller.get(f"/imports/{pk}/").json()["good"] == 2
    assert caller.post(f"/imports/{pk}/confirm/", {"mode": "all_or_nothing"}).status_code == 200
    work()
    told = caller.get(f"/imports/{pk}/").json()
    assert (told["state"], told["imported"]) == ("done", 2)
    assert [row["id"] for row in caller.get("/imports/").json()["results"]] == [pk]


def test_a_program_is_told_what_is_wrong(city: City) -> None:
    caller = Caller(city.east_clerk)
    answer = caller.client.post(
        "/api/v1/imports/",
        {"upload": upload(b"%PDF-1.4\n%%EOF"), "office": city.east_squad.pk, "mode": "all_or_nothing"},
        format="multipart",
    )
    problem_of(answer, 400, "type_not_allowed")
    of = checked(city, xlsx([GOOD]))
    problem_of(Caller(city.west_head).get(f"/imports/{of.pk}/"), 404, "not_found")
    problem_of(caller.post(f"/imports/{of.pk}/check/", {"mapping": ["channel"]}), 400, "mapping_length")
