"""Table: content and name in, media type or refusal out."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from unittest.mock import patch
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis.strategies import binary, sampled_from, text

from core.errors import Invalid
from documents import packages
from documents.file_types import EVIDENCE, LONGEST_NAME, TYPES, clean_name, media_type_of
from tests.documents import made_files as made

GOOD = {
    "扫描件.pdf": made.PDF, "图.png": made.PNG, "照片.JPG": made.JPEG, "照片.jpeg": made.JPEG, "动.gif": made.GIF,
    "图.webp": made.WEBP, "笔录.docx": made.docx(), "台账.xlsx": made.xlsx(), "旧.doc": made.DOC, "旧.xls": made.XLS,
    "说明.txt": "过期食品".encode(), "说明2.txt": "过期食品".encode("gb18030"), "表.csv": "名称,数量\n甲,1\n".encode("utf-8-sig"),
    "录像.mp4": made.MP4, "录音.mp3": made.MP3,
}  # fmt: skip
HTML = b"<html><script>alert(1)</script></html>"
ZIP = made.archive({"a.txt": b"a"})


def decided(content: bytes, name: str, allowed: tuple[str, ...] = EVIDENCE) -> str:
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        return media_type_of(file, name, allowed)


def code_of(content: bytes, name: str) -> str:
    with pytest.raises(Invalid) as caught:
        decided(content, name)
    assert caught.value.field == "upload"
    assert "。" in caught.value.detail
    return caught.value.code


@pytest.mark.parametrize("name", GOOD)
def test_every_allowed_kind_is_known_by_its_content(name: str) -> None:
    ending = name.rpartition(".")[2].lower()
    assert decided(GOOD[name], name) == TYPES["jpg" if ending == "jpeg" else ending].media_type


@pytest.mark.parametrize("name", GOOD)
def test_no_kind_passes_under_the_ending_of_another(name: str) -> None:
    for other in sorted({ending for found in TYPES.values() for ending in found.endings} | {"exe", "", "html"}):
        fits = any(other in found.endings and found.media_type == decided(GOOD[name], name) for found in TYPES.values())
        if not fits and not (name.endswith((".txt", ".csv")) and other in ("txt", "csv")):
            assert code_of(GOOD[name], f"x.{other}") == "type_mismatch"


def test_a_kind_that_is_not_on_the_list_is_refused_whatever_its_name() -> None:
    program = b"MZ\x90\0" + bytes(200)
    script = b"<?xml version='1.0'?><svg onload='alert(1)'/>"
    for content in (program, HTML, b" \n" + HTML, script, b"\x7fELF" + bytes(60), ZIP, b"Rar!\x1a\x07\0", bytes(20)):
        for name in ("a.pdf", "a.txt", "a.csv", "a.png", "a.exe", "a"):
            assert code_of(content, name) == "type_not_allowed"
    assert decided(ZIP, "a.zip", ("zip",)) == "application/zip"
    with pytest.raises(Invalid, match="可以上传的有：pdf。"):
        decided(made.PNG, "a.png", ("pdf",))


@pytest.mark.parametrize("tail", [ZIP, HTML, b"<?php system('id');", made.PDF, b"x"])
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif", "a.webp", "a.pdf"])
def test_nothing_may_follow_the_end_of_a_picture_or_paper(name: str, tail: bytes) -> None:
    content = {"a.png": made.PNG, "a.jpg": made.JPEG, "a.gif": made.GIF, "a.webp": made.WEBP, "a.pdf": made.PDF}[name]
    if not (name == "a.pdf" and tail == made.PDF):  # a PDF may be saved again at its end
        assert code_of(content + tail, name) == "mixed_content"


def test_what_may_follow_is_padding_and_the_preview_a_camera_adds() -> None:
    assert decided(made.JPEG + made.JPEG, "a.jpg") == "image/jpeg"
    assert decided(made.PNG + bytes(8), "a.png") == "image/png"
    assert decided(made.PDF + b"\r\n\0", "a.pdf") == "application/pdf"


def test_an_archive_hidden_in_the_middle_is_found_by_its_end_record() -> None:
    hidden = bytearray(made.PDF[:-6] + ZIP + b"\n%%EOF\n")
    hidden[-9:-7] = (7).to_bytes(2, "little")
    assert code_of(bytes(hidden), "a.pdf") == "mixed_content"
    assert code_of(made.MP3 + ZIP, "a.mp3") == "mixed_content"
    assert code_of(made.MP4 + ZIP, "a.mp4") == "mixed_content"
    longest = ZIP[:-2] + (0xFFFF).to_bytes(2, "little") + bytes(0xFFFF)
    assert code_of(made.MP3 + longest, "a.mp3") == "mixed_content"


@pytest.mark.parametrize("name", [name for name in GOOD if not name.endswith(("txt", "csv", "mp3"))])
def test_a_file_cut_short_is_refused_and_never_a_defect(name: str) -> None:
    content = GOOD[name]
    sectors = name.endswith((".doc", ".xls"))
    for length in range(1, len(content) - (512 if sectors else 1), max(1, len(content) // 60)):
        if name.endswith(".mp4") and length == 24:  # the end of its first box
            continue
        assert code_of(content[:length], name) in {
            "broken_file", "type_not_allowed", "type_mismatch", "mixed_content", "encrypted_file"
        }  # fmt: skip


@given(content=binary(min_size=1, max_size=200), start=sampled_from([*GOOD.values()]), at=sampled_from(range(0, 60, 3)))
def test_noise_is_refused_or_kept_and_never_a_defect(content: bytes, start: bytes, at: int) -> None:
    for name in ("a.pdf", "a.docx", "a.doc", "a.xls", "a.gif", "a.mp4"):
        try:
            decided(start[:at] + content + start[at + len(content) :], name)
        except Invalid:
            continue


def test_macros_are_refused_wherever_they_sit() -> None:
    assert code_of(made.docx(main=made.MACRO_WORD), "a.docx") == "macro_file"
    assert code_of(made.docx({"word/vbaProject.bin": b"x"}), "a.docx") == "macro_file"
    assert code_of(made.docx({"xl/macrosheets/sheet1.xml": b"x"}), "a.docx") == "macro_file"
    assert code_of(made.docx({"word/embeddings/Book1.xlsx": made.docx(main=made.MACRO_WORD)}), "a.docx") == "macro_file"
    with_project = made.compound_file({"WordDocument": made.word_head(), "Macros": b"", "VBA": b""})
    assert code_of(with_project, "a.doc") == "macro_file"
    assert code_of(made.docx({"word/embeddings/oleObject1.bin": with_project}), "a.docx") == "macro_file"
    old_macros = made.compound_file({"Workbook": made.workbook(made.sheet(0), made.sheet(1))})
    assert code_of(old_macros, "a.xls") == "macro_file"


def test_what_cannot_be_looked_into_is_refused() -> None:
    sealed = made.compound_file({"EncryptionInfo": b"x", "EncryptedPackage": b"x"})
    assert code_of(sealed, "a.docx") == "encrypted_file"
    assert code_of(made.compound_file({"WordDocument": made.word_head(0x0100)}), "a.doc") == "encrypted_file"
    assert code_of(made.compound_file({"Workbook": made.workbook(made.record(0x2F))}), "a.xls") == "encrypted_file"
    assert code_of(made.compound_file({"Other": b"x"}), "a.doc") == "type_not_allowed"


def test_a_package_that_bursts_is_refused_before_it_is_unpacked() -> None:
    swollen = made.docx({"word/media/image1.bmp": bytes(packages.BYTES_OF_A_SMALL_ONE + 1)})
    assert code_of(swollen, "a.docx") == "archive_bomb"
    with patch.object(packages, "MOST_ENTRIES", 3):
        assert code_of(made.docx({"a": b"", "b": b""}), "a.docx") == "archive_bomb"
    with patch.object(packages, "MOST_BYTES", 100):
        assert code_of(made.docx(), "a.docx") == "archive_bomb"


def test_parts_that_share_their_bytes_are_a_bomb() -> None:
    out = BytesIO(made.docx({"a.bin": bytes(range(256)) * 40}))
    with ZipFile(out, "a") as package:
        shared = package.getinfo("a.bin")
        package.filelist += [shared, shared]
        package._didModify = True  # type: ignore[attr-defined]  # writes the directory anew, as a forger would
    assert code_of(out.getvalue(), "a.docx") == "archive_bomb"


def test_a_package_lies_neither_before_nor_behind_other_bytes() -> None:
    assert code_of(made.docx() + HTML, "a.docx") == "mixed_content"
    assert code_of(made.docx()[:4] + b"\0" * 9 + made.docx(), "a.docx") in {"mixed_content", "broken_file"}
    assert code_of(HTML + made.docx(), "a.docx") == "type_not_allowed"


def test_an_archive_within_a_document_is_refused_and_the_table_of_a_chart_is_not() -> None:
    chart = made.docx({"word/embeddings/Sheet1.xlsx": made.xlsx()})
    assert decided(chart, "a.docx").endswith("document")
    assert code_of(made.docx({"word/media/a.zip": ZIP}), "a.docx") == "nested_archive"
    assert code_of(made.docx({"word/embeddings/a.docx": chart}), "a.docx") == "nested_archive"


def test_a_part_whose_check_sum_lies_is_broken() -> None:
    content = bytearray(made.docx())
    place = content.find(b"PK\x01\x02", content.find(b"PK\x01\x02") + 1)
    content[place + 16] ^= 1
    assert code_of(bytes(content), "a.docx") == "broken_file"


@pytest.mark.parametrize(("place", "value"), [(6, 99), (8, 64), (10, 99)], ids=["version", "encryption", "compression"])
def test_a_package_that_python_cannot_unpack_is_broken(place: int, value: int) -> None:
    content = bytearray(made.docx())
    content[content.find(b"PK\x01\x02") + place] = value
    assert code_of(bytes(content), "a.docx") == "broken_file"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\照片\\门头.jpg", "门头.jpg"), ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("发票\u202efdp.exe", "发票fdp.exe"), ("\u200b..", "未命名"), ("", "未命名"), ("a\0.pdf", "a.pdf"), ("  x  y .pdf ", "x y .pdf"),
        ('<"|?*>.txt', "______.txt"), ("长" * 300 + ".docx", "长" * (LONGEST_NAME - 5) + ".docx"),
    ],
)  # fmt: skip
def test_a_name_loses_what_deceives(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(text())
def test_a_clean_name_is_short_printable_and_stays_in_its_folder(name: str) -> None:
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= LONGEST_NAME
    assert Path(cleaned).name == cleaned
    assert cleaned.isprintable() or " " in cleaned
    assert clean_name(cleaned) == cleaned
