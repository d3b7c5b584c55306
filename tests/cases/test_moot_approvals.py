"""What was asked for leads that were decided otherwise ends one by one, so many at each ring of the bell."""

import pytest

from cases.actions import approvals
from cases.models import Approval
from clues.actions import decisions
from tests.builders import NOW, City, make_verified_lead
from tests.cases.duties_builders import ask_to_file


def test_a_ring_ends_no_more_than_its_share_and_the_next_goes_on(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "AT_ONCE", 1)
    for _each in range(2):
        lead = make_verified_lead(city)
        ask_to_file(city, lead)
        decisions.transfer_lead(
            lead_id=lead.pk, transferred_to="城管部门", reason="不属本部门管辖", actor=city.east_director, at=NOW
        )
    assert [approvals.void_moot_approvals(at=NOW) for _ring in range(3)] == [1, 1, 0]
    assert set(Approval.objects.values_list("state", flat=True)) == {"void"}


def test_what_is_possible_still_is_left_alone(city: City) -> None:
    lead = make_verified_lead(city)
    asked = ask_to_file(city, lead)
    assert not approvals._void_moot(asked.pk, lead.pk, NOW)
    assert Approval.objects.get().state == "asked"
