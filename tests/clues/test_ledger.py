"""Many leads registered at once are exactly those logged one by one; what an old ledger says comes in with its past."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from clues.actions.intake import InformantInput, Intake, log_lead
from clues.actions.ledger import LedgerRow, register_leads
from clues.actions.past import Past
from clues.models import Lead, LeadMove, Tenure
from core.errors import Invalid, NotPermitted
from deadlines.models import Clock, Reminder
from deadlines.replay import SHANGHAI
from documents.models import NumberSeries
from search.queries import matching
from tests.builders import NOW, City, make_routing
from tests.refusals import OURS, refused

ON = date(2026, 3, 2)
PLAIN = Intake("inspection", ON, "示例商店", "货架上有过期食品。", facts={"inspected_on": "2026-03-01"})
TOLD = InformantInput("某甲", "13800000000", "某路1号", "", True)
COMPLAINT = Intake(
    "complaint", date(2026, 2, 27), "示例超市", "退货被拒。", facts={"claim": "退一赔三"}, informant=TOLD
)


def rows_for(city: City) -> list[LedgerRow]:
    """Every channel of work there is in a ledger: named office, routed, routed elsewhere, anonymous, from somebody."""
    routed = replace(PLAIN, category="food-sale", region_code="370202", amount=Decimal("88.50"), flags=("key8-1",))
    return [
        LedgerRow(PLAIN, city.east_squad.pk),
        LedgerRow(COMPLAINT, city.east_squad.pk),
        LedgerRow(replace(PLAIN, channel="report", facts={}, party_code="91370200A"), city.east.pk),
        LedgerRow(routed),
        LedgerRow(replace(routed, region_code="370203"), city.east.pk, "案情复杂"),
        LedgerRow(
            replace(PLAIN, channel="procuratorate", facts={"from_body": "检察院", "letter_no": "1号"}), city.east.pk
        ),
        LedgerRow(replace(PLAIN, received_on=date(2025, 12, 30)), city.east_squad.pk),
    ]


def log_each(city: City) -> None:
    for row in rows_for(city):
        intake = {name: getattr(row.intake, name) for name in row.intake.__dataclass_fields__}
        log_lead(**intake, office_id=row.office_id, route_reason=row.route_reason, actor=city.east_clerk, at=NOW)


def log_at_once(city: City) -> None:
    register_leads(rows_for(city), actor=city.east_clerk, at=NOW)


SECRET = ("code", "place_key", "sealed_name", "sealed_phone", "sealed_address", "sealed_id_number")


def written(act: Callable[[City], None], city: City) -> dict[str, list[str]]:
    """The rows that an act adds to every table of ours, without ids and what is drawn by chance."""
    models = [model for app in (*OURS, "search") for model in apps.get_app_config(app).get_models()]
    known = {model: set(model._default_manager.values_list("pk", flat=True)) for model in models}
    act(city)
    added: dict[str, list[dict[str, Any]]] = {}
    places: dict[int, int] = {}
    for model in models:
        rows = model._default_manager.exclude(pk__in=known[model]).order_by("pk").values()
        added[model._meta.label] = list(rows)
        if model is Lead:
            places = {row["id"]: place for place, row in enumerate(rows)}
    return {label: sorted(_plain(row, places) for row in rows) for label, rows in added.items() if rows}


def _plain(row: dict[str, Any], places: dict[int, int]) -> str:
    """Leads by their place in the ledger; of a sealed field whether there is one."""
    shown = {}
    for name, value in row.items():
        if name in ("id", "clock_id", "series_id", "vector"):
            continue
        if name in ("lead_id", "subject_id"):
            value = "told" if row.get("subject_kind") == "informant" else places.get(value, "other")
        if name == "facts":
            value = {**value, "clock": "clock" in value, "subject_id": places.get(value.get("subject_id"))}
        shown[name] = (
            bool(value)
            if name in SECRET or (name == "subject_label" and row.get("verb") == "informants.seal")
            else value
        )
    return repr(shown)


def test_registering_at_once_writes_what_logging_each_writes(city: City) -> None:
    make_routing(city)
    series = list(NumberSeries.objects.values())
    assert not series

    with transaction.atomic():
        singly = written(log_each, city)
        transaction.set_rollback(True)
    at_once = written(log_at_once, city)

    assert at_once.keys() == singly.keys()
    for label, rows in singly.items():
        assert at_once[label] == rows, label


# ---- with a past ------------------------------------------------------------


def history(lead: Lead) -> list[tuple[str, str, str, str]]:
    moves = LeadMove.objects.filter(lead=lead).order_by("id")
    return [(m.name, m.source, m.target, m.at.astimezone(SHANGHAI).date().isoformat()) for m in moves]


def test_an_old_matter_comes_in_closed_with_its_moves_tenures_and_met_periods(city: City) -> None:
    past = Past(
        old_number="2025-17", owner=city.east_handler, assigned_on=date(2025, 12, 2), signed_on=date(2025, 12, 10),
        state="not_filed", decided_on=date(2025, 12, 30), ground="minor", reason="已改正",
    )  # fmt: skip
    intake = replace(PLAIN, channel="self_found", facts=None, received_on=date(2025, 12, 1))
    (lead,) = register_leads([LedgerRow(intake, city.east_squad.pk, past=past)], actor=city.east_clerk, at=NOW)

    lead.refresh_from_db()
    assert (lead.state, lead.decline_ground, lead.decided_on) == ("not_filed", "minor", date(2025, 12, 30))
    assert lead.owner == city.east_handler
    assert history(lead) == [
        ("log", "", "registered", "2025-12-01"), ("assign", "registered", "assigned", "2025-12-02"),
        ("sign", "assigned", "verifying", "2025-12-10"), ("decline", "verifying", "not_filed", "2025-12-30"),
    ]  # fmt: skip
    assert "2025-17" in LeadMove.objects.get(lead=lead, name="log").reason
    clocks = dict(Clock.objects.values_list("rule", "state"))
    assert clocks == {"lead_verification": "met_late", "lead_triage": "met", "lead_signing": "met_late"}
    assert not Reminder.objects.exists()
    held = list(Tenure.objects.filter(lead=lead).order_by("starts_at").values_list("owner__username", "ends_at"))
    assert [owner for owner, _ends in held] == ["east_clerk", "east_handler"]
    assert held[1][1] is None


def test_a_complaint_settled_before_comes_in_with_both_its_periods_over(city: City) -> None:
    past = Past(accepted_on=date(2025, 12, 5), state="settled", decided_on=date(2026, 1, 5))
    intake = replace(COMPLAINT, received_on=date(2025, 12, 1))
    (lead,) = register_leads([LedgerRow(intake, city.east_squad.pk, past=past)], actor=city.east_clerk, at=NOW)

    lead.refresh_from_db()
    assert (lead.state, lead.accepted_on) == ("settled", date(2025, 12, 5))
    assert dict(Clock.objects.values_list("rule", "state")) == {
        "complaint_acceptance": "met", "complaint_mediation": "met", "consumer_reg_mediation_60d": "met",
    }  # fmt: skip


def test_what_is_still_open_keeps_its_periods_running(city: City) -> None:
    past = Past(owner=city.east_handler, assigned_on=date(2026, 2, 27), signed_on=date(2026, 2, 28))
    row = LedgerRow(replace(PLAIN, received_on=date(2026, 2, 27)), city.east_squad.pk, past=past)
    (lead,) = register_leads([row], actor=city.east_clerk, at=NOW)

    assert lead.state == "verifying"
    clocks = dict(Clock.objects.values_list("rule", "state"))
    assert clocks == {"lead_verification": "running", "lead_triage": "met", "lead_signing": "met"}
    assert set(Clock.objects.values_list("owner", flat=True)) == {city.east_handler.pk}
    assert Reminder.objects.exists()


@pytest.mark.parametrize(
    ("past", "code", "field"),
    [
        (Past(state="not_filed", decided_on=date(2026, 3, 1), ground=""), "unknown_ground", "ground"),
        (Past(state="not_filed", ground="minor"), "required", "decided_on"),
        (Past(decided_on=date(2026, 3, 1)), "required", "state"),
        (Past(state="merged", decided_on=date(2026, 3, 1)), "unknown_outcome", "state"),
        (Past(state="settled", decided_on=date(2026, 3, 1)), "unknown_outcome", "state"),
        (Past(state="transferred", decided_on=date(2026, 3, 1)), "required", "transferred_to"),
        (Past(state="filed", decided_on=date(2026, 2, 1)), "days_out_of_order", "decided_on"),
        (Past(state="filed", decided_on=date(2026, 3, 3)), "future_date", "decided_on"),
        (Past(signed_on=date(2026, 3, 1)), "required", "assigned_on"),
        (Past(assigned_on=date(2026, 3, 1)), "required", "owner"),
        (Past(accepted_on=date(2026, 3, 1)), "not_a_complaint", "accepted_on"),
        (Past(old_number="9" * 81), "too_long", "old_number"),
    ],
)  # fmt: skip
def test_a_past_that_cannot_be_is_refused(city: City, past: Past, code: str, field: str) -> None:
    row = LedgerRow(replace(PLAIN, received_on=date(2026, 2, 27)), city.east_squad.pk, past=past)
    with refused(Invalid, code, field):
        register_leads([LedgerRow(PLAIN, city.east_squad.pk), row], actor=city.east_clerk, at=NOW)


def test_an_owner_who_never_worked_there_is_refused(city: City) -> None:
    past = Past(owner=city.west_handler, assigned_on=ON)
    with refused(Invalid, "not_in_office", "owner"):
        register_leads([LedgerRow(PLAIN, city.east_squad.pk, past=past)], actor=city.east_clerk, at=NOW)


# ---- refusals ---------------------------------------------------------------


def test_one_bad_row_leaves_nothing_and_is_named(city: City) -> None:
    rows = [LedgerRow(PLAIN, city.east_squad.pk), LedgerRow(replace(PLAIN, summary=" "), city.east_squad.pk)]
    with refused(Invalid, "required", "summary"):
        register_leads(rows, actor=city.east_clerk, at=NOW)
    with pytest.raises(Invalid, match="第2行"):
        register_leads(rows, actor=city.east_clerk, at=NOW)


def test_who_may_not_log_for_an_office_registers_nothing_there(city: City) -> None:
    rows = [LedgerRow(PLAIN, city.east_squad.pk), LedgerRow(PLAIN, city.west_squad.pk)]
    with refused(NotPermitted):
        register_leads(rows, actor=city.east_clerk, at=NOW)


def test_what_was_registered_is_found_by_its_text_by_those_who_see_it(city: City) -> None:
    (lead,) = register_leads([LedgerRow(PLAIN, city.east_squad.pk)], actor=city.east_clerk, at=NOW)
    assert list(matching(city.east_handler, "lead", "过期食品")) == [lead.pk]
    assert not matching(city.west_handler, "lead", "过期食品")


def test_registering_costs_the_same_statements_however_many(city: City, django_assert_max_num_queries: Any) -> None:
    rows = [LedgerRow(PLAIN, city.east_squad.pk)] * 3
    with django_assert_max_num_queries(60):
        register_leads(rows, actor=city.east_clerk, at=NOW)
