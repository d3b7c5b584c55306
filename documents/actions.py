"""Giving out document numbers, gapless per office, kind and year; storing files."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import IO, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Office
from audit.actions import Actor, record
from core.bulk import insert
from core.errors import Invalid
from documents.contents import ContentTooLarge, Digest, digest_of, incoming, keep
from documents.file_refusals import refused_file
from documents.file_types import PAPERS, clean_name, media_type_of
from documents.models import IssuedNumber, NumberFormat, NumberSeries, StoredFile


class Upload(Protocol):
    """A file as it arrives: Django's ``UploadedFile``, or anything that can be read in pieces."""

    @property
    def name(self) -> str | None: ...

    def chunks(self) -> Iterator[bytes]: ...


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


@transaction.atomic
def store_file(
    *,
    upload: Upload,
    subject_kind: str,
    subject_id: int,
    purpose: str,
    actor: Actor,
    at: datetime,
    allowed: Collection[str] = PAPERS,
) -> StoredFile:
    """Check a file and keep it with a matter, which the caller has locked through its gate.

    The bytes are on disk before the row is; a rollback leaves at most bytes that no row names.

    :param allowed: the kinds of content taken here, keys of ``documents.file_types.TYPES``.
    :raises Invalid: ``empty_file``, ``file_too_large``, and what ``media_type_of`` refuses.
    """
    name = clean_name(upload.name or "")
    with incoming() as file:
        digest, media_type = _checked(file, upload, name, allowed)
        keep(file, digest)
    stored = StoredFile.objects.create(
        subject_kind=subject_kind, subject_id=subject_id, purpose=purpose, name=name, size=digest.size,
        media_type=media_type, sha256=digest.sha256, sm3=digest.sm3, stored_at=at, stored_by_id=actor.pk,
    )  # fmt: skip
    record(
        verb="documents.store_file", actor=actor, at=at, subject_kind=subject_kind, subject_id=subject_id,
        subject_label=f"{purpose} {stored.pk}", file=stored.pk, purpose=purpose, size=digest.size,
        media_type=media_type, sha256=digest.sha256, sm3=digest.sm3,
    )  # fmt: skip
    return stored


@dataclass(frozen=True, repr=False)
class ReceivedFile:
    """A file that passed the checks of :func:`store_file` and is in nobody's keeping."""

    name: str
    content: bytes
    digest: Digest
    media_type: str


def receive_file(upload: Upload, allowed: Collection[str]) -> ReceivedFile:
    """Check a file that is read once and must not stay, for whoever reads it.

    :raises Invalid: as :func:`store_file`.
    """
    name = clean_name(upload.name or "")
    with incoming() as file:
        digest, media_type = _checked(file, upload, name, allowed)
        file.seek(0)
        return ReceivedFile(name, file.read(), digest, media_type)


def _checked(file: IO[bytes], upload: Upload, name: str, allowed: Collection[str]) -> tuple[Digest, str]:
    """The hashes and the media type of an upload, copied to ``file``; refusals name the upload."""
    try:
        digest = digest_of(upload.chunks(), copy_to=file, most=settings.FILE_SIZE_LIMIT)
        if digest.size == 0:
            raise refused_file(_("这个文件是空的（0字节）。请核对后重新选择。"), code="empty_file")
        file.flush()
        return digest, media_type_of(file, name, allowed)
    except ContentTooLarge:
        why = _("文件超过%(limit)s MB（本系统默认值，可以配置），不能上传。请压缩或者拆分后再上传。")
        refusal = refused_file(why % {"limit": settings.FILE_SIZE_LIMIT // 2**20}, code="file_too_large")
    except Invalid as found:
        refusal = found
    raise refused_file(_("“%(name)s”：%(why)s") % {"name": name, "why": refusal.detail}, refusal.code)
