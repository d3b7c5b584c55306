"""Evidence is registered, adopted from the lead, corrected, verified and excluded; it passes from hand to hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.certificates import require_certificate
from accounts.models import User
from accounts.queries import officer_of
from audit.actions import record
from cases.actions.moves import optional, required
from cases.models import Case, Custody, Evidence, EvidenceMove
from cases.queries.duties import require_fit
from cases.queries.evidence import (
    KIND,
    adoptable,
    custody_of,
    keepers_for,
    lock_evidence,
    require_evidence_move,
    require_on_case,
)
from cases.queries.matter import lock_case
from cases.states import evidence as states
from cases.states.evidence import EvidenceKind
from clues.models import Check
from core.errors import Invalid
from core.transitions import Transition
from deadlines.actions.clocks import local_day
from documents.actions.files import Upload, store_file
from documents.file_types import EVIDENCE
from documents.models import StoredFile

MOST_PAGES = 9999


@dataclass(frozen=True)
class Described:
    """How a piece of evidence is registered; see :class:`cases.models.Evidence`."""

    kind: str
    title: str
    proves: str
    source: str
    obtained_on: date
    officer_id: int
    second_officer_id: int
    storage: str
    is_original: bool = True
    copy_note: str = ""
    pages: int | None = None


@transaction.atomic
def add_evidence(
    *, case_id: int, described: Described, actor: User, at: datetime, upload: Sequence[Upload] = ()
) -> Evidence:
    """Register a piece of evidence with its files; its custody begins with the officer who collected it (程序规定第二十三条至第二十六条).

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: no such kind, one officer or one without a certificate
        that day, a day in the future, a copy that does not say how it was made, a file that may not be kept.
    """
    case = lock_case(actor, case_id)
    require_on_case(actor, case, states.ADD_EVIDENCE)
    evidence = _register(case, states.ADD_EVIDENCE, described, actor, at)
    _keep_files(evidence, upload, actor, at)
    return evidence


@transaction.atomic
def adopt_evidence(
    *,
    case_id: int,
    described: Described,
    actor: User,
    at: datetime,
    lead_file_id: int | None = None,
    check_id: int | None = None,
) -> Evidence:
    """Use a file or a check of the lead as evidence of the case; the file stays the one that was hashed on receipt (程序规定第二十三条第二款).

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: not exactly one of the two, one the lead does not have
        or that is evidence already, and what :func:`add_evidence` refuses.
    """
    case = lock_case(actor, case_id)
    require_on_case(actor, case, states.ADOPT_EVIDENCE)
    file, check = _adopted(case, lead_file_id, check_id)
    return _register(case, states.ADOPT_EVIDENCE, described, actor, at, {"lead_file": file, "check_record": check})


def _adopted(case: Case, lead_file_id: int | None, check_id: int | None) -> tuple[StoredFile | None, Check | None]:
    if (lead_file_id is None) == (check_id is None):
        raise Invalid(_("请选择线索的一份文件或者一份核查记录。"), code="nothing_adopted", field="lead_file")
    files, checks = adoptable(case)
    file = next((each for each in files if each.pk == lead_file_id), None)
    check = next((each for each in checks if each.pk == check_id), None)
    if file is None and check is None:
        raise Invalid(
            _("线索没有这份材料，或者它已经作为证据采用。请从列表中选择。"),
            code="not_adoptable", field="lead_file" if check_id is None else "check",
        )  # fmt: skip
    return file, check


@transaction.atomic
def attach_evidence(*, evidence_id: int, upload: Sequence[Upload], actor: User, at: datetime) -> Evidence:
    """Store further files of a piece of evidence that is not yet verified; none is ever replaced (程序规定第二十三条).

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: no file, or one that may not be kept.
    """
    evidence = _begin(actor, evidence_id, states.ATTACH_FILES)
    if not upload:
        raise Invalid(_("请选择要上传的文件。"), code="required", field="upload")
    files = _keep_files(evidence, upload, actor, at)
    return _move(evidence, states.ATTACH_FILES, actor, at, "、".join(file.name for file in files))


def _keep_files(evidence: Evidence, upload: Sequence[Upload], actor: User, at: datetime) -> list[StoredFile]:
    return [
        store_file(
            upload=each, subject_kind=KIND, subject_id=evidence.exhibit_id_or_own, purpose=KIND, actor=actor, at=at,
            allowed=EVIDENCE,
        )
        for each in upload
    ]  # fmt: skip


@transaction.atomic
def correct_evidence(*, evidence_id: int, described: Described, reason: str, actor: User, at: datetime) -> Evidence:
    """Register the exhibit anew where its registration is wrong; the old one stays and shows what replaced it.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: no reason, and what :func:`add_evidence` refuses.
    """
    before = _begin(actor, evidence_id, states.CORRECT_EVIDENCE)
    why = required(reason, "reason", _("请写明哪里写错了、为什么更正。"), limit=500)
    _move(before, states.CORRECT_EVIDENCE, actor, at, why)
    kept = {
        "number": before.number, "version": before.version + 1, "exhibit_id": before.exhibit_id_or_own,
        "lead_file": before.lead_file, "check_record": before.check_record, "correction_reason": why,
    }  # fmt: skip
    return _register(before.case, states.ADD_EVIDENCE, described, actor, at, kept)


@transaction.atomic
def verify_evidence(*, evidence_id: int, opinion: str, actor: User, at: datetime) -> Evidence:
    """Record that the evidence was checked and found true: only then may facts rest on it (程序规定第二十三条第四款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    return _judge(evidence_id, states.VERIFY_EVIDENCE, opinion, _("请写明如何查证属实。"), "opinion", actor, at)


@transaction.atomic
def exclude_evidence(*, evidence_id: int, reason: str, actor: User, at: datetime) -> Evidence:
    """Shut out evidence that was unlawfully obtained or is not true; it stays in the file (程序规定第二十三条第四款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    message = _("请写明排除的理由（例如以何种非法手段取得）。")
    return _judge(evidence_id, states.EXCLUDE_EVIDENCE, reason, message, "reason", actor, at)


def _judge(
    evidence_id: int, row: Transition, words: str, missing: str, field: str, actor: User, at: datetime
) -> Evidence:
    evidence = _begin(actor, evidence_id, row)
    evidence.judgement = required(words, field, missing, limit=1000)
    evidence.judged_by, evidence.judged_at = actor, at
    return _move(evidence, row, actor, at, evidence.judgement)


# ---- custody ----------------------------------------------------------------


@transaction.atomic
def hand_over_evidence(
    *,
    evidence_id: int,
    taken_by_id: int,
    place: str,
    condition: str,
    actor: User,
    at: datetime,
    seal_number: str = "",
) -> Evidence:
    """Give the exhibit to somebody else to keep; it is theirs once they confirm (程序规定第七十九条).

    :raises NotFound: :raises NotPermitted: ``not_holder``. :raises WrongState: ``custody_waiting``.
    :raises Invalid: the taker is the giver or keeps nothing for this office.
    """
    evidence = _begin(actor, evidence_id, states.HAND_OVER_EVIDENCE)
    taker = keepers_for(evidence.case).filter(pk=taken_by_id).exclude(pk=actor.pk).first()
    if taker is None:
        raise Invalid(_("请从列表中选择接收人。"), code="unknown_keeper", field="taken_by")
    last = custody_of(evidence)[-1]
    step = _custody(
        evidence, last.step + 1, taker, at,
        {
            "given_by": actor, "place": required(place, "place", _("请写明存放地点。"), limit=200),
            "condition": required(condition, "condition", _("请写明移交时的状况（外观、封条是否完好）。"), limit=300),
            "seal_number": optional(seal_number, "seal_number", limit=60), "previous_sha256": last.confirmed_sha256,
        },
    )  # fmt: skip
    step.save()
    return _move(evidence, states.HAND_OVER_EVIDENCE, actor, at, f"移交{taker.name}，存放{step.place}")


@transaction.atomic
def confirm_custody(*, evidence_id: int, actor: User, at: datetime) -> Evidence:
    """Say that what was handed over has arrived as described; from now on it is the taker's to keep (程序规定第七十九条).

    :raises NotFound: :raises NotPermitted: ``not_taker``. :raises WrongState: ``nothing_to_confirm``.
    """
    evidence = _begin(actor, evidence_id, states.CONFIRM_CUSTODY)
    step = custody_of(evidence)[-1]
    _confirm(step, at)
    step.save()
    return _move(evidence, states.CONFIRM_CUSTODY, actor, at, f"第{step.step}次移交，存放{step.place}")


def _custody(evidence: Evidence, number: int, taker: User, at: datetime, facts: Mapping[str, Any]) -> Custody:
    step = Custody(evidence_id=evidence.exhibit_id_or_own, step=number, taken_by=taker, given_at=at, **facts)
    step.sha256 = step.computed_sha256()
    return step


def _confirm(step: Custody, at: datetime) -> None:
    step.confirmed_at = at
    step.confirmed_sha256 = step.computed_confirmation()


# ---- shared -----------------------------------------------------------------


def _register(
    case: Case,
    row: Transition,
    described: Described,
    actor: User,
    at: datetime,
    kept: Mapping[str, Any] | None = None,
) -> Evidence:
    facts = {"number": _next_number(case), **_checked(case, described, at), **(kept or {})}
    evidence = Evidence.objects.create(case=case, recorded_by=actor, recorded_at=at, **facts)
    if evidence.exhibit_id is None:
        first = _custody(
            evidence, 1, evidence.officer, at,
            {"given_from": evidence.source, "place": evidence.storage, "condition": "收集时登记"},
        )  # fmt: skip
        _confirm(first, at)
        first.save()
    _write_move(evidence, row, "", actor, at, evidence.correction_reason)
    return evidence


def _next_number(case: Case) -> int:
    return (case.evidence.aggregate(last=Max("number"))["last"] or 0) + 1


def _checked(case: Case, described: Described, at: datetime) -> dict[str, Any]:
    """The facts as the columns hold them."""
    if described.kind not in EvidenceKind.values:
        raise Invalid(_("请选择证据种类（程序规定第二十三条第一款）。"), code="unknown_evidence_kind", field="kind")
    if described.obtained_on > local_day(at):
        raise Invalid(_("取得日期不能晚于今天。"), code="future_date", field="obtained_on")
    if described.pages is not None and not 0 < described.pages <= MOST_PAGES:
        raise Invalid(_("页数应在1到%(most)s之间。") % {"most": MOST_PAGES}, code="bad_page_count", field="pages")
    officer, second = two_officers(
        case, described.officer_id, described.second_officer_id, described.obtained_on, states.ADD_EVIDENCE
    )
    return {
        "kind": described.kind, "obtained_on": described.obtained_on, "officer": officer, "second_officer": second,
        "title": required(described.title, "title", _("请填写证据名称。"), limit=120),
        "proves": required(described.proves, "proves", _("请写明这份证据证明什么。"), limit=1000),
        "source": required(described.source, "source", _("请写明证据的来源或者提供人。"), limit=200),
        "storage": required(described.storage, "storage", _("请写明存放地点。"), limit=200),
        "is_original": described.is_original, "copy_note": _copy_note(described), "pages": described.pages,
    }  # fmt: skip


def _copy_note(described: Described) -> str:
    note = optional(described.copy_note, "copy_note", limit=300)
    if not described.is_original and not note:
        how = _(
            "请写明由谁核对无误、注明与原件一致，或者制作方法、制作时间、制作人（程序规定第二十四条至第二十六条）。"
        )
        raise Invalid(how, code="copy_note_required", field="copy_note")
    return note


def two_officers(case: Case, officer_id: int, second_id: int, on: date, row: Transition) -> tuple[User, User]:
    """Two different officers of the case's office, both with a certificate on the day they acted and neither barred.

    :raises NotPermitted: ``recused``. :raises Invalid: ``two_officers_required``, or as :func:`accounts.queries.officer_of` and ``require_certificate``.
    """
    if officer_id == second_id:
        raise Invalid(
            _("办案人员不得少于两人，请选择两名不同的人员（程序规定第二十二条）。"),
            code="two_officers_required", field="second_officer",
        )  # fmt: skip
    found = []
    for user_id, field in ((officer_id, "officer"), (second_id, "second_officer")):
        person = officer_of(case.office, user_id, roles=row.roles, field=field)
        require_fit([person], case)
        require_certificate(person, on, field=field)
        found.append(person)
    return found[0], found[1]


def _begin(actor: User, evidence_id: int, row: Transition) -> Evidence:
    evidence = lock_evidence(actor, evidence_id)
    require_evidence_move(actor, evidence, row)
    return evidence


def _move(evidence: Evidence, row: Transition, actor: User, at: datetime, reason: str) -> Evidence:
    source = evidence.state
    evidence.state = row.target or source
    evidence.save()
    _write_move(evidence, row, source, actor, at, reason)
    return evidence


def _write_move(evidence: Evidence, row: Transition, source: str, actor: User, at: datetime, reason: str) -> None:
    EvidenceMove.objects.create(
        evidence=evidence, at=at, actor=actor, name=row.name, source=source, target=evidence.state,
        reason=reason[:1000],
    )  # fmt: skip
    record(
        verb=f"cases.{row.name}", actor=actor, at=at, subject_kind=KIND, subject_id=evidence.pk,
        subject_label=f"{evidence.case.number} 证据{evidence.number}", source=source, target=evidence.state,
        case=evidence.case_id,
    )  # fmt: skip
