"""A lead waiting to be signed for, and one two offices do not agree on, as each of them sees it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clues.actions import custody, disputes
from clues.models import Dispute
from tests.builders import City, make_lead
from tests.e2e.conftest import SitDown
from tests.e2e.desk import DESKTOP, PHONE, SHOTS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_lead_is_signed_for_and_then_disputed(sit_down: SitDown, city: City) -> None:
    lead, now = make_lead(city, at=timezone.now()), timezone.now()
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler2.pk, actor=city.east_clerk, at=now
    )
    url = reverse("lead_page", args=[lead.pk])
    for who in ("east_clerk", "east_handler2", "east_head"):
        desk = sit_down(getattr(city, who))
        for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
            desk.page.set_viewport_size(size)
            desk.page.goto(url)
            desk.page.screenshot(path=SHOTS / f"unsigned-{who}-{name}.png", full_page=True)
    owner = sit_down(city.east_handler2)
    owner.page.goto(url)
    owner.page.get_by_role("link", name="签收", exact=True).click()
    owner.page.get_by_role("button", name="签收").click()
    owner.page.get_by_text("已签收，由您承办。").wait_for()
    disputes.raise_dispute(
        lead_id=lead.pk, office_id=city.west_squad.pk, reason="经营地在西区，照片可证。", actor=city.east_clerk, at=now
    )
    dispute = Dispute.objects.get()
    shots = {
        "lead-disputed": (city.east_director, url),
        "dispute": (city.west_head, reverse("dispute_page", args=[dispute.pk])),
        "disputes": (city.west_handler, reverse("dispute_list")),
        "owners": (city.clerk, reverse("lead_owners")),
    }
    for shot, (user, address) in shots.items():
        desk = sit_down(user)
        for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
            desk.page.set_viewport_size(size)
            desk.page.goto(address)
            desk.page.screenshot(path=SHOTS / f"{shot}-{name}.png", full_page=True)
