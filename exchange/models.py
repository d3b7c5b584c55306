from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from clues.models import Lead
from exchange.states import RUNNING, ImportMode, ImportState


class Import(models.Model):
    """A file of leads on its way into the register. Work waits in this row; a worker claims it until ``lease_ends_at``.

    ``mapping`` names the field of each column by its place ('' leaves it out). ``place`` is the last row of the file
    the worker has finished. Of the rows ``total``: ``good`` can come in, ``bad`` cannot, ``known`` are in the register
    already; ``alike`` are good and look like another lead. ``imported`` have become leads.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="imports", verbose_name=_("承办机构"))
    bureau = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(User, models.PROTECT, related_name="imports", verbose_name=_("导入人"))
    file_name = models.CharField(_("文件名"), max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    mode = models.CharField(max_length=20, choices=ImportMode.choices, default=ImportMode.ALL_OR_NOTHING)
    state = models.CharField(_("状态"), max_length=20, choices=ImportState.choices, default=ImportState.UPLOADED)
    total = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    alike = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    refusal = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    lease_ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["done", "refused", "cancelled"], finished_at__isnull=False)
                | Q(state__in=["uploaded", "checking", "checked", "importing"], finished_at__isnull=True),
                name="import_finished_exactly_when_over",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal=""), name="import_refused_says_why"),
        ]
        indexes = [
            models.Index(fields=["bureau", "-id"], name="import_newest_in_bureau"),
            models.Index(fields=["office", "-id"], name="import_newest_in_office"),
            models.Index(fields=["id"], condition=Q(state__in=RUNNING), name="import_waiting_for_worker"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def percent(self) -> int:
        return min(100, self.place * 100 // self.total) if self.total else 0


class ImportContent(models.Model):
    """The bytes of a file that is being imported; deleted when the import is over, because they may say who told."""

    import_of = models.OneToOneField(Import, models.PROTECT, primary_key=True, related_name="content")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.import_of_id)


class ImportProblem(models.Model):
    """What is wrong with a row of a file, or what to look at (``is_warning``). Never holds a value of an informant."""

    import_of = models.ForeignKey(Import, models.PROTECT, related_name="problems")
    row = models.PositiveIntegerField(_("行号"))
    field = models.CharField(_("列"), max_length=60, blank=True)
    code = models.CharField(max_length=60)
    detail = models.CharField(_("问题"), max_length=500)
    is_warning = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["import_of", "row", "id"], name="import_problem_by_row")]

    def __str__(self) -> str:
        return f"{self.row}: {self.code}"


class ImportedRow(models.Model):
    """Which row became which lead; the same row (``fingerprint``) never becomes another."""

    import_of = models.ForeignKey(Import, models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64, unique=True)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["import_of", "row"], name="imported_row_by_row")]

    def __str__(self) -> str:
        return f"{self.row} → {self.lead_id}"


class ColumnMapping(models.Model):
    """How somebody matched the columns of files with these headers (``signature``), for the next such file."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=list)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "signature"], name="column_mapping_once_per_user_and_headers"),
        ]

    def __str__(self) -> str:
        return self.signature[:12]
