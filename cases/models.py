from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from cases.states import CaseState
from clues.models import Lead


class Case(models.Model):
    """A penalty case under the ordinary procedure, opened from a lead, with two officers of which one leads.

    What the lead says of party, place and category is taken over when it is filed; ``filing_conditions`` are those of
    :class:`cases.states.FilingCondition` the head confirmed. ``office`` is the unit that handles it, ``authority`` the office in whose name it is decided. Money is in yuan.
    """

    number = models.CharField(_("立案号"), max_length=80, unique=True)
    lead = models.OneToOneField(Lead, models.PROTECT, related_name="case")
    cause = models.CharField(_("案由"), max_length=200)
    category = models.CharField(_("事项类别"), max_length=40, blank=True)
    region_code = models.CharField(_("行政区划"), max_length=6, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    amount = models.DecimalField(_("涉及金额"), max_digits=14, decimal_places=2, null=True)
    flags = models.JSONField(default=list, blank=True)
    filing_conditions = models.JSONField(_("立案条件"), default=list, blank=True)
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
    defence = models.TextField(_("陈述申辩及复核意见"), max_length=4000, blank=True)
    decision_number = models.CharField(_("处罚决定书文号"), max_length=80, blank=True)
    decided_on = models.DateField(_("处罚决定日期"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人"))
    decision = models.TextField(_("处罚内容和依据"), max_length=4000, blank=True)
    fine = models.DecimalField(_("罚款金额"), max_digits=14, decimal_places=2, null=True)
    confiscated = models.DecimalField(_("没收违法所得"), max_digits=14, decimal_places=2, null=True)
    served_on = models.DateField(_("决定书送达日期"), null=True)
    paid = models.DecimalField(_("已缴金额"), max_digits=14, decimal_places=2, default=0)
    paid_on = models.DateField(_("缴清日期"), null=True)
    closed_on = models.DateField(_("结案日期"), null=True)
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
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, decision_number="")
                | Q(decided_on__isnull=False) & ~Q(decision_number=""),
                name="case_decision_has_number",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True) | Q(decided_on__isnull=False, served_on__gte=F("decided_on")),
                name="case_served_after_decision",
            ),
            models.CheckConstraint(condition=Q(state="closed") ^ Q(closed_on__isnull=True), name="case_closed_has_day"),
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
    def label(self) -> str:
        return f"{self.number} · {self.party_name}"


class CaseMove(models.Model):
    """One move of a case: who, when, from, to, why."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=20)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.source} → {self.target}"
