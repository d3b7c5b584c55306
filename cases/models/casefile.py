from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.matter import Case
from cases.states.casefile import RUNNING, CaseFileState
from documents.models import StoredFile


class CaseFile(models.Model):
    """The volumes of a case bound at one moment (程序规定第七十八条). Work waits in this row; a worker holds it until
    ``lease_ends_at``.

    ``last_move`` is the number of the case's last move when it was asked for: a later move makes the file stale.
    ``manifest`` lists every document with volume, place, pages and hashes; ``bundle`` is a ZIP with the volumes, the
    originals and the manifest.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="files")
    state = models.CharField(_("状态"), max_length=10, choices=CaseFileState.choices, default=CaseFileState.WAITING)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    requested_at = models.DateTimeField()
    last_move = models.BigIntegerField()
    lease_ends_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(_("页数"), default=0)
    main = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("正卷"))
    secondary = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("副卷"))
    bundle = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("压缩包"))
    manifest = models.JSONField(default=list, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=RUNNING), name="case_file_one_in_the_making"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", bundle__isnull=False, main__isnull=False, finished_at__isnull=False)
                | ~Q(state="ready") & Q(bundle__isnull=True, main__isnull=True, secondary__isnull=True),
                name="case_file_ready_is_whole",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="case_file_failed_says_why"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state__in=RUNNING), name="case_file_waiting")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
