"""Who sees which offices' rows: the scope every other policy builds on."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Office, OfficeKind, Post, User


@dataclass(frozen=True)
class Scope:
    """The rows a user's posts open: the whole city, or these bureaus and these single offices."""

    whole_city: bool
    bureau_ids: frozenset[int]
    office_ids: frozenset[int]

    def rows(self, prefix: str = "") -> Q:
        """Filter for a model that carries ``office`` and ``bureau``."""
        if self.whole_city:
            return Q()
        rows = Q(pk__in=[])
        if self.bureau_ids:
            rows |= Q(**{f"{prefix}bureau_id__in": self.bureau_ids})
        if self.office_ids:
            rows |= Q(**{f"{prefix}office_id__in": self.office_ids})
        return rows

    def covers(self, *, office_id: int, bureau_id: int | None) -> bool:
        """The same rule for one row; tested to agree with :meth:`rows`."""
        return self.whole_city or bureau_id in self.bureau_ids or office_id in self.office_ids


def office_a_post_answers_for(post: Post) -> Office:
    """A department works for the whole bureau it belongs to; everybody else for their own office and what is below."""
    if post.office.kind == OfficeKind.DEPARTMENT and post.office.parent is not None:
        return post.office.parent
    return post.office


def scope_of(user: User) -> Scope:
    if not user.is_active:
        return Scope(False, frozenset(), frozenset())
    roots = [office_a_post_answers_for(post) for post in user.active_posts]
    return Scope(
        whole_city=any(root.level == 1 for root in roots),
        bureau_ids=frozenset(root.pk for root in roots if root.level == 2),
        office_ids=frozenset(root.pk for root in roots if root.level == 3),
    )


def scope_with_role(user: User, *roles: str) -> Scope:
    """The part of the user's scope in which they hold one of these roles."""
    if not user.is_active:
        return Scope(False, frozenset(), frozenset())
    roots = [office_a_post_answers_for(post) for post in user.active_posts if post.role in roles]
    return Scope(
        whole_city=any(root.level == 1 for root in roots),
        bureau_ids=frozenset(root.pk for root in roots if root.level == 2),
        office_ids=frozenset(root.pk for root in roots if root.level == 3),
    )


def may_act_for(user: User, office: Office, *roles: str) -> bool:
    """Whether the user holds one of the roles in a post that answers for this office."""
    return scope_with_role(user, *roles).covers(office_id=office.pk, bureau_id=office.bureau_id)
