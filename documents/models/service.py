from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.models.papers import Paper
from documents.service_ways import Posting, Relation, ServiceState, Way


class AddressConfirmation(models.Model):
    """What somebody signed about where papers reach them (程序规定第八十三条); never changed, a later one takes its place."""

    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    recipient = models.CharField(_("受送达人"), max_length=120)
    address = models.CharField(_("送达地址"), max_length=200)
    receiver = models.CharField(_("收件人"), max_length=120, blank=True)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    accepts_electronic = models.BooleanField(_("同意电子送达"), default=False)
    account = models.CharField(_("电子送达的号码、邮箱或者账号"), max_length=120, blank=True)
    signed_on = models.DateField(_("签署日期"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="address_confirmation_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepts_electronic=False) | ~Q(account=""), name="address_confirmation_names_the_account"
            ),
            models.CheckConstraint(condition=~Q(address=""), name="address_confirmation_has_address"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.signed_on}"


class Service(models.Model):
    """One service of one or more papers on one recipient (程序规定第八十二条); never changed, a mistake is made void.

    ``served_on`` is the day in law; an announcement has none until its term is over. What each way records is in
    ``documents.service_ways``.
    """

    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    way = models.CharField(_("送达方式"), max_length=12, choices=Way.choices)
    state = models.CharField(_("状态"), max_length=8, choices=ServiceState.choices)
    recipient = models.CharField(_("受送达人"), max_length=120)
    served_on = models.DateField(_("送达日期"), null=True)
    posted_on = models.DateField(_("公告发布日期"), null=True)
    received_by = models.CharField(_("签收人"), max_length=120, blank=True)
    relation = models.CharField(_("签收人与受送达人的关系"), max_length=8, choices=Relation.choices, blank=True)
    place = models.CharField(_("送达地点"), max_length=120, blank=True)
    through = models.CharField(_("邮件编号、代为送达的机关或者公告刊登处"), max_length=120, blank=True)
    account = models.CharField(_("电子送达账号"), max_length=120, blank=True)
    witness = models.CharField(_("见证人"), max_length=120, blank=True)
    record = models.CharField(_("记录方式"), max_length=500, blank=True)
    posting = models.CharField(_("公告方式"), max_length=6, choices=Posting.choices, blank=True)
    reason = models.CharField(_("事由和经过"), max_length=1000, blank=True)
    is_returned = models.BooleanField(_("邮件被退回"), default=False)
    confirmation = models.ForeignKey(AddressConfirmation, models.PROTECT, null=True, related_name="services")
    officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("送达人"))
    second_officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("协同送达人"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    void_reason = models.CharField(_("撤销原因"), max_length=500, blank=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="service_by_subject"),
            models.Index(fields=["id"], condition=Q(state="running"), name="service_running"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(officer=F("second_officer")), name="service_two_different_officers"),
            models.CheckConstraint(
                condition=Q(way="announcement") ^ Q(posted_on__isnull=True), name="service_announced_has_its_day"
            ),
            models.CheckConstraint(
                condition=Q(state="running", way="announcement", served_on__isnull=True)
                | Q(state="served", served_on__isnull=False)
                | Q(state="void"),
                name="service_state_as_served",
            ),
            models.CheckConstraint(
                condition=Q(state="void", voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")
                | ~Q(state="void") & Q(voided_at__isnull=True, voided_by__isnull=True, void_reason=""),
                name="service_void_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(way="electronic") | Q(confirmation__isnull=False), name="service_electronic_was_agreed"
            ),
            models.CheckConstraint(
                condition=Q(is_returned=False) | Q(way="mail", confirmation__isnull=False),
                name="service_returned_from_confirmed_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.recipient} {self.served_on or self.posted_on}"


class ServedPaper(models.Model):
    """A paper in a service. ``paper`` is null for one of the office's own (``documents.pairs``); ``effect`` is the move of
    the matter its service made, '' for none."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="papers")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="services")
    key = models.SlugField(max_length=30)
    title = models.CharField(max_length=120)
    number_text = models.CharField(max_length=80, blank=True)
    effect = models.CharField(max_length=30, blank=True)
    is_void = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper"], condition=Q(is_void=False), name="served_paper_once"),
            models.UniqueConstraint(fields=["service", "key", "paper"], name="served_paper_once_in_a_service"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """《行政处罚告知书》（某市监罚告〔2026〕1号）."""
        return f"《{self.title}》（{self.number_text}）" if self.number_text else f"《{self.title}》"
