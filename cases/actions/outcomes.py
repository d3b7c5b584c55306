"""The other ends of a case: no penalty, transfer, referral, termination, withdrawal of the filing, a decision annulled."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.policies import authority_of
from accounts.queries import office_named
from cases.actions.moves import (
    DEFENCE,
    HANDLING,
    HEARING_REQUEST,
    KIND,
    SERVICE,
    begin,
    cancel_open,
    index_case,
    move,
    not_outside,
    optional,
    required,
    subject_of,
)
from cases.actions.performance import start_closing
from cases.actions.transfers import case_as_lead
from cases.models import Case, Ending
from cases.queries.money import is_annulled
from cases.queries.outcomes import ENDING_WITH_THE_CASE, PUBLICATION_RULE
from cases.states import matter as states
from cases.states.matter import Outcome
from cases.states.outcomes import AnnulledBy, EndKind, SpareGround, TerminationGround, TransferGround
from clues.actions.intake import receive_transfer
from clues.models import Lead
from core.errors import Invalid, WrongState
from core.transitions import Transition, in_record
from deadlines.actions.clocks import cancel_clock, local_day, meet_clock, meet_open, start_clock
from deadlines.queries import open_clock
from documents.actions.numbers import issue_number

NO_PENALTY = "no_penalty_decision"


@transaction.atomic
def spare_party(*, case_id: int, ground: str, reason: str, actor: User, at: datetime, education: str = "") -> Case:
    """Decide that no penalty is given, and number the decision (程序规定第六十条第一款第二项、第三项).

    :param ground: of :class:`cases.states.outcomes.SpareGround`.
    :param education: how the party was taught, needed unless the facts do not hold (程序规定第六十一条).
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: also ``education_required``.
    """
    case = begin(actor, case_id, states.SPARE)
    if ground not in SpareGround.values:
        raise Invalid(
            _("请选择不予行政处罚的情形（行政处罚法第三十三条、程序规定第六十条第一款）。"),
            code="unknown_ground", field="ground",
        )  # fmt: skip
    why, today = _reason(reason), local_day(at)
    outcome = Outcome.UNFOUNDED if ground == SpareGround.UNFOUNDED else Outcome.EXEMPT
    taught = optional(education, "education", limit=2000)
    if outcome == Outcome.EXEMPT and not taught:
        raise Invalid(
            _("依法不予行政处罚的，应当对当事人进行教育（程序规定第六十一条），请写明教育情况。"),
            code="education_required", field="education",
        )  # fmt: skip
    number = issue_number(office=case.authority, kind=NO_PENALTY, on=today, subject_kind=KIND, subject_id=case.pk)
    case.decision_number, case.decided_on, case.decided_by = number.text, today, actor
    case.outcome, case.outcome_reason = outcome, why
    case.decision = f"{in_record(Outcome(outcome).label)}：{why}"[:4000]
    _write(case, EndKind(outcome.value), today, actor, at, ground=ground, reason=why, education=taught)
    move(case, states.SPARE, actor, at, number.text)
    index_case(case)
    meet_open(rule=HANDLING, subject_kind=KIND, subject_id=case.pk, on=today, actor=actor, at=at)
    for rule in (DEFENCE, HEARING_REQUEST):
        cancel_open(case, rule, in_record(states.SPARE.label), actor, at)
    start_clock(rule=SERVICE, subject=subject_of(case), origin_on=today, actor=actor, at=at)
    return case


@transaction.atomic
def transfer_case(
    *,
    case_id: int,
    ground: str,
    handed_over: str,
    reason: str,
    actor: User,
    at: datetime,
    recipient: str = "",
    office_id: int | None = None,
) -> Case:
    """Hand the case to the agency it belongs to (程序规定第十四条、第十七条第一款、第六十条第一款第四项).

    Where that is an office of this system, the matter goes on there as a lead with one owner from this moment.

    :param ground: of :class:`cases.states.outcomes.TransferGround`.
    :param handed_over: papers and goods that go with it.
    :param recipient: the agency, where it does not work in this system; else ``office_id``, of another market authority.
    :raises NotFound, NotPermitted: :raises WrongState: also ``received_before``: another market authority transferred it
        here. :raises Invalid: also ``recipient_required``: neither or both are named; ``market_only``, ``own_office``.
    """
    case = begin(actor, case_id, states.TRANSFER)
    if ground not in TransferGround.values:
        raise Invalid(
            _("请选择移送的情形（程序规定第十四条、第十七条第一款）。"), code="unknown_ground", field="ground"
        )
    if ground == TransferGround.MARKET and case.lead_id and Ending.objects.filter(lead=case.lead_id).exists():
        raise WrongState(
            _(
                "本案是其他市场监督管理部门移送来的，不得再自行移送；对管辖权有异议的，报请共同的上一级市场监督管理部门"
                "指定管辖，指定后选择“上级指定”的情形（程序规定第十四条）。"
            ),
            code="received_before",
        )  # fmt: skip
    office = _office_of_another(case, ground, recipient, office_id)
    to = authority_of(office).name if office else recipient
    return _hand_over(case, states.TRANSFER, EndKind.TRANSFERRED, ground, to, handed_over, reason, actor, at, office)


def _office_of_another(case: Case, ground: str, recipient: str, office_id: int | None) -> Office | None:
    """The office of this system the case goes to, if it does."""
    if bool(recipient.strip()) == (office_id is not None):
        raise Invalid(
            _("接收案件的机关填写一项：本系统内的单位从列表中选择，其他机关填写名称；不能都填，也不能都不填。"),
            code="recipient_required", field="recipient",
        )  # fmt: skip
    if office_id is None:
        return None
    if ground == TransferGround.OTHER_AGENCY:
        raise Invalid(
            _("本系统内的单位都是市场监督管理部门。移送其他行政管理部门的，请填写该机关的名称。"),
            code="market_only", field="office",
        )  # fmt: skip
    office = office_named(office_id)
    if authority_of(office).pk == case.authority_id:
        raise Invalid(
            _("%(office)s属于本案的处罚机关%(authority)s，不需要移送，请选择其他机关的单位。")
            % {"office": office.name, "authority": case.authority.name},
            code="own_office", field="office",
        )  # fmt: skip
    return office


@transaction.atomic
def refer_case(*, case_id: int, recipient: str, handed_over: str, reason: str, actor: User, at: datetime) -> Case:
    """Hand a case that may be a crime to the judicial authorities (程序规定第十七条第二款、第六十条第一款第五项).

    :param handed_over: papers and goods that go with it.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.REFER)
    return _hand_over(case, states.REFER, EndKind.REFERRED, "", recipient, handed_over, reason, actor, at)


