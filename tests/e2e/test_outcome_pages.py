"""A decision on the spot and the other ends of a case on an office screen and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import outcomes
from tests.builders import City, make_case
from tests.cases.outcome_stages import fined_on_spot
from tests.e2e.conftest import SitDown
from tests.e2e.desk import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "viewport"), [("1366", DESKTOP), ("390", PHONE)])
def test_the_pages_of_outcomes_are_accessible_and_fit(
    sit_down: SitDown, city: City, width: str, viewport: dict[str, int]
) -> None:
    at = timezone.now()
    spot = fined_on_spot(city, at=at - timedelta(minutes=5))
    ended, running = (make_case(city, at=at - timedelta(days=1)) for _each in range(2))
    outcomes.refer_case(
        case_id=ended.pk,
        recipient="示例市公安局",
        handed_over="案卷一册",
        reason="涉嫌犯罪",
        actor=city.east_director,
        at=at,
    )
    shown = {
        city.east_handler: {
            "on-spot-form": "/cases/on_spot/", "on-spot-case": f"/cases/{spot.pk}/", "hand-in": f"/cases/{spot.pk}/hand_in/",
        },
        city.east_director: {
            "ended-case": f"/cases/{ended.pk}/", "merge": f"/cases/{running.pk}/merge/",
            "split": f"/cases/{running.pk}/split/", "transfer": f"/cases/{running.pk}/transfer/",
        },
    }  # fmt: skip
    wrong = []
    for who, pages in shown.items():
        desk = sit_down(who, viewport=viewport)
        for name, url in pages.items():
            desk.page.goto(url)
            desk.shoot(f"{name}-{width}-zh-hans")
            wrong += [f"{name}: {each}" for each in desk.barriers()] + [f"{name}: scrolls sideways"] * desk.overflows()
    assert wrong == []
