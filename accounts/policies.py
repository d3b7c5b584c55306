"""Who sees which offices' rows, and who acts for which office: what every other policy builds on."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from accounts.models import Office, OfficeKind, Post, User
from accounts.roles import Role

# These act in the name of the authority that decides, so a post in one authority gives nothing in another.
OF_ONE_AUTHORITY = frozenset({Role.BUREAU_HEAD, Role.LEGAL_REVIEWER})
HEADS = (Role.UNIT_HEAD, Role.BUREAU_HEAD)


@dataclass(frozen=True)
class Scope:
    """The rows a user's posts open: the whole city, or these bureaus and these single offices."""

    whole_city: bool
    bureau_ids: frozenset[int]
    office_ids: frozenset[int]

    def rows(self) -> Q:
        """Filter for a model that carries ``office`` and ``bureau``."""
        if self.whole_city:
            return Q()
        if not self.bureau_ids:
            return Q(office_id__in=self.office_ids)
        if not self.office_ids:
            return Q(bureau_id__in=self.bureau_ids)
        return Q(bureau_id__in=self.bureau_ids) | Q(office_id__in=self.office_ids)

    def covers(self, *, office_id: int, bureau_id: int | None) -> bool:
        """The same rule for one row; tested to agree with :meth:`rows`."""
        return self.whole_city or bureau_id in self.bureau_ids or office_id in self.office_ids


def office_a_post_answers_for(post: Post) -> Office:
    """A department works for the whole bureau it belongs to; everybody else for their own office and what is below."""
    if post.office.kind == OfficeKind.DEPARTMENT and post.office.parent is not None:
        return post.office.parent
    return post.office


def authority_of(office: Office) -> Office:
    """The office in whose name matters of this office are decided: its district, or the city for all others."""
    while office.kind not in (OfficeKind.CITY, OfficeKind.DISTRICT):
        assert office.parent is not None  # noqa: S101 - a constraint: only the city has no parent
        office = office.parent
    return office


def _scope(posts: Iterable[Post]) -> Scope:
    roots = [office_a_post_answers_for(post) for post in posts]
    return Scope(
        whole_city=any(root.level == 1 for root in roots),
        bureau_ids=frozenset(root.pk for root in roots if root.level == 2),
        office_ids=frozenset(root.pk for root in roots if root.level == 3),
    )


def scope_of(user: User) -> Scope:
    """Everything the user may see."""
    return _scope(user.acting_posts if user.is_active else ())


def may_act_for(user: User, office: Office, roles: Iterable[str]) -> bool:
    """Whether the user holds one of the roles in a post that answers for this office.

    Heads and reviewers act only inside their own authority: a city head does not sign a district's decision.
    """
    return bool(acting_through(user, office, roles))


def acting_through(user: User, office: Office, roles: Iterable[str]) -> list[User]:
    """Whose posts let the user act so for this office: their own, and of those who delegated theirs for today."""
    if not user.is_active:
        return []
    wanted = set(roles)
    holders = (post.user for post in user.acting_posts if post.role in wanted and _answers_for(post, office))
    return list(dict.fromkeys(holders))


def is_main_head(user: User, authority: Office) -> bool:
    """Whether the user is the main head (主要负责人) of an authority."""
    return any(post.is_main and post.office_id == authority.pk for post in user.active_posts)


def may_delegate(user: User, post: Post) -> bool:
    """Whether the user may put the duties of a post into other hands: its holder, or a head above it."""
    if user.pk == post.user_id:
        return True
    if post.role == Role.BUREAU_HEAD:
        return is_main_head(user, authority_of(post.office))
    return may_act_for(user, post.office, HEADS if post.role == Role.HANDLER else [Role.BUREAU_HEAD])


def may_set_certificates(user: User, posts: Iterable[Post]) -> bool:
    """Of whoever holds these posts. Where the law is silent: by default the head and the legal reviewer of the authority."""
    return any(may_act_for(user, post.office, settings.CERTIFICATE_ROLES) for post in posts)


def _answers_for(post: Post, office: Office) -> bool:
    if post.role in OF_ONE_AUTHORITY:
        return authority_of(post.office).pk == authority_of(office).pk
    return _scope([post]).covers(office_id=office.pk, bureau_id=office.bureau_id)


def rows_to_act_for(user: User, roles: Iterable[str]) -> Q:
    """:func:`may_act_for` as a filter for a model that carries ``office`` and ``bureau``; tested to agree."""
    rows = Q(pk__in=[])
    for post in user.acting_posts if user.is_active else ():
        if post.role not in roles:
            continue
        if post.role in OF_ONE_AUTHORITY:
            authority = authority_of(post.office)
            is_city = authority.kind == OfficeKind.CITY
            rows |= ~Q(bureau__kind=OfficeKind.DISTRICT) if is_city else Q(bureau=authority)
        elif (scope := _scope([post])).whole_city:
            return Q()
        else:
            rows |= scope.rows()
    return rows
