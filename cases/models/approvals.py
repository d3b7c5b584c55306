"""What officers ask heads to decide, and what each head signed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from accounts.roles import Role
from cases.models.matter import Case
from cases.states.approvals import ApprovalKind, ApprovalState, StepOutcome
from clues.models import Lead


class ApprovalChain(models.Model):
    """Who signs a kind of approval in what order, where an authority does not keep to the default.

    Never edited: another order is a further row, and the one before says when it ended. Who set the first ones, and when,
    was not kept.
    """

    authority = models.ForeignKey(Office, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ApprovalKind.choices)
    roles = models.JSONField()
    set_by_label = models.CharField(max_length=120, blank=True)
    set_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "kind"], condition=Q(ended_at__isnull=True), name="approval_chain_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.kind}"


class Approval(models.Model):
    """One request for a verb that a head must decide; changed means asked anew (``replaces``), never edited or deleted.

    ``arguments`` are those of the verb as plain JSON values. ``waiting_role`` is whose signature comes next, empty once
    it is over. ``office`` and ``bureau`` are the matter's.
    """

    kind = models.CharField(_("审批事项"), max_length=20, choices=ApprovalKind.choices)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="approvals")
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, related_name="approvals")
    subject_label = models.CharField(max_length=200)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    bureau = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    arguments = models.JSONField(default=dict)
    reason = models.TextField(_("报请理由"), max_length=4000)
    state = models.CharField(_("状态"), max_length=12, choices=ApprovalState.choices, default=ApprovalState.ASKED)
    waiting_role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("报请人"))
    asked_at = models.DateTimeField(_("报请时间"))
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(case__isnull=False) ^ Q(lead__isnull=False), name="approval_one_matter"),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(state="asked", case__isnull=False),
                name="approval_one_open_of_case",
            ),
            models.UniqueConstraint(
                fields=["lead", "kind"],
                condition=Q(state="asked", lead__isnull=False),
                name="approval_one_open_of_lead",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", ended_at__isnull=True) & ~Q(waiting_role="")
                | ~Q(state="asked") & Q(ended_at__isnull=False, waiting_role=""),
                name="approval_open_waits_for_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["bureau", "waiting_role"], condition=Q(state="asked"), name="approval_waiting"),
            models.Index(fields=["asked_by", "-id"], name="approval_by_asker"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_label}"


class ApprovalStep(models.Model):
    """One signature in the order; ``shown`` is word for word what the head had before them, ``shown_sha256`` its hash.

    ``adds`` are arguments this step gives, as the unit head names the officers (程序规定第十九条第二款). ``asked_by``
    stands here for the constraint alone.
    """

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20, choices=Role.choices)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人"))
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    outcome = models.CharField(_("审批结论"), max_length=10, choices=StepOutcome.choices, blank=True)
    opinion = models.CharField(_("审批意见"), max_length=1000, blank=True)
    adds = models.JSONField(default=dict, blank=True)
    shown = models.TextField(blank=True)
    shown_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["approval", "order"], name="approval_step_order_once"),
            models.UniqueConstraint(
                fields=["approval", "decided_by"],
                condition=Q(decided_by__isnull=False),
                name="approval_step_nobody_signs_twice",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="approval_step_signed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, outcome="", shown_sha256="")
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(outcome="") & ~Q(shown_sha256=""),
                name="approval_step_decision_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approval_id}/{self.order}"