def _hand_over(
    case: Case,
    row: Transition,
    kind: EndKind,
    ground: str,
    recipient: str,
    handed_over: str,
    reason: str,
    actor: User,
    at: datetime,
    office: Office | None = None,
) -> Case:
    to = required(recipient, "recipient", _("请填写接收案件的机关。"), limit=120)
    what = required(handed_over, "handed_over", _("请写明移送的材料和物品。"), limit=4000)
    why, today = _reason(reason), local_day(at)
    lead = receive_transfer(case_as_lead(case, what, why, today), office, actor, at) if office else None
    _write(case, kind, today, actor, at, lead=lead, ground=ground, recipient=to, handed_over=what, reason=why)
    meet_open(rule=HANDLING, subject_kind=KIND, subject_id=case.pk, on=today, actor=actor, at=at)
    said = f"{to}，线索编号{lead.number}：{why}" if lead else f"{to}：{why}"
    return _end(case, row, Outcome(kind.value), today, why, actor, at, said=said)


@transaction.atomic
def terminate_case(*, case_id: int, ground: str, reason: str, actor: User, at: datetime) -> Case:
    """End an investigation that cannot go on (程序规定第四十七条).

    :param ground: of :class:`cases.states.outcomes.TerminationGround`.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.TERMINATE)
    if ground not in TerminationGround.values:
        raise Invalid(_("请选择终止调查的情形（程序规定第四十七条）。"), code="unknown_ground", field="ground")
    why, today = _reason(reason), local_day(at)
    _write(case, EndKind.TERMINATED, today, actor, at, ground=ground, reason=why)
    return _end(case, states.TERMINATE, Outcome.TERMINATED, today, why, actor, at)


@transaction.atomic
def withdraw_case(*, case_id: int, reason: str, actor: User, at: datetime) -> Case:
    """Take back the filing of a case that should not have been filed (撤销立案, 程序规定第七十七条第一款第五项).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.WITHDRAW)
    why, today = _reason(reason), local_day(at)
    _write(case, EndKind.WITHDRAWN, today, actor, at, reason=why)
    return _end(case, states.WITHDRAW, Outcome.WITHDRAWN, today, why, actor, at)


