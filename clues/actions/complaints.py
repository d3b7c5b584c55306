"""The complaint procedure: accepted or not, mediated, settled or ended (投诉举报处理办法, 令121; before 2026-04-15 令20)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from clues import states
from clues.actions.decisions import begin_decision, decide
from clues.actions.intake import register, told_again
from clues.actions.merging import FROM_MEDIATION, decide_merged
from clues.actions.moves import KIND, begin, inclusive_days, index_lead, meet_if_open, move, required, subject_of
from clues.complaint_law import ACCEPTANCE, END_NOTICE, MEDIATION, REGULATION, law_on, mediation_rules
from clues.models import Lead
from clues.queries import require_not_done
from clues.states import Channel, EndGround
from core.errors import Invalid
from core.transitions import in_record
from deadlines.actions.clocks import exclude_days, local_day, start_clock
from deadlines.models import Clock
from deadlines.queries import clocks_of, rule_book, rule_version_of
from deadlines.states import OPEN_STATES

OTHER_WAYS = "已告知不予受理的理由和消费者权益保护法第三十九条规定的其他途径"


@transaction.atomic
def accept_complaint(
    *, lead_id: int, told_on: date, actor: User, at: datetime, accepted_on: date | None = None
) -> Lead:
    """Accept a complaint for mediation (令121第十五条).

    :param told_on: when the complainant was told, which ends the period for deciding.
    :param accepted_on: when it was accepted, from which mediation counts; the day of telling when left out.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin_decision(actor, lead_id, states.ACCEPT)
    told = day_between(told_on, lead.received_on, local_day(at), "told_on")
    lead.accepted_on = day_between(accepted_on or told, lead.received_on, told, "accepted_on")
    move(lead, row, actor, at, f"{lead.accepted_on}受理，{told}告知投诉人")
    _meet_acceptance(lead, told, actor, at)
    for rule in mediation_rules(rule_book(), lead.accepted_on):
        start_clock(rule=rule, subject=subject_of(lead), origin_on=lead.accepted_on, actor=actor, at=at)
    return lead


@transaction.atomic
def refuse_complaint(
    *, lead_id: int, ground: str, reason: str, told_on: date, other_ways_told: bool, actor: User, at: datetime
) -> Lead:
    """Decide not to accept a complaint, on a ground of the law in force on the day the complainant was told.

    :param other_ways_told: that they were told why, and the other ways of 消费者权益保护法第三十九条 (令121第十五条第二款).
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin_decision(actor, lead_id, states.REFUSE)
    told = day_between(told_on, lead.received_on, local_day(at), "told_on")
    law = law_on(rule_book(), told)
    if ground not in law.refusal_grounds:
        raise Invalid(
            _("请选择不予受理的理由（%(law)s%(article)s）。") % {"law": law.name, "article": law.refusal},
            code="unknown_ground", field="ground",
        )  # fmt: skip
    why = required(reason, "reason", _("请写明不予受理的具体情形。"), limit=800)
    if not other_ways_told:
        raise Invalid(
            _("不予受理的，应当告知投诉人理由和其他解决途径（投诉举报处理办法第十五条第二款），告知后再登记。"),
            code="other_ways_not_told", field="other_ways_told",
        )  # fmt: skip
    lead.refusal_ground, lead.decided_on, lead.decided_by = ground, told, actor
    move(lead, row, actor, at, f"{in_record(law.refusal_item(ground))}。{why}（{told}{OTHER_WAYS}）")
    _meet_acceptance(lead, told, actor, at)
    return lead


@transaction.atomic
def exclude_mediation(*, lead_id: int, first_day: date, last_day: date, reason: str, actor: User, at: datetime) -> Lead:
    """Leave the days of a test or appraisal (both ends included) out of every running period of mediation.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.EXCLUDE_MEDIATION)
    why = required(reason, "reason", _("请写明送检、鉴定的情况。"), limit=500)
    days = inclusive_days(first_day, last_day)
    for clock in mediation_clocks(lead):
        ground = rule_version_of(clock).excluded_grounds[0]
        exclude_days(clock_id=clock.pk, ground=ground, days=days, approved_by=actor, reason=why, actor=actor, at=at)
    return move(lead, row, actor, at, f"{first_day}至{last_day} {why}")


