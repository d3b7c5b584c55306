"""What lies with a lead: its files, and its checks each with its own."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clues.models import Check, Lead
from clues.queries import checks_of
from clues.states import FilePurpose
from documents.models import StoredFile
from documents.queries.files import files_of


@dataclass(frozen=True)
class Material:
    """A file and what it is, in words."""

    file: StoredFile
    kind: str | Promise


@dataclass(frozen=True)
class CheckRecord:
    check: Check
    files: list[Material]


@dataclass(frozen=True)
class Materials:
    """``files`` holds all of them in the order they came, those of checks included."""

    checks: list[CheckRecord]
    files: list[Material]


def materials_of(lead: Lead) -> Materials:
    """All that lies with a lead the caller has fetched through a gate: that of the lead, or of the case it became."""
    checks = list(checks_of(lead))
    kinds: dict[str, str | Promise] = dict(FilePurpose.choices)
    kinds |= {check.file_purpose: _("核查记录{n}附件").format(n=number) for number, check in enumerate(checks, start=1)}
    files = [Material(file, kinds[file.purpose]) for file in files_of("lead", lead.pk)]
    return Materials(
        [CheckRecord(check, [each for each in files if each.file.purpose == check.file_purpose]) for check in checks],
        files,
    )
