"""The files of a lead: what came with it, reports, papers, and what belongs to one of its checks."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from clues import states
from clues.actions.moves import KIND, begin, move
from clues.models import Lead
from clues.states import FilePurpose
from core.errors import Invalid
from documents.actions.files import Upload, store_file
from documents.file_types import EVIDENCE
from documents.models import StoredFile


@transaction.atomic
def attach_files(*, lead_id: int, upload: Sequence[Upload], purpose: str, actor: User, at: datetime) -> Lead:
    """Put files to a lead; all of them are kept or none.

    :param upload: one or more files.
    :param purpose: a :class:`clues.states.FilePurpose`, or the ``file_purpose`` of one of the lead's checks.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: no file, ``unknown_purpose``, and what
        :func:`documents.actions.files.store_file` refuses.
    """
    lead, row = begin(actor, lead_id, states.ATTACH)
    if not upload:
        raise Invalid(_("请选择要上传的文件。"), code="required", field="upload")
    if purpose not in FilePurpose.values and purpose not in {check.file_purpose for check in lead.checks.all()}:
        raise Invalid(_("请选择材料种类。"), code="unknown_purpose", field="purpose")
    files = keep_files(lead, upload, purpose, actor, at)
    return move(lead, row, actor, at, "、".join(file.name for file in files))


def keep_files(lead: Lead, upload: Sequence[Upload], purpose: str, actor: User, at: datetime) -> list[StoredFile]:
    """Keep files with a lead the caller has locked.

    :raises Invalid: as :func:`documents.actions.files.store_file`.
    """
    return [
        store_file(
            upload=each, subject_kind=KIND, subject_id=lead.pk, purpose=purpose, actor=actor, at=at, allowed=EVIDENCE
        )
        for each in upload
    ]
