"""Storing files: what an upload is, is read from its content."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import Actor, record
from core.errors import Invalid
from documents.contents import ContentTooLarge, Digest, digest_of, incoming, keep
from documents.file_refusals import refused_file
from documents.file_types import PAPERS, clean_name, media_type_of
from documents.models import StoredFile


class Upload(Protocol):
    """A file as it arrives: Django's ``UploadedFile``, or anything that can be read in pieces."""

    @property
    def name(self) -> str | None: ...

    def chunks(self) -> Iterator[bytes]: ...


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
    most: int | None = None,
) -> StoredFile:
    """Check a file and keep it with a matter, which the caller has locked through its gate.

    The bytes are on disk before the row is; a rollback leaves at most bytes that no row names.

    :param allowed: the kinds of content taken here, keys of ``documents.file_types.TYPES``.
    :param most: bytes; without it the limit of uploads.
    :raises Invalid: ``empty_file``, ``file_too_large``, and what ``media_type_of`` refuses.
    """
    name = clean_name(upload.name or "")
    with incoming() as file:
        digest, media_type = _checked(file, upload, name, allowed, most or settings.FILE_SIZE_LIMIT)
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
        digest, media_type = _checked(file, upload, name, allowed, settings.FILE_SIZE_LIMIT)
        file.seek(0)
        return ReceivedFile(name, file.read(), digest, media_type)


def _checked(file: IO[bytes], upload: Upload, name: str, allowed: Collection[str], most: int) -> tuple[Digest, str]:
    """The hashes and the media type of an upload, copied to ``file``; refusals name the upload."""
    try:
        digest = digest_of(upload.chunks(), copy_to=file, most=most)
        if digest.size == 0:
            raise refused_file(_("这个文件是空的（0字节）。请核对后重新选择。"), code="empty_file")
        file.flush()
        return digest, media_type_of(file, name, allowed)
    except ContentTooLarge:
        why = _("文件超过%(limit)s MB（本系统默认值，可以配置），不能上传。请压缩或者拆分后再上传。")
        refusal = refused_file(why % {"limit": most // 2**20}, code="file_too_large")
    except Invalid as found:
        refusal = found
    raise refused_file(_("“%(name)s”：%(why)s") % {"name": name, "why": refusal.detail}, refusal.code)
