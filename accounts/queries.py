"""Fetching people and offices."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Delegation, Office, OfficeKind, Post, SavedView, User
from accounts.policies import (
    HEADS,
    OF_ONE_AUTHORITY,
    authority_of,
    may_act_for,
    may_delegate,
    office_a_post_answers_for,
    scope_of,
)
from accounts.roles import Role
from audit.actions import Actor
from core.errors import Invalid, NotFound, NotPermitted

OFFICE_WITH_ANCESTORS = ("bureau", "parent", "parent__parent")
WITH_OFFICE = ("user", "office", *(f"office__{name}" for name in OFFICE_WITH_ANCESTORS))
LENT = ("from_user", "to_user", *(f"post__{name}" for name in WITH_OFFICE))


def offices_for(user: User) -> QuerySet[Office]:
    """The offices whose rows the user may see, for choice lists and filters."""
    scope = scope_of(user)
    offices = Office.objects.select_related(*OFFICE_WITH_ANCESTORS)
    if scope.whole_city:
        return offices
    return offices.filter(bureau_id__in=scope.bureau_ids) | offices.filter(pk__in=scope.office_ids)


def office_for(user: User, office_id: int) -> Office:
    """:raises NotFound:"""
    office = offices_for(user).filter(pk=office_id).first()
    if office is None:
        raise unseen(_("机构"))
    return office


def open_offices() -> QuerySet[Office]:
    """Every office in service: whom one may send a matter to. An office is no secret, what it has is."""
    return Office.objects.filter(is_open=True).select_related(*OFFICE_WITH_ANCESTORS)


def offices_of_authority(authority: Office) -> QuerySet[Office]:
    """The offices in service whose matters this authority decides, itself included."""
    if authority.kind == OfficeKind.DISTRICT:
        return open_offices().filter(bureau=authority)
    return open_offices().exclude(bureau__kind=OfficeKind.DISTRICT)


def posts_in(office: Office) -> QuerySet[Post]:
    """Who works in exactly this office today and as what, for callers that fetched it through the gate."""
    return office.posts.filter(ends_on__isnull=True, user__is_active=True).select_related("user").order_by("id")


def office_named(office_id: int, *, field: str = "office") -> Office:
    """:raises Invalid: the office is unknown or closed."""
    office = Office.objects.select_related(*OFFICE_WITH_ANCESTORS).filter(pk=office_id).first()
    if office is None:
        raise Invalid(_("没有这个机构，请从列表中选择。"), code="unknown_office", field=field)
    if not office.is_open:
        raise Invalid(
            _("%(office)s已停用，请改选其他机构。") % {"office": office.name}, code="office_closed", field=field
        )
    return office


def user_named(user_id: int, *, field: str) -> User:
    """:raises Invalid: the user is unknown or deactivated."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise Invalid(_("没有这个人员，请从列表中选择。"), code="unknown_user", field=field)
    if not user.is_active:
        raise Invalid(
            _("%(name)s的账号已停用，不能作为承办人，请改选他人。") % {"name": user.name},
            code="user_deactivated", field=field,
        )  # fmt: skip
    return user


def officer_of(office: Office, user_id: int, *, roles: Iterable[str], field: str) -> User:
    """Somebody who holds one of the roles in exactly this office.

    :raises Invalid: unknown, deactivated, or without such a post there.
    """
    user = user_named(user_id, field=field)
    if not any(post.office_id == office.pk and post.role in roles for post in user.active_posts):
        raise Invalid(
            _("%(name)s不是%(office)s的%(roles)s，请从列表中选择。")
            % {"name": user.name, "office": office.name, "roles": names_of(roles)},
            code="not_in_office",
            field=field,
        )
    return user


def officers_of(office: Office, roles: Iterable[str]) -> QuerySet[User]:
    """Who can be made owner of a matter in this office: those whose post there carries one of the roles."""
    return (
        User.objects.filter(is_active=True, posts__office=office, posts__ends_on__isnull=True, posts__role__in=roles)
        .distinct()
        .order_by("id")
    )


