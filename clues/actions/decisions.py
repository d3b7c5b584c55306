"""The head decides: file, not file, transfer; and what follows a decision."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from clues import states
from clues.actions.moves import begin, handling_clock, meet_if_open, move, required, subject_of
from clues.models import Lead
from clues.states import Channel, DeclineGround
from core.errors import Invalid, WrongState
from core.transitions import Transition
from deadlines.actions.clocks import local_day, meet_clock, start_clock
from deadlines.queries import rule_book

FEEDBACK = {Channel.REPORT: "report_filing_feedback", Channel.ASSIGNED: "lead_result_feedback"}


@transaction.atomic
def decline_lead(*, lead_id: int, ground: str, reason: str, actor: User, at: datetime) -> Lead:
    """Decide not to file, on one of the grounds of 程序规定第二十条.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin_decision(actor, lead_id, states.DECLINE)
    if ground not in DeclineGround.values:
        raise Invalid(_("请选择不予立案的理由（程序规定第二十条）。"), code="unknown_ground", field="ground")
    lead.decline_ground = ground
    return decide(lead, row, actor, at, required(reason, "reason", _("请写明不予立案的具体情形。")))


@transaction.atomic
def transfer_lead(*, lead_id: int, transferred_to: str, reason: str, actor: User, at: datetime) -> Lead:
    """Decide to pass the lead to the body that has authority (程序规定第十四条、第十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin_decision(actor, lead_id, states.TRANSFER)
    lead.transferred_to = required(transferred_to, "transferred_to", _("请写明移送给哪个部门。"))
    if len(lead.transferred_to) > 120:
        raise Invalid(_("接收部门的名称最多120个字。"), code="too_long", field="transferred_to")
    return decide(lead, row, actor, at, required(reason, "reason", _("请写明移送理由。")))


@transaction.atomic
def decide_to_file(*, lead_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """Decide to file (程序规定第十九条). Called by the verb that opens the case, so that neither exists without the other.

    :raises NotFound, NotPermitted, WrongState:
    """
    lead, row = begin_decision(actor, lead_id, states.FILE)
    return decide(lead, row, actor, at, reason)


@transaction.atomic
def record_receipt(*, lead_id: int, receipt_no: str, receipt_on: date, actor: User, at: datetime) -> Lead:
    """Write down the receipt of the body a lead was transferred to.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.RECORD_RECEIPT)
    lead.receipt_no = required(receipt_no, "receipt_no", _("请填写回执编号；没有编号的填“无编号”。"), limit=80)
    lead.receipt_on = _day_after_decision(lead, receipt_on, "receipt_on", at)
    return move(lead, row, actor, at, f"{lead.transferred_to} {lead.receipt_no} {receipt_on}")


@transaction.atomic
def give_feedback(*, lead_id: int, told_on: date, way: str, actor: User, at: datetime) -> Lead:
    """Write down that whoever sent the lead was told the outcome, and how.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.GIVE_FEEDBACK)
    how = required(way, "way", _("请写明告知方式和内容摘要，不要写举报人的姓名和联系方式。"), limit=500)
    lead.outcome_told_on = _day_after_decision(lead, told_on, "told_on", at)
    move(lead, row, actor, at, f"{told_on} {how}")
    for rule in (*FEEDBACK.values(), "prosecutor_opinion_reply"):
        meet_if_open(lead, rule, actor, at, on=told_on)
    return lead


def begin_decision(actor: User, lead_id: int, row: Transition) -> tuple[Lead, Transition]:
    """:raises NotFound, NotPermitted, WrongState: ``dispute_open`` while it is not settled whose the lead is."""
    lead, own = begin(actor, lead_id, row)
    if lead.disputes.filter(settled_at__isnull=True).exists():
        raise WrongState(
            _("这条线索的处理权限正在争议中，争议解决后才能决定（%(basis)s）。") % {"basis": states.DISPUTE_BASIS},
            code="dispute_open",
        )
    return lead, own


def decide(lead: Lead, row: Transition, actor: User, at: datetime, reason: str) -> Lead:
    """Close the lead with a decision and end the period it was due in."""
    lead.decided_on, lead.decided_by = local_day(at), actor
    move(lead, row, actor, at, reason)
    meet_clock(clock_id=handling_clock(lead), on=lead.decided_on, actor=actor, at=at)
    _start_feedback(lead, actor, at)
    return lead


def _start_feedback(lead: Lead, actor: User, at: datetime) -> None:
    """Telling whoever sent the lead: only where a rule in force on the day of the decision says so."""
    rule = FEEDBACK.get(Channel(lead.channel))
    if rule is None or lead.is_anonymous or lead.decided_on is None:
        return
    try:
        rule_book().version_on(rule, lead.decided_on)
    except Invalid:
        return  # the duty to tell ended on 2026-04-15 (令121第三十五条、第三十六条)
    start_clock(rule=rule, subject=subject_of(lead), origin_on=lead.decided_on, actor=actor, at=at)


def _day_after_decision(lead: Lead, day: date, field: str, at: datetime) -> date:
    if day > local_day(at):
        raise Invalid(_("日期%(day)s在今天之后，请核对。") % {"day": day}, code="future_date", field=field)
    if lead.decided_on is not None and day < lead.decided_on:
        raise Invalid(
            _("日期早于决定之日%(day)s，请核对。") % {"day": lead.decided_on}, code="before_decision", field=field
        )
    return day