@transaction.atomic
def annul_decision(
    *, case_id: int, annulled_by: str, annulled_on: date, reason: str, actor: User, at: datetime, body: str = "",
    paper: str = "",
) -> Case:  # fmt: skip
    """Record that the decision was set aside; a closed or archived case opens again to be ended (程序规定第六十三条第二款).

    Nothing of it is enforced any more; three working days to withdraw what was published start.

    :param annulled_by: of :class:`cases.states.outcomes.AnnulledBy`; ``body`` names it, unless it is this authority.
    :param paper: number of the judgment or decision.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also ``nothing_to_annul``.
    """
    case = begin(actor, case_id, states.ANNUL)
    if annulled_by not in AnnulledBy.values:
        raise Invalid(_("请选择撤销决定的机关。"), code="unknown_ground", field="annulled_by")
    name = case.authority.name if annulled_by == AnnulledBy.OWN else body
    who = required(name, "body", _("请填写撤销决定的机关名称。"), limit=120)
    why = _reason(reason)
    if case.decided_on is None or is_annulled(case):
        raise WrongState(_("本案没有可以撤销的决定，或者已经登记过撤销。"), code="nothing_to_annul")
    not_outside(annulled_on, case.decided_on, local_day(at), "annulled_on", _("撤销日期"))
    number = optional(paper, "paper", limit=120)
    _write(
        case,
        EndKind.ANNULLED,
        annulled_on,
        actor,
        at,
        ground=annulled_by,
        recipient=who,
        paper=number,
        reason=why,
    )
    case.closed_on = case.archived_on = case.court_term_on = None
    case.ended_on = annulled_on
    said = f"{annulled_on}，{who}{number}：{why}"
    move(case, states.ANNUL, actor, at, said)
    end_clocks(case, in_record(states.ANNUL.label), actor, at)
    start_withdrawal(case, annulled_on, actor, at)
    start_closing(case, annulled_on, actor, at)
    return case


@transaction.atomic
def withdraw_publication(
    *, case_id: int, withdrawn_on: date, explanation: str, actor: User, at: datetime, was_published: bool = True
) -> Case:
    """Record that the published decision was withdrawn and why was made public (程序规定第六十三条第二款).

    :param explanation: the reasons as made public; of a decision that never was, how that was checked.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also ``nothing_to_withdraw``.
    """
    case = begin(actor, case_id, states.WITHDRAW_PUBLICATION)
    clock = open_clock(rule=PUBLICATION_RULE, subject_kind=KIND, subject_id=case.pk)
    if clock is None:
        raise WrongState(_("本案没有需要撤回的公开信息。"), code="nothing_to_withdraw")
    why = required(explanation, "explanation", _("请写明公开说明的理由，没有公开过的写明核实情况。"), limit=1000)
    not_outside(withdrawn_on, clock.origin_on, local_day(at), "withdrawn_on", _("撤回日期"))
    said = f"{withdrawn_on}：{why}" if was_published else f"决定没有公开：{why}"
    move(case, states.WITHDRAW_PUBLICATION, actor, at, said)
    if was_published:
        meet_clock(clock_id=clock.pk, on=withdrawn_on, actor=actor, at=at)
    else:
        cancel_clock(clock_id=clock.pk, reason=said, actor=actor, at=at)
    return case


def start_withdrawal(case: Case, on: date, actor: User, at: datetime) -> None:
    """Three working days to withdraw the published decision, unless they run already (程序规定第六十三条第二款)."""
    if open_clock(rule=PUBLICATION_RULE, subject_kind=KIND, subject_id=case.pk) is None:
        start_clock(rule=PUBLICATION_RULE, subject=subject_of(case), origin_on=on, actor=actor, at=at)


def end_clocks(case: Case, reason: str, actor: User, at: datetime) -> None:
    """Cancel every period that has no ground once the case or its decision is gone."""
    for rule in ENDING_WITH_THE_CASE:
        cancel_open(case, rule, reason, actor, at)


def _end(
    case: Case, row: Transition, outcome: Outcome, on: date, reason: str, actor: User, at: datetime, said: str = ""
) -> Case:
    case.outcome, case.outcome_reason, case.ended_on = outcome, reason, on
    move(case, row, actor, at, said or reason)
    end_clocks(case, in_record(row.label), actor, at)
    start_closing(case, on, actor, at)
    return case


def _write(
    case: Case, kind: EndKind, on: date, actor: User, at: datetime, lead: Lead | None = None, **said: str
) -> None:
    Ending.objects.create(case=case, kind=kind, happened_on=on, decided_by=actor, recorded_at=at, lead=lead, **said)


def _reason(reason: str) -> str:
    return required(reason, "reason", _("请写明理由。"), limit=4000)
