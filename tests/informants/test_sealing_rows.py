"""Sealing rows: one and many, codes, the factors by blind index, replacing keys, the check before service."""

import base64
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from audit.models import Entry
from core.errors import Invalid
from informants import actions
from informants.actions import Told
from informants.models import Informant
from informants.queries import (
    LETTERS,
    informant_of,
    is_same_person,
    key_of_phone,
    phone_keys_of,
    same_person_count,
    subjects_of_person,
)
from informants.sealing import FIELDS, Identity, key_id_of
from tests.builders import SYSTEM, City, make_lead
from tests.informants.people import ADDRESS, ID_NUMBER, LATER, MARKS, NAME, PHONE, THEN, ask, make_informant
from tests.refusals import refused


def told(city: City, subject_id: int, **changed: str) -> Told:
    identity = Identity(**({"name": NAME, "phone": PHONE} | changed))
    return Told("lead", subject_id, city.east_squad, identity, is_real_name=False, subject_number=f"线索{subject_id}号")


def test_a_code_tells_nothing_and_has_no_letter_taken_for_another(city: City) -> None:
    codes = {row.code for row in actions.seal_informants([told(city, n) for n in range(1, 200)], actor=SYSTEM, at=THEN)}
    assert len(codes) == 199
    assert all(code[:2] == "举-" and len(code) == 8 and set(code[2:]) <= set(LETTERS) for code in codes)
    assert not set(LETTERS) & set("01IOL")


def test_many_are_sealed_in_few_statements_in_the_order_given_each_in_the_trail(
    city: City, django_assert_max_num_queries: Any
) -> None:
    rows = [told(city, n, phone=f"138000{n:05}") for n in range(1, 301)]
    with django_assert_max_num_queries(12):
        informants = actions.seal_informants(rows, actor=city.east_handler, at=THEN)
    assert [row.subject_id for row in informants] == list(range(1, 301))
    assert all(row.pk for row in informants)
    entries = Entry.objects.filter(verb="informants.seal").order_by("id")
    assert [(entry.subject_id, entry.subject_label) for entry in entries] == [(row.pk, row.code) for row in informants]
    assert entries[0].facts == {"subject_kind": "lead", "subject_id": 1}


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"name": " ", "phone": ""}, "required", "name"),
        ({"name": "名" * 61}, "too_long", "name"),
        ({"phone": "1" * 41}, "too_long", "phone"),
        ({"address": "路" * 201}, "too_long", "address"),
        ({"id_number": "1" * 41}, "too_long", "id_number"),
    ],
)
def test_a_row_that_cannot_be_sealed_stops_all(city: City, changed: dict[str, str], code: str, field: str) -> None:
    with refused(Invalid, code, field):
        actions.seal_informants([told(city, 1), told(city, 2, **changed)], actor=SYSTEM, at=THEN)


def test_what_was_not_given_is_not_sealed(city: City) -> None:
    (row,) = actions.seal_informants([told(city, 1, phone="")], actor=SYSTEM, at=THEN)
    assert [field for field in FIELDS if row.sealed(field)] == ["name"]
    assert row.phone_key == ""


def test_the_informant_of_a_matter_is_found_without_opening_anything(city: City, settings: Any) -> None:
    informant = make_informant(city)
    settings.INFORMANT_KEYS = ""
    assert informant_of("lead", informant.subject_id) == informant
    assert informant_of("case", informant.subject_id) is None


# ---- one person, several matters --------------------------------------------


def test_matters_of_one_phone_are_counted_and_named_without_knowing_who(city: City) -> None:
    first = make_informant(city, phone="+86 138-0000-0417", at=THEN - timedelta(days=400))
    second, third = make_informant(city), make_informant(city, at=LATER)
    other = make_informant(city, phone="13800000418")
    key = key_of_phone("138 0000 0417")
    assert key == first.phone_key == second.phone_key != other.phone_key
    assert same_person_count(key, THEN - timedelta(days=365)) == 2
    assert subjects_of_person(key) == [("lead", row.subject_id) for row in (third, second, first)]
    assert subjects_of_person(key, most=1) == [("lead", third.subject_id)]
    assert is_same_person("lead", first.subject_id, "lead", second.subject_id)
    assert not is_same_person("lead", first.subject_id, "lead", other.subject_id)
    assert not is_same_person("lead", first.subject_id, "lead", 999_999)
    assert phone_keys_of("lead", [first.subject_id, other.subject_id]) == {
        first.subject_id: key, other.subject_id: other.phone_key,
    }  # fmt: skip


def test_no_phone_is_nobody_in_particular(city: City) -> None:
    first, second = make_informant(city, phone="无"), make_informant(city, phone="")
    assert key_of_phone("无") == ""
    assert same_person_count("", THEN) == 0
    assert subjects_of_person("") == []
    assert not is_same_person("lead", first.subject_id, "lead", second.subject_id)


