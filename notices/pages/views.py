"""The inbox: what the system told this person, newest first."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.paging import page_behind
from notices.actions import mark_all_read, mark_read
from notices.queries import notices_for


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    is_unread_only = request.GET.get("show") != "all"
    notices = notices_for(_reader(request))
    if is_unread_only:
        notices = notices.filter(read_at__isnull=True)
    page = page_behind(notices, ("-id",), request.GET.get("after", ""))
    return render(request, "notices/notice_list.html", {"page": page, "is_unread_only": is_unread_only})


@require_POST
def read_one(request: HttpRequest, notice_id: int) -> HttpResponse:
    mark_read(notice_id=notice_id, actor=_reader(request), at=timezone.now())
    return _back(request)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = mark_all_read(actor=_reader(request), at=timezone.now())
    messages.success(request, _("已把 {n} 条通知标为已读。").format(n=count))
    return _back(request)


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the button stood on, if it is one of ours."""
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect(reverse("notice_list"))
