"""The templates of an authority: which it prints from, its own in place of the national ones, and how each looks."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Office, User
from accounts.queries import who_may
from accounts.roles import Role
from core.errors import NotPermitted, Refusal
from core.forms import VerbForm
from core.pages import Crumb, VerbPage, answer_verb, form_from
from documents.actions.templates import add_template, retire_template
from documents.form_kinds import FormKind, common_fields, form_kind, form_kinds
from documents.models import Template
from documents.pages.forms import RetireForm, TemplateForm
from documents.pages.serving import served
from documents.policies import authority_for_templates, may_set_templates
from documents.preview import html_of
from documents.queries.papers import content_of, template_named, templates_in_use, templates_of
from documents.templating import fill
from documents.typed_fields import sample_context

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _now(request: HttpRequest) -> tuple[User, datetime]:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user, timezone.now()


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    user, _at = _now(request)
    office = authority_for_templates(user)
    used = templates_in_use(office)
    context = {
        "office": office,
        "rows": [(kind, used.get(kind.key)) for kind in form_kinds().values()],
        "may_set": office is not None and may_set_templates(user, office),
        "who": _who(office) if office else "",
    }
    return render(request, "documents/template_list.html", context)


@require_safe
def template_page(request: HttpRequest, form: str) -> HttpResponse:
    """:raises Invalid: ``unknown_form``."""
    user, _at = _now(request)
    kind, office = form_kind(form), authority_for_templates(user)
    used = templates_in_use(office).get(kind.key)
    shown, problem = _sample(kind, used)
    context = {
        "kind": kind,
        "office": office,
        "crumbs": _crumbs()[:1],
        "used": used,
        "is_own": used is not None and used.office_id is not None,
        "versions": [*(templates_of(office, kind.key)[:20] if office else ()), *templates_of(None, kind.key)[:20]],
        "common": [field for field in common_fields(kind.subject).values() if not field.columns],
        "lists": [field for field in common_fields(kind.subject).values() if field.columns],
        "may_set": office is not None and may_set_templates(user, office),
        "shown": shown,
        "problem": problem,
    }
    return render(request, "documents/template_page.html", context)


def _sample(kind: FormKind, template: Template | None) -> tuple[SafeString, str]:
    """The template filled with its own names, or why it cannot be shown."""
    if template is None:
        return SafeString(), _("还没有模板，请系统管理员运行 manage.py load_forms。")
    try:
        filled = fill(content_of(template.file), sample_context(kind, common_fields(kind.subject)))
        return mark_safe(html_of(filled)), ""  # noqa: S308 - cleaned by nh3 just now
    except Refusal as refusal:
        return SafeString(), refusal.detail


@get_or_post
def template_new(request: HttpRequest, form: str) -> HttpResponse:
    """:raises NotPermitted: :raises Invalid: ``unknown_form``."""
    actor, at = _now(request)
    kind, office = form_kind(form), _own_office(actor)

    def act(values: dict[str, Any]) -> str:
        made = add_template(
            form=kind.key, office=office, upload=values["upload"][0], note=values["note"], actor=actor, at=at
        )
        messages.success(request, _("已启用第{version}版模板。").format(version=made.version))
        return reverse("template_page", args=[kind.key])

    return _answer(request, kind, office, form_from(request, TemplateForm), _("上传本机关的模板"), act)


@get_or_post
def template_retire(request: HttpRequest, form: str) -> HttpResponse:
    """:raises NotPermitted: :raises Invalid: ``unknown_form``."""
    actor, at = _now(request)
    kind, office = form_kind(form), _own_office(actor)

    def act(_values: dict[str, Any]) -> str:
        retire_template(form=kind.key, office=office, actor=actor, at=at)
        messages.success(request, _("已改用全国统一模板。"))
        return reverse("template_page", args=[kind.key])

    return _answer(request, kind, office, form_from(request, RetireForm), _("恢复全国统一模板"), act)


@require_safe
def template_download(request: HttpRequest, template_id: int) -> FileResponse:
    """:raises NotFound, WrongState:"""
    return served(template_named(template_id).file)


def _own_office(user: User) -> Office:
    """:raises NotPermitted:"""
    office = authority_for_templates(user)
    if office is None or not may_set_templates(user, office):
        raise NotPermitted(
            _("模板由%(who)s维护（本系统默认），您没有这项职责。") % {"who": _who(office) if office else _("处罚机关")},
            code="not_permitted",
        )
    return office


def _who(office: Office) -> str:
    return who_may(office, [role for role in Role.values if role in settings.TEMPLATE_ROLES])


def _crumbs(kind: FormKind | None = None) -> list[Crumb]:
    crumbs = [Crumb(_("文书模板"), reverse("template_list"))]
    return [*crumbs, Crumb(kind.label, reverse("template_page", args=[kind.key]))] if kind else crumbs


def _answer(request: HttpRequest, kind: FormKind, office: Office, form: VerbForm, title: str, act: Any) -> HttpResponse:
    page = VerbPage(
        title=title, submit=title, back_url=reverse("template_page", args=[kind.key]),
        subject=f"{kind.label} · {office.name}", basis=kind.basis, crumbs=_crumbs(kind),
    )  # fmt: skip
    return answer_verb(request, form, page, act)
