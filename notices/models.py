import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Channel(models.TextChoices):
    EMAIL = "email", _("电子邮件")
    GATEWAY = "gateway", _("消息网关")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("待发送")
    SENT = "sent", _("已发送")
    DEAD = "dead", _("发送失败")


class Delivery(models.Model):
    """One message to one person over an outside channel: a digest of the notices it gathers.

    ``message_id`` stays the same over all attempts, so that a receiver can drop repeats.
    """

    recipient = models.ForeignKey(User, models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["created_at"], condition=Q(state="dead"), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.message_id} {self.state}"


class Notice(models.Model):
    """Something a person must know, in their inbox. ``key`` makes telling twice impossible.

    ``title`` may name a party and stays inside; ``outside`` names nobody and is what e-mail and gateways carry.
    """

    recipient = models.ForeignKey(User, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=500, blank=True)
    outside = models.CharField(max_length=200, blank=True, db_default="")
    is_urgent = models.BooleanField(default=False)
    is_late = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    gathered_at = models.DateTimeField(null=True)
    deliveries = models.ManyToManyField(Delivery, related_name="notices")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notice_told_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["recipient", "id"], condition=Q(gathered_at__isnull=True), name="notice_ungathered"),
        ]

    def __str__(self) -> str:
        return self.title
