"""Drafts as rows: one per person and form, bounded in size, number and age, nobody else's business."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import Entry
from core.errors import Invalid, NotFound
from drafts.actions import KEPT, LARGEST, MOST, delete_old_drafts, discard_draft, forget_draft
from drafts.models import FormDraft
from drafts.queries import draft_at, draft_for, drafts_for
from tests.builders import NOW, City
from tests.drafts.made import make_draft
from tests.refusals import refused

LATER = NOW + timedelta(minutes=5)


def test_the_last_writing_of_a_form_takes_the_place_of_the_one_before(city: City) -> None:
    make_draft(city.east_handler, reason="写到一半", days=["1", "2"])
    draft = make_draft(city.east_handler, at=LATER, reason="写到后面")

    assert list(drafts_for(city.east_handler)) == [draft]
    assert (draft.fields, draft.saved_at) == ({"reason": ["写到后面"]}, LATER)


def test_a_draft_is_seen_by_its_writer_alone(city: City) -> None:
    draft = make_draft(city.east_handler)

    assert draft_for(city.east_handler, draft.pk) == draft
    assert draft_at(city.east_director, draft.address) is None
    with refused(NotFound, "not_found"):
        draft_for(city.director, draft.pk)
    with refused(NotFound, "not_found"):
        discard_draft(draft_id=draft.pk, actor=city.director)


def test_two_people_at_one_form_have_a_draft_each(city: City) -> None:
    mine, theirs = make_draft(city.east_handler), make_draft(city.east_director)
    forget_draft(address=mine.address, actor=city.east_handler)

    assert list(FormDraft.objects.all()) == [theirs]


def test_the_tick_that_confirms_and_the_token_are_never_kept(city: City) -> None:
    draft = make_draft(city.east_handler, confirmed="on", csrfmiddlewaretoken="x" * 64, reason="写到一半")

    assert draft.fields == {"reason": ["写到一半"]}


def test_what_no_database_can_store_is_left_out(city: City) -> None:
    odd: dict[str, Any] = {"na\0me": "半\0个\ud800字"}
    draft = make_draft(city.east_handler, **odd)
    draft.refresh_from_db()

    assert draft.fields == {"name": ["半个?字"]}


def test_too_long_a_draft_is_refused_and_the_one_before_stays(city: City) -> None:
    make_draft(city.east_handler, reason="字" * (LARGEST // 3 - 20))
    with refused(Invalid, "draft_too_large"):
        make_draft(city.east_handler, reason="字" * (LARGEST // 3))


@pytest.mark.parametrize("address", ["/nowhere/", "calculator/", "", "https://example.org/"])
def test_an_address_that_is_none_of_ours_has_no_draft(city: City, address: str) -> None:
    with refused(Invalid, "no_such_form"):
        make_draft(city.east_handler, address)


def test_of_too_many_drafts_the_oldest_goes(city: City) -> None:
    others = make_draft(city.east_director)
    for number in range(1, MOST + 2):
        make_draft(city.east_handler, f"/leads/{number}/report/", NOW + timedelta(minutes=number))

    assert drafts_for(city.east_handler).count() == MOST
    assert draft_at(city.east_handler, "/leads/1/report/") is None
    assert draft_at(city.east_director, others.address) == others


def test_old_drafts_are_deleted_once_their_time_is_over(city: City) -> None:
    make_draft(city.east_handler, "/leads/1/report/", NOW)
    kept = make_draft(city.east_handler, "/leads/2/report/", LATER)

    assert delete_old_drafts(at=NOW + KEPT) == 0
    assert [delete_old_drafts(at=LATER + KEPT) for _twice in range(2)] == [1, 0]
    assert list(FormDraft.objects.all()) == [kept]


def test_a_draft_leaves_no_trace_in_the_trail(city: City) -> None:
    before = Entry.objects.count()
    draft = make_draft(city.east_handler)
    discard_draft(draft_id=draft.pk, actor=city.east_handler)

    assert Entry.objects.count() == before
    assert not FormDraft.objects.exists()


def test_a_draft_leads_back_to_the_form_as_it_was_opened(city: City) -> None:
    plain, asked = make_draft(city.east_handler), make_draft(city.east_handler, query="again=7")

    assert (plain.url, plain.continue_url) == ("/calculator/", "/calculator/?draft=1")
    assert (asked.url, asked.continue_url) == ("/calculator/?again=7", "/calculator/?again=7&draft=1")
