"""Lists the forms of a lead offer, from the gates."""

from collections.abc import Iterable

from accounts.models import Office, User
from accounts.policies import may_act_for
from accounts.queries import office_tree, offices_for, open_offices
from clues.policies import is_below

Grouped = list[tuple[str, list[tuple[int, str]]]]


def offices_to_act_for(user: User, roles: frozenset[str]) -> Grouped:
    """The offices the user may do this for."""
    return grouped(office for office in offices_for(user) if may_act_for(user, office, roles))


def other_offices(office: Office) -> Grouped:
    """Every office a matter of this one could go to."""
    return grouped(each for each in open_offices() if each.pk != office.pk)


def offices_below(above: Office) -> Grouped:
    """Every office of the authorities below."""
    return grouped(office for office in open_offices() if is_below(office, above))


def grouped(offices: Iterable[Office]) -> Grouped:
    return [(group, [(each.pk, each.name) for each in members]) for group, members in office_tree(offices)]
