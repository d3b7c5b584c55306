"""The duties of a post in other hands for some days; what its holder may not do, nobody does in their place."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import deactivate_user, delegate_post, end_post, give_post, revoke_delegation
from accounts.models import Delegation, Office, Post, User
from accounts.policies import may_act_for, rows_to_act_for
from accounts.roles import Role
from cases.models import Case
from cases.pages.history import history_of
from cases.queries.matter import legal_moves, moves_of
from cases.states.matter import CaseState
from clues.models import Lead
from core.errors import Invalid, NotFound, NotPermitted
from tests.builders import NOW, SINCE, SYSTEM, City, make_case, make_lead, make_user
from tests.cases.stages import LATER, VERBS, case_in
from tests.refusals import refused


def post_of(user: User) -> Post:
    return user.posts.get(ends_on=None)


def fresh(user: User) -> User:
    """As the next request reads them."""
    return User.objects.get(pk=user.pk)


def lend(
    user: User, to: User, *, actor: Any = SYSTEM, first: int = 0, last: int = 1, reason: str = "出差"
) -> Delegation:
    """From so many days after today to so many."""
    today = timezone.localdate()
    return delegate_post(
        post_id=post_of(user).pk, to_user_id=to.pk, starts_on=today + timedelta(days=first),
        ends_on=today + timedelta(days=last), reason=reason, actor=actor, at=NOW,
    )  # fmt: skip


def test_a_delegate_acts_on_the_days_and_the_history_names_both(city: City) -> None:
    case = make_case(city)
    deputy = make_user("deputy")
    assert not legal_moves(deputy, case)
    lent = lend(city.east_director, deputy)
    VERBS["suspend"](city, case, fresh(deputy), LATER)
    move = moves_of(case).get(name="suspend")
    assert (move.actor, move.on_behalf_of) == (deputy, city.east_director)
    assert "Deputy代East Director" in history_of([move], [])[0].who
    revoke_delegation(delegation_id=lent.pk, actor=SYSTEM, at=NOW)
    with refused(NotFound, "not_found"):
        VERBS["resume"](city, case, fresh(deputy), LATER)


@pytest.mark.parametrize(("first", "last", "acts"), [(0, 0, True), (-3, 0, True), (1, 2, False), (-3, -1, False)])
def test_both_days_are_included(city: City, first: int, last: int, acts: bool) -> None:
    deputy = make_user("deputy")
    lend(city.east_director, deputy, first=first, last=last)
    assert may_act_for(fresh(deputy), city.east_squad, [Role.BUREAU_HEAD]) is acts


def test_a_post_that_ended_or_a_holder_who_left_lends_nothing(city: City) -> None:
    deputy = make_user("deputy")
    lend(city.east_director, deputy)
    lend(city.east_head, deputy)
    deactivate_user(user_id=city.east_director.pk, actor=SYSTEM, at=NOW)
    end_post(post_id=post_of(city.east_head).pk, ends_on=date(2026, 12, 31), actor=SYSTEM, at=NOW)
    assert fresh(deputy).acting_posts == []


def test_the_two_halves_of_who_acts_for_whom_agree_with_delegations(city: City) -> None:
    for office in Office.objects.select_related("bureau"):
        lead = make_lead(city)
        Lead.objects.filter(pk=lead.pk).update(office=office, bureau=office.bureau)
    for holder, to in (
        (city.east_director, city.west_head), (city.reviewer, city.east_handler), (city.clerk, city.handler),
        (city.squad_head, city.west_handler),
    ):  # fmt: skip
        lend(holder, to)
    leads = list(Lead.objects.select_related("office", "office__bureau", "office__parent", "office__parent__parent"))
    for user in User.objects.all():
        for role in Role.values:
            allowed = {lead.pk for lead in leads if may_act_for(user, lead.office, [role])}
            assert set(Lead.objects.filter(rows_to_act_for(user, [role])).values_list("pk", flat=True)) == allowed


def test_who_investigated_or_reviewed_does_not_decide_as_a_delegate_either(city: City) -> None:
    case = case_in(city, CaseState.NOTIFIED)
    for person in (city.east_handler, city.east_reviewer):
        lent = lend(city.east_director, person)
        with refused(NotPermitted, "separation_of_duties"):
            VERBS["decide"](city, case, fresh(person), LATER)
        revoke_delegation(delegation_id=lent.pk, actor=SYSTEM, at=NOW)


def test_what_the_holder_may_not_do_nobody_does_in_their_place(city: City) -> None:
    """An officer who is also a head lends that post: the delegate does not decide the officer's case with it."""
    give_post(user=city.east_handler, office=city.east, role=Role.BUREAU_HEAD, starts_on=SINCE, actor=SYSTEM, at=NOW)
    case = case_in(city, CaseState.NOTIFIED)
    deputy = make_user("deputy")
    today = timezone.localdate()
    lent: dict[str, Any] = {
        "to_user_id": deputy.pk,
        "starts_on": today,
        "ends_on": today,
        "reason": "出差",
        "actor": SYSTEM,
        "at": NOW,
    }
    delegate_post(post_id=city.east_handler.posts.get(role=Role.BUREAU_HEAD).pk, **lent)
    assert "decide" not in {row.name for row in legal_moves(fresh(deputy), case)}
    with refused(NotPermitted, "separation_of_duties"):
        VERBS["decide"](city, case, fresh(deputy), LATER)
    delegate_post(post_id=post_of(city.east_director).pk, **lent)  # whose case it is not
    assert VERBS["decide"](city, case, fresh(deputy), LATER).state == CaseState.DECIDED
    assert moves_of(case).get(name="decide").on_behalf_of == city.east_director
    assert Case.objects.get(pk=case.pk).decided_by == deputy


def test_who_delegates_what_to_whom(city: City) -> None:
    deputy = make_user("deputy")
    lend(city.east_handler, deputy, actor=city.east_head)
    lend(city.east_head, deputy, actor=city.east_director)
    lend(city.east_director, deputy, actor=city.east_director)
    with refused(NotPermitted, "not_the_delegator"):
        lend(city.east_handler2, deputy, actor=city.east_handler)
    for holder, actor in ((city.east_reviewer, city.west_head), (city.director, city.east_director)):
        with refused(NotFound, "not_found"):  # an office they do not see
            lend(holder, deputy, actor=actor)
    with refused(Invalid, "delegated_to_self", "to_user"):
        lend(city.east_reviewer, city.east_reviewer)
    with refused(Invalid, "ends_before_start", "ends_on"):
        lend(city.east_reviewer, deputy, first=1, last=0)
    with refused(Invalid, "required", "reason"):
        lend(city.east_reviewer, deputy, reason=" ")
    with refused(Invalid, "already_delegated", "starts_on"):
        lend(city.east_director, city.east_head, first=1, last=3)
    lent = Delegation.objects.filter(from_user=city.east_director).get()
    with refused(NotPermitted, "not_the_delegator"):
        revoke_delegation(delegation_id=lent.pk, actor=deputy, at=NOW)
    with refused(NotFound, "not_found"):
        revoke_delegation(delegation_id=lent.pk, actor=city.east_handler, at=NOW)
    revoke_delegation(delegation_id=lent.pk, actor=city.east_director, at=NOW)
    with refused(Invalid, "delegation_revoked", "delegation"):
        revoke_delegation(delegation_id=lent.pk, actor=city.east_director, at=NOW)
    for broken in ({"to_user": city.east_director}, {"ends_on": date(2020, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.filter(pk=lent.pk).update(**broken)
