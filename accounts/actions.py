"""Every change to offices, users and posts."""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, OfficeKind, Post, SavedView, User
from accounts.queries import unseen
from accounts.roles import Role
from audit.actions import Actor, record
from core.errors import Invalid

LEVEL_OF_KIND = {
    OfficeKind.CITY: 1,
    OfficeKind.DEPARTMENT: 2,
    OfficeKind.CORPS: 2,
    OfficeKind.DISTRICT: 2,
    OfficeKind.SQUAD: 3,
    OfficeKind.STATION: 3,
}


@transaction.atomic
def open_office(
    *,
    code: str,
    name: str,
    short_name: str,
    kind: str,
    parent: Office | None,
    region_code: str,
    actor: Actor,
    at: datetime,
) -> Office:
    """Add an office to the tree.

    :raises Invalid: unknown kind, a code already used, or a parent that is closed or on the wrong level.
    """
    if kind not in OfficeKind.values:
        raise Invalid(_("没有这种机构类型。"), code="unknown_office_kind", field="kind")
    level = LEVEL_OF_KIND[OfficeKind(kind)]
    if (parent.level if parent else 0) != level - 1:
        raise Invalid(
            _("%(name)s应当隶属于第%(level)s级机构。") % {"name": name, "level": level - 1},
            code="wrong_parent_level", field="parent",
        )  # fmt: skip
    if parent is not None and not Office.objects.filter(pk=parent.pk, is_open=True).exists():
        raise Invalid(_("%(office)s已停用。") % {"office": parent.name}, code="office_closed", field="parent")
    if Office.objects.filter(code=code).exists():
        raise Invalid(_("机构代码“%(code)s”已被使用。") % {"code": code}, code="office_code_taken", field="code")
    office = Office.objects.create(
        code=code, name=name, short_name=short_name, kind=kind, parent=parent, level=level, region_code=region_code,
        bureau=parent if level == 3 else None,
    )  # fmt: skip
    if level == 2:
        office.bureau = office
        office.save(update_fields=["bureau"])
    _record("open_office", office.pk, "office", office.name, actor, at, code=code)
    return office


@transaction.atomic
def close_office(*, office_id: int, actor: Actor, at: datetime) -> Office:
    """Close an office to new matters; what it holds stays with it until it is handed over.

    :raises NotFound:
    """
    office = Office.objects.select_for_update().filter(pk=office_id).first()
    if office is None:
        raise unseen(_("机构"))
    office.is_open = False
    office.save(update_fields=["is_open"])
    _record("close_office", office.pk, "office", office.name, actor, at)
    return office


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str,
    actor: Actor,
    at: datetime,
    email: str = "",
    gateway: str = "",
    hashed: str = "",
) -> User:
    """:param hashed: the same password as it is stored, for many accounts that begin with one: hashing is slow on purpose.
    :raises Invalid: the user name is taken, or the password breaks the policy.
    """
    if User.objects.filter(username=username).exists():
        raise Invalid(_("用户名“%(name)s”已被使用。") % {"name": username}, code="username_taken", field="username")
    user = User(username=username, name=name, email=email, gateway=gateway)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(_("；").join(error.messages), code="weak_password", field="password") from error
    user.password = hashed or make_password(password)
    user.save()
    _record("create_user", user.pk, "user", username, actor, at)
    return user


@transaction.atomic
def give_post(*, user: User, office: Office, role: str, starts_on: date, actor: Actor, at: datetime) -> Post:
    """:raises Invalid: unknown role, deactivated user, closed office, or a post already held."""
    if role not in Role.values:
        raise Invalid(_("没有这种岗位。"), code="unknown_role", field="role")
    # Asked again and held: the caller's copies may be older than a deactivation or a closing.
    user = User.objects.select_for_update().get(pk=user.pk)
    office = Office.objects.select_for_update().get(pk=office.pk)
    if not user.is_active:
        raise Invalid(_("%(name)s的账号已停用。") % {"name": user.name}, code="user_deactivated", field="user")
    if not office.is_open:
        raise Invalid(_("%(office)s已停用。") % {"office": office.name}, code="office_closed", field="office")
    if Post.objects.filter(user=user, office=office, role=role, ends_on__isnull=True).exists():
        raise Invalid(_("%(name)s已担任这一岗位。") % {"name": user.name}, code="post_already_held", field="role")
    post = Post.objects.create(user=user, office=office, role=role, starts_on=starts_on)
    _record("give_post", user.pk, "user", user.username, actor, at, office=office.code, role=role)
    return post


@transaction.atomic
def end_post(*, post_id: int, ends_on: date, actor: Actor, at: datetime) -> Post:
    """:raises NotFound: :raises Invalid: it ended already, or would end before it started."""
    post = Post.objects.select_for_update(of=("self",)).select_related("user", "office").filter(pk=post_id).first()
    if post is None:
        raise unseen(_("岗位"))
    if post.ends_on is not None:
        raise Invalid(_("这一岗位已于%(day)s结束。") % {"day": post.ends_on}, code="post_already_ended", field="post")
    if ends_on < post.starts_on:
        raise Invalid(_("岗位结束日期早于开始日期。"), code="ends_before_start", field="ends_on")
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    _record("end_post", post.user_id, "user", post.user.username, actor, at, office=post.office.code, role=post.role)
    return post


@transaction.atomic
def deactivate_user(*, user_id: int, actor: Actor, at: datetime) -> User:
    """Lock an account out at once. What they own stays theirs on record; their reminders go to the head from now on.

    :raises NotFound:
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise unseen(_("人员"))
    user.is_active = False
    user.save(update_fields=["is_active"])
    _record("deactivate_user", user.pk, "user", user.username, actor, at)
    return user


def _record(verb: str, subject_id: int, kind: str, label: str, actor: Actor, at: datetime, **facts: object) -> None:
    record(
        verb=f"accounts.{verb}", actor=actor, at=at, subject_kind=kind, subject_id=subject_id, subject_label=label,
        **facts,
    )  # fmt: skip


MOST_VIEWS = 20


@transaction.atomic
def save_view(*, place: str, name: str, query: str, actor: User, at: datetime) -> SavedView:
    """Keep the filters of a list under a name; the same name again replaces them.

    :raises Invalid: no name, no filter, or too many views already.
    """
    if not name.strip() or len(name.strip()) > 30:
        raise Invalid(_("请给这个筛选起一个不超过30个字的名称。"), code="required", field="name")
    if not query or len(query) > 1000:
        raise Invalid(_("先设定筛选条件并查询，再保存。"), code="nothing_to_save", field="query")
    User.objects.select_for_update().get(pk=actor.pk)
    mine = SavedView.objects.filter(user=actor, place=place)
    if not mine.filter(name=name.strip()).exists() and mine.count() >= MOST_VIEWS:
        raise Invalid(
            _("最多保存%(most)s个筛选，请先删除不用的。") % {"most": MOST_VIEWS}, code="too_many_views", field="name"
        )
    view, _created = SavedView.objects.update_or_create(
        user=actor, place=place, name=name.strip(), defaults={"query": query}
    )
    _record("save_view", actor.pk, "user", actor.username, actor, at, place=place, name=view.name)
    return view


@transaction.atomic
def forget_view(*, view_id: int, actor: User, at: datetime) -> None:
    """:raises NotFound: no such view of one's own."""
    view = SavedView.objects.filter(pk=view_id, user=actor).first()
    if view is None:
        raise unseen(_("筛选"))
    view.delete()
    _record("forget_view", actor.pk, "user", actor.username, actor, at, place=view.place, name=view.name)
