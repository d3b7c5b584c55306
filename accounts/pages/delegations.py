"""我的代理: whose duties lie in whose hands until when, lending those of a post, taking them back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actions import delegate_post, revoke_delegation
from accounts.models import Delegation, Post, User
from accounts.pages.forms import DelegateForm, RevokeDelegationForm
from accounts.policies import HEADS, may_delegate
from accounts.queries import (
    delegation_for,
    delegations_for,
    delegations_of,
    lent_from,
    post_for,
    posts_for,
    require_delegator,
)
from core.pages import Crumb, VerbPage, answer_verb, form_from, get_or_post
from core.paging import page_behind
from core.templatetags.words import day, moment


@dataclass(frozen=True)
class Loan:
    """One row: a delegation, what it is today and who took it back when, and whether the reader may take it back."""

    row: Delegation
    state: str
    badge: str
    note: str
    may_revoke: bool


@dataclass(frozen=True)
class Lendable:
    """A post the reader may put into other hands, and where its duties lie today or will soon."""

    post: Post
    loans: list[Delegation]


@require_safe
def delegation_list(request: HttpRequest) -> HttpResponse:
    user, _at = _now(request)
    is_head = user.has_role(*HEADS)
    show = request.GET.get("show", "")
    if show == "posts" and is_head:
        return _posts(request, user)
    show = "office" if show == "office" else "mine"
    found = delegations_for(user) if show == "office" else delegations_of(user)
    page = page_behind(found, ("-id",), request.GET.get("after", ""))
    context = {
        "show": show,
        "is_head": is_head,
        "page": page,
        "rows": [_loan(user, row) for row in page.rows],
        "lendable": _lendable(user.active_posts) if show == "mine" else [],
    }
    return render(request, "accounts/delegation_list.html", context)


def _posts(request: HttpRequest, user: User) -> HttpResponse:
    """The posts below a head, whose duties the head may put into other hands too."""
    posts = posts_for(user).filter(ends_on__isnull=True, user__is_active=True).exclude(user=user)
    page = page_behind(posts, ("id",), request.GET.get("after", ""))
    own = [post for post in page.rows if may_delegate(user, post)]
    context = {"show": "posts", "is_head": True, "page": page, "lendable": _lendable(own)}
    return render(request, "accounts/delegation_list.html", context)


@get_or_post
def delegation_new(request: HttpRequest, post_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted:"""
    actor, at = _now(request)
    post = post_for(actor, post_id)
    require_delegator(actor, post)
    form = form_from(request, DelegateForm, post=post, today=timezone.localdate(at))

    def act(values: dict[str, Any]) -> str:
        made = delegate_post(post_id=post.pk, **values, actor=actor, at=at)
        messages.success(
            request,
            _("已委托{name}代行职责，至{day}。").format(name=made.to_user.name, day=day(made.ends_on)),
        )
        return reverse("delegation_list")

    return answer_verb(request, form, _page(_("委托他人代行职责"), f"{post.user.name} · {post}"), act)


@get_or_post
def delegation_revoke(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted:"""
    actor, at = _now(request)
    found = delegation_for(actor, delegation_id)
    require_delegator(actor, found.post)

    def act(_values: dict[str, Any]) -> str:
        revoke_delegation(delegation_id=found.pk, actor=actor, at=at)
        messages.success(request, _("已收回委托。"))
        return reverse("delegation_list")

    subject = f"{found.from_user.name} → {found.to_user.name} · {found.post} · {found.starts_on} — {found.ends_on}"
    return answer_verb(request, form_from(request, RevokeDelegationForm), _page(_("收回委托"), subject), act)


def _now(request: HttpRequest) -> tuple[User, datetime]:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user, timezone.now()


def _page(title: str, subject: str) -> VerbPage:
    here = reverse("delegation_list")
    return VerbPage(title, submit=title, back_url=here, subject=subject, crumbs=[Crumb(_("我的代理"), here)])


def _loan(user: User, row: Delegation) -> Loan:
    state, badge = _state(row, timezone.localdate())
    note = f"{row.revoked_by_label} {moment(row.revoked_at)}" if row.revoked_at else ""
    return Loan(row, state, badge, note, badge in ("approved", "pending") and may_delegate(user, row.post))


def _state(row: Delegation, today: date) -> tuple[str, str]:
    """In words, and as the tone of its badge."""
    if row.revoked_at is not None:
        return _("已收回"), "ended"
    if row.ends_on < today or row.post.ends_on is not None or not row.from_user.is_active:
        return _("已结束"), "ended"
    return (_("尚未开始"), "pending") if today < row.starts_on else (_("生效中"), "approved")


def _lendable(posts: Iterable[Post]) -> list[Lendable]:
    wanted = list(posts)
    lent: dict[int, list[Delegation]] = {}
    for row in lent_from(wanted, timezone.localdate()):
        lent.setdefault(row.post_id, []).append(row)
    return [Lendable(post, lent.get(post.pk, [])) for post in wanted]
