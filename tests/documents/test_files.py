"""Files put to a matter: stored once, proved by their hashes, handed out so that nothing in them runs."""

import hashlib
import os
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from accounts.models import User
from audit.models import Entry
from core.errors import Invalid, NotFound, WrongState
from documents.actions.files import store_file
from documents.contents import place_of
from documents.models import StoredFile
from documents.pages.serving import served
from documents.queries.files import check_files, file_of, files_of, open_content
from tests.builders import NOW, SYSTEM, City, make_user
from tests.documents import made_files as made
from tests.refusals import refused

SM3_OF_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905-2016, appendix A.1


@pytest.fixture(autouse=True)
def files_dir(tmp_path: Path) -> Iterator[Path]:
    with override_settings(FILES_DIR=tmp_path / "files"):
        yield tmp_path / "files"


@pytest.fixture
def user(db: None) -> User:
    return make_user("handler")


def stored(
    user: User, content: bytes = made.PDF, name: str = "检查笔录.pdf", subject_id: int = 7, **more: Any
) -> StoredFile:
    return store_file(
        upload=made.upload(content, name), subject_kind="lead", subject_id=subject_id, purpose="material",
        actor=user, at=NOW, **more,
    )  # fmt: skip


def lying(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def alter(file: StoredFile, content: bytes) -> None:
    place = place_of(file.sha256)
    place.chmod(0o600)
    place.write_bytes(content)


def test_a_file_is_stored_with_both_hashes_and_an_audit_entry(user: User, files_dir: Path) -> None:
    file = stored(user, name="C:\\扫描\\检查\u202e笔录.pdf")
    assert (file.name, file.size, file.media_type) == ("检查笔录.pdf", len(made.PDF), "application/pdf")
    assert file.sha256 == hashlib.sha256(made.PDF).hexdigest()
    assert (file.stored_at, file.stored_by) == (NOW, user)
    assert lying(files_dir) == [files_dir / file.sha256[:2] / file.sha256[2:]]
    assert stat.S_IMODE(lying(files_dir)[0].stat().st_mode) == 0o440
    entry = Entry.objects.get(verb="documents.store_file")
    assert (entry.subject_kind, entry.subject_id, entry.actor_id) == ("lead", 7, user.pk)
    assert (entry.facts["file"], entry.facts["sha256"], entry.facts["sm3"]) == (file.pk, file.sha256, file.sm3)
    assert "笔录" not in str(entry.facts) + entry.subject_label


def test_sm3_is_the_one_of_the_standard(user: User) -> None:
    assert stored(user, b"abc", "a.txt").sm3 == SM3_OF_ABC


def test_the_same_bytes_are_kept_once_and_each_row_is_its_own(user: User, files_dir: Path) -> None:
    first, second = stored(user), stored(user, name="另一份.pdf", subject_id=8)
    assert first.pk != second.pk and first.sha256 == second.sha256
    assert len(lying(files_dir)) == 1
    assert [file.name for file in files_of("lead", 7)] == ["检查笔录.pdf"]
    assert file_of("lead", 8, second.pk) == second


def test_a_file_is_reached_only_through_its_own_matter(user: User) -> None:
    file = stored(user)
    for kind, subject_id in (("lead", 8), ("case", 7)):
        with refused(NotFound, "not_found"):
            file_of(kind, subject_id, file.pk)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "empty_file"), (made.PDF, "a.docx", "type_mismatch"), (b"MZ" + bytes(99), "a.pdf", "type_not_allowed"),
        (made.PNG + made.PDF, "a.png", "mixed_content"), (made.PDF[:30], "a.pdf", "broken_file"),
        (made.docx({"word/vbaProject.bin": b"x"}), "a.docx", "macro_file"), (made.MP4, "a.mp4", "type_not_allowed"),
    ],
)  # fmt: skip
def test_a_refused_file_leaves_nothing_behind(
    user: User, files_dir: Path, content: bytes, name: str, code: str
) -> None:
    with refused(Invalid, code, "upload"):
        stored(user, content, name)
    assert lying(files_dir) == []


def test_a_refusal_says_which_of_several_files_it_means(user: User) -> None:
    with pytest.raises(Invalid, match=r"^“空白\.pdf”：这个文件是空的"):
        stored(user, b"", "空白.pdf")


