"""Files to take away: the template of the import, and the leads of a list."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from clues.actions.past import GROUNDS, OUTCOMES
from clues.models import Lead
from clues.queries import leads_for
from clues.states import Channel, LeadState
from core.errors import Invalid
from core.transitions import in_record
from exchange.actions.exporting import export_leads
from exchange.columns import COLUMNS
from exchange.sheets import write_template
from routing.queries import Router, categories, region_name

TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


class Narrowing(Protocol):
    """The filter of a list of leads, which belongs to the list: the address is put together above both."""

    def __call__(self, *args: Any, user: User) -> Any: ...


@require_safe
def lead_template(request: HttpRequest) -> FileResponse:
    """An empty ledger to fill in."""
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    write_template(file, _choices(timezone.now()), _guide())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="线索导入模板.xlsx", content_type=TYPES["xlsx"])


@require_safe
def lead_export(request: HttpRequest, filter_form: Narrowing) -> FileResponse:
    """Exactly the leads the list shows under the same filters.

    :raises Invalid: among others ``bad_filter``.
    """
    user, at = _user(request), timezone.now()
    form = filter_form(request.GET, user=user)
    leads: QuerySet[Lead] = form.narrow(leads_for(user), at)
    if form.errors:
        raise Invalid(_("筛选条件有误，请回到线索列表改正后再导出。"), code="bad_filter", field="format")
    asked = request.GET.copy()
    file_format = (asked.pop("format", None) or ["xlsx"])[-1]
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        export_leads(leads=leads, asked=asked.urlencode(), to=file, file_format=file_format, actor=user, at=at)
    except Invalid:
        file.close()
        raise
    file.seek(0)
    name = f"线索-{timezone.localdate(at):%Y%m%d}.{file_format}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[file_format])


def _choices(now: datetime) -> dict[str, Sequence[str]]:
    return {
        "channel": [in_record(label) for label in Channel.labels],
        "category": [f"{each.code} {each.name}" for each in categories()],
        "region_code": _regions(now),
        "state": [in_record(LeadState(state).label) for state in OUTCOMES],
        "ground": [in_record(label) for _field, kind in GROUNDS.values() for label in kind.labels],
    }


def _regions(now: datetime) -> list[str]:
    try:
        return [f"{code} {region_name(code)}" for code in Router(timezone.localdate(now)).places]
    except Invalid:
        return []  # no division is loaded: codes are typed


def _guide() -> Iterator[tuple[str, str, str]]:
    yield "列名", "是否必填", "说明"
    for column in COLUMNS:
        asked = "、".join(in_record(Channel(channel).label) for channel in column.asked_by)
        must = "必填" if column.is_required else f"{asked}必填" if asked else "选填"
        kind = {"day": "日期，写成 2026-11-20。", "money": "元，最多两位小数。", "code": "按文本填写，保留前面的0。"}
        yield column.heading, must, kind.get(column.kind, "") + in_record(column.note)
    yield "投诉", "", "投诉须有投诉人的姓名、电话号码和通讯地址（投诉举报处理办法第十条第一款第一项）。"
    yield "保密", "", "投诉举报人的信息导入时即加密；上传的文件在导入完成或者取消后删除，只保留校验值。"


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user
