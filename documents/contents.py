"""Where the bytes of stored files lie: one file per content, named by its SHA-256, written once and never altered."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.conf import settings

CHUNK = 2**20


@dataclass(frozen=True)
class Digest:
    """What identifies a content: its size in bytes and both hashes in hexadecimal (SM3 is GB/T 32905)."""

    size: int
    sha256: str
    sm3: str


class ContentTooLarge(Exception):  # noqa: N818 - named for what happened, and always answered by a refusal
    """More bytes came than may be kept."""


def place_of(digest: str) -> Path:
    return settings.FILES_DIR / digest[:2] / digest[2:]


def digest_of(chunks: Iterable[bytes], *, copy_to: IO[bytes] | None = None, most: int | None = None) -> Digest:
    """Read once: both hashes, a copy if wanted.

    :raises ContentTooLarge: as soon as more than ``most`` bytes came.
    """
    size, first, second = 0, sha256(), Hash(SM3())
    for chunk in chunks:
        size += len(chunk)
        if most is not None and size > most:
            raise ContentTooLarge
        first.update(chunk)
        second.update(chunk)
        if copy_to is not None:
            copy_to.write(chunk)
    return Digest(size, first.hexdigest(), second.finalize().hex())


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


@contextmanager
def incoming() -> Iterator[IO[bytes]]:
    """A file beside the others, for bytes nobody has looked at yet; it is gone afterwards unless :func:`keep` took it."""
    folder = settings.FILES_DIR / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, delete=False) as file:
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


def keep(file: IO[bytes], digest: Digest) -> None:
    """Give the bytes their lasting place, on disk before the caller's transaction can commit.

    A content already there stays; if somebody has altered it, the true bytes take its place.
    """
    place = place_of(digest.sha256)
    if is_intact(digest):
        return
    file.flush()
    os.fchmod(file.fileno(), 0o440)
    os.fsync(file.fileno())
    place.parent.mkdir(exist_ok=True)
    os.replace(file.name, place)
    for folder in (place.parent, settings.FILES_DIR):
        _sync_folder(folder)


def is_intact(digest: Digest) -> bool:
    """Whether the stored bytes are there and still the same, by both hashes."""
    try:
        with place_of(digest.sha256).open("rb") as file:
            return digest_of(chunks_of(file)) == digest
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
