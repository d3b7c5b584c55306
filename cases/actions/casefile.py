"""The file of a case is bound by a worker, looked at, and the case archived with it (程序规定第七十八条).

A file waits as a row. Whoever claims it renews a lease with every document; a worker that is killed leaves nothing but
the row, and the next one begins anew from the same records.
"""

import gc
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import SystemActor, User
from audit.actions import Actor, record
from cases.actions.moves import KIND, begin, move
from cases.file_items import items_of
from cases.models import Case, CaseFile
from cases.papers import common_of
from cases.queries.casefile import last_move_of, ready_file, require_binding, waiting_files
from cases.queries.matter import lock_case
from cases.states import matter as states
from cases.states.casefile import FAIL_FILE, FINISH_FILE, REQUEST_FILE, CaseFileState
from cases.volumes import Entry, Item, Volume, Words, catalogue, missing, ordered
from core.errors import Invalid, Refusal, WrongState
from core.transitions import Transition, in_record
from deadlines.actions.clocks import local_day
from documents.actions.files import store_file
from documents.binding import Unprintable, bind, pages_of, picture_pdf, words_pdf
from documents.file_types import IMAGES, TYPES
from documents.form_kinds import form_kind
from documents.models import Paper, StoredFile
from documents.pdf import pdf_of
from documents.queries.files import open_content
from documents.queries.papers import content_of, template_for
from documents.templating import fill
from documents.typed_fields import day_in_words, printed_fields

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
WORKER = SystemActor("cases.bind_files")
WRITTEN = "本页由系统根据办案记录生成。"
PURPOSE = "case_file"
MOST_BYTES = 2 * 2**30

log = structlog.get_logger()


@transaction.atomic
def request_file(*, case_id: int, actor: User, at: datetime) -> CaseFile:
    """Have the volumes of a case bound as everything stands now; possible in every state, as a look at what is missing.

    :raises NotFound, NotPermitted: :raises WrongState: ``file_in_the_making``.
    """
    case = lock_case(actor, case_id)
    require_binding(actor, case)
    file = CaseFile.objects.create(case=case, requested_by=actor, requested_at=at, last_move=last_move_of(case))
    _note(file, REQUEST_FILE, actor, at)
    return file


@transaction.atomic
def archive_case(*, case_id: int, actor: User, at: datetime) -> Case:
    """Archive a closed case with its bound file. After that nothing is recorded but remedies, what they lead to, refunds
    of money paid, and that the decision was set aside, which opens the case again.

    :raises NotFound, NotPermitted: :raises WrongState: ``no_case_file``, ``case_file_stale``, and ``file_incomplete``
        names what is missing.
    """
    case = begin(actor, case_id, states.ARCHIVE)
    file = ready_file(case)
    if lacking := missing(items_of(case), outcome=case.outcome, procedure=case.procedure):
        raise WrongState(
            _("案卷缺少：%(what)s（程序规定第七十八条；应有的材料为本系统默认）。请补齐后重新生成案卷。")
            % {"what": _("、").join(str(each) for each in lacking)},
            code="file_incomplete",
        )
    case.archived_on = local_day(at)
    return move(case, states.ARCHIVE, actor, at, f"案卷共{file.pages}页")


def bind_files(*, clock: Callable[[], datetime]) -> int:
    """Bind whatever waits, one file after the other; how many were worked on.

    :raises Refusal: never; it ends that one file as failed.
    """
    count = 0
    while (file := _claim(clock())) is not None:
        count += 1
        with (
            translation.override("zh-hans"),
            TemporaryDirectory() as folder,
        ):  # a file is kept in the language of the record
            try:
                _bind(file, Path(folder), clock)
            except Refusal as refusal:
                _fail(file, refusal.detail, clock())
    return count


def _claim(at: datetime) -> CaseFile | None:
    for file in waiting_files(at)[:10]:
        if file.attempts >= MOST_ATTEMPTS:
            _fail(file, _("生成三次都没有完成，请联系系统管理员查看日志。"), at)
            continue
        held = waiting_files(at).filter(pk=file.pk)
        if held.update(lease_ends_at=at + LEASE, state=CaseFileState.BUILDING, attempts=F("attempts") + 1):
            return CaseFile.objects.select_related("case").get(pk=file.pk)
    return None


