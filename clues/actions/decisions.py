"""The head decides: file, not file, transfer; and what follows a decision."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from clues import states
from clues.actions.merging import decide_merged, going_on_with
from clues.actions.moves import (
    KIND,
    begin,
    handling_clock,
    meet_if_open,
    move,
    optional,
    required,
    subject_of,
)
from clues.models import Lead, NoPenaltyItem
from clues.queries import no_penalty_items, require_undisputed
from clues.states import Channel, DeclineGround, LeadState
from core.errors import Invalid
from core.transitions import Transition
from deadlines.actions.clocks import local_day, meet_clock, start_clock
from deadlines.queries import rule_book
from informants.queries import informant_of
from routing.categories import in_subtree

REWARD_FEEDBACK = "informant_reward_feedback_fda"
REWARDED = ("food", "drug")
FEEDBACK = {Channel.REPORT: "report_filing_feedback", Channel.ASSIGNED: "lead_result_feedback"}


@transaction.atomic
def decline_lead(
    *, lead_id: int, ground: str, reason: str, actor: User, at: datetime, item_id: int | None = None
) -> Lead:
    """Decide not to file, on one of the grounds of 程序规定第二十条.

    :param item_id: the item of the no-penalty list the matter falls under, where the ground has such a list; its words
        are kept with the lead as they are today.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin_decision(actor, lead_id, states.DECLINE)
    if ground not in DeclineGround.values:
        raise Invalid(_("请选择不予立案的理由（程序规定第二十条）。"), code="unknown_ground", field="ground")
    lead.decline_ground = ground
    if item_id is not None:
        lead.decline_item = _item(lead, ground, item_id, local_day(at))
        lead.decline_item_text = lead.decline_item.words
    return decide(lead, row, actor, at, required(reason, "reason", _("请写明不予立案的具体情形。"), limit=1000))


@transaction.atomic
def transfer_lead(*, lead_id: int, transferred_to: str, reason: str, actor: User, at: datetime) -> Lead:
    """Decide to pass the lead to the body that has authority (程序规定第十四条、第十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin_decision(actor, lead_id, states.TRANSFER)
    lead.transferred_to = required(transferred_to, "transferred_to", _("请写明移送给哪个部门。"), limit=120)
    return decide(lead, row, actor, at, required(reason, "reason", _("请写明移送理由。"), limit=1000))


@transaction.atomic
def decide_to_file(*, lead_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """Decide to file (程序规定第十九条). Called by the verb that opens the case, so that neither exists without the other.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin_decision(actor, lead_id, states.FILE)
    return decide(lead, row, actor, at, optional(reason, "reason", limit=1000))


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
    for each in (lead, *going_on_with(lead)):
        for rule in (*FEEDBACK.values(), "prosecutor_opinion_reply", REWARD_FEEDBACK):
            meet_if_open(each, rule, actor, at, on=told_on)
    return lead


def start_reward_feedback(*, lead: Lead, closed_on: date, actor: User, at: datetime) -> None:
    """The case of a lead is over: who reported food or drugs is told within the period of 食品药品违法行为举报奖励办法第十二条.

    :raises Invalid: the rule has no version on that day.
    """
    if informant_of(KIND, lead.pk) is not None and any(in_subtree(lead.category, root) for root in REWARDED):
        start_clock(rule=REWARD_FEEDBACK, subject=subject_of(lead), origin_on=closed_on, actor=actor, at=at)


def begin_decision(actor: User, lead_id: int, row: Transition) -> tuple[Lead, Transition]:
    """:raises NotFound, NotPermitted, WrongState: ``dispute_open`` while it is not settled whose the lead is."""
    lead, own = begin(actor, lead_id, row)
    require_undisputed(lead)
    return lead, own


def decide(lead: Lead, row: Transition, actor: User, at: datetime, reason: str) -> Lead:
    """Close the lead with a decision and end the period it was due in."""
    lead.decided_on, lead.decided_by = local_day(at), actor
    move(lead, row, actor, at, reason)
    meet_clock(clock_id=handling_clock(lead), on=lead.decided_on, actor=actor, at=at)
    for each in (lead, *decide_merged(lead, lead.decided_on, actor, at)):
        _start_feedback(each, lead.state, lead.decided_on, actor, at)
    return lead


def _start_feedback(lead: Lead, outcome: str, decided_on: date, actor: User, at: datetime) -> None:
    """Telling whoever sent the lead: only where a rule in force on the day of the decision says so.

    Who reported under their real name is told whether a case was filed (令20第三十一条第二款), not of a transfer.
    """
    rule = FEEDBACK.get(Channel(lead.channel))
    if rule is None:
        return
    if lead.channel == Channel.REPORT:
        told = informant_of(KIND, lead.pk)
        if outcome not in (LeadState.FILED, LeadState.NOT_FILED) or told is None or not told.is_real_name:
            return
    try:
        rule_book().version_on(rule, decided_on)
    except Invalid:
        return  # the duty to tell ended on 2026-04-15 (令121第三十五条、第三十六条)
    start_clock(rule=rule, subject=subject_of(lead), origin_on=decided_on, actor=actor, at=at)


def _item(lead: Lead, ground: str, item_id: int, on: date) -> NoPenaltyItem:
    item = no_penalty_items(lead.office, on).filter(pk=item_id, kind=ground).first()
    if item is None:
        raise Invalid(
            _("所选事项不在今天有效的、与不予立案理由对应的免罚清单上，请重新选择。"),
            code="unknown_no_penalty_item", field="item",
        )  # fmt: skip
    return item


def _day_after_decision(lead: Lead, day: date, field: str, at: datetime) -> date:
    if day > local_day(at):
        raise Invalid(_("日期%(day)s在今天之后，请核对。") % {"day": day}, code="future_date", field=field)
    if lead.decided_on is not None and day < lead.decided_on:
        raise Invalid(
            _("日期早于决定之日%(day)s，请核对。") % {"day": lead.decided_on}, code="before_decision", field=field
        )
    return day
