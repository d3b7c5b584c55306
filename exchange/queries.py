"""Fetching imports, and what the register knows of the rows of a file."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import require_role, unseen
from clues.models import Lead
from core.transitions import Transition, require_state
from exchange.models import ColumnMapping, Import, ImportedRow, ImportProblem
from exchange.policies import visible_to
from exchange.states import IMPORT_TABLE, RUNNING, ImportState

OFFICE = ("office", "office__bureau", "office__parent", "office__parent__parent", "actor")
AT_ONCE = 500


def imports_for(user: User) -> QuerySet[Import]:
    """Every import the user may see, newest first."""
    return Import.objects.filter(visible_to(user)).select_related("office", "actor").order_by("-id")


def import_for(user: User, import_id: int) -> Import:
    """:raises NotFound:"""
    found = Import.objects.filter(visible_to(user), pk=import_id).select_related(*OFFICE).first()
    if found is None:
        raise unseen(_("导入"))
    return found


def lock_import(user: User, import_id: int) -> Import:
    """The same gate, holding the row until the transaction ends.

    :raises NotFound:
    """
    Import.objects.filter(pk=import_id).select_for_update().values_list("pk").first()
    return import_for(user, import_id)


def require_move(user: User, of: Import, row: Transition) -> None:
    """:raises NotPermitted: :raises WrongState:"""
    require_role(user, of.office, row.roles, what=str(row.label), basis=row.basis)
    require_state(IMPORT_TABLE, row, of.state, str(ImportState(of.state).label))


def problems_of(of: Import) -> QuerySet[ImportProblem]:
    """What is wrong with the rows of an import fetched through its gate, in the order of the file."""
    return of.problems.order_by("row", "id")


def leads_of(of: Import) -> QuerySet[ImportedRow]:
    """Which leads came of an import fetched through its gate."""
    return of.rows.select_related("lead").order_by("row")


def waiting_imports() -> QuerySet[Import]:
    """What a worker has to do, oldest first."""
    return Import.objects.filter(state__in=RUNNING).order_by("id")


def same_file_before(of: Import) -> Import | None:
    """The last import of the very same bytes that was finished."""
    others = Import.objects.filter(sha256=of.sha256, state=ImportState.DONE).exclude(pk=of.pk)
    return others.order_by("-id").first()


def known_fingerprints(fingerprints: Sequence[str]) -> set[str]:
    rows = ImportedRow.objects.all()
    return {
        found
        for part in _parts(fingerprints)
        for found in rows.filter(fingerprint__in=part).values_list("fingerprint", flat=True)
    }


def known_numbers(numbers: Sequence[str]) -> set[str]:
    """Which of these are numbers of leads in the register, whoever's they are."""
    return {
        found
        for part in _parts(numbers)
        for found in Lead.objects.filter(number__in=part).values_list("number", flat=True)
    }


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def signature_of(headers: Iterable[str]) -> str:
    """The same for files with the same headings in the same order."""
    return hashlib.sha256(json.dumps(list(headers), ensure_ascii=False).encode()).hexdigest()


def remembered_mapping(user: User, headers: Sequence[str]) -> list[str] | None:
    """How this user matched the columns of such a file the last time."""
    found = ColumnMapping.objects.filter(user=user, signature=signature_of(headers)).first()
    return None if found is None else [str(name) for name in found.mapping]
