"""The demo city's year: the same for the same day, within the rules, and quiet about what is over."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Count

from accounts.models import Office, OfficeKind
from casemgr.demo_city import build_city, division_of_powers, number_formats
from casemgr.demo_drafts import Drafts
from casemgr.demo_texts import SUBJECTS
from casemgr.demo_walks import walk_on
from casemgr.demo_year import load_year
from cases.models import Case
from clues.models import Lead
from clues.states import Channel, LeadState
from clues.uscc import doubt_about
from deadlines.actions.reminders import sweep_reminders
from deadlines.models import Clock
from deadlines.states import ClockState
from notices.models import Notice
from routing.queries import categories
from tests.builders import NOW

TODAY = NOW.date()
LEADS = 500


@pytest.fixture
def year(law: None) -> list[Lead]:
    number_formats(at=NOW)
    build_city(at=NOW, since=TODAY - timedelta(days=400))
    division_of_powers(at=NOW)
    entered = load_year(now=NOW, leads=LEADS)
    walk_on(entered, now=NOW)
    return list(Lead.objects.select_related("office"))


@pytest.mark.django_db
def test_the_same_day_gives_the_same_year_and_another_day_another(law: None) -> None:
    assert list(Drafts(TODAY).all_of(60)) == list(Drafts(TODAY).all_of(60))
    assert list(Drafts(TODAY).all_of(60)) != list(Drafts(TODAY + timedelta(days=1)).all_of(60))


def test_every_subject_is_a_category_of_the_tree() -> None:
    known = {category.code for category in categories()}
    assert {subject.category for subject in SUBJECTS} <= known


@pytest.mark.django_db
def test_a_year_comes_in_over_the_channels_and_the_states(year: list[Lead]) -> None:
    assert abs(len(year) - LEADS) < LEADS * 0.05
    channels = Counter(lead.channel for lead in year)
    assert 0.5 < channels[Channel.COMPLAINT] / len(year) < 0.72
    assert 0.18 < channels[Channel.REPORT] / len(year) < 0.32
    assert {lead.state for lead in year} >= {
        LeadState.REFUSED, LeadState.SETTLED, LeadState.ENDED, LeadState.MEDIATING, LeadState.NOT_FILED, LeadState.FILED,
    }  # fmt: skip
    assert all(TODAY - timedelta(days=365) < lead.received_on <= TODAY for lead in year)
    assert len({lead.summary for lead in year}) > LEADS * 0.9


@pytest.mark.django_db
def test_what_is_over_kept_its_periods_but_for_a_few_and_says_nothing(year: list[Lead]) -> None:
    over = Clock.objects.filter(rule__in=["complaint_acceptance", "complaint_mediation", "lead_verification"])
    states = dict(over.values_list("state").annotate(Count("id")))
    late, in_time = states.get(ClockState.MET_LATE, 0), states[ClockState.MET]
    assert 0 < late < 0.1 * in_time
    sweep_reminders(at=NOW)
    told = Notice.objects.exclude(kind="dispute")
    assert set(told.values_list("subject_id", flat=True)) <= set(
        Clock.objects.filter(state=ClockState.RUNNING).values_list("subject_id", flat=True)
    )
    assert max(Counter(told.values_list("recipient_id", flat=True)).values()) <= 20


@pytest.mark.django_db
def test_what_was_filed_lately_has_a_case_and_older_ones_say_where_theirs_is(year: list[Lead]) -> None:
    filed = [lead for lead in year if lead.state == LeadState.FILED]
    with_case = set(Case.objects.values_list("lead_id", flat=True))
    assert with_case <= {lead.pk for lead in filed}
    for lead in filed:
        assert lead.pk in with_case or "案件在原系统办理" in lead.moves.get(name="file").reason


@pytest.mark.django_db
def test_leads_lie_with_units_of_the_division_and_codes_are_mostly_sound(year: list[Lead]) -> None:
    kinds = Counter(lead.office.kind for lead in year)
    assert kinds[OfficeKind.STATION] > kinds[OfficeKind.SQUAD] > 0
    assert set(Office.objects.filter(kind=OfficeKind.DISTRICT)) == {
        lead.office.bureau for lead in year if lead.office.bureau and lead.office.bureau.kind == OfficeKind.DISTRICT
    }
    codes = [lead.party_code for lead in year if lead.party_code]
    assert len(codes) > 0.75 * len(year)
    assert 0 < sum(doubt_about(code) is not None for code in codes) < 0.06 * len(codes)
