import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from informants.sealing import Place
from informants.states import MOST_HOURS, Ground, OpeningState, RewardDomain, RewardLevel, RewardState


class Informant(models.Model):
    """Who told us, sealed (举报人、投诉人). The code stands for the person wherever the matter is written about.

    ``place_key`` is known before the row is written, so that the seals can be bound to it.
    """

    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    subject_number = models.CharField(_("事项编号"), max_length=80, blank=True)
    code = models.CharField(_("举报人代号"), max_length=12, unique=True)
    is_real_name = models.BooleanField(_("实名"))
    place_key = models.UUIDField(default=uuid.uuid4, unique=True)
    sealed_name = models.TextField(blank=True)
    sealed_phone = models.TextField(blank=True)
    sealed_address = models.TextField(blank=True)
    sealed_id_number = models.TextField(blank=True)
    phone_key = models.CharField(max_length=64, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False, verbose_name=_("承办机构"))
    bureau = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="informant_one_per_subject")]
        indexes = [
            models.Index(fields=["phone_key", "-created_at"], condition=~Q(phone_key=""), name="informant_by_phone"),
            models.Index(fields=["office", "-id"], name="informant_newest_in_office"),
            models.Index(fields=["bureau", "-id"], name="informant_newest_in_bureau"),
        ]

    def __str__(self) -> str:
        return self.code

    def place_of(self, field: str) -> Place:
        """Where the sealed text of a field stands; the table's name here is part of every seal and never changes."""
        return Place("informants_informant", str(self.place_key), field)

    def sealed(self, field: str) -> str:
        return str(getattr(self, f"sealed_{field}"))


class Opening(models.Model):
    """One request to know who an informant is (申请查阅), and what a second person decided.

    The end is counted from the decision, so that the database itself holds the longest time allowed.
    """

    informant = models.ForeignKey(Informant, models.PROTECT, related_name="openings")
    ground = models.CharField(_("查阅用途"), max_length=20, choices=Ground.choices)
    wanted = models.JSONField(_("查阅内容"))
    reason = models.CharField(_("申请理由"), max_length=500)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    requested_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(_("状态"), max_length=20, choices=OpeningState.choices, default=OpeningState.PENDING)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人"))
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    opinion = models.CharField(_("审批意见"), max_length=500, blank=True)
    hours = models.PositiveSmallIntegerField(_("查阅时限"), null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="opening_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_by__isnull=True, decided_at__isnull=True, hours__isnull=True)
                | Q(state="refused", decided_by__isnull=False, decided_at__isnull=False, hours__isnull=True)
                | Q(state="approved", decided_by__isnull=False, decided_at__isnull=False, hours__isnull=False)
                | Q(state="closed", closed_at__isnull=False),
                name="opening_decided_exactly_when_said",
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gte=1, hours__lte=MOST_HOURS),
                name="opening_lasts_a_day_at_most",
            ),
            models.UniqueConstraint(
                fields=["informant", "requested_by"], condition=Q(state="pending"), name="opening_pending_once"
            ),
        ]
        indexes = [
            models.Index(fields=["requested_by", "-id"], name="opening_by_requester"),
            models.Index(fields=["-id"], condition=Q(state="pending"), name="opening_pending_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.informant_id} {self.state}"

    @property
    def expires_at(self) -> datetime | None:
        """Until when the identity may be read; None before approval."""
        if self.decided_at is None or self.hours is None:
            return None
        return self.decided_at + timedelta(hours=self.hours)

    def has_expired(self, at: datetime) -> bool:
        return self.state == OpeningState.APPROVED and self.expires_at is not None and at > self.expires_at


class Reading(models.Model):
    """Somebody read an identity: who, when, which fields. Never changed."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="readings")
    reader = models.ForeignKey(User, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    fields = models.JSONField()

    def __str__(self) -> str:
        return f"{self.opening_id} {self.read_at:%Y-%m-%d %H:%M}"


class Reward(models.Model):
    """What an informant is given (举报奖励), by code; amounts in yuan."""

    informant = models.ForeignKey(Informant, models.PROTECT, related_name="rewards")
    level = models.CharField(_("奖励等级"), max_length=20, choices=RewardLevel.choices)
    domain = models.CharField(_("所属领域"), max_length=20, choices=RewardDomain.choices)
    base_amount = models.DecimalField(_("罚没款"), max_digits=14, decimal_places=2)
    amount = models.DecimalField(_("奖励金额"), max_digits=14, decimal_places=2)
    rule_version = models.CharField(max_length=60)
    basis = models.CharField(_("计算依据"), max_length=300)
    needs_finance = models.BooleanField()
    state = models.CharField(_("状态"), max_length=20, choices=RewardState.choices, default=RewardState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人"))
    decided_on = models.DateField(null=True)
    told_on = models.DateField(null=True)
    claimed_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="reward_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_on__isnull=True)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_on__isnull=False),
                name="reward_decided_once_it_left",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(claimed_on__isnull=False), name="reward_claimed_on_a_day"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0, base_amount__gte=0), name="reward_not_negative"),
            models.UniqueConstraint(
                fields=["informant"],
                condition=Q(state__in=["proposed", "granted", "told", "claimed"]),
                name="reward_one_live_per_informant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.informant_id} {self.amount} {self.state}"


class RewardMove(models.Model):
    """One move of a reward: who, when, from, to, why."""

    reward = models.ForeignKey(Reward, models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=20)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.source} → {self.target}"
