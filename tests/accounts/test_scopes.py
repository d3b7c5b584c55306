"""Who sees which rows: the filter and the question about one row give the same answer, for any posts."""

import random

import pytest

from accounts.models import Office, Post, User
from accounts.policies import authority_of, may_act_for, scope_of
from accounts.queries import InCharge, offices_for
from accounts.roles import Role
from cases import policies as case_policies
from cases.models import Case
from clues import policies as lead_policies
from clues.models import Lead
from deadlines import policies as clock_policies
from deadlines.models import Clock
from tests.builders import SINCE, City, make_case, make_lead, make_office, make_user


@pytest.fixture
def spread(city: City) -> City:
    """A lead, a case and clocks in every office there is."""
    make_office("east-station", "station", city.east)
    for number, office in enumerate(Office.objects.all()):
        lead, case = make_lead(city), make_case(city)
        Lead.objects.filter(pk__in=[lead.pk, case.lead_id]).update(office=office, bureau=office.bureau)
        Case.objects.filter(pk=case.pk).update(office=office, bureau=office.bureau)
        Clock.objects.filter(subject_kind="lead", subject_id=lead.pk).update(office=office, bureau=office.bureau)
        assert number < 20
    return city


def newcomer(posts: list[tuple[Office, str]]) -> User:
    user = User.objects.create(username=f"newcomer-{User.objects.count()}", name="新人")
    Post.objects.bulk_create(Post(user=user, office=office, role=role, starts_on=SINCE) for office, role in posts)
    return user


def check_halves(user: User) -> None:
    for model, policy in ((Lead, lead_policies), (Case, case_policies), (Clock, clock_policies)):
        seen = set(model._default_manager.filter(policy.visible_to(user)).values_list("pk", flat=True))
        told = {row.pk for row in model._default_manager.all() if policy.may_see(user, row)}
        assert seen == told, model
    scope = scope_of(user)
    offices = set(offices_for(user).values_list("pk", flat=True))
    assert offices == {
        office.pk for office in Office.objects.all() if scope.covers(office_id=office.pk, bureau_id=office.bureau_id)
    }


def test_the_halves_agree_for_every_single_post(spread: City) -> None:
    for office in Office.objects.all():
        for role in Role.values:
            check_halves(newcomer([(office, role)]))


def test_the_halves_agree_for_random_sets_of_posts(spread: City) -> None:
    chance = random.Random(7)
    every = [(office, role) for office in Office.objects.all() for role in Role.values]
    for _ in range(40):
        check_halves(newcomer(chance.sample(every, chance.randrange(5))))


def test_without_a_post_or_an_account_in_force_nothing_is_seen(spread: City) -> None:
    check_halves(newcomer([]))
    gone = newcomer([(spread.root, Role.LEADER)])
    gone.is_active = False
    assert not Lead.objects.filter(lead_policies.visible_to(gone)).exists()
    check_halves(gone)


def test_more_posts_never_show_less(spread: City) -> None:
    chance = random.Random(11)
    every = [(office, role) for office in Office.objects.all() for role in Role.values]
    for _ in range(30):
        few = chance.sample(every, 2)
        more = [*few, chance.choice([each for each in every if each not in few])]
        seen, then = (
            set(Lead.objects.filter(lead_policies.visible_to(newcomer(posts))).values_list("pk", flat=True))
            for posts in (few, more)
        )
        assert seen <= then


def test_what_each_place_in_the_tree_shows(spread: City) -> None:
    """Written by hand: a unit itself, a bureau with its units, the city and its departments all."""
    offices = Office.objects.count()
    expected = {
        spread.root: offices,
        spread.legal: offices,
        spread.inspection: offices,
        spread.corps: 2,
        spread.squad: 1,
        spread.east: 3,
        spread.east_squad: 1,
        spread.west: 2,
        spread.west_squad: 1,
    }
    for office, count in expected.items():
        user = newcomer([(office, Role.HANDLER)])
        assert offices_for(user).count() == count, office
        assert Lead.objects.filter(lead_policies.visible_to(user)).values("office").distinct().count() == count


def test_heads_and_reviewers_act_in_their_own_authority_only(city: City) -> None:
    for role in (Role.BUREAU_HEAD, Role.LEGAL_REVIEWER):
        of_city, of_east = newcomer([(city.root, role)]), newcomer([(city.east, role)])
        assert may_act_for(of_city, city.squad, [role])
        assert not may_act_for(of_city, city.east_squad, [role])
        assert may_act_for(of_east, city.east_squad, [role])
        assert not may_act_for(of_east, city.west_squad, [role])
        assert not may_act_for(of_east, city.squad, [role])
    assert may_act_for(newcomer([(city.inspection, Role.SUPERVISOR)]), city.east_squad, [Role.SUPERVISOR])


def test_matters_are_decided_in_the_name_of_the_district_or_the_city(city: City) -> None:
    assert authority_of(city.east_squad) == authority_of(city.east) == city.east
    assert authority_of(city.squad) == authority_of(city.legal) == authority_of(city.root) == city.root


def test_the_heads_of_an_office_are_the_nearest_ones_in_service(city: City) -> None:
    assert InCharge().heads_of(city.east_squad) == [city.east_head]
    User.objects.filter(pk=city.east_head.pk).update(is_active=False)
    assert InCharge().heads_of(city.east_squad) == [city.east_director]
    Post.objects.filter(user=city.east_director).update(ends_on=SINCE)
    assert InCharge().heads_of(city.east_squad) == [city.director]


def test_the_supervisors_of_an_office_are_the_nearest_ones_then_the_leaders(city: City) -> None:
    assert InCharge().supervisors_of(city.east_squad) == [city.supervisor]
    own = make_user("east_supervisor", city.east, Role.SUPERVISOR)
    assert InCharge().supervisors_of(city.east_squad) == [own]
    assert InCharge().supervisors_of(city.west_squad) == [city.supervisor]
    User.objects.filter(pk__in=[own.pk, city.supervisor.pk]).update(is_active=False)
    assert InCharge().supervisors_of(city.east_squad) == [city.leader]
