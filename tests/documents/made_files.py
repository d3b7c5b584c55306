"""Small files of every kind, made byte by byte."""

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
WEBP = b"RIFF" + struct.pack("<I", 16) + b"WEBPVP8L" + struct.pack("<I", 4) + b"\x2f\0\0\0"
MP4 = struct.pack(">I", 24) + b"ftypisom\0\0\2\0isomiso2" + struct.pack(">I", 12) + b"mdat1234"
MP3 = b"ID3\x03\0\0\0\0\0\0" + b"\xff\xfb\x90\x00" + bytes(400)
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_WORD = b"application/vnd.ms-word.document.macroEnabled.main+xml"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)
JPEG = (
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0"
    + b"scan\xff\0data\xff\xd0more"
    + b"\xff\xd9"
)


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def archive(parts: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return out.getvalue()


def docx(more: Mapping[str, bytes] | None = None, *, main: bytes = WORD) -> bytes:
    types = b'<Types><Override PartName="/word/document.xml" ContentType="' + main + b'"/></Types>'
    return archive({"[Content_Types].xml": types, "word/document.xml": b"<w:document/>", **(more or {})})


def xlsx() -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "海风食品有限公司")
    return out.getvalue()


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of 512-byte sectors: the table, the directory, then each stream padded to 4096 bytes."""
    bodies = {name: body.ljust(max(4096, -(-len(body) // 512) * 512), b"\0") for name, body in streams.items()}
    rows = -(-(len(bodies) + 1) // 4)
    table = [0xFFFFFFFD, *range(2, rows + 1), 0xFFFFFFFE]
    entries, content = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)], b""
    for name, body in bodies.items():
        start, sectors = len(table), len(body) // 512
        entries.append(_entry(name, 2, start, len(body)))
        table += [*range(start + 1, start + sectors), 0xFFFFFFFE]
        content += body
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    sectors_of_table = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    return head + sectors_of_table + b"".join(entries).ljust(rows * 512, b"\0") + content


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    words = name.encode("utf-16-le")
    entry = (
        words.ljust(64, b"\0") + struct.pack("<HBB", len(words) + 2, kind, 1) + struct.pack("<III", *[2**32 - 1] * 3)
    )
    return entry.ljust(116, b"\0") + struct.pack("<IQ", start, size)


def word_head(flags: int = 0) -> bytes:
    return struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, flags)


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def workbook(*records: bytes) -> bytes:
    return record(0x809, bytes(16)) + b"".join(records) + record(0x0A)


def sheet(kind: int) -> bytes:
    return record(0x85, bytes(5) + bytes([kind]) + b"\x05\0Sheet")


DOC = compound_file({"WordDocument": word_head()})
XLS = compound_file({"Workbook": workbook(sheet(0))})
