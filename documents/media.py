"""Images and films walked from their first byte to their last, so that nothing can hide behind the picture.

Each check takes the whole content and raises ``broken_file`` or ``mixed_content``.
"""

import re
import struct

from documents.file_refusals import Content, broken, mixed

PNG_HEAD = 8
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)  # in scan data: neither stuffing nor restart
JPEG_START, JPEG_END, JPEG_SCAN = 0xD8, 0xD9, 0xDA
GIF_EXTENSION, GIF_IMAGE, GIF_END = 0x21, 0x2C, 0x3B


def whole_png(content: Content) -> None:
    """:raises Invalid:"""
    place, kind = PNG_HEAD, b""
    while kind != b"IEND":
        (length,), kind = _unpacked(">I", content, place), content[place + 4 : place + 8]
        place += 12 + length
    _require_end(content, place)


def whole_jpeg(content: Content) -> None:
    """One picture, or several one after another as cameras append previews (CIPA DC-007).

    :raises Invalid:
    """
    place = _end_of_jpeg(content, 0)
    while content[place : place + 2] == b"\xff\xd8":
        place = _end_of_jpeg(content, place)
    _require_end(content, place)


def _end_of_jpeg(content: Content, start: int) -> int:
    place = start + 2
    while True:
        lead, marker = _unpacked(">BB", content, place)
        if lead != 0xFF:
            raise broken()
        if marker == JPEG_END:
            return place + 2
        if marker == 0xFF:  # a fill byte before the marker
            place += 1
            continue
        (length,) = _unpacked(">H", content, place + 2)
        place += 2 + length
        if marker == JPEG_SCAN:
            found = NEXT_MARKER.search(content, place)
            if found is None:
                raise broken()
            place = found.start()


def whole_gif(content: Content) -> None:
    """:raises Invalid:"""
    place = 13 + _colours(content, 10)
    while True:
        (kind,) = _unpacked("B", content, place)
        if kind == GIF_END:
            _require_end(content, place + 1)
            return
        if kind == GIF_EXTENSION:
            place += 2
        elif kind == GIF_IMAGE:
            place += 11 + _colours(content, place + 9)
        else:
            raise broken()
        place = _end_of_blocks(content, place)


def _colours(content: Content, flags_at: int) -> int:
    """The bytes of the colour table its flags announce."""
    (flags,) = _unpacked("B", content, flags_at)
    return int(3 << ((flags & 7) + 1)) if flags & 0x80 else 0


def _end_of_blocks(content: Content, place: int) -> int:
    while True:
        (length,) = _unpacked("B", content, place)
        place += 1 + length
        if not length:
            return place


def whole_webp(content: Content) -> None:
    """:raises Invalid:"""
    (length,) = _unpacked("<I", content, 4)
    _require_end(content, 8 + length + length % 2)


def whole_mp4(content: Content) -> None:
    """:raises Invalid:"""
    place = 0
    while place < len(content):
        (length,), kind = _unpacked(">I", content, place), content[place + 4 : place + 8]
        if length == 1:
            (length,) = _unpacked(">Q", content, place + 8)
        if length == 0:  # the box runs to the end of the file
            return
        if length < 8 or not re.fullmatch(rb"[\x20-\x7e\xa9]{4}", kind):
            raise mixed()
        place += length
    if place != len(content):
        raise broken()


def _unpacked(layout: str, content: Content, place: int) -> tuple[int, ...]:
    try:
        return struct.unpack_from(layout, content, place)
    except struct.error:
        raise broken() from None


def _require_end(content: Content, place: int) -> None:
    if place > len(content):
        raise broken()
    if content[place:].strip(b"\0"):
        raise mixed()
