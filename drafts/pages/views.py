"""Drafts as their owner meets them: kept by the script of a form, listed, discarded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.errors import NotPermitted
from drafts.actions import KEPT, MOST, discard_draft, keep_draft
from drafts.pages.leave import form_of
from drafts.queries import drafts_for

LEAVE = "draft_leave"


@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    context = {"drafts": drafts_for(_user(request)).defer("fields"), "days": KEPT.days, "most": MOST}
    return render(request, "drafts/draft_list.html", context)


@require_POST
def draft_save(request: HttpRequest) -> JsonResponse:
    """:raises NotPermitted: :raises Invalid:"""
    user, at = _user(request), timezone.now()
    form = form_of(user, request.POST.get(LEAVE, ""))
    if form is None:
        raise NotPermitted(_("这份表单不保存草稿。"), code="not_permitted")
    fields = {name: [str(each) for each in given] for name, given in request.POST.lists() if name != LEAVE}
    saved_at = timezone.localtime(keep_draft(form=form, fields=fields, actor=user, at=at).saved_at)
    return JsonResponse({"said": _("草稿已保存 {time}").format(time=f"{saved_at.hour}:{saved_at:%M}")})


@require_POST
def draft_discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """:raises NotFound:"""
    draft = discard_draft(draft_id=draft_id, actor=_user(request))
    messages.success(request, _("草稿已丢弃。"))
    return redirect(draft.url if "from_form" in request.POST else "draft_list")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user
