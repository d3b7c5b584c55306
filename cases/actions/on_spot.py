"""The summary procedure: decided on the spot, handed in within seven working days (程序规定第六十六条至第七十条)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.policies import authority_of
from accounts.queries import office_named, require_role
from cases.actions.filing import require_officers
from cases.actions.moves import (
    KIND,
    PAYMENT,
    begin,
    index_case,
    move,
    not_outside,
    optional,
    required,
    subject_of,
    write_move,
)
from cases.actions.performance import perform, record_payment
from cases.actions.proposal import penalty_kinds
from cases.models import Case, SpotDecision
from cases.states import matter as states
from cases.states.decision import PenaltyKind
from cases.states.matter import CaseState, Outcome, PartyKind, Procedure
from cases.states.money import PaymentKind, Purpose
from cases.thresholds import fits_summary, summary_limit
from clues.models import Lead
from clues.parties import normal_name
from clues.queries import lock_lead
from clues.states import LeadState
from core.errors import Invalid, WrongState
from core.transitions import in_record
from deadlines.actions.clocks import local_day, meet_open, start_clock
from documents.actions.numbers import bind_number, issue_number

FILING, NUMBERS = "summary_procedure_filing", "spot_penalty_decision"
IN_HAND = (LeadState.VERIFYING, LeadState.VERIFIED)
NOTHING = Decimal()


@transaction.atomic
def decide_on_spot(
    *,
    office_id: int,
    second_officer_id: int,
    party_name: str,
    party_kind: str,
    cause: str,
    decided_at: datetime,
    place: str,
    facts: str,
    basis: str,
    penalties: Iterable[str],
    is_informed: bool,
    actor: User,
    at: datetime,
    fine: Decimal = NOTHING,
    party_code: str = "",
    address: str = "",
    said: str = "",
    is_unsigned: bool = False,
    lead_id: int | None = None,
    cash_ground: str = "",
    receipt_number: str = "",
) -> Case:
    """Decide a penalty on the spot by two officers, number it and hand it over there; fifteen days to pay and seven
    working days to hand the papers in start.

    :param actor: one of the two officers.
    :param decided_at: when, not after ``at``; a warning or a fine up to the figure of 程序规定第六十六条.
    :param fine: yuan.
    :param is_informed: the party was told what, why and on which basis, and that it may answer (第六十九条).
    :param said: what it answered.
    :param is_unsigned: it refused to sign for the decision, which the paper then says (第六十七条第二款).
    :param lead_id: the lead in hand this came from, if any; it stays to be ended by its own verbs.
    :param cash_ground: of :class:`cases.states.money.CashGround`, when the fine was taken in cash against
        ``receipt_number`` (第七十二条).
    :raises NotFound, NotPermitted: :raises WrongState: ``lead_has_case``, ``lead_not_in_hand``.
    :raises Invalid: also ``above_summary_threshold``, ``two_officers_required``, ``no_certificate``, ``not_informed``.
    """
    office = office_named(office_id)
    require_role(
        actor, office, states.DECIDE_ON_SPOT.roles,
        what=str(states.DECIDE_ON_SPOT.label), basis=states.DECIDE_ON_SPOT.basis,
    )  # fmt: skip
    decided_on = _day(decided_at, at)
    owner, second = require_officers(office, actor.pk, second_officer_id, decided_on)
    kinds = require_summary(penalties, fine, party_kind, decided_on)
    if not is_informed:
        raise Invalid(
            _("决定作出前应当告知拟处罚的内容、事实、理由、依据和陈述申辩的权利（程序规定第六十九条）。"),
            code="not_informed", field="is_informed",
        )  # fmt: skip
    lead = _lead(actor, lead_id, office) if lead_id is not None else None
    who = required(party_name, "party_name", _("请填写当事人名称。"), limit=120)
    why = required(basis, "basis", _("请写明违反的和据以处罚的条款。"), limit=2000)
    spot = SpotDecision(
        decided_at=decided_at, place=required(place, "place", _("请填写作出决定的地点。"), limit=200),
        facts=required(facts, "facts", _("请写明违法事实和证据。"), limit=4000), basis=why,
        said=optional(said, "said", limit=2000), is_unsigned=is_unsigned,
    )  # fmt: skip
    authority = authority_of(office)
    number = issue_number(office=authority, kind=NUMBERS, on=decided_on, subject_kind=KIND)
    case = Case.objects.create(
        number=number.text, procedure=Procedure.SUMMARY, lead=lead,
        cause=required(cause, "cause", _("请填写案由。"), limit=200), category=lead.category if lead else "",
        region_code=lead.region_code if lead else "", address=optional(address, "address", limit=200),
        party_kind=party_kind, party_name=who, normal_name=normal_name(who),
        party_code=optional(party_code, "party_code", limit=18).upper(), office=office,
        bureau_id=office.bureau_id, authority=authority, owner=owner, second_officer=second, state=CaseState.SERVED,
        filed_on=decided_on, decision_number=number.text, decided_on=decided_on, decision=_content(kinds, fine, why),
        defence=spot.said, penalties=kinds, fine=fine, confiscated=NOTHING, served_on=decided_on,
        outcome=Outcome.PENALTY, created_at=at,
    )  # fmt: skip
    bind_number(number, subject_id=case.pk)
    spot.case = case
    spot.save(force_insert=True)
    write_move(case, states.DECIDE_ON_SPOT, "", actor, at, f"{number.text}，{place.strip()}")
    index_case(case)
    for rule in (FILING, PAYMENT) if fine else (FILING,):
        start_clock(rule=rule, subject=subject_of(case), origin_on=decided_on, actor=actor, at=at)
    if not fine:
        perform(case, decided_on, actor, at)
    elif cash_ground or receipt_number:
        return record_payment(
            case_id=case.pk, amount=fine, paid_on=decided_on, kind=PaymentKind.CASH, purpose=Purpose.FINE,
            cash_ground=cash_ground, receipt_number=receipt_number, actor=actor, at=at,
        )  # fmt: skip
    return case


def require_summary(penalties: Iterable[str], fine: Decimal, party_kind: str, on: date) -> list[str]:
    """The kinds in order, if they may be decided on the spot on this day (程序规定第六十六条).

    :raises Invalid: ``above_summary_threshold``, or kinds and sums that do not fit each other.
    """
    if party_kind not in PartyKind.values:
        raise Invalid(_("请选择当事人类型。"), code="unknown_party_kind", field="party_kind")
    kinds = penalty_kinds(penalties, fine, NOTHING, None)
    if not kinds:
        raise Invalid(_("请选择处罚种类（行政处罚法第九条）。"), code="required", field="penalties")
    if fits_summary(kinds, fine, party_kind, on):
        return kinds
    field = "fine" if set(kinds) <= {PenaltyKind.WARNING, PenaltyKind.FINE} else "penalties"
    raise Invalid(
        _("对%(party)s当场只能处以警告或者%(most)s元以下罚款（程序规定第六十六条）。超出的，请按普通程序立案办理。")
        % {"party": PartyKind(party_kind).label, "most": summary_limit(party_kind, on)},
        code="above_summary_threshold", field=field,
    )  # fmt: skip


@transaction.atomic
def hand_in(*, case_id: int, handed_in_on: date, actor: User, at: datetime) -> Case:
    """Record that the papers were handed in to be kept (程序规定第七十条).

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also ``already_handed_in``.
    """
    case = begin(actor, case_id, states.HAND_IN)
    if case.handed_in_on is not None:
        raise WrongState(_("材料已于%(day)s交局。") % {"day": case.handed_in_on}, code="already_handed_in")
    assert case.decided_on is not None  # noqa: S101 - a case of the summary procedure begins with its decision
    not_outside(handed_in_on, case.decided_on, local_day(at), "handed_in_on", _("交局日期"))
    case.handed_in_on = handed_in_on
    move(case, states.HAND_IN, actor, at, f"{handed_in_on}交局")
    meet_open(rule=FILING, subject_kind=KIND, subject_id=case.pk, on=handed_in_on, actor=actor, at=at)
    return case


def _day(decided_at: datetime, at: datetime) -> date:
    if decided_at > at:
        raise Invalid(_("作出决定的时间不能晚于现在。"), code="future_date", field="decided_at")
    return local_day(decided_at)


def _lead(actor: User, lead_id: int, office: Office) -> Lead:
    lead = lock_lead(actor, lead_id)
    if Case.objects.filter(lead=lead).exists():
        raise WrongState(_("这条线索已经有案件，不能再当场处罚。"), code="lead_has_case")
    if lead.state not in IN_HAND or lead.office_id != office.pk:
        raise WrongState(
            _("这条线索不在本机构核查之中（%(state)s），不能据以当场处罚。") % {"state": lead.get_state_display()},
            code="lead_not_in_hand",
        )
    return lead


def _content(kinds: Iterable[str], fine: Decimal, basis: str) -> str:
    said = [
        in_record(PenaltyKind(kind).label) + (f"{fine:.2f}元" if kind == PenaltyKind.FINE else "") for kind in kinds
    ]
    return f"{'、'.join(said)}。{basis}"[:4000]
