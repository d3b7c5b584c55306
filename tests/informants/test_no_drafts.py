"""What may hold an identity is never kept as a draft, whatever a browser asks for."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clues.pages.forms.intake import form_for
from clues.states import Channel
from core.forms import VerbForm
from drafts.models import FormDraft
from informants.pages import forms
from tests.builders import City, make_lead
from tests.informants.people import LATER, NAME, PHONE, ask, make_informant, propose


def as_(city: City, name: str) -> Client:
    browser = Client()
    browser.force_login(getattr(city, name))
    return browser


@pytest.mark.parametrize("channel", Channel.values)
def test_registering_a_lead_offers_no_draft(city: City, channel: str) -> None:
    page = as_(city, "east_clerk").get(f"/leads/new/?channel={channel}").content.decode()
    assert 'name="summary"' in page
    assert "data-draft" not in page
    assert "draft.js" not in page
    assert not form_for(channel).is_drafted


def test_the_leave_of_another_page_keeps_its_own_address_alone(city: City) -> None:
    """A browser that sends the intake form with the leave of another form keeps nothing for the intake."""
    browser = as_(city, "east_clerk")
    lead = make_lead(city)
    page = browser.get(reverse("lead_assign", args=[lead.pk])).content.decode()
    leave = re.search(r' data-draft="([^"]+)"', page)
    assert leave
    browser.post("/drafts/save/", {"informant_name": NAME, "informant_phone": PHONE})
    assert not FormDraft.objects.exists()
    browser.post("/drafts/save/", {"draft_leave": leave[1], "reason": "由东区大队核查"})
    assert FormDraft.objects.get().address == reverse("lead_assign", args=[lead.pk])


def test_a_refused_registration_leaves_no_draft_and_takes_none_up(city: City) -> None:
    browser = as_(city, "east_clerk")
    FormDraft.objects.create(
        user=city.east_clerk, address="/leads/new/", title="登记举报", fields={"informant_name": [NAME]}, saved_at=LATER
    )
    page = browser.get("/leads/new/?channel=report&draft=1").content.decode()
    assert NAME not in page
    refused = browser.post("/leads/new/?channel=report", {"informant_name": NAME, "informant_phone": PHONE})
    assert refused.status_code == 400
    assert "data-draft" not in refused.content.decode()


def test_no_form_about_informants_offers_a_draft(city: City) -> None:
    every: list[type[VerbForm]] = [forms.RequestForm, forms.ProposeForm, *forms.FORMS.values()]
    assert not any(form.is_drafted for form in every)
    with time_machine.travel(LATER, tick=False):
        informant = make_informant(city)
        opening, reward = ask(informant, city.east_handler), propose(informant, city.east_handler, at=LATER)
        for name, address in (
            ("east_handler", reverse("opening_new", args=[informant.pk])),
            ("east_head", reverse("opening_approve", args=[opening.pk])),
            ("east_director", reverse("reward_grant", args=[reward.pk])),
        ):
            answer = as_(city, name).get(address)
            assert answer.status_code == 200, address
            assert "data-draft" not in answer.content.decode()
