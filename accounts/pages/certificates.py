"""执法证件: who holds which certificate until when, entering one, taking one back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actions import issue_certificate, revoke_certificate
from accounts.certificates import (
    certificate_for,
    people_with_certificates,
    require_certificate_setter,
    with_posts_and_certificates,
)
from accounts.models import Certificate, Post, User
from accounts.pages.forms import CertificateFilter, IssueCertificateForm, RevokeCertificateForm
from accounts.policies import may_set_certificates
from accounts.queries import names_of, people_for, person_for
from core.forms import VerbForm
from core.pages import Crumb, VerbPage, answer_verb, form_from, get_or_post
from core.paging import capped_count, page_behind
from core.templatetags.words import iso_day

MOST = 50


@dataclass(frozen=True)
class Standing:
    """How a certificate, or somebody's best one, stands today; ``badge`` is the tone."""

    certificate: Certificate | None
    words: str
    badge: str


@dataclass(frozen=True)
class Holder:
    person: User
    posts: list[Post]
    best: Standing
    may_set: bool


@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    user, at = _now(request)
    today = timezone.localdate(at)
    form = CertificateFilter(request.GET, user=user)
    people, days = _narrowed(form, user, today)
    page = page_behind(with_posts_and_certificates(people), ("id",), request.GET.get("after", ""))
    context = {
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "page": page,
        "count": capped_count(people),
        "rows": [_holder(user, person, today, days) for person in page.rows],
        "who": names_of(settings.CERTIFICATE_ROLES),
    }
    return render(request, "accounts/certificate_list.html", context)


def _narrowed(form: CertificateFilter, user: User, today: date) -> tuple[QuerySet[User], int]:
    """The people that fit, none while a value is wrong; and in how many days a certificate counts as ending."""
    if not form.is_valid():
        return people_for(user).none(), settings.CERTIFICATE_WARNING_DAYS
    given = form.cleaned_data
    days: int = given["days"] or settings.CERTIFICATE_WARNING_DAYS
    people = people_with_certificates(user, today, today + timedelta(days=days), given["state"])
    if given["q"]:
        people = people.filter(name__icontains=given["q"])
    held: dict[str, Any] = {"posts__ends_on__isnull": True}
    if given["office"]:
        held["posts__office"] = given["office"]
    if given["role"]:
        held["posts__role"] = given["role"]
    return (people.filter(**held).distinct() if len(held) > 1 else people), days


@require_safe
def certificate_person_page(request: HttpRequest, user_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, at = _now(request)
    person, today = person_for(user, user_id), timezone.localdate(at)
    certificates = person.certificates.order_by("-ends_on", "-id")[:MOST]
    context = {
        "person": person,
        "posts": person.active_posts,
        "rows": [_standing(each, today, settings.CERTIFICATE_WARNING_DAYS) for each in certificates],
        "may_set": may_set_certificates(user, person.active_posts),
        "who": names_of(settings.CERTIFICATE_ROLES),
        "crumbs": [Crumb(_("执法证件"), reverse("certificate_list"))],
    }
    return render(request, "accounts/certificate_person_page.html", context)


@get_or_post
def certificate_issue(request: HttpRequest, user_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted:"""
    actor, at = _now(request)
    person = person_for(actor, user_id)
    require_certificate_setter(actor, person)

    def act(values: dict[str, Any]) -> str:
        made = issue_certificate(user=person, **values, actor=actor, at=at)
        messages.success(request, _("已登记执法证{number}。").format(number=made.number))
        return reverse("certificate_person_page", args=[person.pk])

    return _answer(request, form_from(request, IssueCertificateForm), _("登记执法证"), person, person.label, act)


@get_or_post
def certificate_revoke(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted:"""
    actor, at = _now(request)
    found = certificate_for(actor, certificate_id)
    require_certificate_setter(actor, found.user)

    def act(values: dict[str, Any]) -> str:
        revoke_certificate(certificate_id=found.pk, **values, actor=actor, at=at)
        messages.success(request, _("已收回执法证{number}。").format(number=found.number))
        return reverse("certificate_person_page", args=[found.user_id])

    form = form_from(request, RevokeCertificateForm, certificate=found, today=timezone.localdate(at))
    return _answer(request, form, _("收回执法证"), found.user, f"{found.user.label} · {found.number}", act)


def _now(request: HttpRequest) -> tuple[User, datetime]:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user, timezone.now()


def _answer(request: HttpRequest, form: VerbForm, title: str, person: User, subject: str, act: Any) -> HttpResponse:
    back = reverse("certificate_person_page", args=[person.pk])
    crumbs = [Crumb(_("执法证件"), reverse("certificate_list")), Crumb(person.name, back)]
    return answer_verb(request, form, VerbPage(title, submit=title, back_url=back, subject=subject, crumbs=crumbs), act)


def _holder(user: User, person: User, today: date, days: int) -> Holder:
    posts: list[Post] = person.posts_now  # type: ignore[attr-defined]  # prefetched under this name
    best = _best(person.certificates.all(), today, days)
    return Holder(person, posts, best, may_set_certificates(user, posts))


def _best(certificates: Iterable[Certificate], today: date, days: int) -> Standing:
    """The one valid today that lasts longest, else the last of the others."""
    standings = [_standing(each, today, days) for each in certificates]
    valid = [each for each in standings if each.badge in ("filed", "pending")]
    return next(iter([*valid, *standings]), Standing(None, _("没有证件"), "ended"))


def _standing(row: Certificate, today: date, days: int) -> Standing:
    if row.revoked_on is not None and row.revoked_on <= today:
        return Standing(row, _("已于{day}收回").format(day=iso_day(row.revoked_on)), "ended")
    if row.ends_on < today:
        return Standing(row, _("已于{day}到期").format(day=iso_day(row.ends_on)), "ended")
    if today < row.starts_on:
        return Standing(row, _("自{day}起有效").format(day=iso_day(row.starts_on)), "registered")
    last = min(filter(None, (row.ends_on, row.revoked_on)))
    left = (last - today).days
    if left <= days:
        return Standing(row, _("有效，还有 {days} 天").format(days=left), "pending")
    return Standing(row, _("有效"), "filed")
