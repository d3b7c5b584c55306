"""Every change to a lead, from logging to the decision whether to file."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import office_named, officer_of, require_role
from audit.actions import record
from clues import states
from clues.models import Lead, LeadMove
from clues.queries import lock_lead, require_move
from clues.states import Channel, DeclineGround, Proposal
from clues.uscc import doubt_about, normalised
from core.errors import FieldError, Invalid
from core.transitions import Transition, in_record
from deadlines.actions.clocks import (
    Subject,
    exclude_days,
    extend_clock,
    hand_over_clocks,
    local_day,
    meet_open,
    start_clock,
)
from deadlines.queries import open_clock, rule_book
from deadlines.workdays import Interval
from documents.actions import bind_number, issue_number

KIND = "lead"
VERIFICATION = "lead_verification"


@transaction.atomic
def log_lead(
    *,
    channel: str,
    received_on: date,
    party_name: str,
    summary: str,
    office_id: int,
    actor: User,
    at: datetime,
    party_code: str = "",
    region_code: str = "",
) -> Lead:
    """Register a lead; from this moment it belongs to the office and, until it is assigned, to whoever logged it.

    A doubtful credit code is kept and marked, not refused.

    :raises Invalid: a field breaks a rule. :raises NotPermitted: no post of the actor may log for this office.
    """
    office = office_named(office_id)
    code = normalised(party_code)
    written = {"party_name": party_name, "party_code": code, "region_code": region_code, "summary": summary}
    _check_input(channel, received_on, written, local_day(at))
    require_role(actor, office, states.LOG.roles, what=str(states.LOG.label), basis=states.LOG.basis)
    number = issue_number(office=office, kind=KIND, on=local_day(at), subject_kind=KIND)
    lead = Lead.objects.create(
        number=number.text, channel=channel, received_on=received_on, party_name=party_name.strip(), party_code=code,
        has_party_code_doubt=bool(code) and doubt_about(code) is not None, region_code=region_code or office.region_code,
        summary=summary.strip(), office=office, bureau_id=office.bureau_id, owner=actor, created_at=at,
    )  # fmt: skip
    bind_number(number, subject_id=lead.pk)
    _write_move(lead, states.LOG, "", actor, at, "")
    start_clock(rule=VERIFICATION, subject=subject_of(lead), origin_on=received_on, actor=actor, at=at)
    return lead


@transaction.atomic
def assign_lead(*, lead_id: int, office_id: int, owner_id: int, actor: User, at: datetime, reason: str = "") -> Lead:
    """Give the lead to exactly one office and one officer of it; the clock goes with it and does not restart.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead = _begin(actor, lead_id, states.ASSIGN)
    office = office_named(office_id)
    require_role(actor, office, states.ASSIGN.roles, what=str(states.ASSIGN.label), basis=states.ASSIGN.basis)
    owner = officer_of(office, owner_id, roles=states.REPORT.roles, field="owner")
    before = lead.owner
    lead.office, lead.bureau_id, lead.owner = office, office.bureau_id, owner
    _move(lead, states.ASSIGN, actor, at, reason or f"分派给{office.name}{owner.name}")
    hand_over_clocks(subject=subject_of(lead), from_owner=before, actor=actor, at=at)
    return lead


@transaction.atomic
def report_findings(*, lead_id: int, findings: str, proposal: str, actor: User, at: datetime) -> Lead:
    """Hand in what verification found and what it proposes; the head decides.

    :param proposal: ``filed``, ``not_filed`` or ``transferred``.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead = _begin(actor, lead_id, states.REPORT)
    if not findings.strip():
        raise Invalid(_("请填写核查情况。"), code="required", field="findings")
    if proposal not in Proposal.values:
        raise Invalid(_("请选择处理建议。"), code="unknown_proposal", field="proposal")
    lead.findings, lead.proposal = findings.strip(), proposal
    return _move(lead, states.REPORT, actor, at, f"建议：{in_record(Proposal(proposal).label)}")


@transaction.atomic
def send_back_lead(*, lead_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """Return the findings to the officer; the clock goes on.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead = _begin(actor, lead_id, states.SEND_BACK)
    return _move(lead, states.SEND_BACK, actor, at, _required(reason, "reason", _("请写明退回理由。")))


