"""What an authority lays down beforehand: how heavy a penalty is, and from which sums on a party may ask for a hearing."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Office
from cases.states.decision import TierKind


class DiscretionStandard(models.Model):
    """A standard of discretion for one violation (行政处罚法第三十四条); without ``office`` everybody's.

    In force from ``starts_on`` to ``ends_on`` (both included), never edited: a changed standard is a new version of its
    ``key``. ``base`` names what multiples are of, such as 货值金额; ``is_default`` marks the examples of the product.
    """

    key = models.SlugField(max_length=60)
    title = models.CharField(_("违法行为"), max_length=200)
    category = models.CharField(_("事项类别"), max_length=40, blank=True)
    basis = models.CharField(_("依据"), max_length=300)
    base = models.CharField(_("基数"), max_length=60, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name=_("适用机关"))
    starts_on = models.DateField(_("施行日"))
    ends_on = models.DateField(_("失效日"), null=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "starts_on"], name="discretion_standard_one_per_day"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(ends_on__isnull=True), name="discretion_standard_one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="discretion_standard_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DiscretionTier(models.Model):
    """One tier of a standard: when it applies, and the fine from ``least`` to ``most``, both included.

    Yuan, or multiples of the standard's base where ``is_multiple``; an open end is null, both ends of a tier without a fine.
    """

    standard = models.ForeignKey(DiscretionStandard, models.PROTECT, related_name="tiers")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(_("档次"), max_length=10, choices=TierKind.choices)
    factors = models.TextField(_("适用情形"), max_length=2000)
    is_multiple = models.BooleanField(default=False)
    least = models.DecimalField(_("下限"), max_digits=14, decimal_places=2, null=True)
    most = models.DecimalField(_("上限"), max_digits=14, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "order"], name="discretion_tier_order_once"),
            models.CheckConstraint(
                condition=Q(kind__in=TierKind.values)
                & (Q(least__isnull=True) | Q(least__gte=0))
                & (Q(most__isnull=True) | Q(most__gte=0))
                & (Q(least__isnull=True) | Q(most__isnull=True) | Q(most__gte=F("least"))),
                name="discretion_tier_range_is_upright",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard_id} {self.get_kind_display()}"


class LocalHearingThreshold(models.Model):
    """The sums a province set instead of those of 听证办法第五条第一款第三项、第四项 (第二款), for one authority.

    On a day the newest already in effect decides; a row is never edited.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("适用机关"))
    person = models.DecimalField(_("自然人"), max_digits=14, decimal_places=2)
    organisation = models.DecimalField(_("法人或者其他组织"), max_digits=14, decimal_places=2)
    basis = models.CharField(_("依据"), max_length=300)
    starts_on = models.DateField(_("施行日"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "starts_on"], name="local_hearing_threshold_one_per_day"),
            models.CheckConstraint(
                condition=Q(person__gt=0, organisation__gt=0), name="local_hearing_threshold_above_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.starts_on}"
