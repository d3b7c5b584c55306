"""From a lead to its case, and what is said where there is none."""

from django.test import Client
from django.urls import reverse

from clues.actions.ledger import LedgerRow, register_leads
from clues.actions.past import Past
from tests.builders import NOW, City, lead_of, make_case, make_lead
from tests.clues.test_ledger import PLAIN


def case_of(reader: Client, lead_id: int) -> tuple[int, str]:
    answer = reader.get(reverse("case_of_lead", args=[lead_id]), follow=True)
    return answer.status_code, answer.request["PATH_INFO"]


def test_a_filed_lead_leads_to_its_case_or_says_where_the_case_is(client: Client, city: City) -> None:
    client.force_login(city.east_head)
    case = make_case(city)
    assert case_of(client, lead_of(case).pk) == (200, f"/cases/{case.pk}/")
    past = Past(state="filed", decided_on=NOW.date())
    (old,) = register_leads([LedgerRow(PLAIN, city.east_squad.pk, past=past)], actor=city.east_clerk, at=NOW)
    answer = client.get(reverse("case_of_lead", args=[old.pk]), follow=True)
    assert "在原系统办理" in answer.content.decode()
    assert answer.request["PATH_INFO"] == f"/leads/{old.pk}/"
    assert case_of(client, make_lead(city).pk)[0] == 404
    client.force_login(city.west_head)
    assert case_of(client, old.pk)[0] == 404
