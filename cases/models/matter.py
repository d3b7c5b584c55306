from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from cases.states.matter import CaseState, Outcome, PartyKind, Procedure
from clues.models import Lead

if TYPE_CHECKING:
    from cases.models.duties import FormerPart, Recusal
    from cases.models.hearing import Hearing


class Case(models.Model):
    """A penalty case with two officers of which one leads. Under the ordinary procedure it is opened from a lead or
    split off another case; under the summary procedure it begins with its decision.

    What the lead says of party, place and category is taken over when it is filed; ``filing_conditions`` are those of
    :class:`cases.states.matter.FilingCondition` the head confirmed. ``office`` is the unit that handles it, ``authority`` the office in whose name it is decided. Money is in yuan.
    """

    number = models.CharField(_("立案号"), max_length=80, unique=True)
    procedure = models.CharField(_("程序"), max_length=10, choices=Procedure.choices, default=Procedure.ORDINARY)
    lead = models.OneToOneField(Lead, models.PROTECT, null=True, related_name="case")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="split_off")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    cause = models.CharField(_("案由"), max_length=200)
    category = models.CharField(_("事项类别"), max_length=40, blank=True)
    region_code = models.CharField(_("行政区划"), max_length=6, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    amount = models.DecimalField(_("涉及金额"), max_digits=14, decimal_places=2, null=True)
    flags = models.JSONField(default=list, blank=True)
    filing_conditions = models.JSONField(_("立案条件"), default=list, blank=True)
    party_kind = models.CharField(
        _("当事人类型"), max_length=12, choices=PartyKind.choices, default=PartyKind.ORGANISATION
    )
    party_name = models.CharField(_("当事人名称"), max_length=120)
    normal_name = models.CharField(max_length=120, blank=True)
    party_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="cases", db_index=False, verbose_name=_("办案机构"))
    bureau = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    authority = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("处罚机关"))
    owner = models.ForeignKey(User, models.PROTECT, related_name="cases", db_index=False, verbose_name=_("主办人员"))
    second_officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("协办人员"))
    reviewer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人员"))
    state = models.CharField(_("状态"), max_length=20, choices=CaseState.choices, default=CaseState.INVESTIGATING)
    filed_on = models.DateField(_("立案日期"))
    conclusion = models.TextField(_("调查终结报告"), max_length=8000, blank=True)
    review_opinion = models.TextField(_("审核意见"), max_length=2000, blank=True)
    notified_on = models.DateField(_("告知书送达日期"), null=True)
    notified_proposal = models.ForeignKey(
        "cases.Proposal", models.PROTECT, null=True, related_name="+", verbose_name=_("告知的处理意见")
    )
    defence = models.TextField(_("陈述申辩及复核意见"), max_length=4000, blank=True)
    decision_number = models.CharField(_("处罚决定书文号"), max_length=80, blank=True)
    decided_on = models.DateField(_("处罚决定日期"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人"))
    decision = models.TextField(_("处罚内容和依据"), max_length=4000, blank=True)
    penalties = models.JSONField(_("处罚种类"), default=list, blank=True)
    fine = models.DecimalField(_("罚款金额"), max_digits=14, decimal_places=2, null=True)
    confiscated = models.DecimalField(_("没收违法所得"), max_digits=14, decimal_places=2, null=True)
    served_on = models.DateField(_("决定书送达日期"), null=True)
    paid = models.DecimalField(_("已缴金额"), max_digits=14, decimal_places=2, default=0)
    paid_on = models.DateField(_("缴清日期"), null=True)
    late_fine = models.DecimalField(_("加处罚款"), max_digits=14, decimal_places=2, default=0)
    refunded = models.DecimalField(_("已退还金额"), max_digits=14, decimal_places=2, default=0)
    court_term_on = models.DateField(_("申请法院强制执行的期限起算日"), null=True)
    outcome = models.CharField(_("处理结果"), max_length=12, choices=Outcome.choices, blank=True)
    outcome_reason = models.TextField(_("处理理由"), max_length=4000, blank=True)
    ended_on = models.DateField(_("终结日期"), null=True)
    handed_in_on = models.DateField(_("材料交局日期"), null=True)
    closed_on = models.DateField(_("结案日期"), null=True)
    archived_on = models.DateField(_("归档日期"), null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(owner=F("second_officer")), name="case_two_different_officers"),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | (~Q(reviewer=F("owner")) & ~Q(reviewer=F("second_officer"))),
                name="case_reviewer_did_not_investigate",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("owner")) & ~Q(decided_by=F("second_officer")) & ~Q(decided_by=F("reviewer")),
                name="case_decider_neither_investigated_nor_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0) & (Q(fine__isnull=True) | Q(fine__gte=0)), name="case_money_not_negative"
            ),
            models.CheckConstraint(condition=Q(late_fine__gte=0), name="case_late_fine_not_negative"),
            models.CheckConstraint(
                condition=Q(late_fine=0) | Q(fine__isnull=False, late_fine__lte=F("fine")),
                name="case_late_fine_within_the_fine",
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("paid")), name="case_refunded_was_paid"
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, decision_number="")
                | Q(decided_on__isnull=False) & ~Q(decision_number=""),
                name="case_decision_has_number",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True) | Q(decided_on__isnull=False, served_on__gte=F("decided_on")),
                name="case_served_after_decision",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "archived"]) ^ Q(closed_on__isnull=True), name="case_closed_has_day"
            ),
            models.CheckConstraint(
                condition=Q(state="archived") ^ Q(archived_on__isnull=True), name="case_archived_has_day"
            ),
            models.CheckConstraint(
                condition=Q(state="merged") ^ Q(merged_into__isnull=True), name="case_merged_names_the_other"
            ),
            models.CheckConstraint(
                condition=Q(lead__isnull=False) | Q(split_from__isnull=False) | Q(procedure="summary"),
                name="case_has_an_origin",
            ),
            models.UniqueConstraint(
                fields=["authority", "decision_number"],
                condition=~Q(decision_number=""),
                name="case_decision_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["-filed_on", "-id"], name="case_newest"),
            models.Index(fields=["office", "-filed_on", "-id"], name="case_newest_in_office"),
            models.Index(fields=["bureau", "-filed_on", "-id"], name="case_newest_in_bureau"),
            models.Index(fields=["owner", "state"], name="case_by_owner"),
            models.Index(fields=["court_term_on", "id"], condition=Q(state="served"), name="case_court_term"),
            models.Index(fields=["office", "id"], condition=Q(state="served"), name="case_owing_in_office"),
            models.Index(fields=["bureau", "id"], condition=Q(state="served"), name="case_owing_in_bureau"),
            models.Index(
                fields=["category", "-decided_on"],
                condition=Q(decided_on__isnull=False) & ~Q(category=""),
                name="case_decided_in_category",
            ),
            models.Index(fields=["party_code"], condition=~Q(party_code=""), name="case_by_party_code"),
            models.Index(fields=["normal_name"], condition=~Q(normal_name=""), name="case_by_normal_name"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.party_name}"

    @property
    def due_amount(self) -> Decimal:
        """Fine and confiscated income together, in yuan; zero before the decision."""
        return (self.fine or Decimal()) + (self.confiscated or Decimal())

    @property
    def owed_amount(self) -> Decimal:
        """What the decision demands and what was charged for paying late, in yuan."""
        return self.due_amount + self.late_fine

    @property
    def left_amount(self) -> Decimal:
        """What is still to be paid, in yuan; never below zero."""
        return max(self.owed_amount - self.paid, Decimal())

    @property
    def investigator_ids(self) -> frozenset[int]:
        """Who investigates the case or ever did."""
        return frozenset([self.owner_id, self.second_officer_id, *self._formerly("officer")])

    @property
    def examiner_ids(self) -> frozenset[int]:
        """Who reviews the case or ever did."""
        now = [] if self.reviewer_id is None else [self.reviewer_id]
        return frozenset([*now, *self._formerly("reviewer")])

    def _formerly(self, capacity: str) -> list[int]:
        return [each.user_id for each in self.known_former_parts if each.capacity == capacity]

    @cached_property
    def known_former_parts(self) -> "list[FormerPart]":
        """Who investigated or reviewed before another took their place, read once per fetched row; the gate knows of
        most that there is nobody."""
        return list(self.former_parts.all()) if getattr(self, "has_former_parts", True) else []

    @cached_property
    def barred_ids(self) -> frozenset[int]:
        """Who must keep away from this case (程序规定第四条); read once per fetched row, so prefetch ``recusals`` for many."""
        return frozenset(each.person_id for each in self.known_recusals if each.state == "granted")

    @cached_property
    def known_recusals(self) -> "list[Recusal]":
        """Every question of withdrawal, read once per fetched row; the gate knows of most that there is none."""
        return list(self.recusals.all()) if getattr(self, "has_recusals", True) else []

    @cached_property
    def declared_ids(self) -> frozenset[int]:
        """Who has said whether they have a reason to withdraw, read once per fetched row."""
        return frozenset(self.declarations.values_list("user_id", flat=True))

    @property
    def label(self) -> str:
        return f"{self.number} · {self.party_name}"

    @cached_property
    def latest_hearing(self) -> "Hearing | None":
        """The hearing asked for last, open or not; read once for everybody who asks who may do what.

        A row fetched through the gate knows ``has_hearings`` already and asks for nothing that is not there.
        """
        if not getattr(self, "has_hearings", True):
            return None
        return self.hearings.select_related("host", "member", "second_member", "recorder").order_by("-id").first()


class CaseMove(models.Model):
    """One move of a case: who (and in whose place), when, from, to, why. ``actor`` is empty where it followed by itself."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=30)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.source} → {self.target}"
