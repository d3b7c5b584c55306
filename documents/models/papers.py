from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from documents.form_kinds import FormKind, form_kind
from documents.models.files import StoredFile
from documents.models.numbers import IssuedNumber
from documents.states import PaperState


class Template(models.Model):
    """A Word file a form is printed from: an office's own, or the national one when ``office`` is null.

    Never changed: a new one is the next ``version`` and retires the one before, which the papers made from it keep.
    """

    form = models.SlugField(max_length=30)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "form", "version"], name="template_version_once_in_office"),
            models.UniqueConstraint(
                fields=["form", "version"], condition=Q(office__isnull=True), name="template_national_version_once"
            ),
            models.UniqueConstraint(
                fields=["office", "form"], condition=Q(retired_at__isnull=True), name="template_one_in_use_in_office"
            ),
            models.UniqueConstraint(
                fields=["form"],
                condition=Q(retired_at__isnull=True, office__isnull=True),
                name="template_one_national_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.version}"

    @property
    def kind(self) -> FormKind:
        return form_kind(self.form)


class Paper(models.Model):
    """A paper of a matter (subject): typed, then issued, later perhaps void.

    ``office`` is the authority in whose name it speaks, ``fields`` what somebody typed (see ``documents.typed_fields``).
    What is issued is frozen: ``text`` (what the file says, in reading order), the template with its hash, the ``basis``
    and the hash of everything that was filled in. ``number`` is null for a form without numbers; ``number_text`` keeps
    what stood on the paper.
    """

    form = models.SlugField(max_length=30)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    title = models.CharField(_("文书名称"), max_length=120)
    fields = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=PaperState.choices, default=PaperState.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    template = models.ForeignKey(Template, models.PROTECT, null=True, related_name="papers")
    template_sha256 = models.CharField(max_length=64, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    context_sha256 = models.CharField(max_length=64, blank=True)
    number = models.ForeignKey(IssuedNumber, models.PROTECT, null=True, related_name="papers")
    number_text = models.CharField(_("文号"), max_length=80, blank=True)
    dated_on = models.DateField(_("落款日期"), null=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(_("作废原因"), max_length=500, blank=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="paper_by_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    issued_at__isnull=True, file__isnull=True, dated_on__isnull=True, number__isnull=True, text=""
                )
                | Q(issued_at__isnull=False, issued_by__isnull=False, file__isnull=False, template__isnull=False)
                & Q(dated_on__isnull=False)
                & ~Q(text="")
                & ~Q(basis=""),
                name="paper_issued_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", issued_at__isnull=True)
                | Q(state="issued", issued_at__isnull=False)
                | Q(state="void"),
                name="paper_state_as_issued",
            ),
            models.CheckConstraint(
                condition=Q(state="void", voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")
                | ~Q(state="void") & Q(voided_at__isnull=True, voided_by__isnull=True, void_reason=""),
                name="paper_void_says_why",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, number_text="") | Q(number__isnull=False) & ~Q(number_text=""),
                name="paper_number_as_printed",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state="issued"), name="paper_number_on_one_paper_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number_text}".rstrip()

    @property
    def kind(self) -> FormKind:
        return form_kind(self.form)

    @property
    def label(self) -> str:
        """《行政处罚告知书》（某市监罚告〔2026〕1号）."""
        return f"《{self.title}》（{self.number_text}）" if self.number_text else f"《{self.title}》"