def receiver_of(office: Office) -> User:
    """Who takes in what is sent to an office: its intake clerk, else its head, else the nearest head above.

    :raises Invalid: nobody in service answers for the office.
    """
    clerk = officers_of(office, (Role.INTAKE_CLERK,)).first()
    found = clerk or next(iter(InCharge().heads_of(office)), None)
    if found is None:
        raise Invalid(
            _("%(office)s没有在岗的接收人员，请先设置岗位或者选择其他机构。") % {"office": office.name},
            code="no_receiver", field="office",
        )  # fmt: skip
    return found


def people_for(user: User) -> QuerySet[User]:
    """Oneself, and whoever holds a post today in the offices the user sees."""
    posts = Post.objects.filter(office__in=offices_for(user), ends_on__isnull=True)
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=posts.values("user")))


def person_for(user: User, user_id: int) -> User:
    """:raises NotFound:"""
    found = people_for(user).filter(pk=user_id).first()
    if found is None:
        raise unseen(_("人员"))
    return found


def know_posts(people: Iterable[User]) -> None:
    """Read the posts of today of all these people in one statement, so that ``active_posts`` asks nothing of each."""
    asked = list(people)
    held: dict[int, list[Post]] = {person.pk: [] for person in asked}
    if held:
        posts = Post.objects.filter(user__in=held, ends_on__isnull=True).select_related(*WITH_OFFICE).order_by("id")
        for post in posts:
            held[post.user_id].append(post)
    for person in asked:
        vars(person)["active_posts"] = held[person.pk]


def posts_for(user: User) -> QuerySet[Post]:
    """The posts of oneself and in the offices the user sees, those that ended too."""
    posts = Post.objects.filter(Q(user=user) | Q(office__in=offices_for(user)))
    return posts.select_related(*WITH_OFFICE).order_by("id")


def post_for(actor: Actor, post_id: int) -> Post:
    """:raises NotFound:"""
    posts = posts_for(actor) if isinstance(actor, User) else Post.objects.select_related(*WITH_OFFICE)
    found = posts.filter(pk=post_id).first()
    if found is None:
        raise unseen(_("岗位"))
    return found


def lent_from(posts: Iterable[Post], day: date) -> QuerySet[Delegation]:
    """What of these posts lies in other hands on a day or later, the next first."""
    rows = Delegation.objects.filter(post__in=list(posts), revoked_at__isnull=True, ends_on__gte=day)
    return rows.select_related("to_user").order_by("starts_on", "id")


def delegations_for(user: User) -> QuerySet[Delegation]:
    """What the user lent and holds, and what was lent in the offices they see, newest first."""
    rows = Delegation.objects.filter(Q(from_user=user) | Q(to_user=user) | Q(post__office__in=offices_for(user)))
    return rows.select_related(*LENT).order_by("-id")


def delegation_for(actor: Actor, delegation_id: int) -> Delegation:
    """:raises NotFound:"""
    rows = delegations_for(actor) if isinstance(actor, User) else Delegation.objects.select_related(*LENT)
    found = rows.filter(pk=delegation_id).first()
    if found is None:
        raise unseen(_("委托"))
    return found


def delegations_of(user: User) -> QuerySet[Delegation]:
    """What the user delegated or took on, newest first."""
    return delegations_for(user).filter(Q(from_user=user) | Q(to_user=user))


def require_delegator(actor: Actor, post: Post) -> None:
    """:raises NotPermitted: neither the holder of the post, nor a head above it, nor the administrator."""
    if not isinstance(actor, User) or may_delegate(actor, post):
        return
    raise NotPermitted(
        _("%(name)s的职责由本人或者上级负责人委托。您没有这项职责。") % {"name": post.user.name},
        code="not_the_delegator",
    )


