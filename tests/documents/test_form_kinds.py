"""The forms as data agree with the official sets and with themselves."""

import json

import pytest
from django.utils import translation

from core.errors import Invalid
from documents.form_kinds import FIELD_KINDS, FOLDER, common_fields, form_kind, form_kinds

PENALTY = json.loads((FOLDER / "official" / "penalty_document_templates_2021.json").read_text(encoding="utf-8"))
COMPLAINT = json.loads((FOLDER / "official" / "complaint_document_templates_2026-04.json").read_text(encoding="utf-8"))
PLACES = {"main": range(1, 8), "secondary": range(1, 7), "": range(1)}  # 程序规定第七十八条: seven items, six items


def test_numbers_names_and_codes_are_those_of_the_official_sets_in_their_order() -> None:
    official = [(str(row["no"]), row["name"], row["code"] or "") for row in PENALTY["templates"]]
    found = [(kind.no, kind.name, kind.code) for kind in form_kinds().values()]
    assert found[:56] == official
    assert sum(bool(code) for _no, _name, code in found[:56]) == PENALTY["coded"]
    complaint = [(f"C{row['no']}", row["name"]) for row in COMPLAINT["templates"]]
    assert [(no, name) for no, name, _code in found[56:]] == complaint


def test_a_code_is_called_a_default_exactly_where_the_official_form_leaves_it_blank() -> None:
    defaults = {kind.no for kind in form_kinds().values() if kind.is_code_default}
    assert defaults == {f"C{number}" for number in range(3, 11)}
    codes = [kind.code for kind in form_kinds().values() if kind.code]
    assert len(set(codes)) == len(codes), "two forms would share their numbers"


def test_every_form_says_what_the_papers_need_to_know() -> None:
    for key, kind in form_kinds().items():
        assert key == kind.key and len(key) <= 30 and key.replace("_", "").isalpha() and key.islower()
        assert kind.place in PLACES[kind.volume] and bool(kind.place) == bool(kind.volume), key
        assert kind.subject in ("case", "lead")
        assert kind.name and kind.en and "第" in kind.basis and "条" in kind.basis, key


def test_the_typed_fields_are_placeholders_and_take_no_common_name() -> None:
    for kind in form_kinds().values():
        common = common_fields(kind.subject)
        names = [field.name for field in kind.fields]
        assert len(set(names)) == len(names), kind.key
        for field in kind.fields:
            assert field.name.isidentifier() and field.name not in common, (kind.key, field.name)
            assert field.kind in FIELD_KINDS
            assert not field.default_from or not common[field.default_from].columns, (kind.key, field.name)


def test_the_common_names_are_placeholders_too_and_name_no_informant() -> None:
    for subject in ("case", "lead"):
        for name, field in common_fields(subject).items():
            assert name.isidentifier() and all(column.isidentifier() for column in field.columns)
            assert not name.startswith(("投诉人", "举报人")) or name == "举报人代号", "第三十七条: sealed"


@pytest.mark.parametrize(
    ("key", "volume", "place"),
    [
        ("filing_approval", "main", 1), ("penalty_decision", "main", 2), ("penalty_notice", "main", 3),
        ("scene_record", "main", 4), ("hearing_record", "main", 5), ("item_disposal_record", "main", 6),
        ("lead_source_register", "secondary", 1), ("conclusion_report", "secondary", 2), ("case_review", "secondary", 3),
        ("hearing_report", "secondary", 4), ("closing_approval", "secondary", 5), ("case_file_cover", "", 0),
    ],
)  # fmt: skip
def test_what_article_78_names_has_its_place_in_the_volume(key: str, volume: str, place: int) -> None:
    assert (form_kind(key).volume, form_kind(key).place) == (volume, place)


def test_a_form_is_named_in_the_language_of_its_reader() -> None:
    kind = form_kind("service_receipt")
    assert kind.label == "送达回证"
    with translation.override("en"):
        assert kind.label == "Receipt of service"


def test_a_form_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="没有“made_up”这种文书") as caught:
        form_kind("made_up")
    assert (caught.value.code, caught.value.field) == ("unknown_form", "kind")
