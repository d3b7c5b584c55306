"""The handling is proposed in versions, approved for the notice, and taken back when it has to change."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.moves import DEFENCE, HEARING_REQUEST, begin, cancel_open, move, optional, required, yuan
from cases.models import Case, DiscretionTier, Proposal, ProposalApproval
from cases.queries.decision import approval_in_force, current_proposal, require_proposal
from cases.queries.discretion import is_outside, local_amounts, tiers_for
from cases.states import matter as states
from cases.states.decision import PenaltyKind
from cases.states.matter import HEARING_RULES, Outcome, PartyKind
from cases.thresholds import needs_hearing_right
from core.errors import Invalid, WrongState
from deadlines.actions.clocks import local_day

PROPOSABLE = (Outcome.PENALTY, Outcome.EXEMPT, Outcome.UNFOUNDED, Outcome.TRANSFERRED, Outcome.REFERRED)
NOTHING = Decimal()


@transaction.atomic
def propose(
    *,
    case_id: int,
    facts: str,
    basis: str,
    actor: User,
    at: datetime,
    outcome: str = Outcome.PENALTY,
    penalties: Iterable[str] = (),
    content: str = "",
    fine: Decimal = NOTHING,
    confiscated: Decimal = NOTHING,
    goods_value: Decimal | None = None,
    party_kind: str | None = None,
    hearing_right: bool = False,
    tier_id: int | None = None,
    base_amount: Decimal | None = None,
    discretion_reason: str = "",
    deviation_reason: str = "",
) -> Case:
    """Propose how to handle the case, as a new version (程序规定第四十八条第五项、第六项); the versions before it stay.

    :param outcome: one of the five of 程序规定第六十条第一款; only a penalty has kinds, sums and a hearing right.
    :param content: what of the penalty is not a sum, such as which licence for how long.
    :param fine: yuan, like ``confiscated`` and ``goods_value``, the value of the goods to be confiscated.
    :param party_kind: of :class:`cases.states.matter.PartyKind`; left out, as the case has it.
    :param tier_id: of those :func:`cases.queries.discretion.tiers_for` offers; needs a reason, and a second one where the
        fine lies outside its range.
    :param base_amount: what the multiples of the tier are of, in yuan.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: also ``hearing_right_required`` (听证办法第五条).
    """
    case = begin(actor, case_id, states.PROPOSE)
    if outcome not in PROPOSABLE:
        raise Invalid(_("请选择处理意见的种类（程序规定第六十条第一款）。"), code="unknown_outcome", field="outcome")
    kinds = penalty_kinds(penalties, fine, confiscated, goods_value)
    if outcome != Outcome.PENALTY and (kinds or hearing_right):
        raise Invalid(
            _("不给予行政处罚的处理意见没有处罚种类、数额和听证权利，请去掉。"),
            code="no_penalty_here",
            field="penalties",
        )
    if outcome == Outcome.PENALTY and not kinds:
        raise Invalid(_("请选择处罚种类（行政处罚法第九条）。"), code="required", field="penalties")
    case.party_kind = _party_kind(case, party_kind)
    if outcome == Outcome.PENALTY and not hearing_right:
        require_no_hearing(case, kinds, fine, confiscated, goods_value, local_day(at))
    tier = _tier(case, tier_id, base_amount, local_day(at))
    is_deviation = tier is not None and is_outside(tier, fine, base_amount)
    before = current_proposal(case)
    proposal = Proposal(
        case=case, version=before.version + 1 if before else 1, outcome=outcome, penalties=kinds, fine=fine,
        confiscated=confiscated, goods_value=goods_value, content=optional(content, "content", limit=4000),
        facts=required(facts, "facts", _("请写明调查认定的事实及主要证据。"), limit=8000),
        basis=required(basis, "basis", _("请写明违反的和据以处罚的条款。"), limit=4000),
        party_kind=case.party_kind, hearing_right=hearing_right, tier=tier, base_amount=base_amount,
        discretion_reason=_reasoned(tier, discretion_reason), is_deviation=is_deviation,
        deviation_reason=_deviating(deviation_reason) if is_deviation else "", made_by=actor, made_at=at,
    )  # fmt: skip
    proposal.sha256 = proposal.digest()
    proposal.save()
    return move(case, states.PROPOSE, actor, at, f"第{proposal.version}版")


def _party_kind(case: Case, party_kind: str | None) -> str:
    if party_kind is None:
        return case.party_kind
    if party_kind not in PartyKind.values:
        raise Invalid(_("请选择当事人类型。"), code="unknown_party_kind", field="party_kind")
    return party_kind


def require_no_hearing(
    case: Case, kinds: Collection[str], fine: Decimal, confiscated: Decimal, goods_value: Decimal | None, on: date
) -> None:
    """:raises Invalid: on this day such a penalty must not be told without the right to a hearing (听证办法第五条)."""
    local = local_amounts(case.authority, on)
    limb = needs_hearing_right(kinds, fine, confiscated, goods_value, case.party_kind, on, local=local)
    if limb:
        raise Invalid(
            _("拟作出的处罚属于%(rules)s第五条第一款%(limb)s所列情形，应当告知当事人有要求听证的权利，请勾选。")
            % {"rules": HEARING_RULES, "limb": limb},
            code="hearing_right_required", field="hearing_right",
        )  # fmt: skip


def _tier(case: Case, tier_id: int | None, base_amount: Decimal | None, on: date) -> DiscretionTier | None:
    if base_amount is not None and yuan(base_amount, "base_amount") < 0:
        raise Invalid(_("金额不能为负数。"), code="negative_amount", field="base_amount")
    if tier_id is None:
        return None
    tier = next((each for each in tiers_for(case, on) if each.pk == tier_id), None)
    if tier is None:
        raise Invalid(_("这个裁量档次不适用于本案，请重新选择。"), code="unknown_tier", field="tier")
    if tier.is_multiple and base_amount is None:
        raise Invalid(
            _("这个档次按%(base)s的倍数确定，请填写%(base)s。") % {"base": tier.standard.base},
            code="base_missing", field="base_amount",
        )  # fmt: skip
    return tier


def _reasoned(tier: DiscretionTier | None, reason: str) -> str:
    if tier is None:
        return optional(reason, "discretion_reason", limit=2000)
    return required(
        reason, "discretion_reason", _("请写明选择这个档次的理由（程序规定第四十八条第六项）。"), limit=2000
    )


def _deviating(reason: str) -> str:
    if not reason.strip():
        raise Invalid(
            _("罚款不在所选档次的幅度之内。请写明偏离裁量基准的理由，由部门负责人批准；或者调整数额、另选档次。"),
            code="deviation_without_reason", field="deviation_reason",
        )  # fmt: skip
    return required(reason, "deviation_reason", "", limit=2000)


def penalty_kinds(
    penalties: Iterable[str], fine: Decimal, confiscated: Decimal, goods_value: Decimal | None
) -> list[str]:
    """The kinds in the order of 行政处罚法第九条, once the sums fit them.

    :raises Invalid: an unknown kind, a sum below zero, a sum without its kind or a kind without its sum.
    """
    chosen = set(penalties)
    if unknown := chosen - set(PenaltyKind.values):
        raise Invalid(
            _("没有“%(kind)s”这种行政处罚（行政处罚法第九条）。") % {"kind": sorted(unknown)[0]},
            code="unknown_penalty", field="penalties",
        )  # fmt: skip
    sums = (
        (PenaltyKind.FINE, fine, "fine"),
        (PenaltyKind.CONFISCATE_INCOME, confiscated, "confiscated"),
        (PenaltyKind.CONFISCATE_GOODS, NOTHING if goods_value is None else goods_value, "goods_value"),
    )
    for kind, amount, field in sums:
        if yuan(amount, field) < 0:
            raise Invalid(_("金额不能为负数。"), code="negative_amount", field=field)
        if amount and kind not in chosen:
            raise Invalid(
                _("填写了金额，但没有选择“%(kind)s”。") % {"kind": kind.label},
                code="kind_not_chosen",
                field="penalties",
            )
        if kind in chosen and not amount:
            raise Invalid(
                _("选择了“%(kind)s”，请填写金额。") % {"kind": kind.label}, code="amount_missing", field=field
            )
    return [kind for kind in PenaltyKind.values if kind in chosen]


@transaction.atomic
def approve_notice(
    *, case_id: int, version: int, actor: User, at: datetime, opinion: str = "", allows_deviation: bool = False
) -> Case:
    """Approve that the party be told of the proposal (程序规定第五十六条); what was shown is kept with its hash.

    :param version: the one the head read.
    :param allows_deviation: the head approves that the fine lies outside the standard of discretion.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also when another version stands now, or none.
    """
    case = begin(actor, case_id, states.APPROVE_NOTICE)
    proposal = require_proposal(case)
    if proposal.version != version:
        raise WrongState(
            _("您看到的是第%(seen)s版，现在是第%(now)s版，请重新查看后再批准。")
            % {"seen": version, "now": proposal.version},
            code="version_changed",
        )  # fmt: skip
    if proposal.outcome != Outcome.PENALTY:
        raise WrongState(
            _("处理意见是“%(outcome)s”，不需要告知行政处罚（程序规定第五十六条），请按处理意见作出决定。")
            % {"outcome": proposal.get_outcome_display()},
            code="not_a_penalty",
        )  # fmt: skip
    if proposal.is_deviation and not allows_deviation:
        raise Invalid(
            _("罚款偏离裁量基准，须由部门负责人明确批准，请核对理由后勾选；不同意的，请变更处理意见。"),
            code="deviation_not_approved", field="allows_deviation",
        )  # fmt: skip
    words = optional(opinion, "opinion", limit=1000)
    ProposalApproval.objects.create(
        case=case, proposal=proposal, proposed_by=proposal.made_by, approved_by=actor, approved_at=at,
        opinion=words, sha256=proposal.digest(), allows_deviation=proposal.is_deviation,
    )  # fmt: skip
    return move(case, states.APPROVE_NOTICE, actor, at, f"第{version}版 {words}".strip())


@transaction.atomic
def revise_proposal(*, case_id: int, reason: str, actor: User, at: datetime) -> Case:
    """Take the case back to change what is proposed; review, approval and notice begin anew.

    The approval is voided and kept, the notice forgotten by the case and kept in its history, its periods cancelled.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.REVISE)
    why = required(reason, "reason", _("请写明变更处理意见的理由。"), limit=500)
    void_approval(case, why, actor, at)
    case.notified_on = case.notified_proposal = None
    for rule in (DEFENCE, HEARING_REQUEST):
        cancel_open(case, rule, f"变更处理意见，须重新告知：{why}", actor, at)
    return move(case, states.REVISE, actor, at, why)


def void_approval(case: Case, reason: str, actor: User, at: datetime) -> None:
    """What was approved is approved no longer; the row stays and says why."""
    approval = approval_in_force(case)
    if approval is not None:
        approval.is_void, approval.voided_at, approval.voided_by = True, at, actor
        approval.void_reason = reason
        approval.save()