def test_an_informant_is_sealed_again_for_a_lead_split_off_under_a_code_of_its_own(city: City) -> None:
    informant, lead = make_informant(city), make_lead(city)
    copy = actions.copy_informant(
        subject_kind="lead", subject_id=informant.subject_id, to_id=lead.pk, to_number=lead.number,
        office=city.east_squad, actor=city.east_handler, at=LATER,
    )  # fmt: skip
    assert copy is not None
    assert copy.code != informant.code
    assert copy.phone_key == informant.phone_key
    assert all(copy.sealed(field) != informant.sealed(field) for field in FIELDS)
    opening = actions.approve_opening(
        opening_id=ask(copy, city.east_handler).pk, hours=1, actor=city.east_head, at=LATER
    )
    assert actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=LATER) == Identity(NAME, PHONE)
    nobody = make_lead(city)
    assert actions.copy_informant(
        subject_kind="lead", subject_id=nobody.pk, to_id=nobody.pk + 1, to_number="", office=city.east_squad, actor=SYSTEM, at=LATER
    ) is None  # fmt: skip


# ---- replacing keys ---------------------------------------------------------

OLD, NEW = "old:" + base64.b64encode(b"o" * 32).decode(), "new:" + base64.b64encode(b"n" * 32).decode()


def rotate() -> str:
    out = StringIO()
    call_command("rotate_informant_keys", stdout=out)
    return out.getvalue().strip()


def test_keys_are_replaced_while_everything_stays_readable(city: City, settings: Any) -> None:
    settings.INFORMANT_KEYS = OLD
    informants = [make_informant(city) for _n in range(3)]
    settings.INFORMANT_KEYS = f"{NEW},{OLD}"
    assert rotate() == "重新加密 3 条。"
    assert rotate() == "重新加密 0 条。"
    assert [entry.facts for entry in Entry.objects.filter(verb="informants.reseal")] == [{"rows": 3}]
    settings.INFORMANT_KEYS = NEW
    for informant in Informant.objects.all():
        assert {key_id_of(informant.sealed(field)) for field in FIELDS} == {"new"}
    opening = actions.request_opening(
        informant_id=informants[1].pk, ground="verification", wanted=list(FIELDS), reason="核实举报内容。",
        actor=city.east_handler, at=LATER,
    )  # fmt: skip
    actions.approve_opening(opening_id=opening.pk, hours=1, actor=city.east_head, at=LATER)
    identity = actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=LATER)
    assert identity == Identity(NAME, PHONE, ADDRESS, ID_NUMBER)


def test_replacing_goes_on_where_it_was_interrupted(city: City, settings: Any) -> None:
    settings.INFORMANT_KEYS = OLD
    rows = [make_informant(city) for _n in range(5)]
    settings.INFORMANT_KEYS = f"{NEW},{OLD}"
    assert actions.reseal_informants(after=0, actor=SYSTEM, at=LATER, most=2) == (rows[1].pk, 2)
    assert rotate() == "重新加密 3 条。"
    assert actions.reseal_informants(after=rows[-1].pk, actor=SYSTEM, at=LATER) is None


def test_the_blind_index_follows_its_key(city: City, settings: Any) -> None:
    settings.INFORMANT_KEYS = OLD
    informant = make_informant(city)
    settings.INFORMANT_KEYS = f"{NEW},{OLD}"
    rotate()
    assert Informant.objects.get().phone_key == informant.phone_key, "the oldest key still makes the index"
    settings.INFORMANT_KEYS = NEW
    assert rotate() == "重新加密 1 条。"
    assert Informant.objects.get().phone_key == key_of_phone(PHONE) != informant.phone_key


def test_a_row_whose_key_is_gone_stops_the_command_by_its_code_alone(city: City, settings: Any) -> None:
    settings.INFORMANT_KEYS = OLD
    informant = make_informant(city)
    settings.INFORMANT_KEYS = NEW
    with pytest.raises(CommandError, match=informant.code) as caught:
        rotate()
    assert not any(mark in str(caught.value) for mark in MARKS)


def test_a_fresh_key_is_printed_and_nothing_else_done(city: City) -> None:
    informant = make_informant(city)
    out = StringIO()
    call_command("rotate_informant_keys", "--new", "k2", stdout=out)
    assert out.getvalue().startswith("k2:")
    assert Informant.objects.get().sealed_name == informant.sealed_name


@pytest.mark.parametrize(
    ("keys", "messages"),
    [(OLD, 0), ("", 1), ("k1:short", 1), (f"{OLD},{OLD}", 1)],
)
def test_the_check_before_service_names_missing_keys_and_shows_none(keys: str, messages: int, settings: Any) -> None:
    settings.INFORMANT_KEYS = keys
    found = [each for each in run_checks(include_deployment_checks=True) if each.id == "informants.E001"]
    assert len(found) == messages
    assert not any(keys and keys[3:] in f"{each.msg}{each.hint}" for each in found)


def test_the_page_of_an_informant_costs_the_same_for_one_request_and_for_three(
    city: City, django_assert_num_queries: DjangoAssertNumQueries, client: Any
) -> None:
    informant, other = make_informant(city), make_informant(city)
    asked = (city.east_handler, city.east_handler2, city.supervisor)
    ask(informant, asked[0])
    for person in asked:
        ask(other, person)
    client.force_login(city.east_head)
    counts = []
    for row in (informant, other):
        with django_assert_num_queries(14):
            counts.append(len(client.get(f"/informants/{row.pk}/").context["openings"]))
    assert counts == [1, 3]


def test_an_informant_belongs_to_one_matter(city: City) -> None:
    from django.db import IntegrityError, transaction

    lead = make_lead(city)
    make_informant(city, lead=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_informant(city, lead=lead)
