from datetime import UTC, datetime
from hashlib import sha256

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.matter import Case
from cases.states.evidence import EvidenceKind, EvidenceState, RecordedAct
from clues.models import Check
from documents.models import StoredFile


class Evidence(models.Model):
    """A piece of evidence as it was registered (程序规定第二十三条至第二十七条); never edited.

    A correction is a further ``version`` of the same ``number``; ``exhibit`` names the first one, to which files
    (subject kind ``evidence``) and custody belong. What was adopted from the lead names its ``lead_file`` or ``check``.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    number = models.PositiveSmallIntegerField(_("证据编号"))
    version = models.PositiveSmallIntegerField(default=1)
    exhibit = models.ForeignKey("self", models.PROTECT, null=True, related_name="versions")
    kind = models.CharField(_("证据种类"), max_length=12, choices=EvidenceKind.choices)
    title = models.CharField(_("名称"), max_length=120)
    proves = models.TextField(_("证明什么"), max_length=1000)
    source = models.CharField(_("来源、提供人"), max_length=200)
    obtained_on = models.DateField(_("取得日期"))
    officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("收集人员"))
    second_officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("协同收集人员"))
    is_original = models.BooleanField(_("原件、原物、原始载体"), default=True)
    copy_note = models.CharField(_("复制件说明"), max_length=300, blank=True)
    storage = models.CharField(_("存放地点"), max_length=200)
    pages = models.PositiveSmallIntegerField(_("页数"), null=True)
    lead_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    check_record = models.ForeignKey(Check, models.PROTECT, null=True, related_name="+")
    correction_reason = models.CharField(_("更正理由"), max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=EvidenceState.choices, default=EvidenceState.COLLECTED)
    judgement = models.CharField(_("查证、排除的理由"), max_length=1000, blank=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number", "version"], name="evidence_one_version_per_number"),
            models.UniqueConstraint(
                fields=["case", "number"], condition=~Q(state="superseded"), name="evidence_one_standing_per_number"
            ),
            models.CheckConstraint(condition=~Q(officer=F("second_officer")), name="evidence_by_two_officers"),
            models.CheckConstraint(
                condition=Q(version=1, exhibit__isnull=True)
                | Q(version__gt=1, exhibit__isnull=False) & ~Q(correction_reason=""),
                name="evidence_correction_gives_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_original=True) | ~Q(copy_note=""), name="evidence_copy_says_how_it_was_made"
            ),
            models.CheckConstraint(
                condition=~Q(state="excluded") | Q(judged_by__isnull=False) & ~Q(judgement=""),
                name="evidence_exclusion_gives_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"证据{self.number} {self.title}"

    @property
    def exhibit_id_or_own(self) -> int:
        """The row to which files and custody belong."""
        return self.exhibit_id or self.pk


class EvidenceMove(models.Model):
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=30)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    reason = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.name}"


class Custody(models.Model):
    """Evidence passes from one person to the next: step 1 is its collection, each further step a handing over.

    ``sha256`` holds the facts of the handing over and the seal of the step before, ``confirmed_sha256`` that and the
    taker's word, so that no step can be changed or taken out without the rest ceasing to fit.
    """

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="custody")
    step = models.PositiveSmallIntegerField()
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("移交人"))
    given_from = models.CharField(_("取自"), max_length=200, blank=True)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("接收人"))
    given_at = models.DateTimeField(_("移交时间"))
    place = models.CharField(_("存放地点"), max_length=200)
    condition = models.CharField(_("状况"), max_length=300)
    seal_number = models.CharField(_("封条编号"), max_length=60, blank=True)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(_("确认接收时间"), null=True)
    confirmed_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["step"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "step"], name="custody_steps_without_fork"),
            models.UniqueConstraint(
                fields=["evidence"], condition=Q(confirmed_at__isnull=True), name="custody_one_waits_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(step=1, given_by__isnull=True, previous_sha256="")
                | Q(step__gt=1, given_by__isnull=False) & ~Q(previous_sha256="") & ~Q(given_by=F("taken_by")),
                name="custody_passes_between_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_sha256="")
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_sha256=""),
                name="custody_confirmation_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} #{self.step}"

    def computed_sha256(self) -> str:
        """What ``sha256`` must be, from the facts of the row."""
        facts = (
            self.evidence_id, self.step, self.given_by_id, self.given_from, self.taken_by_id, _moment(self.given_at),
            self.place, self.condition, self.seal_number, self.previous_sha256,
        )  # fmt: skip
        return _sealed(*facts)

    def computed_confirmation(self) -> str:
        """What ``confirmed_sha256`` must be; empty before the taker confirmed."""
        return "" if self.confirmed_at is None else _sealed(self.sha256, self.taken_by_id, _moment(self.confirmed_at))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _sealed(*facts: object) -> str:
    """Each fact with its length before it, so that none can run into the next."""
    words = "".join(f"{len(text)}:{text};" for text in map(str, facts))
    return sha256(words.encode()).hexdigest()


class Recording(models.Model):
    """One recording of the full-process record (程序规定第四十四条、第七十九条): a stored file, or a medium kept elsewhere.

    ``sha256`` and ``sm3`` are those of the file; of an outside medium as its register says, either may be empty.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="recordings")
    act = models.CharField(_("记录的事项"), max_length=12, choices=RecordedAct.choices)
    measure = models.ForeignKey("cases.Measure", models.PROTECT, null=True, related_name="recordings")
    title = models.CharField(_("内容"), max_length=200)
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"))
    device = models.CharField(_("设备编号"), max_length=60)
    operator = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("记录人"))
    medium = models.CharField(_("介质编号"), max_length=120, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    sm3 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gt=F("started_at")), name="recording_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(medium=""), name="recording_is_a_file_or_a_medium"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.act} {self.started_at:%Y-%m-%d %H:%M}"
