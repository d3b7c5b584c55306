from datetime import date

import pytest

from clues.models import Lead
from core.errors import Invalid
from core.paging import page_behind
from tests.builders import City, make_lead, moment

ORDER = ("-received_on", "-id")


def test_pages_follow_each_other_without_gap_or_repeat(city: City) -> None:
    days = [date(2026, 2, day) for day in (3, 3, 5, 3, 4, 5, 2)]
    leads = [make_lead(city, received_on=day, at=moment("2026-03-02")) for day in days]
    wanted = [lead.pk for lead in sorted(leads, key=lambda lead: (lead.received_on, lead.pk), reverse=True)]

    seen, cursor, turns = [], "", 0
    while True:
        page = page_behind(Lead.objects.all(), ORDER, cursor, size=2)
        assert page.is_first is (turns == 0)
        seen += [lead.pk for lead in page.rows]
        cursor, turns = page.after, turns + 1
        if not cursor:
            break

    assert seen == wanted
    assert turns == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cursor",
    ["x", "2026-02-30~1", "2026-02-03", "2026-02-03~", "2026-02-03~1~2", "2026-02-03~99999999999999999999", "~"],
)
def test_a_place_nobody_gave_out_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        page_behind(Lead.objects.all(), ORDER, cursor)
    assert (refusal.value.code, refusal.value.field) == ("invalid_cursor", "after")
