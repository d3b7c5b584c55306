"""Long walks of legal moves taken at random: the history alone gives back the state, the facts alone the due days."""

import random
from datetime import date, datetime, timedelta

import pytest

from audit.models import Entry
from cases.actions import decision, outcomes, review, term
from cases.models import Case
from cases.queries.matter import legal_moves
from cases.states.matter import TRANSITIONS, CaseState
from core.errors import Refusal
from deadlines.actions.clocks import facts_of
from deadlines.models import Clock, Reminder
from deadlines.queries import current_calendar, rule_version_of
from deadlines.replay import due_of
from tests.builders import City, make_case, moment
from tests.cases import money_stages, outcome_stages
from tests.cases.stages import ROWS, VERBS, doer
from tests.refusals import everything

BY_NAME = {row.name: row for row in TRANSITIONS}


def act(verb: str, city: City, case: Case, at: datetime, chance: random.Random) -> None:
    """The verb with dates and amounts drawn at random; some of them are refused, as in life."""
    today, actor = at.date(), doer(city, verb)
    back = today - timedelta(days=chance.randrange(4))
    if verb == "suspend":
        term.suspend_case(
            case_id=case.pk, ground="other", starts_on=back, reason="等待", actor=actor, at=at,
        )  # fmt: skip
    elif verb == "resume":
        term.resume_case(case_id=case.pk, resumes_on=back, reason="恢复", actor=actor, at=at)
    elif verb == "extend":
        term.extend_case(case_id=case.pk, reason="复杂", actor=actor, at=at)
    elif verb == "exclude":
        term.exclude_case_days(
            case_id=case.pk, ground="检验", first_day=back, last_day=back + timedelta(days=chance.randrange(-1, 5)),
            reason="送检", actor=actor, at=at,
        )  # fmt: skip
    elif verb in ("notify", "serve"):
        serve = decision.notify_party if verb == "notify" else decision.serve_decision
        serve(case_id=case.pk, served_on=back, actor=actor, at=at)
    elif verb in money_stages.WALKED:
        money_stages.walk(verb, case, back, chance, actor, at)
    elif verb == "withdraw_publication":
        outcomes.withdraw_publication(
            case_id=case.pk, withdrawn_on=back, explanation="决定已被撤销", actor=case.owner, at=at
        )
    elif verb == "extend_review":
        review.extend_review(case_id=case.pk, days=chance.choice([1, 5]), reason="复杂", actor=actor, at=at)
    elif verb == "conclude":
        review.conclude_case(
            case_id=case.pk, conclusion="清楚", reviewer_id=city.east_reviewer.pk,
            actor=chance.choice([case.owner, case.second_officer]), at=at,
        )  # fmt: skip
    else:
        who = chance.choice([case.owner, case.second_officer]) if ROWS[verb].roles == {"handler"} else actor
        VERBS[verb](city, case, who, at)


@pytest.mark.parametrize("seed", range(8))
def test_a_random_walk_is_told_whole_by_its_history(city: City, seed: int) -> None:
    chance = random.Random(seed)
    at = moment("2026-03-02")
    case = make_case(city, at=at)
    people = [city.east_director, city.east_head, city.east_handler, city.east_handler2, city.east_reviewer]
    refusals = moves = 0
    for _ in range(35):
        at += timedelta(days=chance.choice([0, 1, 1, 3, 9]), minutes=1)
        case = Case.objects.select_related("owner", "second_officer", "office__bureau", "reviewer").get(pk=case.pk)
        legal = sorted({row.name for person in people for row in legal_moves(person, case)})
        if not legal:
            assert case.state in (CaseState.CLOSED, CaseState.MERGED)
            break
        if chance.random() < 0.8:  # most cases go the long way
            legal = [verb for verb in legal if verb not in outcome_stages.VERBS] or legal
        before = everything()
        try:
            act(chance.choice(legal), city, case, at, chance)
            moves += 1
        except Refusal:
            refusals += 1
            assert everything() == before
    assert moves
    for each in Case.objects.all():
        check_history(each)
        check_clocks(each.pk)


def check_history(case: Case) -> None:
    """Folding the moves over the table gives the state; each is in the audit trail in the same order."""
    state = ""
    moves = list(case.moves.order_by("id"))
    for each in moves:
        row = BY_NAME[each.name]
        assert each.source == state
        assert not row.sources or row.starts_from(state)
        state = row.target or state
        assert each.target == state
    assert state == case.state
    entries = Entry.objects.filter(subject_kind="case", subject_id=case.pk, verb__startswith="cases.").order_by("id")
    assert list(entries.values_list("verb", flat=True)) == [f"cases.{each.name}" for each in moves]


def check_clocks(case_id: int) -> None:
    """Every stored due day is what its facts give, and the chain of moves leads to it."""
    for clock in Clock.objects.filter(subject_kind="case", subject_id=case_id).prefetch_related("suspensions"):
        due = due_of(facts_of(clock), rule_version_of(clock), current_calendar())
        assert (due and due.on, due and due.nominal_on, due and due.at) == (
            clock.due_on, clock.due_nominal_on, clock.due_at,
        )  # fmt: skip
        chain: date | None = None
        for move in clock.moves.order_by("id"):
            assert move.due_before == chain or move.name == "meet"
            chain = move.due_after
        assert chain == clock.due_on
        pending = Reminder.objects.filter(clock=clock, state="pending").values_list("for_due_at", flat=True)
        assert set(pending) <= ({clock.due_at} if clock.state == "running" else set())