class InCharge:
    """Who heads and who supervises: everybody in service, read at once, to be asked about any number of offices."""

    def __init__(self) -> None:
        posts = Post.objects.filter(
            ends_on__isnull=True, user__is_active=True, role__in=[*HEADS, Role.SUPERVISOR, Role.LEADER]
        )
        self._heads: dict[int, list[User]] = {}
        self._above: dict[str, list[Post]] = {Role.SUPERVISOR: [], Role.LEADER: []}
        for post in posts.select_related("user", "office", "office__parent").order_by("user_id", "id"):
            if post.role not in HEADS:
                self._above[post.role].append(post)
            elif post.user not in self._heads.setdefault(post.office_id, []):
                self._heads[post.office_id].append(post.user)

    def heads_of(self, office: Office) -> list[User]:
        """The heads answering for an office: of the unit, else of the nearest office above it that has one."""
        at: Office | None = office
        while at is not None and at.pk not in self._heads:
            at = at.parent
        return [] if at is None else self._heads[at.pk]

    def supervisors_of(self, office: Office) -> list[User]:
        """Those whose supervising post covers an office, nearest level first; else the city's leaders."""
        covering = {office.pk, office.bureau_id, authority_of(office).pk, _city_id(office)}
        for role in (Role.SUPERVISOR, Role.LEADER):
            ranked: dict[int, list[User]] = {}
            for post in self._above[role]:
                root = office_a_post_answers_for(post)
                if root.pk in covering:
                    ranked.setdefault(root.level, []).append(post.user)
            if ranked:
                return sorted(set(ranked[max(ranked)]), key=lambda user: user.pk)
        return []


def _city_id(office: Office) -> int:
    while office.parent is not None:
        office = office.parent
    return office.pk


def require_role(user: User, office: Office, roles: frozenset[str], *, what: str, basis: str | Promise) -> None:
    """:raises NotPermitted: the user holds none of the roles for this office."""
    if may_act_for(user, office, roles):
        return
    raise NotPermitted(
        _("“%(what)s”须由%(office)s的%(roles)s办理（%(basis)s）。您没有这项职责。")
        % {"what": what, "office": office.name, "roles": names_of(roles), "basis": basis},
        code="not_permitted",
    )


def names_of(roles: Iterable[str]) -> str:
    """Roles in words, in their usual order."""
    return _("、").join(str(role.label) for role in Role if role in set(roles))


def unseen(what: str) -> NotFound:
    """The refusal for a row that does not exist for this user; ``what`` kind of row, in words."""
    return NotFound(_("没有找到这个%(what)s，或者它不在您的查看范围内。") % {"what": what}, code="not_found")


def offices_then(people: Iterable[tuple[int, date]]) -> dict[tuple[int, date], str]:
    """The name of the office in which each of these users held a post on that day, in one query."""
    wanted = set(people)
    found: dict[tuple[int, date], str] = {}
    for post in Post.objects.filter(user__in={pk for pk, _day in wanted}).select_related("office").order_by("id"):
        for pk, day in wanted:
            if pk == post.user_id and post.starts_on <= day and (post.ends_on is None or day <= post.ends_on):
                found.setdefault((pk, day), post.office.name)
    return found


def who_may(office: Office, roles: Iterable[str]) -> str:
    """Whom to ask for a duty of this office, in words: 甲区执法大队的办案机构负责人、甲区市场监督管理局的部门负责人."""
    words = []
    for role in Role:
        if role not in roles:
            continue
        if role == Role.INTAKE_CLERK:  # sits in a department above, not in the office
            words.append(str(role.label))
        else:
            at = authority_of(office) if role in OF_ONE_AUTHORITY else office
            words.append(_("{office}的{role}").format(office=at.name, role=role.label))
    return _("、").join(words)


def office_tree(offices: Iterable[Office]) -> list[tuple[str, list[Office]]]:
    """Open offices by bureau, the bureau itself first, for choice lists."""
    groups: dict[str, list[Office]] = {}
    for office in sorted(offices, key=lambda each: ((each.bureau or each).code, each.level, each.code)):
        if office.is_open:
            groups.setdefault((office.bureau or office).name, []).append(office)
    return list(groups.items())


def views_of(user: User, place: str) -> QuerySet[SavedView]:
    """The lists somebody keeps for a place."""
    return SavedView.objects.filter(user=user, place=place)
