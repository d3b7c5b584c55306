"""The evidence of a case: the catalogue, one exhibit with its custody, the index of recordings, and their verbs."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from cases.actions import evidence as verbs
from cases.actions.recordings import index_recording
from cases.models import Case, Custody, Evidence
from cases.pages import articles, beneath
from cases.pages.answering import crumbs_to, now, of_case, today
from cases.pages.forms import evidence as forms
from cases.pages.sections import PAGE, Section
from cases.queries.evidence import (
    OF_CUSTODY,
    adoptable,
    broken_steps,
    custody_of,
    evidence_for,
    evidence_of,
    file_of_evidence,
    files_of_evidence,
    first_evidence,
    keepers_for,
    legal_evidence_moves,
    may_on_case,
    moves_of_evidence,
    recording_for,
    recordings_of,
    require_evidence_move,
    require_on_case,
    versions_of,
    with_files,
)
from cases.queries.matter import case_for, knows_of_none
from cases.queries.measures import measures_of
from cases.states import evidence as states
from cases.states.evidence import EVIDENCE_TABLE
from clues.materials import materials_of
from core.errors import NotFound
from core.pages import Crumb, Fact, NextStep, steps_in_order
from core.paging import page_behind
from core.templatetags.words import day
from core.transitions import Transition
from documents.pages.serving import served

MOST = 20
OF_CASE = (states.ADD_EVIDENCE, states.ADOPT_EVIDENCE, states.INDEX_RECORDING)


@require_safe
def evidence_list(request: HttpRequest, case_id: int) -> HttpResponse:
    """The catalogue, as it is also printed.

    :raises NotFound: :raises Invalid: ``invalid_cursor``.
    """
    user, _at = now(request)
    case = case_for(user, case_id)
    page = page_behind(evidence_of(case), ("number", "id"), request.GET.get("after", ""), PAGE)
    context = {
        "case": case,
        "crumbs": crumbs_to(case, Crumb(_("证据"))),
        "page": page,
        "rows": with_files(page.rows),
        "recordings": page_behind(recordings_of(case), ("started_at", "id"), request.GET.get("recordings", ""), PAGE),
        "lead_papers": materials_of(case.lead) if case.lead else None,
        "buttons": [
            (row, reverse(f"case_{row.name}", args=[case.pk])) for row in OF_CASE if may_on_case(user, case, row)
        ],
    }
    return render(request, "cases/evidence_list.html", context)


@require_safe
def evidence_page(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """One exhibit: how it is registered, its files with both hashes, who held it, what was said of it.

    :raises NotFound:
    """
    user, _at = now(request)
    evidence = evidence_for(user, evidence_id)
    steps = custody_of(evidence)
    context = {
        "evidence": evidence,
        "crumbs": crumbs_to(evidence.case, _crumb(evidence.case), Crumb(evidence.label)),
        "facts": _facts(evidence),
        "papers": [{"file": file, "kind": evidence.get_kind_display()} for file in files_of_evidence(evidence)],
        "steps_of_custody": steps,
        "broken": broken_steps(steps),
        "versions": list(versions_of(evidence)),
        "next_steps": _steps(user, evidence, steps),
        "history": beneath.lines(moves_of_evidence(evidence), EVIDENCE_TABLE),
    }
    return render(request, "cases/evidence_page.html", context)


@require_safe
def download(request: HttpRequest, evidence_id: int, file_id: int) -> FileResponse:
    """:raises NotFound, WrongState:"""
    user, _at = now(request)
    return served(file_of_evidence(evidence_for(user, evidence_id), file_id), inline="inline" in request.GET)


@require_safe
def recording_download(request: HttpRequest, recording_id: int) -> FileResponse:
    """:raises NotFound, WrongState:"""
    user, _at = now(request)
    recording = recording_for(user, recording_id)
    if recording.file is None:
        raise NotFound(_("这份音像记录没有存在本系统，请按介质编号查找。"), code="not_found")
    return served(recording.file)


# ---- verbs --------------------------------------------------------------------------------------


def _crumb(case: Case) -> Crumb:
    return Crumb(_("证据"), reverse("case_evidence_page", args=[case.pk]))


def _done(evidence: Evidence, row: Transition) -> tuple[str, str]:
    if row in OF_CASE:
        return _here(evidence), _("已登记为证据{number}。").format(number=evidence.number)
    return _here(evidence), _("“{what}”已登记。").format(what=row.label)


EVIDENCE = beneath.SubMatter(
    key="evidence_id", fetch=evidence_for, require=require_evidence_move, require_on_case=require_on_case,
    listed=_crumb, way=lambda evidence: crumbs_to(evidence.case, Crumb(evidence.label, _here(evidence))),
    subject=lambda evidence: evidence.label, done=_done,
)  # fmt: skip


def _adoptable(case: Case, _user: User) -> dict[str, Any]:
    files, checks = adoptable(case)
    return {"case": case, "files": files, "checks": checks}


add = EVIDENCE.page_on_case(
    states.ADD_EVIDENCE, forms.AddForm, verbs.add_evidence, quote=articles.EVIDENCE, takes=of_case
)
adopt = EVIDENCE.page_on_case(
    states.ADOPT_EVIDENCE, forms.AdoptForm, verbs.adopt_evidence, quote=articles.LEAD_AS_EVIDENCE, takes=_adoptable
)
record = EVIDENCE.page_on_case(
    states.INDEX_RECORDING, forms.RecordingForm, index_recording, quote=articles.WHOLE_PROCESS,
    takes=lambda case, _user: {"case": case, "measures": list(measures_of(case)), "today": today()},
    done=lambda made, _row: (reverse("case_evidence_page", args=[made.case_id]), _("已登记音像记录。")),
)  # fmt: skip

attach = EVIDENCE.page(states.ATTACH_FILES, forms.AttachForm, verbs.attach_evidence, quote=articles.EVIDENCE)
correct = EVIDENCE.page(
    states.CORRECT_EVIDENCE, forms.CorrectForm, verbs.correct_evidence, quote=articles.EVIDENCE,
    takes=lambda evidence, _user: {"evidence": evidence},
)  # fmt: skip
verify = EVIDENCE.page(states.VERIFY_EVIDENCE, forms.VerifyForm, verbs.verify_evidence, quote=articles.EVIDENCE_JUDGED)
exclude = EVIDENCE.page(
    states.EXCLUDE_EVIDENCE, forms.ExcludeForm, verbs.exclude_evidence, quote=articles.EVIDENCE_JUDGED
)
hand_over = EVIDENCE.page(
    states.HAND_OVER_EVIDENCE, forms.HandOverForm, verbs.hand_over_evidence, quote=articles.WHOLE_PROCESS,
    takes=lambda evidence, user: {"keepers": list(keepers_for(evidence.case).exclude(pk=user.pk))},
)  # fmt: skip
confirm = EVIDENCE.page(states.CONFIRM_CUSTODY, forms.ConfirmForm, verbs.confirm_custody, quote=articles.WHOLE_PROCESS)


# ---- parts --------------------------------------------------------------------------------------


def section(user: User, case: Case) -> Section | None:
    """证据 on the page of the case, in one statement."""
    rows = [] if knows_of_none(case, "has_evidence") else first_evidence(case, MOST)
    if not rows and not may_on_case(user, case, states.ADD_EVIDENCE):
        return None
    given = {"rows": rows, "total": rows[0].total if rows else 0, "most": MOST}  # type: ignore[attr-defined]  # annotated by the query
    return Section("evidence", _("证据"), "cases/evidence.html", given, url=_crumb(case).url)


def _here(evidence: Evidence) -> str:
    return reverse("evidence_page", args=[evidence.pk])


def _steps(user: User, evidence: Evidence, steps: list[Custody]) -> list[NextStep]:
    legal = legal_evidence_moves(user, evidence, steps)
    rows = [row for row in EVIDENCE_TABLE if row.starts_from(evidence.state) and row not in OF_CUSTODY]
    rows = [row for row in rows if row in legal or may_be_shown(evidence.case, row)]
    found = beneath.next_steps(
        evidence.case, rows, legal, lambda row: reverse(f"evidence_{_short(row)}", args=[evidence.pk])
    )
    row = states.CONFIRM_CUSTODY if steps[-1].confirmed_at is None else states.HAND_OVER_EVIDENCE
    if row.starts_from(evidence.state) and may_be_shown(evidence.case, row):
        mine = row in legal
        found.append(
            NextStep(
                label=str(row.label), url=reverse(f"evidence_{_short(row)}", args=[evidence.pk]) if mine else "",
                who="" if mine else steps[-1].taken_by.name, is_primary=row is states.CONFIRM_CUSTODY,
            )
        )  # fmt: skip
    return steps_in_order(found)


def may_be_shown(case: Case, row: Transition) -> bool:
    """Whether the case still allows the move to anybody."""
    return case.state in states.CASE_STATES[row.name]


def _short(row: Transition) -> str:
    """The last part of a verb's address: attach_files → attach."""
    return {"attach_files": "attach", "confirm_custody": "confirm"}.get(row.name, row.name.removesuffix("_evidence"))


def _facts(evidence: Evidence) -> list[Fact]:
    original = _("是") if evidence.is_original else _("否")
    facts = [
        Fact(_("证据种类"), evidence.get_kind_display()),
        Fact(_("证明什么"), evidence.proves, is_long=True),
        Fact(_("来源、提供人"), evidence.source),
        Fact(_("取得日期"), day(evidence.obtained_on)),
        Fact(_("收集人员"), f"{evidence.officer.name}、{evidence.second_officer.name}"),
        Fact(_("原件、原物、原始载体"), original, note=evidence.copy_note),
        Fact(_("存放地点"), evidence.storage),
        *([Fact(_("页数"), evidence.pages)] if evidence.pages else []),
    ]
    if evidence.check_record:
        checked = _("线索的核查记录，{day}").format(day=day(evidence.check_record.checked_at))
        facts.append(Fact(_("采用的材料"), checked, note=evidence.check_record.content[:200]))
    if evidence.judged_by:
        facts.append(Fact(_("查证、排除的理由"), evidence.judgement, note=evidence.judged_by.name, is_long=True))
    return facts
