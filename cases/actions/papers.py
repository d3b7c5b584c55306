"""The papers of a case: the verbs of ``documents.actions.papers`` under the lock, the gate and the history of the case."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.actions.moves import KIND, not_outside, write_move
from cases.models import Case
from cases.papers import common_of
from cases.queries.matter import case_for, lock_case
from cases.queries.papers import (
    fitting_forms,
    may_make,
    missing_forms,
    number_of_decision,
    require_draft,
    require_paper,
    require_voiding,
    standing_forms,
    subjects_of,
    suggested_forms,
)
from core.errors import Invalid
from deadlines.actions.clocks import local_day
from documents import states
from documents.actions import papers
from documents.desk import Desk
from documents.models import Paper
from documents.queries.papers import paper_of


@transaction.atomic
def draft_paper(*, case_id: int, form: str, fields: Mapping[str, object], actor: User, at: datetime) -> Paper:
    """Begin a paper of the case; it need not be complete yet.

    :raises NotFound, NotPermitted, WrongState: as ``cases.queries.papers.require_paper``. :raises Invalid: wrong fields.
    """
    case = lock_case(actor, case_id)
    require_paper(actor, case, form)
    return papers.draft_paper(
        form=form, subject_kind=KIND, subject_id=case.pk, office=case.authority, fields=fields, actor=actor, at=at
    )


@transaction.atomic
def revise_paper(*, case_id: int, paper_id: int, fields: Mapping[str, object], actor: User, at: datetime) -> Paper:
    """Type a draft anew.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, paper = _begin(actor, case_id, paper_id)
    return papers.revise_paper(
        subject_kind=KIND, subject_id=case.pk, paper_id=paper.pk, fields=fields, actor=actor, at=at
    )


@transaction.atomic
def issue_paper(*, case_id: int, paper_id: int, dated_on: date, actor: User, at: datetime) -> Paper:
    """Issue a draft: what the case says now, the template in use and the next number are frozen together.

    A decision paper takes the number and the day the decision was given.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: as ``documents.actions.papers.issue_paper``, and a day
        before the case began, after today or, of a decision, another than its own (``not_day_of_decision``).
    """
    case, paper = _begin(actor, case_id, paper_id)
    not_outside(dated_on, case.filed_on, local_day(at), "dated_on", _("落款日期"))
    number = number_of_decision(case, paper.form)
    if number is not None and number.issued_on != dated_on:
        raise Invalid(
            _("%(number)s于%(day)s作出，决定书的落款日期应为这一天（程序规定第六十二条）。")
            % {"number": number.text, "day": number.issued_on},
            code="not_day_of_decision", field="dated_on",
        )  # fmt: skip
    issued = papers.issue_paper(
        subject_kind=KIND, subject_id=case.pk, paper_id=paper.pk, common=common_of(case, on=dated_on), dated_on=dated_on,
        number=number, actor=actor, at=at,
    )  # fmt: skip
    write_move(case, states.ISSUE_PAPER, case.state, actor, at, issued.label)
    return issued


@transaction.atomic
def void_paper(*, case_id: int, paper_id: int, reason: str, actor: User, at: datetime) -> Paper:
    """Make a draft or an issued paper void; text, file and number stay visible.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: no reason.
    """
    case = lock_case(actor, case_id)
    paper = paper_of(KIND, case.pk, paper_id)
    require_voiding(actor, case, paper)
    voided = papers.void_paper(
        subject_kind=KIND, subject_id=case.pk, paper_id=paper.pk, reason=reason, actor=actor, at=at
    )
    if voided.issued_at is not None:
        write_move(case, states.VOID_PAPER, case.state, actor, at, f"{voided.label}：{voided.void_reason}")
    return voided


def _begin(actor: User, case_id: int, paper_id: int) -> tuple[Case, Paper]:
    case = lock_case(actor, case_id)
    paper = paper_of(KIND, case.pk, paper_id)
    require_draft(actor, case, paper)
    return case, paper


def _day_of(case: Case, form: str) -> date | None:
    number = number_of_decision(case, form)
    return number.issued_on if number else None


DESK = Desk[Case](
    kind=KIND,
    listed=gettext_lazy("案件列表"),
    matter_for=case_for,
    subjects=subjects_of,
    speaks=lambda case, _form: case.authority,
    common=lambda case, _authority, on: common_of(case, on=on),
    day_of=_day_of,
    suggested=suggested_forms,
    standing=standing_forms,
    fitting=fitting_forms,
    missing=missing_forms,
    may_make=may_make,
    require_new=require_paper,
    require_draft=require_draft,
    require_voiding=require_voiding,
    draft_paper=draft_paper,
    revise_paper=revise_paper,
    issue_paper=issue_paper,
    void_paper=void_paper,
)
