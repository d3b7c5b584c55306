from django.db import models
from django.db.models import Q

from accounts.models import Office


class NumberFormat(models.Model):
    """How an office writes the numbers of one kind of document: data, because real numbers differ by province.

    ``pattern`` knows ``{word}`` (the office's 代字), ``{kind}`` (类代码), ``{year}`` and ``{serial}``; ``width`` pads
    the serial with zeros. ``dates_ascend``: a later serial never carries an earlier day.
    """

    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="number_formats")
    kind = models.SlugField(max_length=30)
    kind_word = models.CharField(max_length=20)
    office_word = models.CharField(max_length=20)
    pattern = models.CharField(max_length=60, default="{word}{kind}〔{year}〕{serial}号")
    width = models.PositiveSmallIntegerField(default=1)
    dates_ascend = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "kind"], name="number_format_one_per_office"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(office__isnull=True), name="number_format_one_default"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pattern}"


class NumberSeries(models.Model):
    """The last serial issued by an office for a kind in a year; locked while the next one is taken."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="number_series")
    kind = models.SlugField(max_length=30)
    year = models.PositiveSmallIntegerField()
    last_serial = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "year"], name="number_series_one_per_office_kind_year")
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.kind} {self.year}: {self.last_serial}"


class IssuedNumber(models.Model):
    """A number that was given out, and to what. A void number stays visible."""

    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="issued")
    serial = models.PositiveIntegerField()
    text = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField(null=True)
    issued_on = models.DateField()
    is_void = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="issued_number_once_in_series"),
            models.CheckConstraint(condition=Q(serial__gte=1), name="issued_number_starts_at_one"),
        ]

    def __str__(self) -> str:
        return self.text
