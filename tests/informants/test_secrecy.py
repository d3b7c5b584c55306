"""An identity comes out in one place only: before the person who asked and was let, while the consent lasts."""

import base64
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
import time_machine
from django.db import connection
from django.test import Client

from accounts.models import User
from core.errors import WrongState
from informants import actions
from informants.models import Informant, Opening
from informants.sealing import FIELDS
from notices.models import Notice
from tests.api_client import Caller
from tests.builders import City, make_lead
from tests.informants.people import (
    ADDRESS,
    ID_NUMBER,
    LATER,
    MARKS,
    NAME,
    OPENING_VERBS,
    PHONE,
    ask,
    make_informant,
    opening_in,
    propose,
)
from tests.informants.test_opening_tables import people_of
from tests.refusals import refused

# As the words could stand anywhere: plain, in JSON with escapes, in base64.
TRACES = [
    form
    for mark in MARKS
    for form in (mark, json.dumps(mark).strip('"'), base64.b64encode(mark.encode()).decode().rstrip("=")[:-1])
]


def traces_in(text: str) -> list[str]:
    return [trace for trace in TRACES if trace in text]


def tables() -> Iterator[tuple[str, str]]:
    """Every row of every table of the database as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name the database gave
            for row in cursor.fetchall():
                yield (
                    table,
                    repr(row)
                    + "".join(
                        bytes(cell).decode("utf-8", "ignore") for cell in row if isinstance(cell, bytes | memoryview)
                    ),
                )


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def spoken(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """Everything logged, by either logging library, down to debug."""
    lines: list[str] = []

    def keep(_logger: Any, _method: str, event: Any) -> Any:
        lines.append(repr(event))
        return event

    before = structlog.get_config()
    structlog.configure(
        processors=[keep, *before["processors"]], wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG)
    )
    caplog.set_level(logging.DEBUG)
    yield lines
    structlog.configure(**before)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def addresses(informant: Informant, opening: Opening, reward_id: int) -> list[str]:
    return [
        "/", "/leads/", f"/leads/{informant.subject_id}/", "/notices/?show=all",
        f"/search/?q={informant.code}", "/informants/", "/informants/?show=all", f"/informants/{informant.pk}/",
        f"/informants/{informant.pk}/request/", f"/informants/{informant.pk}/reward/", f"/informants/openings/{opening.pk}/",
        f"/informants/openings/{opening.pk}/close/", "/informants/rewards/", f"/informants/rewards/{reward_id}/",
        "/api/v1/leads/", f"/api/v1/leads/{informant.subject_id}/", "/api/v1/notices/", "/api/v1/informants/",
        f"/api/v1/informants/{informant.pk}/", "/api/v1/openings/", f"/api/v1/openings/{opening.pk}/", "/api/v1/rewards/",
        f"/api/v1/rewards/{reward_id}/", "/api/v1/clocks/",
    ]  # fmt: skip


def test_after_the_whole_way_no_table_log_notice_page_or_answer_holds_the_identity(
    city: City, spoken: list[str], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    informant = make_informant(city)
    opening = ask(informant, city.east_handler)
    OPENING_VERBS["approve"](opening, city.east_head, LATER)
    reader = as_(city.east_handler)
    shown = reader.post(f"/informants/openings/{opening.pk}/identity/").content.decode()
    assert NAME in shown and PHONE in shown, "the one place it comes out"
    assert not traces_in(shown.replace(NAME, "").replace(PHONE, "")), "only the fields asked for"
    answer = Caller(city.east_handler).post(f"/openings/{opening.pk}/read/").json()
    assert answer == {"name": NAME, "phone": PHONE, "address": "", "id_number": ""}
    for person in (city.east_head, city.east_handler2):
        as_(person).post(f"/informants/openings/{opening.pk}/identity/")
        Caller(person).post(f"/openings/{opening.pk}/read/")
    reward = propose(informant, city.east_handler, at=LATER)

    for name, person in people_of(city).items():
        browser = as_(person)
        for address in addresses(informant, opening, reward.pk):
            assert not traces_in(browser.get(address).content.decode()), f"{address} as {name}"
    found = {table for table, row in tables() if traces_in(row)}
    assert found == set()
    assert "informants_informant" in {table for table, _row in tables()}, "the scan reads the table of the seals"
    out = capsys.readouterr()
    assert spoken
    assert not traces_in("\n".join([*spoken, caplog.text, out.out, out.err]))
    assert not traces_in(" ".join(f"{row.title}{row.body}{row.outside}" for row in Notice.objects.all()))


@pytest.mark.parametrize("words", [NAME, PHONE, PHONE[-4:], ADDRESS, ID_NUMBER])
def test_nobody_finds_a_matter_by_who_told_of_it(city: City, words: str) -> None:
    informant = make_informant(city)
    for person in (city.east_handler, city.director):
        browser = as_(person)
        for address in ("/search/", "/leads/", "/api/v1/informants/"):
            name = "code" if address.startswith("/api") else "q"
            page = browser.get(address, {name: words}).content.decode()
            assert informant.subject_number not in page
            assert informant.code not in page


def test_the_scan_would_find_a_name_left_in_the_open(city: City) -> None:
    lead = make_lead(city)
    lead.summary = f"举报人{NAME}称……"
    lead.save()
    assert {table for table, row in tables() if traces_in(row)} == {"clues_lead"}
    assert traces_in(json.dumps({"x": NAME}))


def test_no_shape_of_an_informant_prints_who_it_is(city: City) -> None:
    informant = make_informant(city)
    opening = ask(informant, city.east_handler)
    OPENING_VERBS["approve"](opening, city.east_head, LATER)
    identity = actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=LATER)
    for thing in (informant, opening, identity, [identity], vars(informant), Informant.objects.values().get()):
        assert not traces_in(f"{thing}{thing!r}")


def test_a_page_with_an_identity_is_kept_nowhere(city: City) -> None:
    opening = opening_in(city, "approved")
    page = as_(city.east_handler).post(f"/informants/openings/{opening.pk}/identity/")
    assert "no-store" in page["Cache-Control"]
    text = page.content.decode()
    assert "East Handler（east_handler） 于 2026-03-03 11:00 查阅" in text
    assert 'class="form-page sealed no-print"' in text
    assert as_(city.east_handler).get(f"/informants/openings/{opening.pk}/identity/").status_code == 405
    answer = Caller(city.east_handler).post(f"/openings/{opening.pk}/read/")
    assert answer["Cache-Control"] == "no-store"


def test_an_error_page_does_not_show_what_was_being_opened(
    city: City, monkeypatch: pytest.MonkeyPatch, spoken: list[str], settings: Any
) -> None:
    """Even with the debugging page on, an error in the middle of reading shows no identity."""
    settings.DEBUG = True
    opening = opening_in(city, "approved")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the template broke")

    monkeypatch.setattr("informants.pages.openings.render", fail)
    browser = as_(city.east_handler)
    browser.raise_request_exception = False
    page = browser.post(f"/informants/openings/{opening.pk}/identity/")
    assert page.status_code == 500
    assert not traces_in(page.content.decode())
    assert not traces_in("\n".join(spoken))


@pytest.mark.parametrize("field", FIELDS)
def test_a_seal_put_into_another_row_or_field_refuses_to_open(city: City, field: str) -> None:
    first, second = make_informant(city), make_informant(city)
    opening = actions.request_opening(
        informant_id=second.pk, ground="verification", wanted=list(FIELDS), reason="核实举报内容。",
        actor=city.east_handler, at=LATER,
    )  # fmt: skip
    OPENING_VERBS["approve"](opening, city.east_head, LATER)
    other = FIELDS[FIELDS.index(field) - 1]
    for stolen in (first.sealed(field), second.sealed(other)):
        Informant.objects.filter(pk=second.pk).update(**{f"sealed_{field}": stolen})
        with refused(WrongState, "unopenable"):
            actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=LATER)


def test_without_a_key_nothing_is_sealed_and_nothing_opened(city: City, settings: Any) -> None:
    opening = opening_in(city, "approved")
    settings.INFORMANT_KEYS = ""
    with refused(WrongState, "no_informant_key"):
        actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=LATER)
    lead = make_lead(city)
    with refused(WrongState, "no_informant_key"):
        make_informant(city, lead=lead)


def test_with_another_key_nothing_opens(city: City, settings: Any) -> None:
    opening = opening_in(city, "approved")
    settings.INFORMANT_KEYS = "other:" + base64.b64encode(b"2" * 32).decode()
    with refused(WrongState, "unopenable"):
        actions.open_identity(opening_id=opening.pk, actor=city.east_handler, at=LATER)
