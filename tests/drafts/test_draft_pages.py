"""Drafts at the screen: kept by what a page allowed, offered to who comes back, gone once the form is submitted."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from clues.models import Lead
from clues.pages.forms.verification import ReportForm
from clues.states import LeadState
from drafts.models import FormDraft
from drafts.pages.leave import SALT
from tests.browsing import as_
from tests.builders import NOW, City, make_signed_lead
from tests.drafts.made import make_draft
from tests.refusals import everything

AT = NOW.replace(hour=9, minute=12)
SAVE = "/drafts/save/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def lead(city: City) -> Lead:
    return make_signed_lead(city)


def report(lead: Lead) -> str:
    return reverse("lead_report", args=[lead.pk])


def leave_on(page: str) -> str:
    """What the page allows its script, '' for nothing."""
    found = re.search(r' data-draft="([^"]+)"', page)
    return found[1] if found else ""


def type_at(browser: Client, address: str, **fields: Any) -> Any:
    """As the script does while somebody types."""
    leave = leave_on(browser.get(address).content.decode())
    return browser.post(SAVE, {"draft_leave": leave, **fields})


def test_what_is_typed_is_kept_and_said_with_the_time(city: City, lead: Lead) -> None:
    answer = type_at(as_(city.east_handler), f"{report(lead)}?from=list", findings="查到一半", confirmed="on")

    draft = FormDraft.objects.get()
    assert answer.json() == {"said": "草稿已保存 9:12"}
    assert (draft.user, draft.address, draft.query) == (city.east_handler, report(lead), "from=list")
    assert (draft.title, draft.subject) == ("提交核查结果", lead.label)
    assert draft.fields == {"findings": ["查到一半"]}


def test_who_comes_back_is_told_and_goes_on_where_they_were(city: City, lead: Lead) -> None:
    browser = as_(city.east_handler)
    type_at(browser, report(lead), findings="查到一半", proposal="not_filed")

    page = browser.get(report(lead)).content.decode()
    assert re.search(r"您在 \d+月\d+日 9:12 填写过这份表单，没有提交。", page)
    assert "查到一半" not in page
    assert f'href="{report(lead)}?draft=1"' in page
    filled = browser.get(f"{report(lead)}?draft=1").content.decode()
    assert "填写过这份表单" not in filled
    assert "查到一半</textarea>" in filled
    assert re.search(r'value="not_filed"[^>]* checked', filled)
    assert "error-summary" not in filled


def test_nobody_else_is_offered_the_draft(city: City, lead: Lead) -> None:
    type_at(as_(city.east_handler), report(lead), findings="查到一半")
    for person in (city.east_head, city.east_handler2):
        for address in (report(lead), f"{report(lead)}?draft=1", "/drafts/"):
            assert "查到一半" not in as_(person).get(address).content.decode()
    assert "没有未提交的草稿" in as_(city.east_head).get("/drafts/").content.decode()


def test_submitting_the_form_forgets_the_draft_and_a_refusal_keeps_it(city: City, lead: Lead) -> None:
    browser = as_(city.east_handler)
    type_at(browser, report(lead), findings="查到一半")
    other = make_draft(city.east_handler)

    refused = browser.post(report(lead), {"findings": "查完了"})
    assert refused.status_code == 400
    assert " data-draft-typed" in refused.content.decode()
    assert FormDraft.objects.count() == 2
    assert browser.post(report(lead), {"findings": "查完了", "proposal": "filed"}).status_code == 302
    assert Lead.objects.get(pk=lead.pk).state == LeadState.VERIFIED
    assert list(FormDraft.objects.all()) == [other]


def test_a_draft_is_discarded_from_the_form_or_from_the_list(city: City, lead: Lead) -> None:
    browser = as_(city.east_handler)
    draft = make_draft(city.east_handler, report(lead), query="from=list")
    back = browser.post(reverse("draft_discard", args=[draft.pk]), {"from_form": "yes"})
    assert back["Location"] == f"{report(lead)}?from=list"
    draft = make_draft(city.east_handler, report(lead))
    back = browser.post(reverse("draft_discard", args=[draft.pk]), follow=True)
    assert back.redirect_chain == [("/drafts/", 302)]
    assert "草稿已丢弃。" in back.content.decode()
    assert not FormDraft.objects.exists()


def test_a_draft_of_somebody_else_does_not_exist(city: City) -> None:
    draft, browser = make_draft(city.east_handler), as_(city.director)
    before = everything()
    for number in (draft.pk, 999_999):
        assert browser.post(reverse("draft_discard", args=[number])).status_code == 404
    assert everything() == before


def test_the_list_names_page_matter_and_time_and_leads_back(city: City, lead: Lead) -> None:
    draft = make_draft(city.east_handler, report(lead), AT, query="from=list")
    page = as_(city.east_handler).get("/drafts/").content.decode()

    assert f'href="{report(lead)}?from=list&amp;draft=1">补充核查</a>' in page
    assert draft.subject in page
    assert f"{AT:%Y-%m-%d} 09:12" in page
    assert "14 天后自动删除" in page
    assert 'href="/drafts/"' in as_(city.east_handler).get("/notices/").content.decode()


def test_without_the_leave_of_a_page_nothing_is_kept(city: City, lead: Lead) -> None:
    browser = as_(city.east_handler)
    leave = leave_on(browser.get(report(lead)).content.decode())
    forged = signing.dumps([city.east_handler.pk, report(lead), "", "", ""], salt="another")
    for given_leave in ("", "x", leave[:-1] + ("a" if leave[-1] != "a" else "b"), forged):
        assert browser.post(SAVE, {"draft_leave": given_leave, "findings": "x"}).status_code == 403
    assert as_(city.east_head).post(SAVE, {"draft_leave": leave, "findings": "x"}).status_code == 403
    with time_machine.travel(AT + timedelta(days=15), tick=False):
        browser.force_login(city.east_handler)
        assert browser.post(SAVE, {"draft_leave": leave, "findings": "x"}).status_code == 403
    assert not FormDraft.objects.exists()


def test_too_much_is_refused_and_says_so(city: City, lead: Lead) -> None:
    assert type_at(as_(city.east_handler), report(lead), findings="字" * 30_000).status_code == 400
    assert not FormDraft.objects.exists()


def test_a_leave_for_a_page_that_is_gone_keeps_nothing(city: City) -> None:
    leave = signing.dumps([city.east_handler.pk, "/gone/", "", "页", ""], salt=SALT)
    assert as_(city.east_handler).post(SAVE, {"draft_leave": leave, "a": "b"}).status_code == 400


def test_a_draft_fills_no_hidden_field(city: City, lead: Lead) -> None:
    """What is signed is what is shown now, whatever stood there when the draft was typed."""
    make_draft(city.east_head, reverse("lead_assign", args=[lead.pk]), seen="424242", reason="不属于本辖区")
    page = as_(city.east_head).get(f"{reverse('lead_assign', args=[lead.pk])}?draft=1").content.decode()
    assert "不属于本辖区" in page
    assert "424242" not in page


def test_what_the_form_would_propose_gives_way_to_the_draft(city: City, lead: Lead) -> None:
    """Also where the form builds its choices from the field while it is made."""
    address = reverse("lead_assign", args=[lead.pk])
    make_draft(city.east_head, address, office=str(city.east_squad.pk), owner=str(city.east_handler2.pk))
    page = as_(city.east_head).get(f"{address}?draft=1").content.decode()
    assert re.search(rf'<option value="{city.east_handler2.pk}" selected>', page)


def test_a_form_costs_one_statement_more_for_its_draft(
    city: City, lead: Lead, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = as_(city.east_handler)
    browser.get(report(lead))
    with CaptureQueriesContext(connection) as drafted:
        browser.get(report(lead))
    monkeypatch.setattr(ReportForm, "is_drafted", False)
    with django_assert_num_queries(len(drafted) - 1):
        browser.get(report(lead))


def test_a_page_that_is_no_form_asks_for_no_draft(city: City, lead: Lead) -> None:
    page = as_(city.east_handler).get(reverse("lead_page", args=[lead.pk])).content.decode()
    assert not leave_on(page)
    assert "draft.js" not in page
