from django.db import models
from django.db.models import Q

from accounts.models import Office


class RuleSet(models.Model):
    """One load of a division of powers. On a day the newest set already in effect decides; a set is never edited."""

    version = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    effective_on = models.DateField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=300)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["-effective_on", "-id"], name="rule_set_newest")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class RouteDecision(models.Model):
    """Whose matter something was held to be, by which rule or by whose judgement.

    ``rule_set`` and ``rule_key`` say what the rules answered, also where a person decided otherwise (``is_override``);
    both are empty where no rule answered.
    """

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, null=True, related_name="+")
    rule_key = models.CharField(max_length=60, blank=True)
    question = models.JSONField()
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    is_override = models.BooleanField()
    reason = models.CharField(max_length=1000)
    actor_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rule_set__isnull=True, rule_key="", is_override=True)
                | (Q(rule_set__isnull=False) & ~Q(rule_key="")),
                name="route_decision_without_rule_is_override",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="route_decision_has_reason"),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="route_decision_by_subject")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} → {self.office_id}"
