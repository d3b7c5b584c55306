from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.matter import Case
from cases.states.remedy import CourtState, RemedyKind, RemedyResult, RemedyState


class Remedy(models.Model):
    """A reconsideration, a suit or an appeal against the decision of a case; one at a time is pending.

    ``received_on`` is the day the copy of the application or of the complaint arrived, ``ended_on`` the day the result
    was served on the party. ``stayed_by`` says who stopped the execution and is empty while it goes on.
    ``fine_before`` and ``confiscated_before`` keep what a change replaced, in yuan.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="remedies")
    kind = models.CharField(_("种类"), max_length=16, choices=RemedyKind.choices)
    is_summary = models.BooleanField(_("适用复议简易程序"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=RemedyState.choices, default=RemedyState.PENDING)
    body = models.CharField(_("复议机关或者法院"), max_length=120)
    number = models.CharField(_("案号"), max_length=80, blank=True)
    filed_on = models.DateField(_("申请或者起诉日期"))
    received_on = models.DateField(_("收到副本日期"))
    answered_on = models.DateField(_("提交答复日期"), null=True)
    stayed_on = models.DateField(_("停止执行日期"), null=True)
    stayed_by = models.CharField(_("决定停止执行的机关"), max_length=120, blank=True)
    result = models.CharField(_("结果"), max_length=10, choices=RemedyResult.choices, blank=True)
    ended_on = models.DateField(_("结果送达当事人日期"), null=True)
    opinion = models.TextField(_("结果内容"), max_length=4000, blank=True)
    fine_before = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    confiscated_before = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_on__isnull=True), name="remedy_one_pending"),
            models.CheckConstraint(condition=Q(received_on__gte=F("filed_on")), name="remedy_received_after_filing"),
            models.CheckConstraint(
                condition=Q(state="ended", ended_on__isnull=False) & ~Q(result="")
                | ~Q(state="ended") & Q(ended_on__isnull=True, result=""),
                name="remedy_ended_has_result",
            ),
            models.CheckConstraint(
                condition=Q(stayed_by="") ^ Q(stayed_on__isnull=False), name="remedy_stay_has_day_and_body"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.body}"


class Urging(models.Model):
    """A demand letter that reached the party (行政强制法第五十四条), with the sums it named, in yuan.

    ``is_void``: its service was recorded wrongly and taken back. ``recorded_by`` is empty where an announcement ran its term and the letter counts as served by itself.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="urgings")
    served_on = models.DateField(_("催告书送达日期"))
    amount = models.DecimalField(_("催缴金额"), max_digits=14, decimal_places=2)
    said = models.TextField(_("当事人陈述申辩"), max_length=2000, blank=True)
    is_void = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="urging_positive")]

    def __str__(self) -> str:
        return f"{self.served_on} {self.amount}"


class CourtApplication(models.Model):
    """Our application to a court to enforce the decision, one at a time."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="court_applications")
    state = models.CharField(_("状态"), max_length=10, choices=CourtState.choices, default=CourtState.APPLIED)
    court = models.CharField(_("人民法院"), max_length=120)
    applied_on = models.DateField(_("申请日期"))
    amount = models.DecimalField(_("申请执行金额"), max_digits=14, decimal_places=2)
    number = models.CharField(_("案号"), max_length=80, blank=True)
    answered_on = models.DateField(_("最近一步日期"), null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=~Q(state="failed"), name="court_application_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="court_application_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.applied_on}"
