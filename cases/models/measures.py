from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.matter import Case
from cases.states.measures import DisposalBasis, Handling, ItemState, MeasureKind, MeasureState, ReleaseGround
from core.transitions import in_record


class Measure(models.Model):
    """A registration of evidence, a sealing or a seizure in a case (程序规定第三十三条至第四十二条).

    ``approved_by`` is the head who ordered it, or approved afterwards what officers did on the spot (``is_urgent``).
    ``ended_on`` is the day it ended, whether by handling, release or lapse.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField(_("措施编号"))
    kind = models.CharField(_("措施种类"), max_length=12, choices=MeasureKind.choices)
    state = models.CharField(max_length=10, choices=MeasureState.choices)
    is_urgent = models.BooleanField(_("当场紧急采取"), default=False)
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    reason = models.TextField(_("理由"), max_length=1000)
    basis = models.CharField(_("法律依据"), max_length=300)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人"))
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    officer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("实施人员"))
    second_officer = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("协同实施人员")
    )
    taken_at = models.DateTimeField(_("实施时间"), null=True)
    place = models.CharField(_("实施地点"), max_length=200, blank=True)
    presence = models.CharField(_("当事人到场、见证和签名情况"), max_length=500, blank=True)
    handling = models.CharField(_("处理"), max_length=10, choices=Handling.choices, blank=True)
    release_ground = models.CharField(_("解除情形"), max_length=10, choices=ReleaseGround.choices, blank=True)
    end_reason = models.CharField(_("处理、解除的说明"), max_length=1000, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True)
    announced_on = models.DateField(_("公告领取日期"), null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="measure_one_per_number"),
            models.CheckConstraint(
                condition=Q(officer__isnull=True, second_officer__isnull=True, taken_at__isnull=True, state="ordered")
                | Q(officer__isnull=False, second_officer__isnull=False, taken_at__isnull=False)
                & ~Q(officer=F("second_officer"))
                & ~Q(state="ordered"),
                name="measure_taken_by_two_officers",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(officer__isnull=True)
                | ~Q(approved_by=F("officer")) & ~Q(approved_by=F("second_officer")),
                name="measure_approver_did_not_take_it",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=False) | Q(is_urgent=True), name="measure_approved_unless_urgent"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["handled", "released", "lapsed"]) ^ Q(ended_on__isnull=True),
                name="measure_ended_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="lapsed") | Q(kind="registration"), name="measure_lapses_only_when_registered"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{in_record(MeasureKind(self.kind).label)}{self.number}"


class MeasureMove(models.Model):
    """``actor`` is empty where the term ended by itself."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=30)
    source = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=10)
    reason = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.measure_id} {self.name}"


class MeasureItem(models.Model):
    """One line of the inventory (场所、设施、财物清单). ``value`` and ``proceeds`` are in yuan."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("名称"), max_length=120)
    spec = models.CharField(_("规格型号、批号"), max_length=120, blank=True)
    quantity = models.DecimalField(_("数量"), max_digits=12, decimal_places=3)
    unit = models.CharField(_("单位"), max_length=20)
    condition = models.CharField(_("状况"), max_length=200, blank=True)
    place = models.CharField(_("存放地点"), max_length=200, blank=True)
    seal_number = models.CharField(_("封条编号"), max_length=60, blank=True)
    value = models.DecimalField(_("价值（元）"), max_digits=14, decimal_places=2, null=True)
    state = models.CharField(max_length=14, choices=ItemState.choices, default=ItemState.HELD)
    disposal_basis = models.CharField(_("先行处置的前提"), max_length=10, choices=DisposalBasis.choices, blank=True)
    proceeds = models.DecimalField(_("先行处置所得（元）"), max_digits=14, decimal_places=2, null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "number"], name="measure_item_one_per_number"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="measure_item_is_something"),
            models.CheckConstraint(
                condition=(Q(value__isnull=True) | Q(value__gte=0)) & (Q(proceeds__isnull=True) | Q(proceeds__gte=0)),
                name="measure_item_money_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(disposal_basis="", proceeds__isnull=True)
                | ~Q(disposal_basis="") & Q(proceeds__isnull=False),
                name="measure_item_disposal_has_proceeds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def amount(self) -> str:
        """12.5 箱."""
        return f"{self.quantity.normalize():f} {self.unit}"


class MeasureItemMove(models.Model):
    """``actor`` is empty where the registration lapsed by itself."""

    item = models.ForeignKey(MeasureItem, models.PROTECT, related_name="moves")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=30)
    source = models.CharField(max_length=14, blank=True)
    target = models.CharField(max_length=14)
    reason = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.item_id} {self.name}"