def test_where_more_is_allowed_more_is_taken(user: User) -> None:
    assert stored(user, made.MP4, "a.mp4", allowed=("mp4",)).media_type == "video/mp4"


def test_a_file_that_is_too_large_is_read_no_further_than_the_limit(user: User, files_dir: Path) -> None:
    class Endless:
        name = "a.pdf"
        given = 0

        def chunks(self) -> Iterator[bytes]:
            while True:
                self.given += 1
                yield bytes(2**16)

    upload = Endless()
    with override_settings(FILE_SIZE_LIMIT=2**20), refused(Invalid, "file_too_large", "upload"):
        store_file(upload=upload, subject_kind="lead", subject_id=1, purpose="material", actor=user, at=NOW)
    assert upload.given == 2**20 // 2**16 + 1
    assert lying(files_dir) == []


def test_the_limit_itself_is_allowed(user: User) -> None:
    with override_settings(FILE_SIZE_LIMIT=len(made.PDF)):
        assert stored(user).size == len(made.PDF)
    with override_settings(FILE_SIZE_LIMIT=len(made.PDF) - 1), refused(Invalid, "file_too_large"):
        stored(user)


def test_the_system_may_store_too(db: None) -> None:
    file = store_file(
        upload=made.upload(made.PDF, "a.pdf"), subject_kind="lead", subject_id=1, purpose="letter", actor=SYSTEM, at=NOW
    )
    assert file.stored_by is None


def test_a_rollback_leaves_only_bytes_without_a_row(user: User, files_dir: Path) -> None:
    with transaction.atomic():
        stored(user)
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()
    assert len(lying(files_dir)) == 1
    found = check_files()
    assert (found.is_sound, found.contents, found.unnamed) == (True, 0, 1)


def test_content_is_read_back_as_it_came(user: User) -> None:
    with open_content(stored(user)) as content:
        assert content.read() == made.PDF


def test_an_altered_or_lost_file_is_refused_and_reported(user: User) -> None:
    file, lost, _whole = stored(user), stored(user, made.PNG, "a.png"), stored(user, made.GIF, "a.gif")
    alter(file, made.PDF.replace(b"1.4", b"1.5"))
    place_of(lost.sha256).unlink()
    with refused(WrongState, "file_altered"):
        open_content(file)
    with refused(WrongState, "file_missing"):
        open_content(lost)
    with pytest.raises(CommandError) as caught:
        call_command("verify_files", stdout=StringIO())
    assert caught.value.returncode == 1
    assert str(caught.value) == f"被改动：{file.sha256}\n缺失：{lost.sha256}"


def test_sound_files_are_reported_as_such(user: User) -> None:
    stored(user)
    stored(user)
    out = StringIO()
    call_command("verify_files", stdout=out)
    assert out.getvalue().splitlines() == ["文件内容 1 份；没有记录指向的 0 份。", "一致。"]


def test_the_true_bytes_take_the_place_of_altered_ones_when_they_come_again(user: User) -> None:
    file = stored(user)
    alter(file, b"something else")
    stored(user)
    with open_content(file) as content:
        assert content.read() == made.PDF


def test_a_download_keeps_its_name_and_runs_nothing(user: User) -> None:
    response = served(stored(user, name='检查"笔录".pdf'))
    assert response.getvalue() == made.PDF
    response.close()
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E6%A3%80%E6%9F%A5_%E7%AC%94%E5%BD%95_.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_only_pictures_may_show_in_the_browser(user: User) -> None:
    picture, paper = stored(user, made.PNG, "门头.png"), stored(user, b"text", "a.txt")
    shown, still_a_download = served(picture, inline=True), served(paper, inline=True)
    assert shown["Content-Disposition"].startswith("inline")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert still_a_download["Content-Disposition"].startswith("attachment")
    shown.close()
    still_a_download.close()


def test_no_address_serves_files_as_such(client: Any, city: City) -> None:
    file = stored(city.east_handler)
    client.force_login(city.east_handler)
    for path in (f"/files/{file.pk}/", f"/files/{file.sha256}", f"/media/{file.sha256[:2]}/{file.sha256[2:]}"):
        assert client.get(path).status_code == 404


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everything")
def test_the_stored_bytes_are_read_only(user: User) -> None:
    with pytest.raises(PermissionError):
        place_of(stored(user).sha256).write_bytes(b"")