def _bind(file: CaseFile, folder: Path, clock: Callable[[], datetime]) -> None:
    case = Case.objects.select_related(
        "office", "authority", "lead", "lead__owner", "owner", "second_officer", "reviewer"
    ).get(pk=file.case_id)
    items = items_of(case)
    file.total = len(items)
    volumes: list[tuple[str, Path, list[Entry]]] = []
    originals: dict[int, StoredFile] = {}
    for volume in Volume.values:
        parts: list[Path] = []
        pages: list[int] = []
        here = ordered(items, volume)
        for item in here:
            part = folder / f"{volume}-{len(parts):04d}.pdf"
            pages.append(_print(item, part))
            parts.append(part)
            if isinstance(item.source, StoredFile):
                originals[item.source.pk] = item.source
            _renew(file, clock())
        entries = catalogue(here, pages)
        if entries:
            volumes.append((volume, _volume(case, volume, entries, parts, folder, clock()), entries))
    if not volumes:
        raise Invalid(_("本案还没有可以立卷的材料。"), code="nothing_to_bind", field="case")
    manifest = [_row(entry) for _volume_name, _path, entries in volumes for entry in entries]
    bundle = _bundle(folder, volumes, originals, manifest)
    _finish(file, volumes, bundle, manifest, clock())


def _print(item: Item, to: Path) -> int:
    """The item as a PDF, and its pages; a slip where there is nothing to print."""
    if isinstance(item.source, Words):
        to.write_bytes(words_pdf(item.title, item.source.rows, WRITTEN))
    elif isinstance(item.source, Paper):
        assert item.source.file is not None  # noqa: S101 - a constraint: an issued paper has its file
        to.write_bytes(pdf_of(content_of(item.source.file)).content)
    elif isinstance(item.source, StoredFile):
        return _print_file(item, item.source, to)
    return pages_of(to)


def _print_file(item: Item, file: StoredFile, to: Path) -> int:
    try:
        with open_content(file) as content:
            if file.media_type == TYPES["pdf"].media_type:
                to.write_bytes(content.read())
            elif file.media_type in IMAGES:
                to.write_bytes(picture_pdf(content, item.title))
            elif file.media_type == TYPES["docx"].media_type:
                to.write_bytes(pdf_of(content.read()).content)
            else:
                raise Unprintable
        return pages_of(to)
    except (Unprintable, Invalid):
        rows = (
            ("文件名", file.name), ("类型", file.media_type), ("大小", f"{file.size}字节"), ("SHA-256", file.sha256),
            ("SM3", file.sm3),
        )  # fmt: skip
        to.write_bytes(
            words_pdf(item.title, rows, "此件不能直接印入案卷，原件见案卷压缩包“原件”文件夹，以上列校验值为准。")
        )
        return pages_of(to)


def _volume(
    case: Case, volume: str, entries: list[Entry], parts: list[Path], folder: Path, at: datetime
) -> Path:  # fmt: skip
    """Cover, catalogue, the numbered documents, the note at the end."""
    common = {
        **common_of(case, on=local_day(at)),
        "卷内件数": str(len(entries)),
        "卷内页数": str(entries[-1].last),
        "目录": [
            {
                "序号": str(entry.order), "文号": entry.item.number, "责任者": entry.item.author, "题名": entry.item.title,
                "日期": entry.item.on.isoformat() if entry.item.on else "", "页号": entry.pages, "备注": "",
            }
            for entry in entries
        ],
    }  # fmt: skip
    cover, listing, note = (
        _form(case, key, common) for key in ("case_file_cover", "case_file_catalogue", "case_file_note")
    )
    to = folder / f"{volume}.pdf"
    gc.collect()  # a PDF that was read holds itself in a circle, and here memory counts
    bind([cover, listing], parts, [note], to, title=f"{case.number} {in_record(Volume(volume).label)}")
    return to


def _form(case: Case, key: str, common: Mapping[str, Any]) -> bytes:
    kind = form_kind(key)
    context = {**common, **printed_fields(kind, {}, common), "文号": "", "日期": day_in_words(case.closed_on)}
    return pdf_of(fill(content_of(template_for(case.authority, key).file), context)).content


def _row(entry: Entry) -> dict[str, object]:
    """A line of the manifest; hashes are those of the original, where there is one."""
    item = entry.item
    source = item.source.file if isinstance(item.source, Paper) else item.source
    file = source if isinstance(source, StoredFile) else None
    return {
        "volume": str(item.volume), "place": item.place, "order": entry.order, "title": item.title,
        "number": item.number, "on": item.on.isoformat() if item.on else None, "first": entry.first, "last": entry.last,
        "file": file.name if file else None, "sha256": file.sha256 if file else None, "sm3": file.sm3 if file else None,
    }  # fmt: skip


