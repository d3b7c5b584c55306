"""Verification: what was checked, what was found, and the time it may take."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import officer_of
from clues import states
from clues.actions.files import keep_files
from clues.actions.moves import KIND, begin, handling_clock, inclusive_days, index_lead, move, optional, required
from clues.models import Check, Lead
from clues.states import Channel, CheckKind, FilePurpose, Proposal
from core.errors import Invalid
from core.transitions import in_record
from deadlines.actions.clocks import exclude_days, extend_clock, local_day
from documents.actions.files import Upload
from documents.queries.files import files_of


@transaction.atomic
def record_check(
    *,
    lead_id: int,
    kind: str,
    checked_at: datetime,
    content: str,
    actor: User,
    at: datetime,
    place: str = "",
    second_officer_id: int | None = None,
    corrects_id: int | None = None,
    upload: Sequence[Upload] = (),
) -> Check:
    """Write down one check made in verification; inspections and inquiries need two officers (程序规定第二十二条).

    :param corrects_id: the check of this lead that this one puts right; it stays and shows what replaced it.
    :param upload: kept as files of the lead under the check's ``file_purpose``.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: one officer only, a moment in the future or before the
        lead was received, a check that is not the lead's or already corrected, a file that may not be kept.
    """
    lead, row = begin(actor, lead_id, states.CHECK)
    if kind not in CheckKind.values:
        raise Invalid(_("请选择核查方式。"), code="unknown_check_kind", field="kind")
    if checked_at > at:
        raise Invalid(_("核查时间在现在之后，请核对。"), code="future_date", field="checked_at")
    if local_day(checked_at) < lead.received_on:
        raise Invalid(
            _("核查时间早于收到线索之日%(day)s，请核对。") % {"day": lead.received_on},
            code="before_receipt", field="checked_at",
        )  # fmt: skip
    where = optional(place, "place", limit=200)
    words = required(content, "content", _("请填写核查内容。"), limit=4000)
    second = (
        officer_of(lead.office, second_officer_id, roles=row.roles, field="second_officer")
        if second_officer_id else None
    )  # fmt: skip
    if second == actor or (second is None and kind in states.TWO_OFFICERS):
        raise Invalid(
            _("%(kind)s：请选择另一名协同人员。现场检查和询问不得少于两人（程序规定第二十二条）。")
            % {"kind": CheckKind(kind).label},
            code="two_officers_required", field="second_officer",
        )  # fmt: skip
    check = Check.objects.create(
        lead=lead, kind=kind, checked_at=checked_at, place=where, officer=actor,
        second_officer=second, content=words, recorded_by=actor, recorded_at=at,
        corrects=_corrected(lead, corrects_id),
    )  # fmt: skip
    keep_files(lead, upload, check.file_purpose, actor, at)
    move(lead, row, actor, at, f"{in_record(CheckKind(kind).label)}：{words[:200]}")
    return check


def _corrected(lead: Lead, check_id: int | None) -> Check | None:
    if check_id is None:
        return None
    check = lead.checks.select_related("corrected_by").filter(pk=check_id).first()
    if check is None:
        raise Invalid(_("没有这份核查记录，请从列表中选择。"), code="unknown_check", field="corrects")
    if hasattr(check, "corrected_by"):
        raise Invalid(_("这份核查记录已经更正过，请更正后一份。"), code="corrected_already", field="corrects")
    return check


@transaction.atomic
def report_findings(*, lead_id: int, findings: str, proposal: str, actor: User, at: datetime) -> Lead:
    """Hand in what verification found and what it proposes; the head decides.

    :param proposal: ``filed``, ``not_filed``, ``transferred`` or, for a report, ``as_complaint``.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: among others ``sampling_report_missing``.
    """
    lead, row = begin(actor, lead_id, states.REPORT)
    words = required(findings, "findings", _("请填写核查情况。"), limit=4000)
    if proposal not in Proposal.values:
        raise Invalid(_("请选择处理建议。"), code="unknown_proposal", field="proposal")
    if proposal == Proposal.AS_COMPLAINT and lead.channel != Channel.REPORT:
        raise Invalid(_("只有举报可以转为投诉处理。"), code="not_a_report", field="proposal")
    reports = files_of(KIND, lead.pk).filter(purpose=FilePurpose.TEST_REPORT)
    if lead.channel == Channel.SAMPLING and not reports.exists():
        raise Invalid(
            _("抽检线索应当附检验报告，请先上传报告（材料种类选“检验检测鉴定报告”）再提交核查结果。"),
            code="sampling_report_missing", field="findings",
        )  # fmt: skip
    lead.findings, lead.proposal, lead.reported_by = words, proposal, actor
    index_lead(lead)
    return move(lead, row, actor, at, f"建议：{in_record(Proposal(proposal).label)}")


@transaction.atomic
def send_back_lead(*, lead_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """Return the findings to the officer; the clock goes on.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.SEND_BACK)
    return move(lead, row, actor, at, required(reason, "reason", _("请写明退回理由。"), limit=1000))


@transaction.atomic
def extend_verification(*, lead_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """Extend verification once, by the head (程序规定第十八条第一款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.EXTEND)
    why = required(reason, "reason", _("请写明特殊情况和延长理由。"), limit=500)
    extend_clock(clock_id=handling_clock(lead), approved_by=actor, reason=why, actor=actor, at=at)
    return move(lead, row, actor, at, why)


@transaction.atomic
def exclude_test_days(
    *, lead_id: int, ground: str, first_day: date, last_day: date, reason: str, actor: User, at: datetime
) -> Lead:
    """Leave the days of a test or appraisal (both ends included) out of the count (程序规定第十八条第二款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.EXCLUDE)
    why = optional(reason, "reason", limit=500)
    exclude_days(
        clock_id=handling_clock(lead), ground=ground, days=inclusive_days(first_day, last_day), approved_by=actor,
        reason=why, actor=actor, at=at,
    )  # fmt: skip
    return move(lead, row, actor, at, f"{ground}：{first_day}至{last_day} {why}".strip())
