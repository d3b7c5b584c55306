from django.db import models


class Entry(models.Model):
    """What somebody did, appended in the transaction that did it. Never updated, never deleted.

    It names its actor and its subject instead of pointing at them, so that it outlives both.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=120)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="entry_by_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.verb} {self.subject_label}"


class Seal(models.Model):
    """A Merkle root over the entries ``first_id``..``last_id``, chained to the seal before it."""

    sealed_at = models.DateTimeField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    entry_count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="next")
    chained = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.first_id}-{self.last_id} {self.root[:12]}"


class SealedEntry(models.Model):
    """The leaf an entry had when it was sealed; the seal's root is computed over these in order of entry."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="sealed")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="leaves")
    leaf = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.leaf
