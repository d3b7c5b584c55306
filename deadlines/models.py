from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from deadlines.states import ClockState


class CalendarNotice(models.Model):
    """One load of the official holiday notice of a year. The calendar of version N is what notices 1..N say, newest per year."""

    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "sha256"], name="calendar_notice_loaded_once")]

    def __str__(self) -> str:
        return f"{self.year} ({self.sha256[:8]})"


class RuleSet(models.Model):
    """One load of the statutory rules; the newest is in force. Clocks keep the rule version they were started under."""

    source = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.pk} ({self.sha256[:8]})"


class Clock(models.Model):
    """One statutory period running for one matter: facts, and the due date that follows from them.

    ``rule`` is the family, ``rule_version`` the dated version chosen by the day of the trigger. ``due_on`` is the
    last day, ``due_nominal_on`` the last day before rolling, ``due_at`` the moment from which the clock is overdue
    (midnight after ``due_on``, or the exact moment of an hour rule). While a suspension is open nobody can know the
    due date and all three are empty. ``days_left`` of display are computed, never stored.
    """

    rule = models.CharField(max_length=60)
    rule_version = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=200)
    subject_number = models.CharField(max_length=60, blank=True, db_default="")
    office = models.ForeignKey(Office, models.PROTECT, related_name="clocks", db_index=False)
    bureau = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="clocks", db_index=False)
    state = models.CharField(max_length=10, choices=ClockState.choices, default=ClockState.RUNNING)
    origin_on = models.DateField()
    origin_at = models.DateTimeField(null=True)
    calendar_version = models.PositiveIntegerField()
    due_on = models.DateField(null=True)
    due_nominal_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    is_provisional = models.BooleanField(default=False)
    fixed_due_on = models.DateField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", due_at__isnull=False, due_on__isnull=False) | ~Q(state="running"),
                name="clock_running_has_due",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "suspended"], ended_at__isnull=True)
                | Q(state__in=["met", "met_late", "cancelled"], ended_at__isnull=False),
                name="clock_ended_exactly_when_closed",
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "rule"],
                condition=Q(state__in=["running", "suspended"]),
                name="clock_one_open_per_rule_and_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="clock_by_subject"),
            models.Index(fields=["owner", "due_at", "id"], condition=Q(state="running"), name="clock_running_by_owner"),
            models.Index(
                fields=["office", "due_at", "id"], condition=Q(state="running"), name="clock_running_by_office"
            ),
            models.Index(
                fields=["bureau", "due_at", "id"], condition=Q(state="running"), name="clock_running_by_bureau"
            ),
            models.Index(fields=["due_at", "id"], condition=Q(state="running"), name="clock_running_by_due"),
            models.Index(fields=["owner", "id"], condition=Q(state="suspended"), name="clock_suspended_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_version} {self.subject_label}"

    @cached_property
    def pauses(self) -> "list[Suspension]":
        """The suspensions, for showing; lists fetch them for all rows at once (``queries.with_facts``)."""
        return list(self.suspensions.all())

    @cached_property
    def additions(self) -> "list[Extension]":
        """The extensions, for showing; lists fetch them for all rows at once (``queries.with_facts``)."""
        return list(self.extensions.all())


class Suspension(models.Model):
    """Days that do not count, half-open. ``stops_on`` empty: still running, nobody knows until when."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="suspensions")
    ground = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    starts_on = models.DateField()
    stops_on = models.DateField(null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stops_on__isnull=True) | Q(stops_on__gt=F("starts_on")), name="suspension_not_inverted"
            ),
            models.UniqueConstraint(
                fields=["clock"], condition=Q(stops_on__isnull=True), name="suspension_one_open_per_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ground} {self.starts_on}–{self.stops_on or '…'}"


class Extension(models.Model):
    """Time added to the count by decision of whoever the rule names. ``step`` counts from 0 along the rule's steps."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="extensions")
    step = models.PositiveSmallIntegerField()
    amount = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "step"], name="extension_each_step_once"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="extension_adds"),
        ]

    def __str__(self) -> str:
        return f"+{self.amount}"


class ClockMove(models.Model):
    """What happened to a clock, in order; the due date before and after."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    actor_label = models.CharField(max_length=120)
    name = models.CharField(max_length=20)
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.due_before} → {self.due_after}"


class CalendarReport(models.Model):
    """What publishing or amending a calendar changed."""

    notice = models.OneToOneField(CalendarNotice, models.PROTECT, related_name="report")
    at = models.DateTimeField()
    examined = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.notice}: {self.changed}/{self.examined}"


class CalendarReportLine(models.Model):
    report = models.ForeignKey(CalendarReport, models.CASCADE, related_name="lines")
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="+", db_index=False)
    due_before = models.DateField()
    due_after = models.DateField()
    was_provisional = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.due_before} → {self.due_after}"


class ReminderState(models.TextChoices):
    PENDING = "pending", _("待提醒")
    SENT = "sent", _("已提醒")
    VOID = "void", _("已作废")
    STUCK = "stuck", _("无人可提醒")


class Reminder(models.Model):
    """A row due at a moment: one rung of a clock's ladder for one due value. A sweep claims it and tells people.

    A stuck one could not be told, for ``stuck_reason``; the sweep tries it again every hour.
    """

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="reminders", db_index=False)
    for_due_at = models.DateTimeField()
    rung = models.CharField(max_length=30)
    audience = models.CharField(max_length=20)
    fire_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReminderState.choices, default=ReminderState.PENDING)
    fired_at = models.DateTimeField(null=True)
    stuck_reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "for_due_at", "rung"], name="reminder_each_rung_once"),
        ]
        indexes = [
            models.Index(fields=["fire_at", "id"], condition=Q(state="pending"), name="reminder_pending"),
            models.Index(fields=["fired_at"], condition=Q(state="stuck"), name="reminder_stuck"),
        ]

    def __str__(self) -> str:
        return f"{self.rung} {self.fire_at:%Y-%m-%d %H:%M}"


class LadderStep(models.Model):
    """One rung after the due moment: who is told how long after. Local default, not law; data the office can change."""

    counted_in = models.CharField(
        max_length=5, choices=[("days", _("按日计算的期限")), ("hours", _("按小时计算的期限"))]
    )
    name = models.CharField(max_length=30)
    audience = models.CharField(max_length=20)
    amount = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["counted_in", "name"], name="ladder_step_once")]
        ordering = ["counted_in", "amount", "id"]

    def __str__(self) -> str:
        return f"{self.counted_in} {self.name} +{self.amount}"


class Heartbeat(models.Model):
    """When a periodic job last finished; its silence is what the dead-man check alarms on."""

    name = models.CharField(max_length=40, unique=True)
    beat_at = models.DateTimeField()
    handled = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%H:%M:%S}"
