"""Importing leads: the list of imports, the upload, the columns, what was found, the word to go on, the result."""

from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.errors import Invalid, NotPermitted
from core.pages import Crumb, VerbPage, answer_verb, form_from, get_or_post
from core.paging import page_behind
from exchange import states
from exchange.actions import steps
from exchange.columns import INFORMANT
from exchange.models import Import
from exchange.pages.forms import ConfirmForm, MappingForm, UploadForm
from exchange.queries import import_for, imports_for, leads_of, problems_of, require_move, same_file_before
from exchange.sheets import write_table
from exchange.states import ROLES, ImportState

SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    page = page_behind(imports_for(user), ("-id",), request.GET.get("after", ""))
    return render(request, "exchange/import_list.html", {"page": page, "may_import": user.has_role(*ROLES)})


@get_or_post
def import_new(request: HttpRequest) -> HttpResponse:
    user, at = _user(request), timezone.now()
    if not user.has_role(*ROLES):
        raise NotPermitted(_("导入线索须由登记员或者负责人办理。您没有这项职责。"), code="not_permitted")
    page = VerbPage(
        title=_("导入线索"), submit=_("上传"), back_url=reverse("import_list"), crumbs=[_crumb()],
    )  # fmt: skip

    def act(values: dict[str, Any]) -> str:
        (upload,) = values.pop("upload")
        made = steps.upload_leads(upload=upload, **values, actor=user, at=at)
        return reverse("import_columns", args=[made.pk])

    return answer_verb(request, form_from(request, UploadForm, user=user), page, act, "exchange/import_new.html")


@get_or_post
def import_columns(request: HttpRequest, import_id: int) -> HttpResponse:
    user, at = _user(request), timezone.now()
    of = import_for(user, import_id)
    require_move(user, of, states.CHECK)
    here = reverse("import_page", args=[of.pk])
    page = VerbPage(
        title=_("对应各列"), submit=_("检查每一行"), back_url=here, subject=of.file_name,
        crumbs=[_crumb(), Crumb(of.file_name, here)],
    )  # fmt: skip
    form = form_from(request, MappingForm, headers=of.headers, mapping=of.mapping)

    def act(_values: dict[str, Any]) -> str:
        steps.check_import(import_id=of.pk, mapping=form.mapping(), actor=user, at=at)
        return here

    return answer_verb(request, form, page, act, "exchange/import_columns.html")


@require_safe
def import_page(request: HttpRequest, import_id: int) -> HttpResponse:
    return _page(request, import_for(_user(request), import_id))


@require_POST
def import_confirm(request: HttpRequest, import_id: int) -> HttpResponse:
    """Refused, the page comes back and says why."""
    user = _user(request)
    try:
        steps.confirm_import(import_id=import_id, mode=request.POST.get("mode", ""), actor=user, at=timezone.now())
    except Invalid as refusal:
        return _page(request, import_for(user, import_id), refusal)
    return redirect("import_page", import_id)


@require_POST
def import_cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    steps.cancel_import(import_id=import_id, actor=_user(request), at=timezone.now())
    messages.success(request, _("已取消导入，没有登记任何线索；文件已删除。"))
    return redirect("import_page", import_id)


@require_safe
def import_problems(request: HttpRequest, import_id: int) -> FileResponse:
    """Every problem kept, as a workbook to correct the file by."""
    of = import_for(_user(request), import_id)
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    rows = (
        [str(each.row), _("提示") if each.is_warning else _("问题"), each.field, each.detail]
        for each in problems_of(of).iterator()
    )
    write_table(file, [_("行号"), _("性质"), _("列"), _("说明")], rows)
    file.seek(0)
    name = f"{of.file_name.rpartition('.')[0]}-问题.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _page(request: HttpRequest, of: Import, refusal: Invalid | None = None) -> HttpResponse:
    problems = list(problems_of(of)[: SHOWN + 1])
    context = {
        "of": of,
        "crumbs": [_crumb()],
        "problems": problems[:SHOWN],
        "has_more": len(problems) > SHOWN,
        "leads": list(leads_of(of)[:SHOWN]) if of.imported else [],
        "same_before": same_file_before(of) if of.state in (ImportState.UPLOADED, ImportState.CHECKED) else None,
        "form": ConfirmForm(initial={"mode": of.mode}),
        "refusal": refusal,
        "steps": _steps(of),
        "has_informants": bool(INFORMANT & set(of.mapping)),
        "may_cancel": states.CANCEL.starts_from(of.state),
    }
    return render(request, "exchange/import_page.html", context, status=refusal.status if refusal else 200)


def _steps(of: Import) -> list[tuple[str, bool]]:
    """The way of an import in words, and whether it is here."""
    shown = [ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED, ImportState.IMPORTING]
    last = ImportState(of.state) if of.finished_at else ImportState.DONE
    return [(str(state.label), state == of.state) for state in [*shown, last]]


def _crumb() -> Crumb:
    return Crumb(_("导入"), reverse("import_list"))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user
