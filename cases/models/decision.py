"""What the officers propose, what a head approved of it, and what the party answered."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.discretion import DiscretionTier
from cases.models.matter import Case
from cases.states.decision import Adoption, DefenceWay
from cases.states.matter import Outcome, PartyKind


class Proposal(models.Model):
    """One version of the proposed handling (程序规定第四十八条第五项、第六项); a change is a new version, never an edit.

    ``penalties`` are those of :class:`cases.states.decision.PenaltyKind`; money is in yuan. ``goods_value`` is the
    value of the goods to be confiscated, empty where none are. ``tier`` is the one of a standard of discretion that was
    chosen and ``base_amount`` what its multiples are of; ``is_deviation``: the fine lies outside the tier's range.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals")
    version = models.PositiveIntegerField(_("版本"))
    outcome = models.CharField(_("处理结果"), max_length=12, choices=Outcome.choices, default=Outcome.PENALTY)
    penalties = models.JSONField(_("处罚种类"), default=list, blank=True)
    fine = models.DecimalField(_("罚款"), max_digits=14, decimal_places=2, default=0)
    confiscated = models.DecimalField(_("没收违法所得"), max_digits=14, decimal_places=2, default=0)
    goods_value = models.DecimalField(_("没收非法财物价值"), max_digits=14, decimal_places=2, null=True)
    content = models.TextField(_("处罚内容"), max_length=4000, blank=True)
    facts = models.TextField(_("违法事实和证据"), max_length=8000)
    basis = models.TextField(_("法律依据"), max_length=4000)
    party_kind = models.CharField(
        _("当事人类型"), max_length=12, choices=PartyKind.choices, default=PartyKind.ORGANISATION
    )
    hearing_right = models.BooleanField(_("告知听证权利"), default=False)
    tier = models.ForeignKey(DiscretionTier, models.PROTECT, null=True, related_name="+", verbose_name=_("裁量档次"))
    base_amount = models.DecimalField(_("裁量基数"), max_digits=14, decimal_places=2, null=True)
    discretion_reason = models.TextField(_("裁量理由"), max_length=2000, blank=True)
    is_deviation = models.BooleanField(_("偏离裁量基准"), default=False)
    deviation_reason = models.TextField(_("偏离裁量基准的理由"), max_length=2000, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("拟定人"))
    made_at = models.DateTimeField(_("拟定时间"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="proposal_version_once"),
            models.CheckConstraint(
                condition=Q(fine__gte=0)
                & Q(confiscated__gte=0)
                & (Q(goods_value__isnull=True) | Q(goods_value__gte=0)),
                name="proposal_money_not_negative",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="proposal_versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(outcome="penalty") | Q(fine=0, confiscated=0, hearing_right=False),
                name="proposal_only_a_penalty_costs",
            ),
            models.CheckConstraint(
                condition=Q(tier__isnull=True) | ~Q(discretion_reason=""), name="proposal_tier_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(is_deviation=False) | Q(tier__isnull=False) & ~Q(deviation_reason=""),
                name="proposal_deviation_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"

    def said(self) -> dict[str, Any]:
        """All that is proposed, in plain values: what is hashed, frozen and compared."""
        return {
            "case": self.case_id,
            "version": self.version,
            "outcome": self.outcome,
            "penalties": list(self.penalties),
            "fine": _written(self.fine),
            "confiscated": _written(self.confiscated),
            "goods_value": None if self.goods_value is None else _written(self.goods_value),
            "content": self.content,
            "facts": self.facts,
            "basis": self.basis,
            "party_kind": self.party_kind,
            "hearing_right": self.hearing_right,
            "tier": self.tier_id,
            "base_amount": None if self.base_amount is None else _written(self.base_amount),
            "discretion_reason": self.discretion_reason,
            "is_deviation": self.is_deviation,
            "deviation_reason": self.deviation_reason,
        }

    def digest(self) -> str:
        """SHA-256 in hexadecimal over the canonical JSON of :meth:`said`."""
        text = json.dumps(self.said(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _written(amount: Decimal) -> str:
    return f"{amount:.2f}"


class ProposalApproval(models.Model):
    """A head approved that the party be told of one version (程序规定第五十六条); voided by a change, never deleted.

    ``sha256`` is that of the proposal as it was shown; ``proposed_by`` stands here for the constraint alone.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="proposal_approvals")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="approvals")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("批准人"))
    approved_at = models.DateTimeField(_("批准时间"))
    opinion = models.TextField(_("审批意见"), max_length=1000, blank=True)
    sha256 = models.CharField(max_length=64)
    allows_deviation = models.BooleanField(_("批准偏离裁量基准"), default=False)
    is_void = models.BooleanField(_("已失效"), default=False)
    voided_at = models.DateTimeField(_("失效时间"), null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(_("失效原因"), max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(is_void=False), name="proposal_approval_one_in_force"),
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")), name="proposal_approval_not_by_the_proposer"
            ),
            models.CheckConstraint(
                condition=Q(is_void=False, voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                | Q(is_void=True, voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
                name="proposal_approval_void_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} by {self.approved_by_id}"


class Defence(models.Model):
    """What the party said to the notice and how it was weighed (程序规定第五十八条); a row is never changed.

    ``is_late``: said after the five working days; recorded and weighed all the same.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="defences")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    made_on = models.DateField(_("提出日期"))
    is_late = models.BooleanField(_("逾期提出"), default=False)
    way = models.CharField(_("方式"), max_length=10, choices=DefenceWay.choices)
    content = models.TextField(_("陈述申辩内容"), max_length=4000)
    evidence = models.TextField(_("提供的证据"), max_length=2000, blank=True)
    adopted = models.CharField(_("复核意见"), max_length=6, choices=Adoption.choices)
    reply = models.TextField(_("复核理由"), max_length=4000)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=DefenceWay.values) & Q(adopted__in=Adoption.values), name="defence_is_weighed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.made_on}"
