"""The worker's part: rows of a file are checked, and after a person's word they come in.

An import waits as a row. Whoever claims it works in chunks, each a transaction that also says how far it got; a worker
that is killed leaves what is committed, and the next one goes on. A row that came in is known by its fingerprint, so
nothing comes in twice however often a chunk is begun.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import SystemActor, User
from clues.actions.ledger import Examiner, LedgerRow, register_leads
from clues.duplicates import Sought, likely_same_many
from core.bulk import append
from core.errors import FieldError, NotPermitted, Refusal, in_one_sentence
from core.transitions import in_record
from exchange import states
from exchange.actions.reading import Read, RowReader
from exchange.actions.steps import cancel_forgotten, end, note
from exchange.columns import BY_NAME
from exchange.models import Import, ImportContent, ImportedRow, ImportProblem
from exchange.queries import known_fingerprints, known_numbers, waiting_imports
from exchange.states import ImportMode, ImportState
from exchange.workbooks import read_table
from informants.queries import key_of_phone

CHUNK = 2000
LEASE = timedelta(minutes=2)  # renewed with every chunk; whoever comes too early waits for the row's lock
MOST_PROBLEMS = 5000
PROBLEM_COLUMNS = ("import_of_id", "row", "field", "code", "detail", "is_warning")
ROW_COLUMNS = ("import_of_id", "row", "fingerprint", "lead_id")
WORKER = SystemActor("exchange.run_imports")

log = structlog.get_logger()


def run_imports(*, clock: Callable[[], datetime]) -> int:
    """Check and bring in whatever waits, one import after the other; how many were worked on."""
    cancel_forgotten(actor=WORKER, at=clock())
    count = 0
    while (of := _claim(clock())) is not None:
        count += 1
        with translation.override("zh-hans"):  # problems are kept in the language of the record
            _run(of, clock)
    return count


def _claim(at: datetime) -> Import | None:
    """The oldest import nobody works on, held for a while."""
    free = Q(lease_ends_at__isnull=True) | Q(lease_ends_at__lt=at)
    for pk in waiting_imports().filter(free).values_list("pk", flat=True)[:10]:
        if waiting_imports().filter(free, pk=pk).update(lease_ends_at=at + LEASE):
            return Import.objects.select_related("office", "office__bureau", "office__parent", "actor").get(pk=pk)
    return None


def _run(of: Import, clock: Callable[[], datetime]) -> None:
    try:
        if of.state == ImportState.CHECKING:
            _check(of, clock)
        elif of.mode == ImportMode.GOOD_ROWS_ONLY:
            for chunk in _chunks(of):
                bring_in(of=of, chunk=chunk, at=clock())
            finish(of=of, at=clock())
        else:
            _bring_in_all(of, clock)
    except Refusal as refusal:
        log.info("import_refused", import_id=of.pk, code=refusal.code)
        refuse(of=of, why=refusal.detail, at=clock())


def _chunks(of: Import) -> Iterator[list[Read]]:
    """The rows of the file not yet finished, some at a time."""
    content = bytes(ImportContent.objects.get(import_of=of).content)
    reader = RowReader(actor=of.actor, office=of.office, mapping=list(of.mapping))
    done = of.place
    rows = (reader.read(place, cells) for place, cells in read_table(content, of.media_type).rows if place > done)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


@dataclass
class _Sorted:
    """A chunk taken apart: what can come in, what is in the register already, what is wrong."""

    good: list[Read] = field(default_factory=list)
    known: list[Read] = field(default_factory=list)
    bad: list[tuple[Read, list[FieldError]]] = field(default_factory=list)


def _sort(chunk: Iterable[Read], seen: dict[str, int], examiner: Examiner) -> _Sorted:
    rows = list(chunk)
    in_register = known_numbers([read.number for read in rows if read.number])
    before = known_fingerprints([read.fingerprint for read in rows if read.fingerprint])
    found = _Sorted()
    for read in rows:
        if read.number in in_register or read.fingerprint in before or read.fingerprint in seen:
            found.known.append(read)
            continue
        errors = read.errors
        if read.row is not None:
            seen[read.fingerprint] = read.place
            errors = _errors(read.row, examiner)
        if errors:
            found.bad.append((read, errors))
        else:
            found.good.append(read)
    return found


def _errors(row: LedgerRow, examiner: Examiner) -> list[FieldError]:
    try:
        return examiner.examine(row)[1]
    except NotPermitted as refusal:
        return [FieldError("office", refusal.code, refusal.detail)]


# ---- checking ---------------------------------------------------------------


def _check(of: Import, clock: Callable[[], datetime]) -> None:
    """From the first row, however far another worker got: nothing it found is kept."""
    of.place = of.total = of.good = of.bad = of.known = of.alike = 0
    of.problems.all().delete()
    content = bytes(ImportContent.objects.get(import_of=of).content)
    of.total = sum(1 for _row in read_table(content, of.media_type).rows)
    seen: dict[str, int] = {}
    for chunk in _chunks(of):
        if not keep_checked(of=of, chunk=chunk, seen=seen, at=clock()):
            return  # somebody cancelled it meanwhile
    finish_check(of=of, at=clock())


@transaction.atomic
def keep_checked(*, of: Import, chunk: list[Read], seen: dict[str, int], at: datetime) -> bool:
    """Check some rows and keep what was found; False when the import is no longer to be checked.

    :param seen: the fingerprints of earlier rows of the file, and where they stand.
    """
    if not _still(of, ImportState.CHECKING):
        return False
    found = _sort(chunk, seen, Examiner(of.actor, at))
    problems = [problem for read, errors in found.bad for problem in _problems(of, read, errors)]
    problems += [
        (
            of.pk,
            read.place,
            "",
            "row_repeated",
            _("与第%(row)s行相同，只导入一次。") % {"row": seen[read.fingerprint]},
            True,
        )
        for read in found.known
        if seen.get(read.fingerprint, read.place) != read.place
    ]
    alike = _alike(of.actor, found.good)
    problems += [
        (of.pk, read.place, "", "likely_duplicate", _("可能与已有线索重复：%(why)s") % {"why": why}, True)
        for read, why in alike
    ]
    left = MOST_PROBLEMS - of.problems.count()
    append(ImportProblem, PROBLEM_COLUMNS, sorted(problems, key=lambda row: row[1])[: max(left, 0)])
    of.good += len(found.good)
    of.bad += len(found.bad)
    of.known += len(found.known)
    of.alike += len(alike)
    of.place, of.lease_ends_at = chunk[-1].place, at + LEASE
    of.save(update_fields=["total", "place", "good", "bad", "known", "alike", "lease_ends_at"])
    return True


@transaction.atomic
def finish_check(*, of: Import, at: datetime) -> None:
    """The file is checked through; a person decides."""
    if _still(of, ImportState.CHECKING):
        of.state, of.lease_ends_at = ImportState.CHECKED, None
        of.save()
        note(of, states.FINISH_CHECK, of.actor, at)


def _problems(of: Import, read: Read, errors: Iterable[FieldError]) -> Iterator[tuple[int, int, str, str, str, bool]]:
    for error in errors:
        name = error.field.replace("region", "region_code") if error.field == "region" else error.field
        yield (of.pk, read.place, _label(name), error.code, error.detail[:500], False)


def _label(name: str) -> str:
    return in_record(BY_NAME[name].label)[:60] if name in BY_NAME else name[:60]


def _alike(actor: User, good: list[Read]) -> list[tuple[Read, str]]:
    rows = [(read, read.row.intake) for read in good if read.row is not None and read.row.past is None]
    sought = [
        Sought(
            intake.party_name, intake.party_code,
            key_of_phone(intake.informant.phone) if intake.informant.phone else "", intake.summary, intake.received_on,
        )
        for _read, intake in rows
    ]  # fmt: skip
    found = likely_same_many(actor, sought)
    return [
        (read, f"{likeness[0].lead.number}") for (read, _intake), likeness in zip(rows, found, strict=True) if likeness
    ]


# ---- bringing in ------------------------------------------------------------


@transaction.atomic
def bring_in(*, of: Import, chunk: list[Read], at: datetime) -> None:
    """Let the good rows of a chunk become leads. A row that has gone bad since it was checked is told as a problem."""
    if not _still(of, ImportState.IMPORTING):
        return
    found = _sort(chunk, {}, Examiner(of.actor, at))
    _register(of, found.good, at)
    of.place, of.lease_ends_at = chunk[-1].place, at + LEASE
    of.save(update_fields=["place", "imported", "lease_ends_at"])


@transaction.atomic
def finish(*, of: Import, at: datetime) -> None:
    """Everything that could come in is in; the file is deleted."""
    if _still(of, ImportState.IMPORTING):
        end(of, states.FINISH, of.actor, at)


def _bring_in_all(of: Import, clock: Callable[[], datetime]) -> None:
    """One transaction for the whole file: killed or refused, it leaves nothing."""
    with transaction.atomic():
        if not _still(of, ImportState.IMPORTING):
            return
        seen: dict[str, int] = {}
        for chunk in _chunks(of):
            found = _sort(chunk, seen, Examiner(of.actor, clock()))
            if found.bad:
                read, errors = found.bad[0]
                raise _gone_bad(read, errors)
            _register(of, found.good, clock())
        of.place = of.total
        end(of, states.FINISH, of.actor, clock())


def _gone_bad(read: Read, errors: list[FieldError]) -> Refusal:
    why = in_one_sentence([error.detail for error in errors])
    return Refusal(
        _("第%(row)s行检查后又出了问题，一行也没有导入：%(why)s") % {"row": read.place, "why": why}, code="bad_rows"
    )


def _register(of: Import, good: list[Read], at: datetime) -> None:
    rows = [read.row for read in good if read.row is not None]
    leads = register_leads(rows, actor=of.actor, at=at)
    append(
        ImportedRow, ROW_COLUMNS,
        [(of.pk, read.place, read.fingerprint, lead.pk) for read, lead in zip(good, leads, strict=True)],
    )  # fmt: skip
    of.imported += len(leads)


@transaction.atomic
def refuse(*, of: Import, why: str, at: datetime) -> None:
    """The import cannot go on; what came in stays, the file is deleted."""
    fresh = Import.objects.select_for_update(of=("self",)).select_related("office", "actor").get(pk=of.pk)
    if fresh.is_running:
        fresh.refusal = why[:1000]
        end(fresh, states.REFUSE, fresh.actor, at)


def _still(of: Import, state: str) -> bool:
    """Hold the row and see whether it is still to be worked on."""
    held = Import.objects.select_for_update().filter(pk=of.pk).values_list("state", flat=True).first()
    return held == state
