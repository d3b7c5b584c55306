"""Office files of the old binary format ([MS-CFB], [MS-DOC], [MS-XLS]): which kind, without macros, not encrypted."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from documents.file_refusals import Content, broken, encrypted, with_macros

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
LAST = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
FREE = 0xFFFFFFFF
MACRO_STORAGES = {"macros", "vba", "_vba_project_cur", "_vba_project"}
SMALLEST_STREAM = 4096  # a smaller one lives in the mini stream; Word and Excel pad theirs to this
WORD_ENCRYPTED = 0x0100
FILEPASS, BOUNDSHEET, END_OF_RECORDS = 0x2F, 0x85, 0x0A
MACRO_SHEETS = {1, 6}  # an Excel 4.0 macro sheet, a Visual Basic module


@dataclass(frozen=True)
class Stream:
    start: int
    size: int


class CompoundFile:
    """The directory of a compound file, and its streams by name in lower case."""

    def __init__(self, content: Content) -> None:
        (shift,) = struct.unpack_from("<H", content, 30)
        if shift not in (9, 12):
            raise broken()
        self.content, self.sector = content, 1 << shift
        self.next = self._allocation()
        used = max(sector for sector, following in enumerate(self.next) if following != FREE)
        if (used + 1) * self.sector >= len(content):
            raise broken()
        (first,) = struct.unpack_from("<I", content, 48)
        self.streams = dict(self._entries(first))

    def bytes_of(self, stream: Stream, most: int) -> bytes:
        found = b"".join(self._sectors(stream.start, most // self.sector + 1))
        return found[: min(stream.size, most)]

    def _allocation(self) -> tuple[int, ...]:
        """The allocation table: for each sector the one that follows it."""
        (listed,) = struct.unpack_from("<I", self.content, 68)
        sectors = list(struct.unpack_from("<109I", self.content, 76))
        for _turn in range(len(self.content) // self.sector):
            if listed >= LAST:
                break
            *more, listed = self._numbers(listed)
            sectors += more
        return tuple(number for sector in sectors if sector < LAST for number in self._numbers(sector))

    def _numbers(self, sector: int) -> tuple[int, ...]:
        return struct.unpack_from(f"<{self.sector // 4}I", self.content, (sector + 1) * self.sector)

    def _sectors(self, sector: int, most: int) -> Iterator[bytes]:
        for _turn in range(min(most, len(self.next))):
            if sector >= LAST:
                return
            yield self.content[(sector + 1) * self.sector : (sector + 2) * self.sector]
            sector = self.next[sector]

    def _entries(self, first: int) -> Iterator[tuple[str, Stream]]:
        for sector in self._sectors(first, len(self.next)):
            for place in range(0, len(sector) - 127, 128):
                (length,) = struct.unpack_from("<H", sector, place + 64)
                name = sector[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                start, size = struct.unpack_from("<II", sector, place + 116)
                if name:
                    yield name.lower(), Stream(start, size)


def kind_of_compound(content: Content) -> str:
    """``doc``, ``xls``; ``ole`` for anything else in this format, such as an installer or a saved mail.

    :raises Invalid: ``macro_file``, ``encrypted_file``, ``broken_file``.
    """
    try:
        file = CompoundFile(content)
        return _kind(file)
    except (struct.error, IndexError, ValueError):
        raise broken() from None


def _kind(file: CompoundFile) -> str:
    names = file.streams.keys()
    if names & MACRO_STORAGES:
        raise with_macros()
    if names & {"encryptioninfo", "encryptedpackage"}:
        raise encrypted()
    if word := file.streams.get("worddocument"):
        _require_readable_word(file.bytes_of(word, SMALLEST_STREAM))
        return "doc"
    if book := file.streams.get("workbook") or file.streams.get("book"):
        _require_readable_book(file.bytes_of(book, book.size))
        return "xls"
    return "ole"


def _require_readable_word(head: bytes) -> None:
    (flags,) = struct.unpack_from("<H", head, 10)
    if flags & WORD_ENCRYPTED:
        raise encrypted()


def _require_readable_book(book: bytes) -> None:
    """Read the records of the workbook's globals: up to the first end mark."""
    place, kind = 0, -1
    while kind != END_OF_RECORDS:
        kind, length = struct.unpack_from("<HH", book, place)
        if kind == FILEPASS:
            raise encrypted()
        if kind == BOUNDSHEET and book[place + 9] in MACRO_SHEETS:
            raise with_macros()
        place += 4 + length