@transaction.atomic
def settle_mediation(
    *, lead_id: int, settled_on: date, agreement: str, made_document: bool, reason: str = "", actor: User, at: datetime
) -> Lead:
    """Write down that the parties agreed (令121第二十四条).

    :param made_document: whether a mediation document (调解书) was made; if not, ``reason`` says why none was needed.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.SETTLE)
    lead.decided_on = _in_mediation(lead, settled_on, "settled_on", at)
    lead.agreement = required(agreement, "agreement", _("请填写调解协议的内容。"), limit=4000)
    lead.has_mediation_document, lead.decided_by = made_document, actor
    if made_document:
        note = "已制作调解书"
    else:
        why = required(
            reason, "reason", _("未制作调解书的，请写明协议已即时履行、双方同意不制作，或者不是现场调解。"), limit=500
        )
        note = f"未制作调解书，已作调解记录备查：{why}"
    index_lead(lead)
    move(lead, row, actor, at, f"{settled_on} {note}")
    return _end_periods(lead, settled_on, actor, at)


@transaction.atomic
def end_mediation(*, lead_id: int, ended_on: date, ground: str, reason: str, actor: User, at: datetime) -> Lead:
    """End mediation without an agreement, on a ground of the law in force that day; both parties must then be told.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: among others ``mediation_still_runs``.
    """
    lead, row = begin(actor, lead_id, states.END)
    lead.decided_on = _in_mediation(lead, ended_on, "ended_on", at)
    law = law_on(rule_book(), ended_on)
    if ground not in law.end_grounds:
        raise Invalid(
            _("请选择终止调解的理由（%(law)s%(article)s）。") % {"law": law.name, "article": law.end},
            code="unknown_ground", field="ground",
        )  # fmt: skip
    if ground == EndGround.TERM_OVER:
        _require_over(lead, ended_on)
    why = required(reason, "reason", _("请写明终止调解的具体情形。"), limit=800)
    lead.end_ground, lead.decided_by = ground, actor
    move(lead, row, actor, at, f"{ended_on} {in_record(law.end_item(ground))}。{why}")
    _end_periods(lead, ended_on, actor, at)
    start_clock(rule=END_NOTICE, subject=subject_of(lead), origin_on=ended_on, actor=actor, at=at)
    return lead


@transaction.atomic
def tell_parties(*, lead_id: int, told_on: date, way: str, actor: User, at: datetime) -> Lead:
    """Write down that both parties were told of the end of mediation (令121第二十三条第二款).

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also ``already_told``.
    """
    lead, row = begin(actor, lead_id, states.TELL)
    require_not_done(lead, row)
    how = required(way, "way", _("请写明告知投诉人和被投诉人的方式。"), limit=500)
    lead.outcome_told_on = day_between(told_on, lead.decided_on, local_day(at), "told_on")
    move(lead, row, actor, at, f"{told_on} {how}")
    meet_if_open(lead, END_NOTICE, actor, at, on=told_on)
    return lead


@transaction.atomic
def found_in_mediation(*, lead_id: int, found_on: date, summary: str, actor: User, at: datetime) -> Lead:
    """Register the lead of a violation found in mediation, with its own period from the day it was found (令121第二十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.FOUND)
    day = day_between(found_on, lead.accepted_on, lead.decided_on or local_day(at), "found_on")
    words = required(summary, "summary", _("请填写发现的涉嫌违法情况。"), limit=4000)
    facts = {"found_where": f"{lead.number} {in_record('调解中发现')}"}
    again = told_again(lead, Channel.SELF_FOUND, words, facts, received_on=day)
    found = register(again, lead, actor, at, same_informant=False, rules=(FROM_MEDIATION,))
    return move(lead, row, actor, at, found.number)


@transaction.atomic
def treat_as_complaint(
    *,
    lead_id: int,
    claim: str,
    reason: str,
    actor: User,
    at: datetime,
    claimed_on: date | None = None,
    facts: Mapping[str, str] | None = None,
) -> Lead:
    """Decide that a report asks for a dispute to be settled: it is closed, and a complaint registered in its place.

    :param claim: what the complainant asks for.
    :param claimed_on: when they asked, which the period for accepting counts from; with the report, when left out.
    :param facts: what else the complaint says.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also ``complainant_unknown``.
    """
    lead, row = begin_decision(actor, lead_id, states.TREAT_AS_COMPLAINT)
    why = required(reason, "reason", _("请写明转为投诉处理的理由。"), limit=800)
    day = day_between(claimed_on or lead.received_on, lead.received_on, local_day(at), "claimed_on")
    again = told_again(lead, Channel.COMPLAINT, "", {**(facts or {}), "claim": claim}, received_on=day)
    complaint = register(again, lead, actor, at, same_informant=True)
    return decide(lead, row, actor, at, f"另行登记投诉 {complaint.number}：{why}")


def mediation_clocks(lead: Lead) -> list[Clock]:
    """The running periods of mediation; where two run, the one that ends first binds."""
    clocks = clocks_of(KIND, lead.pk).filter(rule__in=(MEDIATION, REGULATION), state__in=OPEN_STATES)
    return list(clocks)


def day_between(day: date, first: date | None, last: date, field: str) -> date:
    """:raises Invalid: ``day_out_of_range``: before the first day, or after the last."""
    if day > last or (first is not None and day < first):
        raise Invalid(
            _("日期应当在%(first)s至%(last)s之间。") % {"first": first, "last": last},
            code="day_out_of_range", field=field,
        )  # fmt: skip
    return day


def _in_mediation(lead: Lead, day: date, field: str, at: datetime) -> date:
    return day_between(day, lead.accepted_on, local_day(at), field)


def _meet_acceptance(lead: Lead, told: date, actor: User, at: datetime) -> None:
    meet_if_open(lead, ACCEPTANCE, actor, at, on=told)
    decide_merged(lead, told, actor, at)


def _end_periods(lead: Lead, on: date, actor: User, at: datetime) -> Lead:
    for rule in (MEDIATION, REGULATION):
        meet_if_open(lead, rule, actor, at, on=on)
    return lead


def _require_over(lead: Lead, on: date) -> None:
    due = min((clock.due_on for clock in mediation_clocks(lead) if clock.due_on is not None), default=on)
    if on < due:
        raise Invalid(
            _("调解期限到%(day)s届满，尚未届满，不能以期限届满为由终止调解。") % {"day": due},
            code="mediation_still_runs", field="ground",
        )  # fmt: skip
