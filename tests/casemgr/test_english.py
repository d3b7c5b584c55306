"""The pages in English: whole sentences in English, the record and the law in Chinese."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from clues.actions.verification import report_findings
from core.errors import WrongState
from deadlines.queries import rule_book
from tests.builders import NOW, City, make_case, make_verified_lead
from tools.translations import build

HAN = re.compile(r"[\u4e00-\u9fff]+")
IN_CHINESE = re.compile(r"<(\w+)[^>]* lang=\"zh-[Hh]ans\"[^>]*>.*?</\1>", re.DOTALL)
TAGS = re.compile(r"<script.*?</script>|<[^>]*>", re.DOTALL)


@pytest.fixture(autouse=True)
def english(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """The catalogue as it is in the sources, whatever was compiled before."""
    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_bytes((settings.BASE_DIR / "locale/en/LC_MESSAGES/django.po").read_bytes())
    build(tmp_path)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    with translation.override("en"):
        yield


def page(user: User | None, address: str) -> str:
    """What an English reader sees there, without what is marked as Chinese."""
    client = Client(headers={"accept-language": "en"})
    if user is not None:
        client.force_login(user)
    html = client.get(address).content.decode()
    assert '<html lang="en">' in html
    return TAGS.sub(" ", IN_CHINESE.sub(" ", html.split("<body", 1)[1]))


WITHOUT_MATTERS = (
    "/", "/drafts/", "/notices/?show=all", "/calendar/2024/", "/calendar/2027/", "/nowhere/", "/leads/", "/leads/new/",
    "/leads/disputes/", "/informants/", "/informants/rewards/", "/exchange/imports/", "/parties/", "/routing/",
)  # fmt: skip


@pytest.mark.parametrize("address", WITHOUT_MATTERS)
def test_a_page_without_matters_is_english_throughout(city: City, address: str) -> None:
    text = page(city.east_handler, address)
    for name in (city.east_handler.label, *(post.office.name for post in city.east_handler.active_posts)):
        text = text.replace(name, "")
    assert HAN.findall(text) == []


def test_the_log_in_page_is_english_throughout(law: None) -> None:
    assert HAN.findall(page(None, "/login/")) == []


def test_a_list_names_states_clocks_and_filters_in_english(city: City) -> None:
    make_verified_lead(city)
    text = page(city.east_director, "/leads/")
    assert "To be decided" in text
    assert "Log a lead" in text
    make_case(city)
    assert "Under investigation" in page(city.east_director, "/cases/")


def test_a_rule_is_named_in_the_readers_language(city: City) -> None:
    rule = rule_book().version("lead_verification")
    assert rule.name == rule.name_en
    assert rule.name_en in page(city.east_handler, "/calculator/?rule=lead_verification&start=20240129")
    with translation.override("zh-hans"):
        assert rule.name == rule.name_zh


def test_what_is_stored_stays_chinese_whoever_acts(city: City) -> None:
    lead = make_verified_lead(city)  # acted in English
    assert lead.moves.order_by("-id")[0].reason == "建议：立案"
    assert lead.get_state_display() == "To be decided"


def test_a_refusal_is_english_and_its_code_the_same(city: City) -> None:
    lead = make_verified_lead(city)
    with pytest.raises(WrongState) as refused:
        report_findings(lead_id=lead.pk, findings="f", proposal="filed", actor=city.east_handler, at=NOW)
    assert refused.value.code == "wrong_state"
    assert refused.value.detail.startswith('The state is "To be decided", so "Hand in the findings" is not possible')
