from django.db import models
from django.db.models import Q

from accounts.models import User
from documents.contents import Digest


class StoredFile(models.Model):
    """A file somebody put to a matter (subject). The bytes lie by their SHA-256 in ``documents.contents``, once
    however many rows name them; neither row nor bytes change afterwards.

    ``purpose`` is a slug of the app that owns the matter, ``media_type`` was decided by the content, ``size`` is in
    bytes.
    """

    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    purpose = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, db_index=True)
    sm3 = models.CharField(max_length=64)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gte=1), name="stored_file_is_not_empty")]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="stored_file_by_subject")]

    def __str__(self) -> str:
        return self.name

    @property
    def digest(self) -> Digest:
        return Digest(self.size, self.sha256, self.sm3)
