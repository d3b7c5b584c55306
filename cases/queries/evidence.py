"""Reading the evidence of a case, who holds it and what was recorded: every read passes the gate of the case."""

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import require_role, unseen
from cases.models import Case, Custody, Evidence, EvidenceMove, Recording
from cases.policies import conflict_in_investigation, visible_to
from cases.queries.matter import case_for, lock_case
from cases.states.evidence import (
    CASE_STATES,
    CONFIRM_CUSTODY,
    EVIDENCE_TABLE,
    HAND_OVER_EVIDENCE,
    KEEPERS,
    EvidenceState,
)
from clues.models import Check
from clues.queries import checks_of
from core.errors import NotPermitted, WrongState
from core.transitions import Transition, require_state
from documents.models import StoredFile
from documents.queries.files import files_of

KIND, RECORDING = "evidence", "recording"
OF_CUSTODY = (HAND_OVER_EVIDENCE, CONFIRM_CUSTODY)
WITH_PEOPLE = ("officer", "second_officer", "recorded_by", "judged_by", "lead_file", "check_record", "exhibit")


def evidence_for(user: User, evidence_id: int) -> Evidence:
    """:raises NotFound:"""
    cases = Case.objects.filter(visible_to(user))
    found = Evidence.objects.filter(case__in=cases, pk=evidence_id).select_related(*WITH_PEOPLE).first()
    if found is None:
        raise unseen(pgettext("in a sentence", "证据"))
    found.case = case_for(user, found.case_id)
    return found


def lock_evidence(user: User, evidence_id: int) -> Evidence:
    """The same gate, holding the case until the transaction ends: every change of evidence takes this lock.

    :raises NotFound:
    """
    lock_case(user, evidence_for(user, evidence_id).case_id)
    return evidence_for(user, evidence_id)


def evidence_of(case: Case) -> QuerySet[Evidence]:
    """The evidence of a case the caller has fetched through a gate, as it is registered now, in the order of numbers."""
    standing = case.evidence.exclude(state=EvidenceState.SUPERSEDED)
    return standing.select_related("officer", "second_officer", "lead_file").order_by("number")


def with_files(evidence: Sequence[Evidence]) -> list[tuple[Evidence, list[StoredFile]]]:
    """Each piece with its files, those of all of them in one statement."""
    ids = [each.exhibit_id_or_own for each in evidence]
    files: dict[int, list[StoredFile]] = {}
    for file in StoredFile.objects.filter(subject_kind=KIND, subject_id__in=ids).order_by("id"):
        files.setdefault(file.subject_id, []).append(file)
    return [(each, _lead_file(each) + files.get(each.exhibit_id_or_own, [])) for each in evidence]


def files_of_evidence(evidence: Evidence) -> list[StoredFile]:
    """What was taken from the lead first, then what was stored with the exhibit."""
    return _lead_file(evidence) + list(files_of(KIND, evidence.exhibit_id_or_own))


def file_of_evidence(evidence: Evidence, file_id: int) -> StoredFile:
    """:raises NotFound:"""
    for file in files_of_evidence(evidence):
        if file.pk == file_id:
            return file
    raise unseen(pgettext("in a sentence", "文件"))


def _lead_file(evidence: Evidence) -> list[StoredFile]:
    return [evidence.lead_file] if evidence.lead_file else []


def versions_of(evidence: Evidence) -> QuerySet[Evidence]:
    """Every registration of the exhibit, the newest first."""
    first = evidence.exhibit_id_or_own
    return Evidence.objects.filter(Q(pk=first) | Q(exhibit_id=first)).select_related("recorded_by").order_by("-version")


def moves_of_evidence(evidence: Evidence) -> QuerySet[EvidenceMove]:
    """The history of the exhibit through all its registrations, oldest first."""
    first = evidence.exhibit_id_or_own
    moves = EvidenceMove.objects.filter(Q(evidence_id=first) | Q(evidence__exhibit_id=first))
    return moves.select_related("actor").order_by("id")


def adoptable(case: Case) -> tuple[list[StoredFile], list[Check]]:
    """The files and checks of the lead that are not evidence yet."""
    if case.lead is None:
        return [], []
    taken = case.evidence.exclude(state=EvidenceState.SUPERSEDED)
    files = files_of("lead", case.lead_id or 0).exclude(
        pk__in=taken.filter(lead_file__isnull=False).values("lead_file")
    )
    used = set(taken.filter(check_record__isnull=False).values_list("check_record", flat=True))
    checks = [each for each in checks_of(case.lead) if each.pk not in used and not hasattr(each, "corrected_by")]
    return list(files), checks


# ---- custody ----------------------------------------------------------------


def custody_of(evidence: Evidence) -> list[Custody]:
    """Every step of the exhibit from its collection on."""
    steps = Custody.objects.filter(evidence_id=evidence.exhibit_id_or_own)
    return list(steps.select_related("given_by", "taken_by").order_by("step"))


def broken_steps(steps: Sequence[Custody]) -> list[int]:
    """The steps that are not what was sealed, or do not follow from the one before: somebody changed the record."""
    broken, seal, holder = [], "", None
    for place, step in enumerate(steps, start=1):
        fits = (
            step.step == place
            and step.previous_sha256 == seal
            and step.given_by_id == holder
            and step.sha256 == step.computed_sha256()
            and step.confirmed_sha256 == step.computed_confirmation()
        )
        if not fits:
            broken.append(step.step)
        seal, holder = step.confirmed_sha256, step.taken_by_id
    return broken


