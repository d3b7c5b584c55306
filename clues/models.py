from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from clues.states import Channel, DeclineGround, LeadState


class Lead(models.Model):
    """A lead (线索): something that may be a violation, with exactly one office and one owner at every moment."""

    number = models.CharField(_("线索编号"), max_length=80, unique=True)
    channel = models.CharField(_("来源渠道"), max_length=20, choices=Channel.choices)
    received_on = models.DateField(_("发现线索或者收到材料之日"))
    party_name = models.CharField(_("当事人名称"), max_length=120)
    party_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    has_party_code_doubt = models.BooleanField(default=False)
    region_code = models.CharField(_("行政区划"), max_length=6)
    summary = models.TextField(_("线索内容"), max_length=4000)
    office = models.ForeignKey(Office, models.PROTECT, related_name="leads", db_index=False, verbose_name=_("承办机构"))
    bureau = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="leads", db_index=False, verbose_name=_("承办人"))
    state = models.CharField(_("状态"), max_length=20, choices=LeadState.choices, default=LeadState.REGISTERED)
    findings = models.TextField(_("核查情况"), max_length=4000, blank=True)
    proposal = models.CharField(_("处理建议"), max_length=20, blank=True)
    decline_ground = models.CharField(_("不予立案理由"), max_length=20, choices=DeclineGround.choices, blank=True)
    transferred_to = models.CharField(_("移送部门"), max_length=120, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["registered", "verifying", "verified"], decided_on__isnull=True)
                | Q(state__in=["filed", "not_filed", "transferred"], decided_on__isnull=False),
                name="lead_decided_exactly_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_filed") | ~Q(decline_ground=""), name="lead_not_filed_has_ground"
            ),
        ]
        indexes = [
            models.Index(fields=["-received_on", "-id"], name="lead_newest"),
            models.Index(fields=["office", "-received_on", "-id"], name="lead_newest_in_office"),
            models.Index(fields=["bureau", "-received_on", "-id"], name="lead_newest_in_bureau"),
            models.Index(fields=["owner", "state"], name="lead_by_owner"),
            models.Index(fields=["party_code"], condition=~Q(party_code=""), name="lead_by_party_code"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.party_name}"

    @property
    def label(self) -> str:
        return f"{self.number} · {self.party_name}"


class LeadMove(models.Model):
    """One move of a lead: who, when, from, to, why, and whose it was afterwards."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=20)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.source} → {self.target}"