@transaction.atomic
def extend_verification(*, lead_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """Extend verification once, by the head (程序规定第十八条第一款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead = _begin(actor, lead_id, states.EXTEND)
    why = _required(reason, "reason", _("请写明特殊情况和延长理由。"))
    extend_clock(clock_id=_verification_clock(lead), approved_by=actor, reason=why, actor=actor, at=at)
    return _move(lead, states.EXTEND, actor, at, why)


@transaction.atomic
def exclude_test_days(
    *, lead_id: int, ground: str, first_day: date, last_day: date, reason: str, actor: User, at: datetime
) -> Lead:
    """Leave the days of a test or appraisal (both ends included) out of the count (程序规定第十八条第二款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead = _begin(actor, lead_id, states.EXCLUDE)
    exclude_days(
        clock_id=_verification_clock(lead), ground=ground, days=inclusive_days(first_day, last_day), approved_by=actor,
        reason=reason, actor=actor, at=at,
    )  # fmt: skip
    return _move(lead, states.EXCLUDE, actor, at, f"{ground}：{first_day}至{last_day} {reason}".strip())


@transaction.atomic
def decline_lead(*, lead_id: int, ground: str, reason: str, actor: User, at: datetime) -> Lead:
    """Decide not to file, on one of the grounds of 程序规定第二十条.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead = _begin(actor, lead_id, states.DECLINE)
    if ground not in DeclineGround.values:
        raise Invalid(_("请选择不予立案的理由（程序规定第二十条）。"), code="unknown_ground", field="ground")
    lead.decline_ground = ground
    return _decide(lead, states.DECLINE, actor, at, _required(reason, "reason", _("请写明不予立案的具体情形。")))


@transaction.atomic
def transfer_lead(*, lead_id: int, transferred_to: str, reason: str, actor: User, at: datetime) -> Lead:
    """Decide to pass the lead to the body that has authority (程序规定第十四条、第十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead = _begin(actor, lead_id, states.TRANSFER)
    lead.transferred_to = _required(transferred_to, "transferred_to", _("请写明移送给哪个部门。"))
    if len(lead.transferred_to) > 120:
        raise Invalid(_("接收部门的名称最多120个字。"), code="too_long", field="transferred_to")
    return _decide(lead, states.TRANSFER, actor, at, _required(reason, "reason", _("请写明移送理由。")))


@transaction.atomic
def decide_to_file(*, lead_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """Decide to file (程序规定第十九条). Called by the verb that opens the case, so that neither exists without the other.

    :raises NotFound, NotPermitted, WrongState:
    """
    return _decide(_begin(actor, lead_id, states.FILE), states.FILE, actor, at, reason)


def subject_of(lead: Lead) -> Subject:
    return Subject(KIND, lead.pk, lead.label, lead.office, lead.owner, lead.number)


def inclusive_days(first_day: date, last_day: date) -> Interval:
    """Both ends counted, as offices write periods.

    :raises Invalid: the last day lies before the first, or at the end of all dates.
    """
    if last_day < first_day:
        raise Invalid(_("结束日期早于开始日期。"), code="inverted_suspension", field="last_day")
    if last_day == date.max:
        raise Invalid(_("结束日期超出可以计算的范围，请核对。"), code="date_out_of_range", field="last_day")
    return Interval(first_day, date.fromordinal(last_day.toordinal() + 1))


def _check_input(channel: str, received_on: date, written: Mapping[str, str], today: date) -> None:
    errors = [*_day_errors(received_on, today), *_text_errors(written)]
    if channel not in Channel.values:
        errors.insert(0, FieldError("channel", "unknown_channel", _("请选择来源渠道。")))
    if errors:
        raise Invalid(_("；").join(error.detail for error in errors), code="invalid", errors=errors)


def _day_errors(received_on: date, today: date) -> Iterator[FieldError]:
    if received_on > today:
        detail = _("收到日期%(day)s在今天之后，请核对。") % {"day": received_on}
        yield FieldError("received_on", "future_origin", detail)
        return
    try:
        rule_book().version_on(VERIFICATION, received_on)
    except Invalid as refusal:
        yield FieldError("received_on", refusal.code, refusal.detail)


def _text_errors(written: Mapping[str, str]) -> Iterator[FieldError]:
    if not written["party_name"].strip():
        yield FieldError("party_name", "required", _("请填写当事人名称；尚不清楚的填“待查”。"))
    if not written["summary"].strip():
        yield FieldError("summary", "required", _("请填写线索内容。"))
    limits = {field.name: field.max_length for field in Lead._meta.concrete_fields}
    for name, text in written.items():
        limit = limits[name]
        if limit is not None and len(text.strip()) > limit:
            detail = _("最多%(most)s个字，现为%(found)s个。") % {"most": limit, "found": len(text.strip())}
            yield FieldError(name, "too_long", detail)


def _begin(actor: User, lead_id: int, row: Transition) -> Lead:
    lead = lock_lead(actor, lead_id)
    require_move(actor, lead, row)
    return lead


def _decide(lead: Lead, row: Transition, actor: User, at: datetime, reason: str) -> Lead:
    lead.decided_on = local_day(at)
    _move(lead, row, actor, at, reason)
    meet_open(rule=VERIFICATION, subject_kind=KIND, subject_id=lead.pk, on=lead.decided_on, actor=actor, at=at)
    return lead


def _move(lead: Lead, row: Transition, actor: User, at: datetime, reason: str) -> Lead:
    source = lead.state
    lead.state = row.target or source
    lead.save()
    _write_move(lead, row, source, actor, at, reason)
    return lead


def _write_move(lead: Lead, row: Transition, source: str, actor: User, at: datetime, reason: str) -> None:
    LeadMove.objects.create(
        lead=lead, at=at, actor=actor, name=row.name, source=source, target=lead.state, office=lead.office,
        owner=lead.owner, reason=reason[:1000],
    )  # fmt: skip
    record(
        verb=f"clues.{row.name}", actor=actor, at=at, subject_kind=KIND, subject_id=lead.pk, subject_label=lead.number,
        source=source, target=lead.state, office=lead.office.code, owner=lead.owner_id,
    )  # fmt: skip


def _verification_clock(lead: Lead) -> int:
    clock = open_clock(rule=VERIFICATION, subject_kind=KIND, subject_id=lead.pk)
    if clock is None:
        raise Invalid(_("这条线索没有正在计时的核查期限。"), code="no_open_clock", field="lead")
    return clock.pk


def _required(text: str, field: str, message: str) -> str:
    if not text.strip():
        raise Invalid(message, code="required", field=field)
    return text.strip()
