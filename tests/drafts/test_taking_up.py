"""Going on with a draft shows the form, whatever the draft holds."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import NoReverseMatch, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafts.actions import DraftedForm, keep_draft
from drafts.models import FormDraft
from tests.browsing import as_
from tests.builders import NOW, City, make_case, make_lead, make_signed_lead
from tests.casemgr.gates import Gate
from tests.casemgr.route_table import TABLE

NAMES = ["findings", "proposal", "office", "owner", "seen", "reason", "told_on", "confirmed", "refresh", "x", ""]
TYPED = st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=30), min_size=1, max_size=3), max_size=6)


def fields_of(page: str) -> set[str]:
    """The names in the form that may have a draft; none where no form may."""
    form = page.partition(" data-draft=")[2].partition("</form>")[0]
    return set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', form))


def forms_at(browser: Client, gate: Gate, number: int) -> dict[str, set[str]]:
    """The addresses of a matter whose forms are open now and may have a draft, with their fields."""
    found = {}
    for name in (name for name, each in TABLE.items() if each is gate and not name.startswith("api:")):
        try:
            address = reverse(name, args=[number])
        except NoReverseMatch:  # something of the matter, not the matter itself
            continue
        answer = browser.get(address)
        page = b"".join(answer) if answer.streaming else answer.content
        if names := fields_of(page.decode(errors="replace")):
            found[address] = names
    return found


@pytest.mark.slow
@pytest.mark.parametrize("junk", ["²", "9" * 20, "<b>2026-13-45"])
def test_every_form_takes_up_whatever_was_typed(city: City, junk: str) -> None:
    case, lead = make_case(city), make_lead(city)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        for person in (city.east_handler, city.east_director, city.east_clerk):
            browser = as_(person)
            for address, names in (
                forms_at(browser, Gate.CASE, case.pk) | forms_at(browser, Gate.LEAD, lead.pk)
            ).items():
                typed = {name: [junk, junk] for name in names}
                keep_draft(form=DraftedForm(address, "", "", ""), fields=typed, actor=person, at=NOW)
                answer = browser.get(f"{address}?draft=1")
                assert answer.status_code == 200, address
                assert "<b>" not in answer.content.decode(), address
    assert FormDraft.objects.filter(user=city.east_handler).count() > 8


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED)
def test_no_draft_breaks_the_form_it_was_typed_in(city: City, typed: dict[str, list[str]]) -> None:
    lead = make_signed_lead(city)
    with time_machine.travel(NOW, tick=False):
        for person, verb in ((city.east_handler, "lead_report"), (city.east_head, "lead_assign")):
            address, browser = reverse(verb, args=[lead.pk]), as_(person)
            before = browser.get(address).content.decode()
            leave = re.search(r' data-draft="([^"]+)"', before)
            assert leave
            saved = browser.post("/drafts/save/", {**typed, "draft_leave": leave[1]})
            assert saved.status_code == 200
            assert browser.get(f"{address}?draft=1").status_code == 200
            assert browser.get("/drafts/").status_code == 200
