"""Offices, accounts and posts change through their verbs, and a change holds from the next request."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import close_office, create_user, deactivate_user, end_post, give_post, open_office
from accounts.models import Office, Post, User
from accounts.policies import scope_of
from accounts.roles import Role
from audit.models import Entry
from core.errors import Invalid, NotFound
from tests.builders import NOW, SINCE, SYSTEM, City, make_office
from tests.refusals import refused


def office(city: City, kind: str, parent: Office | None) -> Office:
    return open_office(
        code="new", name="新所", short_name="新", kind=kind, parent=parent, region_code="370202", actor=SYSTEM, at=NOW
    )


def user(name: str, password: str) -> User:
    return create_user(username=name, name="新人", password=password, actor=SYSTEM, at=NOW)


def post(person: User, at: Office, role: str = Role.HANDLER) -> Post:
    return give_post(user=person, office=at, role=role, starts_on=SINCE, actor=SYSTEM, at=NOW)


def test_the_tree_has_three_levels_and_one_city(city: City) -> None:
    for kind, parent in (
        ("station", city.root), ("district", city.east), ("squad", city.east_squad), ("squad", None), ("city", city.root),
    ):  # fmt: skip
        with refused(Invalid, "wrong_parent_level", "parent"):
            office(city, kind, parent)
    with refused(Invalid, "unknown_office_kind", "kind"):
        office(city, "ministry", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_office("second-city", "city", None)


def test_every_office_below_the_city_knows_its_bureau(city: City) -> None:
    station = office(city, "station", city.east)
    assert (station.level, station.bureau) == (3, city.east)
    assert (city.east.level, city.east.bureau, city.root.bureau) == (2, city.east, None)


def test_a_code_names_one_office(city: City) -> None:
    office(city, "station", city.east)
    with refused(Invalid, "office_code_taken", "code"):
        office(city, "station", city.west)


def test_an_account_has_a_name_of_its_own_and_a_password_worth_it(city: City) -> None:
    with refused(Invalid, "username_taken", "username"):
        user("east_handler", "Correct-Horse-7")
    for weak in ("short", "password123", "newcomer1"):
        with refused(Invalid, "weak_password", "password"):
            user("newcomer", weak)
    assert user("newcomer", "Correct-Horse-7").check_password("Correct-Horse-7")


def test_a_post_is_of_a_known_role_and_held_once(city: City) -> None:
    with refused(Invalid, "unknown_role", "role"):
        post(city.east_handler, city.east, "emperor")
    with refused(Invalid, "post_already_held", "role"):
        post(city.east_handler, city.east_squad)


def test_a_stale_copy_of_a_closed_office_or_a_gone_user_does_not_help(city: City) -> None:
    """What the caller read before is not trusted: the rows are asked again."""
    deactivate_user(user_id=city.west_handler.pk, actor=SYSTEM, at=NOW)
    close_office(office_id=city.west.pk, actor=SYSTEM, at=NOW)
    with refused(Invalid, "user_deactivated", "user"):
        post(city.west_handler, city.east_squad)
    with refused(Invalid, "office_closed", "office"):
        post(city.east_handler, city.west)
    with refused(Invalid, "office_closed", "parent"):
        office(city, "station", city.west)


def test_a_post_that_ended_shows_nothing_more(city: City) -> None:
    held = Post.objects.get(user=city.east_handler)
    with refused(Invalid, "ends_before_start", "ends_on"):
        end_post(post_id=held.pk, ends_on=date(2023, 12, 31), actor=SYSTEM, at=NOW)
    end_post(post_id=held.pk, ends_on=NOW.date(), actor=SYSTEM, at=NOW)
    with refused(Invalid, "post_already_ended", "post"):
        end_post(post_id=held.pk, ends_on=NOW.date(), actor=SYSTEM, at=NOW)
    scope = scope_of(User.objects.get(pk=city.east_handler.pk))
    assert (scope.whole_city, scope.bureau_ids, scope.office_ids) == (False, frozenset(), frozenset())
    assert post(city.east_handler, city.east_squad).pk != held.pk, "it can be given again"


def test_what_is_not_there_is_not_found(city: City) -> None:
    for verb in (
        lambda: close_office(office_id=999_999, actor=SYSTEM, at=NOW),
        lambda: deactivate_user(user_id=999_999, actor=SYSTEM, at=NOW),
        lambda: end_post(post_id=999_999, ends_on=NOW.date(), actor=SYSTEM, at=NOW),
    ):
        with refused(NotFound, "not_found"):
            verb()


def test_a_deactivated_user_sees_and_does_nothing(city: City) -> None:
    gone = deactivate_user(user_id=city.leader.pk, actor=SYSTEM, at=NOW)
    scope = scope_of(gone)
    assert (scope.whole_city, scope.bureau_ids, scope.office_ids) == (False, frozenset(), frozenset())


def test_every_change_is_on_the_trail_without_a_password(city: City) -> None:
    before = Entry.objects.count()
    person = user("newcomer", "Correct-Horse-7")
    given = post(person, city.east_squad)
    end_post(post_id=given.pk, ends_on=NOW.date(), actor=SYSTEM, at=NOW)
    deactivate_user(user_id=person.pk, actor=SYSTEM, at=NOW)
    close_office(office_id=city.west.pk, actor=SYSTEM, at=NOW)
    entries = Entry.objects.order_by("id")[before:]
    assert [entry.verb for entry in entries] == [
        "accounts.create_user", "accounts.give_post", "accounts.end_post", "accounts.deactivate_user",
        "accounts.close_office",
    ]  # fmt: skip
    assert not any("Correct-Horse" in str(entry.facts) for entry in entries)
    assert all(isinstance(entry.at, datetime) for entry in entries)


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [("office_level_in_tree", {"level": 4}), ("office_only_city_has_no_parent", {"parent": None})],
)
def test_the_database_keeps_the_tree_in_shape(city: City, constraint: str, broken: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Office.objects.filter(pk=city.east_squad.pk).update(**broken)
