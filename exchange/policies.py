"""Who sees imports: whoever may import for their office. Nobody else reads what is wrong with somebody's ledger."""

from django.db.models import Q

from accounts.models import User
from accounts.policies import may_act_for, rows_to_act_for
from exchange.models import Import
from exchange.states import ROLES


def visible_to(user: User) -> Q:
    return rows_to_act_for(user, ROLES)


def may_see(user: User, row: Import) -> bool:
    return may_act_for(user, row.office, ROLES)
