"""Giving out document numbers, gapless per office, kind and year."""

from collections.abc import Sequence
from datetime import date, datetime
from string import Formatter

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Office
from audit.actions import Actor, record
from core.bulk import insert
from core.errors import Invalid
from documents.models import IssuedNumber, NumberFormat, NumberSeries


def number_format(office: Office, kind: str) -> NumberFormat:
    """The office's own format of a kind, else the default one.

    :raises Invalid: the kind has no format.
    """
    formats = NumberFormat.objects.filter(kind=kind)
    found = formats.filter(office=office).first() or formats.filter(office__isnull=True).first()
    if found is None:
        raise Invalid(
            _("没有为“%(kind)s”类文书设定编号格式，请联系系统管理员。") % {"kind": kind},
            code="no_number_format",
            field="kind",
        )
    return found


@transaction.atomic
def set_number_format(
    *,
    office: Office | None,
    kind: str,
    kind_word: str,
    actor: Actor,
    at: datetime,
    office_word: str = "",
    pattern: str = "{word}{kind}〔{year}〕{serial}号",
    width: int = 1,
    dates_ascend: bool = True,
) -> NumberFormat:
    """Say how an office writes its numbers of a kind from now on; numbers given out keep their text.

    :param office: None sets the default for every office without a format of its own.
    :raises Invalid: the pattern lacks the year or the serial, or has a part nobody fills.
    """
    try:
        parts = {name for _text, name, _spec, _conversion in Formatter().parse(pattern) if name is not None}
    except ValueError:
        parts = set()
    if not {"year", "serial"} <= parts or not parts <= {"word", "kind", "year", "serial"}:
        raise Invalid(
            _("编号格式应含{year}和{serial}，另外只能用{word}（代字）和{kind}（类代码）。"),
            code="bad_number_pattern", field="pattern",
        )  # fmt: skip
    layout, _created = NumberFormat.objects.update_or_create(
        office=office, kind=kind,
        defaults={
            "kind_word": kind_word, "office_word": office_word, "pattern": pattern, "width": width,
            "dates_ascend": dates_ascend,
        },
    )  # fmt: skip
    record(
        verb="documents.set_number_format", actor=actor, at=at, subject_kind="number_format", subject_id=layout.pk,
        subject_label=kind, office=office.code if office else None, pattern=pattern, width=width,
    )  # fmt: skip
    return layout


@transaction.atomic
def issue_number(
    *, office: Office, kind: str, on: date, subject_kind: str, subject_id: int | None = None
) -> IssuedNumber:
    """Give out the next number; a rollback of the caller's transaction gives it back, so there is never a gap.

    A matter that is born with its number is named afterwards by :func:`bind_number`.

    :raises Invalid: no format, or ``on`` lies before the last number of the series was issued.
    """
    (number,) = draw_numbers(office=office, kind=kind, on=on, subject_kind=subject_kind, count=1)
    number.subject_id = subject_id
    number.save(force_insert=True)
    return number


@transaction.atomic
def draw_numbers(*, office: Office, kind: str, on: date, subject_kind: str, count: int) -> list[IssuedNumber]:
    """The next numbers of a series in one block, unsaved: the caller says which row each went to and saves all of them
    in the same transaction (:func:`keep_numbers`), so that there is never a gap.

    :raises Invalid: as :func:`issue_number`.
    """
    layout = number_format(office, kind)
    NumberSeries.objects.get_or_create(office=office, kind=kind, year=on.year)
    # The UPDATE takes the row lock on both databases; whoever comes second waits and sees the new serial.
    NumberSeries.objects.filter(office=office, kind=kind, year=on.year).update(last_serial=F("last_serial") + count)
    series = NumberSeries.objects.get(office=office, kind=kind, year=on.year)
    last = series.issued.order_by("-serial").first()
    if layout.dates_ascend and last is not None and on < last.issued_on:
        raise Invalid(
            _("%(number)s已于%(day)s编号，之后的文号不能早于这一天。") % {"number": last.text, "day": last.issued_on},
            code="number_date_backwards", field="on",
        )  # fmt: skip
    word = layout.office_word or office.short_name
    return [
        IssuedNumber(
            series=series, serial=serial, subject_kind=subject_kind, issued_on=on,
            text=layout.pattern.format(
                word=word, kind=layout.kind_word, year=on.year, serial=str(serial).zfill(layout.width)
            ),
        )
        for serial in range(series.last_serial - count + 1, series.last_serial + 1)
    ]  # fmt: skip


def keep_numbers(numbers: Sequence[IssuedNumber]) -> None:
    """Save numbers drawn in this transaction, each with the row it went to."""
    insert(IssuedNumber, numbers)


def bind_number(issued: IssuedNumber, *, subject_id: int) -> None:
    """Say which row the number went to, once that row exists."""
    issued.subject_id = subject_id
    issued.save(update_fields=["subject_id"])
