"""Who sets the templates an office prints its papers from."""

from django.conf import settings

from accounts.models import Office, User
from accounts.policies import authority_of, may_act_for


def may_set_templates(user: User, office: Office) -> bool:
    """Where the law is silent: by default the head of the authority and its legal reviewer (``TEMPLATE_ROLES``)."""
    return may_act_for(user, office, settings.TEMPLATE_ROLES)


def authority_for_templates(user: User) -> Office | None:
    """The authority whose templates somebody sets, else the one they work for; None for somebody without a post."""
    offices = [authority_of(post.office) for post in user.active_posts]
    return next((office for office in offices if may_set_templates(user, office)), next(iter(offices), None))
