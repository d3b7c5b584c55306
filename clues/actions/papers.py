"""The papers of a lead: the verbs of ``documents.actions.papers`` under the lock, the gate and the history of the lead."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.models import User
from clues.actions.complaints import day_between
from clues.actions.moves import KIND, write_move
from clues.models import Lead
from clues.papers import (
    common_of,
    day_of,
    fitting_forms,
    may_make,
    missing_forms,
    require_draft,
    require_paper,
    require_voiding,
    speaks,
    standing_forms,
    suggested_forms,
)
from clues.queries import lead_for, lock_lead
from deadlines.actions.clocks import local_day
from documents import states
from documents.actions import papers
from documents.desk import Desk
from documents.models import Paper
from documents.queries.papers import paper_of


@transaction.atomic
def draft_paper(*, lead_id: int, form: str, fields: Mapping[str, object], actor: User, at: datetime) -> Paper:
    """Begin a paper of the lead; it need not be complete yet.

    :raises NotFound, NotPermitted, WrongState: as ``clues.papers.require_paper``. :raises Invalid: wrong fields.
    """
    lead = lock_lead(actor, lead_id)
    require_paper(actor, lead, form)
    return papers.draft_paper(
        form=form, subject_kind=KIND, subject_id=lead.pk, office=speaks(lead, form), fields=fields, actor=actor, at=at
    )


@transaction.atomic
def revise_paper(*, lead_id: int, paper_id: int, fields: Mapping[str, object], actor: User, at: datetime) -> Paper:
    """Type a draft anew.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, paper = _begin(actor, lead_id, paper_id)
    return papers.revise_paper(
        subject_kind=KIND, subject_id=lead.pk, paper_id=paper.pk, fields=fields, actor=actor, at=at
    )


@transaction.atomic
def issue_paper(*, lead_id: int, paper_id: int, dated_on: date, actor: User, at: datetime) -> Paper:
    """Issue a draft: what the lead says now, the template in use and the next number are frozen together.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: as ``documents.actions.papers.issue_paper``, and a day
        before the lead was received or after today (``day_out_of_range``).
    """
    lead, paper = _begin(actor, lead_id, paper_id)
    day_between(dated_on, lead.received_on, local_day(at), "dated_on")
    issued = papers.issue_paper(
        subject_kind=KIND, subject_id=lead.pk, paper_id=paper.pk, common=common_of(lead, paper.office), dated_on=dated_on,
        actor=actor, at=at,
    )  # fmt: skip
    write_move(lead, states.ISSUE_PAPER, lead.state, actor, at, issued.label)
    return issued


@transaction.atomic
def void_paper(*, lead_id: int, paper_id: int, reason: str, actor: User, at: datetime) -> Paper:
    """Make a draft or an issued paper void; text, file and number stay visible.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: no reason.
    """
    lead = lock_lead(actor, lead_id)
    paper = paper_of(KIND, lead.pk, paper_id)
    require_voiding(actor, lead, paper)
    voided = papers.void_paper(
        subject_kind=KIND, subject_id=lead.pk, paper_id=paper.pk, reason=reason, actor=actor, at=at
    )
    if voided.issued_at is not None:
        write_move(lead, states.VOID_PAPER, lead.state, actor, at, f"{voided.label}：{voided.void_reason}")
    return voided


def _begin(actor: User, lead_id: int, paper_id: int) -> tuple[Lead, Paper]:
    lead = lock_lead(actor, lead_id)
    paper = paper_of(KIND, lead.pk, paper_id)
    require_draft(actor, lead, paper)
    return lead, paper


DESK = Desk[Lead](
    kind=KIND,
    listed=gettext_lazy("线索列表"),
    matter_for=lead_for,
    subjects=lambda lead: [(KIND, lead.pk)],
    speaks=speaks,
    common=lambda lead, authority, _on: common_of(lead, authority),
    day_of=day_of,
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
