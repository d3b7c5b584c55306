"""Every change to offices, users and posts."""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.certificates import certificate_for, certificates_ending, require_certificate_setter
from accounts.models import Certificate, Delegation, Office, OfficeKind, Post, SavedView, User
from accounts.queries import (
    delegation_for,
    post_for,
    require_delegator,
    unseen,
    user_named,
)
from accounts.roles import Role
from audit.actions import Actor, record
from core.errors import Invalid, in_one_sentence

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
        raise Invalid(in_one_sentence(error.messages), code="weak_password", field="password") from error
    user.password = hashed or make_password(password)
    user.save()
    _record("create_user", user.pk, "user", username, actor, at)
    return user


@transaction.atomic
def give_post(
    *, user: User, office: Office, role: str, starts_on: date, actor: Actor, at: datetime, is_main: bool = False
) -> Post:
    """:param is_main: the head of the whole authority (主要负责人), of whom an office has one.
    :raises Invalid: unknown role, deactivated user, closed office, a post already held, or a second main head.
    """
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
    if is_main:
        _require_main_place(office, role)
    post = Post.objects.create(user=user, office=office, role=role, starts_on=starts_on, is_main=is_main)
    _record("give_post", user.pk, "user", user.username, actor, at, office=office.code, role=role, is_main=is_main)
    return post


def _require_main_place(office: Office, role: str) -> None:
    if role != Role.BUREAU_HEAD:
        raise Invalid(_("只有部门负责人可以是主要负责人。"), code="main_is_no_head", field="is_main")
    holder = Post.objects.filter(office=office, is_main=True, ends_on__isnull=True).select_related("user").first()
    if holder is not None:
        raise Invalid(
            _("%(office)s的主要负责人现为%(name)s，请先结束其岗位。")
            % {"office": office.name, "name": holder.user.name},
            code="main_head_exists", field="is_main",
        )  # fmt: skip


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


