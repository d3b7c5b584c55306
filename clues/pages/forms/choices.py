"""Lists the forms of a lead offer, from the gates."""

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import office_tree, offices_for

Grouped = list[tuple[str, list[tuple[int, str]]]]


def offices_to_act_for(user: User, roles: frozenset[str]) -> Grouped:
    """The offices the user may do this for."""
    open_to = [office for office in offices_for(user) if may_act_for(user, office, roles)]
    return [(group, [(each.pk, each.name) for each in members]) for group, members in office_tree(open_to)]
