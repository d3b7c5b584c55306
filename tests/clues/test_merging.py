"""One matter told twice: merged into an original, taken apart again, its periods kept by law."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clues import actions as clues
from clues.actions import custody, decisions, verification
from clues.models import Lead, Tenure
from clues.states import FactsGoOn, LeadState
from core.errors import Invalid, NotFound, NotPermitted, Refusal, WrongState
from deadlines.models import Clock
from tests.builders import City, make_lead, moment
from tests.clues.merge_builders import AT, OTHER_PHONE, PHONE, complaint, merge, report, running, unmerge
from tests.refusals import everything, refused

SAME, NEW, OTHER = FactsGoOn.SAME_AGAIN, FactsGoOn.NEW_FACTS, FactsGoOn.OTHER_PERSON


def fresh(lead: Lead) -> Lead:
    return Lead.objects.select_related("office", "owner").get(pk=lead.pk)


def states_of(lead: Lead, rule: str) -> list[str]:
    return list(
        Clock.objects.filter(subject_kind="lead", subject_id=lead.pk, rule=rule)
        .order_by("id")
        .values_list("state", flat=True)
    )


def hand_to_west(city: City, lead: Lead, at: Any = AT) -> Lead:
    return custody.assign_lead(
        lead_id=lead.pk, office_id=city.west_squad.pk, owner_id=city.west_handler.pk, actor=city.clerk, at=at
    )


def decline(city: City, lead: Lead, at: Any = AT) -> Lead:
    verification.report_findings(
        lead_id=lead.pk, findings="查无实据", proposal="not_filed", actor=city.east_handler, at=at
    )
    return decisions.decline_lead(lead_id=lead.pk, ground="minor", reason="已经改正", actor=city.east_director, at=at)


# ---- what becomes of the periods ----


def test_the_same_facts_told_again_are_not_handled_again(city: City) -> None:
    original, again = report(city), report(city, "2026-05-18")
    before = running(original)
    lead = merge(city, again, original)
    assert (lead.state, lead.original_id, lead.merged_as) == (LeadState.MERGED, original.pk, SAME)
    assert running(lead) == []
    assert running(original) == before == [("lead_verification", "2026-05-06", "2026-05-26")]
    assert states_of(lead, "lead_verification") == ["cancelled"]


def test_new_facts_start_the_original_anew_from_the_last_receipt(city: City) -> None:
    original, more = report(city), report(city, "2026-05-18")
    merge(city, more, original, NEW)
    assert running(more) == []
    assert running(original) == [("lead_verification_restart", "2026-05-18", "2026-06-08")]
    assert "自2026-05-18起重新计算" in fresh(original).moves.latest("pk").reason


def test_before_the_law_knew_a_restart_the_original_goes_on_and_says_so(city: City) -> None:
    original, more = report(city, "2026-04-07"), report(city, "2026-04-14")
    at = moment("2026-04-14T15:00")
    merge(city, more, original, NEW, at=at)
    assert running(original) == [("lead_verification", "2026-04-07", "2026-04-28")]
    assert fresh(original).moves.latest("pk").reason.endswith("期限不重新计算")


def test_new_facts_do_not_revive_a_period_that_was_over_when_they_came(city: City) -> None:
    original, more = report(city), report(city, "2026-06-01")
    merge(city, more, original, NEW, at=moment("2026-06-02"))
    assert running(original) == [("lead_verification", "2026-05-06", "2026-05-26")]


def test_of_several_new_facts_the_last_receipt_counts_in_whatever_order_they_are_merged(city: City) -> None:
    original, later, earlier = report(city), report(city, "2026-05-19"), report(city, "2026-05-12")
    merge(city, later, original, NEW)
    merge(city, earlier, original, NEW)
    assert running(original) == [("lead_verification_restart", "2026-05-19", "2026-06-09")]
    unmerge(city, later)
    assert running(original) == [("lead_verification_restart", "2026-05-12", "2026-06-02")]
    unmerge(city, earlier)
    assert running(original) == [("lead_verification", "2026-05-06", "2026-05-26")]
    assert running(later) == [("lead_verification", "2026-05-19", "2026-06-09")]


def test_another_persons_period_goes_on_follows_the_original_and_is_met_with_it(city: City) -> None:
    original, other = report(city), report(city, "2026-05-18", OTHER_PHONE)
    merge(city, other, original, OTHER)
    assert running(other) == [("lead_verification", "2026-05-18", "2026-06-08")]
    hand_to_west(city, original)
    moved = fresh(other)
    assert (moved.office, moved.owner, moved.bureau_id) == (city.west_squad, city.west_handler, city.west.pk)
    clock = Clock.objects.get(subject_id=other.pk, rule="lead_verification")
    assert (clock.owner, clock.office) == (city.west_handler, city.west_squad)
    custody.sign_lead(lead_id=original.pk, actor=city.west_handler, at=AT)
    verification.report_findings(
        lead_id=original.pk, findings="属实", proposal="transferred", actor=city.west_handler, at=AT
    )
    decisions.transfer_lead(
        lead_id=original.pk, transferred_to="农业农村局", reason="不属本局", actor=_head_of_west(city), at=AT
    )
    assert states_of(other, "lead_verification") == ["met"]


def _head_of_west(city: City) -> Any:
    from accounts.roles import Role
    from tests.builders import make_user

    return make_user("west_director", city.west, Role.BUREAU_HEAD)


def test_a_complaint_of_another_person_is_decided_with_the_original(city: City) -> None:
    original, other = complaint(city), complaint(city, "2026-05-18", OTHER_PHONE)
    merge(city, other, original, OTHER)
    assert running(other) == [("complaint_acceptance", "2026-05-18", "2026-05-27")]


def test_telling_about_the_original_tells_the_others_too(city: City) -> None:
    """Until 2026-04-14 a reporter had to be told (令20第三十一条)."""
    original, other = report(city, "2026-03-02"), report(city, "2026-03-05", OTHER_PHONE)
    at = moment("2026-03-10")
    merge(city, other, original, OTHER, at=at)
    decline(city, original, at=at)
    assert states_of(other, "report_filing_feedback") == ["running"]
    decisions.give_feedback(lead_id=original.pk, told_on=at.date(), way="电话告知", actor=city.east_clerk, at=at)
    assert states_of(other, "report_filing_feedback") == ["met"]


def test_the_same_facts_after_the_decision_are_not_handled_again_either(city: City) -> None:
    original = decline(city, report(city))
    again = report(city, "2026-05-20")
    merge(city, again, original)
    assert running(again) == []
    with refused(WrongState, "unmerge_after_decision"):
        unmerge(city, again)


# ---- refusals ----


def test_who_did_not_tell_both_cannot_be_told_to_repeat(city: City) -> None:
    original, other, nameless = (
        report(city),
        report(city, phone=OTHER_PHONE),
        report(city, phone="", informant=clues.intake.NOBODY),
    )
    for lead in (other, nameless):
        for facts in (SAME, NEW):
            with refused(Invalid, "not_same_informant", "facts"):
                merge(city, lead, original, facts)
        merge(city, lead, original, OTHER)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"facts": "perhaps"}, "unknown_facts", "facts"),
        ({"reason": " "}, "required", "reason"),
        ({"reason": "字" * 501}, "too_long", "reason"),
    ],
)
def test_a_faulty_merge_is_refused(city: City, changed: dict[str, Any], code: str, field: str) -> None:
    original, again = report(city), report(city)
    with refused(Invalid, code, field):
        merge(city, again, original, **changed)


def test_links_stay_flat(city: City) -> None:
    first, second, third = report(city), report(city), report(city)
    with refused(Invalid, "merge_into_itself", "original"):
        merge(city, first, first)
    merge(city, second, first)
    with refused(WrongState, "merge_cycle", "original"):
        merge(city, first, second)
    with refused(WrongState, "original_is_merged", "original"):
        merge(city, third, second)
    with refused(WrongState, "is_an_original"):
        merge(city, first, third)
    with refused(WrongState, "wrong_state"):
        merge(city, second, third)
    with refused(WrongState, "wrong_state"):
        unmerge(city, first)


def test_a_complaint_and_a_report_are_handled_apart(city: City) -> None:
    one, same, other = complaint(city), complaint(city), report(city)
    for lead, original in ((one, other), (other, one)):
        with refused(Invalid, "other_procedure", "original"):
            merge(city, lead, original)
    with refused(Invalid, "no_restart_of_complaints", "facts"):
        merge(city, one, same, NEW)


def test_what_is_new_to_a_decided_original_is_a_new_lead(city: City) -> None:
    original, more, other = decline(city, report(city)), report(city), report(city, phone=OTHER_PHONE)
    with refused(WrongState, "original_decided", "original"):
        merge(city, more, original, NEW)
    with refused(WrongState, "original_decided", "original"):
        merge(city, other, original, OTHER)


def test_a_lead_that_owes_a_reply_of_its_own_is_not_merged(city: City) -> None:
    letter = report(
        city, channel="procuratorate", facts={"from_body": "示例检察院", "letter_no": "检意〔2026〕1号"},
        informant=clues.intake.NOBODY,
    )  # fmt: skip
    other = report(city)
    with refused(Invalid, "owes_reply", "original"):
        merge(city, letter, other, OTHER)
    assert merge(city, other, letter, OTHER).original == letter


def test_an_original_one_does_not_see_does_not_exist(city: City) -> None:
    lead, far = report(city), report(city)
    hand_to_west(city, far)
    for original_id in (far.pk, 999_999):
        with refused(Invalid, "unknown_lead", "original"):
            merge(city, lead, Lead(pk=original_id))
    with refused(NotFound, "not_found"):
        merge(city, far, lead)
    assert merge(city, fresh(far), lead, actor=city.clerk).office == city.east_squad


@pytest.mark.parametrize("who", ["east_handler", "supervisor", "leader", "east_reviewer"])
def test_only_those_who_assign_merge(city: City, who: str) -> None:
    original, again = report(city), report(city)
    with refused(NotPermitted, "not_permitted"):
        merge(city, again, original, actor=getattr(city, who))
    merge(city, again, original)
    with refused(NotPermitted, "not_permitted"):
        unmerge(city, again, actor=getattr(city, who))


def test_a_lead_in_dispute_is_not_merged(city: City) -> None:
    original, again = report(city), report(city)
    again.disputes.create(
        office=city.east_squad,
        raised_by=city.east_head,
        raised_at=AT,
        claimed_office=city.west_squad,
        superior=city.root,
        reason="不属本区",
    )
    with refused(WrongState, "dispute_open"):
        merge(city, again, original)


# ---- taken apart again ----


def test_unmerged_a_lead_goes_back_to_whoever_had_it_with_its_own_period(city: City) -> None:
    original, again = report(city), report(city, "2026-05-18")
    verification.extend_verification(lead_id=again.pk, reason="情况特殊", actor=city.east_director, at=AT)
    due = running(again)
    hand_to_west(city, original)
    merge(city, again, original, actor=city.clerk)
    assert fresh(again).owner == city.west_handler
    lead = unmerge(city, again, actor=city.clerk, at=moment("2026-07-20"))
    assert (lead.state, lead.original, lead.merged_as) == (LeadState.REGISTERED, None, "")
    assert (lead.office, lead.owner) == (city.east_squad, city.east_handler)
    assert running(lead) == due, "extended as it was, though the extension could no longer be given"
    assert running(lead)[0][2] == "2026-06-30"


def test_the_history_says_whose_it_was_and_where_it_went(city: City) -> None:
    original, again = report(city), report(city)
    merge(city, again, original)
    hand_to_west(city, original)
    unmerge(city, again, actor=city.clerk)
    assert [move.name for move in again.moves.order_by("pk")] == ["log", "assign", "sign", "merge", "follow", "unmerge"]
    assert [move.name for move in original.moves.order_by("pk")][-3:] == ["merged_in", "assign", "unmerged_from"]


def test_the_database_holds_a_link_exactly_for_what_is_merged(city: City) -> None:
    original, again = report(city), report(city)
    merge(city, again, original)
    for broken in ({"original": None}, {"state": "registered"}, {"original_id": again.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lead.objects.filter(pk=again.pk).update(**broken)


STEP = st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4), st.sampled_from([SAME, NEW, OTHER, "hand"]))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=4, max_size=10))
def test_random_merging_keeps_links_flat_owners_single_and_due_days_undone(city: City, steps: list[Any]) -> None:
    with transaction.atomic():
        days = ["2026-05-06", "2026-05-11", "2026-05-13", "2026-05-18"]
        leads = [report(city, day) for day in days] + [report(city, "2026-05-14", OTHER_PHONE)]
        untouched = [running(lead) for lead in leads]
        for is_merge, one, other, facts in steps:
            before = everything()
            try:
                if facts == "hand":
                    office, owner = ((city.west_squad, city.west_handler), (city.east_squad, city.east_handler))[
                        other % 2
                    ]
                    custody.assign_lead(
                        lead_id=leads[one].pk, office_id=office.pk, owner_id=owner.pk, actor=city.clerk, at=AT
                    )
                elif is_merge:
                    merge(city, leads[one], leads[other], facts, actor=city.clerk)
                else:
                    unmerge(city, leads[one], actor=city.clerk)
            except Refusal:
                assert everything() == before
            _is_sound(leads)
        for lead in Lead.objects.filter(state=LeadState.MERGED):
            unmerge(city, lead, actor=city.clerk)
        _is_sound(leads)
        assert [running(lead) for lead in leads] == untouched
        transaction.set_rollback(True)


def _is_sound(leads: list[Lead]) -> None:
    for lead in Lead.objects.filter(pk__in=[lead.pk for lead in leads]).select_related("original"):
        if lead.original is not None:
            assert lead.original.original_id is None
            assert (lead.office_id, lead.owner_id) == (lead.original.office_id, lead.original.owner_id)
        held = Tenure.objects.get(lead=lead, ends_at__isnull=True)
        assert (held.office_id, held.owner_id) == (lead.office_id, lead.owner_id)
        mine = Clock.objects.filter(subject_kind="lead", subject_id=lead.pk, state="running")
        assert {(clock.office_id, clock.owner_id) for clock in mine} <= {(lead.office_id, lead.owner_id)}
        handling = running(lead)
        assert len(handling) == (0 if lead.merged_as in (SAME, NEW) else 1)


def test_a_self_found_lead_merges_too(city: City) -> None:
    original, lead = report(city), make_lead(city, at=AT)
    assert merge(city, lead, original, OTHER).state == LeadState.MERGED


def test_merging_names_nobody_who_told(city: City) -> None:
    original, again = report(city), report(city)
    merge(city, again, original)
    assert PHONE not in str(everything())
