"""Reading stored files. The gate is the matter's: an app fetches the matter for the user first, then its files here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.queries import unseen
from core.errors import WrongState
from documents.contents import chunks_of, digest_of, is_intact, place_of
from documents.models import StoredFile

log = structlog.get_logger()


def files_of(subject_kind: str, subject_id: int) -> QuerySet[StoredFile]:
    """The files of a matter the caller has fetched through its gate, in the order they came."""
    files = StoredFile.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return files.select_related("stored_by").order_by("id")


def file_of(subject_kind: str, subject_id: int, file_id: int) -> StoredFile:
    """One file of a matter the caller has fetched through its gate.

    :raises NotFound:
    """
    file = files_of(subject_kind, subject_id).filter(pk=file_id).first()
    if file is None:
        raise unseen(pgettext("in a sentence", "文件"))
    return file


def open_content(file: StoredFile) -> IO[bytes]:
    """The bytes, read through once and still those that were stored; the caller closes it.

    :raises WrongState: ``file_altered``, ``file_missing``; both are logged.
    """
    try:
        content = place_of(file.sha256).open("rb")
    except FileNotFoundError:
        log.error("file_missing", file=file.pk, sha256=file.sha256)
        raise WrongState(_("保存的文件不见了。请联系系统管理员从备份恢复，并保留现场。"), code="file_missing") from None
    if digest_of(chunks_of(content)) != file.digest:
        content.close()
        log.error("file_altered", file=file.pk, sha256=file.sha256)
        raise WrongState(
            _("保存的文件与存入时的校验值不符，可能被改动过，不能提供。请联系系统管理员核查。"), code="file_altered"
        )
    content.seek(0)
    return content


@dataclass(frozen=True)
class FileCheck:
    """What walking all stored contents found: ``altered`` and ``missing`` by SHA-256, ``unnamed`` without any row."""

    contents: int
    altered: tuple[str, ...]
    missing: tuple[str, ...]
    unnamed: int

    @property
    def is_sound(self) -> bool:
        return not self.altered and not self.missing


def check_files() -> FileCheck:
    """Read every stored content again and compare it with what was recorded when it came."""
    altered, missing, contents = [], [], 0
    for file in _one_row_per_content():
        contents += 1
        if not place_of(file.sha256).exists():
            missing.append(file.sha256)
        elif not is_intact(file.digest):
            altered.append(file.sha256)
    lying = sum(1 for _place in settings.FILES_DIR.glob("??/*"))
    return FileCheck(contents, tuple(altered), tuple(missing), lying - contents + len(missing))


def _one_row_per_content() -> Iterator[StoredFile]:
    last = ""
    for file in StoredFile.objects.order_by("sha256", "id").iterator():
        if file.sha256 != last:
            yield file
        last = file.sha256
