"""The bound files of a case, and what stands against binding or archiving it."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import require_role, unseen
from cases.models import Case, CaseFile
from cases.states.casefile import REQUEST_FILE, RUNNING, CaseFileState
from core.errors import WrongState
from documents.models import StoredFile
from documents.queries.papers import papers_of_subject


def files_of_case(case: Case) -> QuerySet[CaseFile]:
    """Every time the file of a case was bound or is being bound, the newest first."""
    return case.files.select_related("requested_by", "main", "secondary", "bundle").order_by("-id")


def newest_file(case: Case) -> CaseFile | None:
    return files_of_case(case).first()


def last_move_of(case: Case) -> int:
    return case.moves.order_by("-id").values_list("pk", flat=True).first() or 0


def is_stale(file: CaseFile, case: Case) -> bool:
    """Whether something happened in the case, or to the papers of its lead, after the file was asked for."""
    return file.last_move != last_move_of(case) or _lead_papers_changed(case, file.requested_at)


def _lead_papers_changed(case: Case, since: datetime) -> bool:
    if case.lead_id is None:
        return False
    changed = Q(issued_at__gt=since) | Q(issued_at__isnull=False, voided_at__gt=since)
    return papers_of_subject("lead", case.lead_id).filter(changed).exists()


def stored_of(case: Case, file_id: int, part: str) -> StoredFile:
    """One of the three results of a binding.

    :param part: ``main``, ``secondary`` or ``bundle``. :raises NotFound:
    """
    file = files_of_case(case).filter(pk=file_id, state=CaseFileState.READY).first()
    found: StoredFile | None = getattr(file, part) if file and part in ("main", "secondary", "bundle") else None
    if found is None:
        raise unseen(pgettext("in a sentence", "案卷"))
    return found


def waiting_files(at: datetime) -> QuerySet[CaseFile]:
    """What a worker may take now: nobody holds it, or whoever did has not been heard of."""
    free = Q(lease_ends_at__isnull=True) | Q(lease_ends_at__lt=at)
    return CaseFile.objects.filter(free, state__in=RUNNING).order_by("id")


def may_bind(user: User, case: Case) -> bool:
    return may_act_for(user, case.office, REQUEST_FILE.roles)


def require_binding(user: User, case: Case) -> None:
    """:raises NotPermitted: :raises WrongState: ``file_in_the_making``."""
    require_role(user, case.office, REQUEST_FILE.roles, what=str(REQUEST_FILE.label), basis=REQUEST_FILE.basis)
    if case.files.filter(state__in=RUNNING).exists():
        raise WrongState(_("本案的案卷正在生成，请等它完成。"), code="file_in_the_making")


def ready_file(case: Case) -> CaseFile:
    """The file a case can be archived with: complete and of the last move.

    :raises WrongState: ``no_case_file``, ``case_file_stale``.
    """
    file = files_of_case(case).filter(state=CaseFileState.READY).first()
    if file is None:
        raise WrongState(_("请先生成案卷，核对无误后再归档（程序规定第七十八条）。"), code="no_case_file")
    if is_stale(file, case):
        raise WrongState(_("生成案卷之后案件又有变化，请重新生成案卷后归档。"), code="case_file_stale")
    return file