def keepers_for(case: Case) -> QuerySet[User]:
    """Who may be given evidence to keep: people in service in the case's office or its authority."""
    offices = {case.office_id, case.authority_id}
    posts = Q(posts__ends_on__isnull=True, posts__role__in=KEEPERS) & (
        Q(posts__office__in=offices) | Q(posts__office__bureau=case.authority_id)
    )
    return User.objects.filter(posts, is_active=True).distinct().order_by("id")


# ---- recordings -------------------------------------------------------------


def recordings_of(case: Case) -> QuerySet[Recording]:
    """The recordings of a case the caller has fetched through a gate, in the order of time."""
    return case.recordings.select_related("operator", "measure", "file").order_by("started_at", "id")


def recording_for(user: User, recording_id: int) -> Recording:
    """:raises NotFound:"""
    cases = Case.objects.filter(visible_to(user))
    found = Recording.objects.filter(case__in=cases, pk=recording_id).select_related("file", "case").first()
    if found is None:
        raise unseen(pgettext("in a sentence", "音像记录"))
    return found


# ---- who may ----------------------------------------------------------------


def require_on_case(user: User, case: Case, row: Transition) -> None:
    """Whether this user may make this move of evidence on this case, as far as the case goes.

    :raises NotPermitted: :raises WrongState: ``case_state``.
    """
    require_role(user, case.office, row.roles, what=str(row.label), basis=row.basis)
    if row not in OF_CUSTODY and (why := conflict_in_investigation(user, case, row)):
        raise NotPermitted(
            _("您不能办理“%(what)s”：%(why)s。") % {"what": row.label, "why": why}, code="separation_of_duties"
        )
    if case.state not in CASE_STATES[row.name]:
        raise WrongState(
            _("案件当前状态为“%(state)s”，不能“%(what)s”（%(basis)s）。")
            % {"state": case.get_state_display(), "what": row.label, "basis": row.basis},
            code="case_state",
        )


def require_evidence_move(user: User, evidence: Evidence, row: Transition) -> None:
    """:raises NotPermitted, WrongState:"""
    require_on_case(user, evidence.case, row)
    require_state(EVIDENCE_TABLE, row, evidence.state, str(EvidenceState(evidence.state).label))
    if row in OF_CUSTODY:
        _require_custody(user, evidence, row)


def _require_custody(user: User, evidence: Evidence, row: Transition) -> None:
    last = custody_of(evidence)[-1]
    if row is CONFIRM_CUSTODY:
        if last.taken_by_id != user.pk:
            raise NotPermitted(
                _("这份证据移交给%(name)s，只能由接收人确认。") % {"name": last.taken_by.name}, code="not_taker"
            )
        if last.confirmed_at is not None:
            raise WrongState(_("没有等待确认的移交。"), code="nothing_to_confirm")
        return
    if last.confirmed_at is None:
        raise WrongState(
            _("上一次移交等待%(name)s确认接收，确认之后才能再移交。") % {"name": last.taken_by.name},
            code="custody_waiting",
        )
    if last.taken_by_id != user.pk:
        raise NotPermitted(
            _("这份证据由%(name)s保管，只能由保管人移交。") % {"name": last.taken_by.name}, code="not_holder"
        )


def may_on_case(user: User, case: Case, row: Transition) -> bool:
    """:func:`require_on_case` as an answer."""
    return (
        may_act_for(user, case.office, row.roles)
        and case.state in CASE_STATES[row.name]
        and (row in OF_CUSTODY or not conflict_in_investigation(user, case, row))
    )


def legal_evidence_moves(user: User, evidence: Evidence, steps: Sequence[Custody]) -> list[Transition]:
    """What may be done with the evidence now, by this user; ``steps`` is its custody."""
    found = [
        row
        for row in EVIDENCE_TABLE
        if row not in OF_CUSTODY and row.starts_from(evidence.state) and may_on_case(user, evidence.case, row)
    ]
    row = CONFIRM_CUSTODY if steps[-1].confirmed_at is None else HAND_OVER_EVIDENCE
    if steps[-1].taken_by_id == user.pk and row.starts_from(evidence.state) and may_on_case(user, evidence.case, row):
        found.append(row)
    return found


def first_evidence(case: Case, most: int) -> list[Evidence]:
    """The first rows of the catalogue in one statement, each with ``total``, ``files`` and whether a taker ``waits``."""
    exhibit = Coalesce(OuterRef("exhibit_id"), OuterRef("id"))
    waiting = Custody.objects.filter(evidence_id=exhibit, confirmed_at__isnull=True)
    files = (
        StoredFile.objects.filter(subject_kind=KIND, subject_id=exhibit)
        .order_by()
        .values("subject_id")
        .annotate(n=Count("id"))
        .values("n")
    )
    found = evidence_of(case).annotate(
        waits=Exists(waiting), files=Coalesce(Subquery(files), 0), total=Window(Count("id"))
    )
    return list(found[:most])