@transaction.atomic
def issue_certificate(
    *, user: User, number: str, issued_by: str, starts_on: date, ends_on: date, actor: Actor, at: datetime
) -> Certificate:
    """Enter the enforcement certificate somebody holds (程序规定第十九条第二款、第二十二条). Both days count.

    :raises NotFound, NotPermitted: :raises Invalid: no number or issuer, a number already entered, an end before the start, a deactivated user.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    require_certificate_setter(actor, user)
    for text, field in ((number, "number"), (issued_by, "issued_by")):
        if not text.strip():
            raise Invalid(_("请填写执法证号和发证机关。"), code="required", field=field)
    if not user.is_active:
        raise Invalid(_("%(name)s的账号已停用。") % {"name": user.name}, code="user_deactivated", field="user")
    if ends_on < starts_on:
        raise Invalid(_("有效期的截止日期早于起始日期。"), code="ends_before_start", field="ends_on")
    if Certificate.objects.filter(number=number.strip()).exists():
        raise Invalid(
            _("执法证号“%(number)s”已登记，请核对。") % {"number": number.strip()},
            code="certificate_number_taken", field="number",
        )  # fmt: skip
    certificate = Certificate.objects.create(
        user=user, number=number.strip(), issued_by=issued_by.strip(), starts_on=starts_on, ends_on=ends_on,
        entered_by_label=actor.label[:120], entered_at=at,
    )  # fmt: skip
    _record("issue_certificate", user.pk, "user", user.username, actor, at, number=certificate.number)
    return certificate


@transaction.atomic
def revoke_certificate(*, certificate_id: int, revoked_on: date, actor: Actor, at: datetime) -> Certificate:
    """Take a certificate back; from that day on it qualifies nobody.

    :raises NotFound, NotPermitted: :raises Invalid: it was taken back already, or the day lies before its first.
    """
    Certificate.objects.select_for_update().filter(pk=certificate_id).values_list("pk").first()
    certificate = certificate_for(actor, certificate_id)
    require_certificate_setter(actor, certificate.user)
    if certificate.revoked_on is not None:
        raise Invalid(
            _("这个执法证已于%(day)s收回。") % {"day": certificate.revoked_on},
            code="certificate_revoked", field="certificate",
        )  # fmt: skip
    if revoked_on < certificate.starts_on:
        raise Invalid(_("收回日期早于有效期的起始日期。"), code="ends_before_start", field="revoked_on")
    certificate.revoked_on, certificate.revoked_by_label, certificate.revoked_at = revoked_on, actor.label[:120], at
    certificate.save(update_fields=["revoked_on", "revoked_by_label", "revoked_at"])
    holder = certificate.user
    _record("revoke_certificate", holder.pk, "user", holder.username, actor, at, number=certificate.number)
    return certificate


@transaction.atomic
def delegate_post(
    *, post_id: int, to_user_id: int, starts_on: date, ends_on: date, reason: str, actor: Actor, at: datetime
) -> Delegation:
    """Let somebody else do the duties of a post on some days; made by its holder, a head above, or the administrator.

    Whoever may not do something in a matter may not have it done by a delegate either, nor do it as one.

    :raises NotFound, NotPermitted, Invalid:
    """
    Post.objects.select_for_update().filter(pk=post_id).values_list("pk").first()
    post = post_for(actor, post_id)
    require_delegator(actor, post)
    other = user_named(to_user_id, field="to_user")
    if post.ends_on is not None:
        raise Invalid(_("这一岗位已于%(day)s结束。") % {"day": post.ends_on}, code="post_already_ended", field="post")
    if other.pk == post.user_id:
        raise Invalid(_("不能委托本人，请改选他人。"), code="delegated_to_self", field="to_user")
    if ends_on < starts_on:
        raise Invalid(_("结束日早于开始日。"), code="ends_before_start", field="ends_on")
    if not reason.strip():
        raise Invalid(_("请写明委托的理由。"), code="required", field="reason")
    if post.delegations.filter(revoked_at__isnull=True, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Invalid(_("这一岗位在这些日期已有委托，请先收回。"), code="already_delegated", field="starts_on")
    delegation = Delegation.objects.create(
        post=post, from_user=post.user, to_user=other, starts_on=starts_on, ends_on=ends_on,
        reason=reason.strip()[:500], made_by_label=actor.label[:120], made_at=at,
    )  # fmt: skip
    _record(
        "delegate_post", post.user_id, "user", post.user.username, actor, at, to=other.username, role=post.role,
        office=post.office.code, starts_on=f"{starts_on}", ends_on=f"{ends_on}",
    )  # fmt: skip
    return delegation


@transaction.atomic
def revoke_delegation(*, delegation_id: int, actor: Actor, at: datetime) -> Delegation:
    """Take delegated duties back at once.

    :raises NotFound, NotPermitted: :raises Invalid: taken back already.
    """
    Delegation.objects.select_for_update().filter(pk=delegation_id).values_list("pk").first()
    found = delegation_for(actor, delegation_id)
    post = found.post
    require_delegator(actor, post)
    if found.revoked_at is not None:
        raise Invalid(_("这项委托已经收回。"), code="delegation_revoked", field="delegation")
    found.revoked_at, found.revoked_by_label = at, actor.label[:120]
    found.save(update_fields=["revoked_at", "revoked_by_label"])
    _record("revoke_delegation", post.user_id, "user", post.user.username, actor, at, delegation=found.pk)
    return found


@transaction.atomic
def claim_ending_certificates(*, until: date, actor: Actor, at: datetime) -> list[Certificate]:
    """Mark as told of, once each, the certificates that end by ``until`` without another one that goes further.

    The caller tells the people in the same transaction.
    """
    ending = list(certificates_ending(until).select_for_update(of=("self",)))
    Certificate.objects.filter(pk__in=[each.pk for each in ending]).update(warned_at=at)
    for each in ending:
        _record("warn_of_certificate", each.user_id, "user", each.user.username, actor, at, number=each.number)
    return ending


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
