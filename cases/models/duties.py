"""Who declared what, who withdrew, and each round of review."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.matter import Case
from cases.states.duties import (
    Capacity,
    Interest,
    RecusalAsker,
    RecusalRank,
    RecusalState,
    ReviewKind,
    ReviewOutcome,
)


class Declaration(models.Model):
    """Somebody who takes part says whether there is a reason to withdraw; the newest of a person stands.

    ``interest`` is empty when there is none.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="declarations")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("声明人"))
    capacity = models.CharField(_("身份"), max_length=10, choices=Capacity.choices)
    interest = models.CharField(_("回避情形"), max_length=10, choices=Interest.choices, blank=True)
    note = models.CharField(_("具体情形"), max_length=500, blank=True)
    made_at = models.DateTimeField(_("声明时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(interest="") ^ ~Q(note=""), name="declaration_interest_is_described")
        ]
        indexes = [models.Index(fields=["case", "user"], name="declaration_of_person")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id} {self.interest or '-'}"


class FormerPart(models.Model):
    """Somebody who investigated or reviewed a case before another took their place: what they did still keeps them from
    the other parts in it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="former_parts")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    capacity = models.CharField(_("身份"), max_length=10, choices=Capacity.choices)
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user", "capacity"], name="former_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id} {self.capacity}"


class Recusal(models.Model):
    """Whether somebody must withdraw from a case, decided by rank (程序规定第四条); until then they go on."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="recusals")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("被申请人"))
    declaration = models.OneToOneField(Declaration, models.PROTECT, null=True, related_name="recusal")
    asker = models.CharField(_("提出方式"), max_length=10, choices=RecusalAsker.choices)
    interest = models.CharField(_("回避情形"), max_length=10, choices=Interest.choices)
    reason = models.CharField(_("理由"), max_length=1000)
    asked_on = models.DateField(_("提出日期"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    recorded_at = models.DateTimeField(_("登记时间"))
    state = models.CharField(_("状态"), max_length=10, choices=RecusalState.choices, default=RecusalState.PENDING)
    rank = models.CharField(_("决定层级"), max_length=12, choices=RecusalRank.choices, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人"))
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    minutes = models.CharField(_("集体讨论记录"), max_length=200, blank=True)
    opinion = models.CharField(_("决定理由"), max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(state="pending"), name="recusal_one_open_per_person"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")), name="recusal_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_by__isnull=True, decided_at__isnull=True, rank="")
                | ~Q(state="pending") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(rank=""),
                name="recusal_decision_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(rank="discussion") | ~Q(minutes=""), name="recusal_discussion_has_minutes"
            ),
        ]
        indexes = [models.Index(fields=["person", "case"], condition=Q(state="granted"), name="recusal_in_force")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.person_id} {self.state}"


class Review(models.Model):
    """One round of review (程序规定第四十九条至第五十五条).

    ``grounds`` are those of :class:`cases.states.duties.ReviewGround`; ``heads`` is written when the round ends: a list
    of ``{"head": ReviewHead, "note": objection or ""}``, one for each of the seven.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField(_("次数"))
    kind = models.CharField(_("审核种类"), max_length=10, choices=ReviewKind.choices)
    grounds = models.JSONField(_("法制审核的情形"), default=list, blank=True)
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("审核人员"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("送审人"))
    asked_at = models.DateTimeField(_("送审时间"))
    heads = models.JSONField(_("审核内容"), default=list, blank=True)
    opinion = models.TextField(_("书面审核意见"), max_length=2000, blank=True)
    outcome = models.CharField(_("审核结论"), max_length=12, choices=ReviewOutcome.choices, blank=True)
    ended_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="review_round_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at__isnull=True), name="review_one_open"),
            models.CheckConstraint(condition=~Q(reviewer=F("asked_by")), name="review_reviewer_did_not_ask"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="", opinion="")
                | Q(ended_at__isnull=False) & ~Q(outcome="") & ~Q(opinion=""),
                name="review_end_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.round}"