def _bundle(
    folder: Path,
    volumes: list[tuple[str, Path, list[Entry]]],
    originals: dict[int, StoredFile],
    manifest: list[dict[str, object]],
) -> Path:
    """A ZIP of the volumes, the originals, the manifest and the sums of all of them by SHA-256."""
    to, sums = folder / "bundle.zip", []
    with zipfile.ZipFile(to, "w") as bundle:
        for name, content in _contents(volumes, originals, manifest):
            info = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            sums.append(_copy(bundle, info, content))
        lines = "".join(f"{digest}  {name}\n" for name, digest in sums)
        bundle.writestr(zipfile.ZipInfo("SHA256SUMS", (2000, 1, 1, 0, 0, 0)), lines)
    return to


def _contents(
    volumes: list[tuple[str, Path, list[Entry]]], originals: dict[int, StoredFile], manifest: list[dict[str, object]]
) -> Iterator[tuple[str, Path | StoredFile | bytes]]:
    for volume, path, _entries in volumes:
        yield f"{in_record(Volume(volume).label)}.pdf", path
    for pk, file in sorted(originals.items()):
        yield f"原件/{pk}_{file.name}", file
    yield "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def _copy(bundle: zipfile.ZipFile, info: zipfile.ZipInfo, content: Path | StoredFile | bytes) -> tuple[str, str]:
    digest = sha256()
    source = (
        content.open("rb") if isinstance(content, Path)
        else open_content(content) if isinstance(content, StoredFile) else BytesIO(content)
    )  # fmt: skip
    with source, bundle.open(info, "w") as target:
        while chunk := source.read(2**20):
            digest.update(chunk)
            target.write(chunk)
    return info.filename, digest.hexdigest()


def _renew(file: CaseFile, at: datetime) -> None:
    file.done += 1
    CaseFile.objects.filter(pk=file.pk, state=CaseFileState.BUILDING).update(
        done=file.done, total=file.total, lease_ends_at=at + LEASE
    )


@transaction.atomic
def _finish(
    file: CaseFile,
    volumes: list[tuple[str, Path, list[Entry]]],
    bundle: Path,
    manifest: list[dict[str, object]],
    at: datetime,
) -> None:
    """Keep the results, unless another worker was quicker."""
    held = CaseFile.objects.select_for_update(of=("self",)).select_related("case", "requested_by").get(pk=file.pk)
    if held.state != CaseFileState.BUILDING:
        return
    number = held.case.number
    paths = {volume: (path, f"{number} {in_record(Volume(volume).label)}.pdf", "pdf") for volume, path, _e in volumes}
    paths["bundle"] = (bundle, f"{number} 案卷.zip", "zip")
    for part, (path, name, kind) in paths.items():
        setattr(held, part, _keep(held, path, name, kind, at))
    held.state, held.finished_at, held.lease_ends_at = CaseFileState.READY, at, None
    held.manifest, held.done, held.total = manifest, file.done, file.total
    held.pages = sum(entries[-1].last for _volume, _path, entries in volumes)
    held.save()
    _note(held, FINISH_FILE, WORKER, at)


def _keep(file: CaseFile, path: Path, name: str, kind: str, at: datetime) -> StoredFile:
    with path.open("rb") as content:
        return store_file(
            upload=File(content, name=name), subject_kind=PURPOSE, subject_id=file.pk, purpose=PURPOSE,
            actor=file.requested_by, at=at, allowed=(kind,), most=MOST_BYTES,
        )  # fmt: skip


@transaction.atomic
def _fail(file: CaseFile, why: str, at: datetime) -> None:
    held = CaseFile.objects.select_for_update(of=("self",)).select_related("case").get(pk=file.pk)
    if not held.is_running:
        return
    held.state, held.failure, held.finished_at, held.lease_ends_at = CaseFileState.FAILED, why[:500], at, None
    held.save()
    log.info("case_file_failed", case=held.case_id, why=why)
    _note(held, FAIL_FILE, WORKER, at)


def _note(file: CaseFile, row: Transition, actor: Actor, at: datetime) -> None:
    record(
        verb=f"cases.{row.name}", actor=actor, at=at, subject_kind=KIND, subject_id=file.case_id,
        subject_label=file.case.number, file=file.pk, state=file.state,
    )  # fmt: skip
