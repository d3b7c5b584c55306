"""A paper of a matter: drafted, revised, issued with its number, or void. The caller has locked the matter through its
gate and asked its own policy; these verbs keep the table of ``documents.states``.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from audit.actions import record
from core.errors import Invalid
from core.texts import required
from core.transitions import Transition, require_state
from documents import states
from documents.actions.files import store_file
from documents.actions.numbers import issue_number
from documents.form_kinds import form_kind
from documents.models import IssuedNumber, Paper
from documents.queries.papers import Common, content_of, file_name, filled_in, paper_of, template_for
from documents.states import PaperState
from documents.templating import fill, text_of
from documents.typed_fields import kept_fields, printed_fields, require_complete

KIND, PURPOSE = "paper", "paper"
LONGEST_REASON = 500


@transaction.atomic
def draft_paper(
    *,
    form: str,
    subject_kind: str,
    subject_id: int,
    office: Office,
    fields: Mapping[str, object],
    actor: User,
    at: datetime,
) -> Paper:
    """Begin a paper of a matter; it need not be complete yet.

    :param office: the authority in whose name the paper speaks.
    :param fields: what was typed, by the names of the form (``documents.typed_fields.kept_fields``).
    :raises Invalid: ``unknown_form``, a form of another kind of matter (``form_of_other_subject``), wrong fields.
    """
    kind = form_kind(form)
    if kind.subject != subject_kind:
        raise Invalid(
            _("《%(form)s》不是这类事项的文书，请从列出的文书中选择。") % {"form": kind.name},
            code="form_of_other_subject", field="form",
        )  # fmt: skip
    paper = Paper.objects.create(
        form=kind.key, subject_kind=subject_kind, subject_id=subject_id, office=office, title=kind.name,
        fields=kept_fields(kind, fields), made_at=at, made_by=actor,
    )  # fmt: skip
    _write(states.DRAFT_PAPER, paper, actor, at)
    return paper


@transaction.atomic
def revise_paper(
    *, subject_kind: str, subject_id: int, paper_id: int, fields: Mapping[str, object], actor: User, at: datetime
) -> Paper:
    """Type a draft anew; an issued paper is never changed, it is made void and another one issued.

    :raises NotFound: :raises WrongState: not a draft. :raises Invalid: wrong fields.
    """
    paper = _begin(states.REVISE_PAPER, subject_kind, subject_id, paper_id)
    paper.fields = kept_fields(paper.kind, fields)
    paper.save(update_fields=["fields"])
    _write(states.REVISE_PAPER, paper, actor, at)
    return paper


@transaction.atomic
def issue_paper(
    *,
    subject_kind: str,
    subject_id: int,
    paper_id: int,
    common: Common,
    dated_on: date,
    actor: User,
    at: datetime,
    number: IssuedNumber | None = None,
) -> Paper:
    """Print a draft for good: number, text, template and legal basis are frozen together in this transaction.

    :param common: every common field of the subject's forms (``documents.form_kinds.common_fields``); number and day are
        put in here.
    :param dated_on: the day on the paper; the number is of its year and never runs backwards against earlier days.
    :param number: one that a verb of the matter drew for this paper; else a form with a kind word takes the next.
    :raises NotFound: :raises WrongState: not a draft. :raises Invalid: ``required``, ``no_template``,
        ``number_date_backwards``, ``no_number_format``, ``number_in_use``.
    """
    paper = _begin(states.ISSUE_PAPER, subject_kind, subject_id, paper_id)
    kind = paper.kind
    require_complete(kind, printed_fields(kind, paper.fields, common))
    if number is not None and Paper.objects.filter(number=number, state=PaperState.ISSUED).exists():
        raise Invalid(
            _("%(number)s的文书已经签发，需要重新制作的先把它作废。") % {"number": number.text},
            code="number_in_use", field="number",
        )  # fmt: skip
    if number is None and kind.code:
        number = issue_number(office=paper.office, kind=kind.key, on=dated_on, subject_kind=KIND, subject_id=paper.pk)
    template = template_for(paper.office, paper.form)
    context = filled_in(paper, common, number.text if number else "", dated_on)
    printed = fill(content_of(template.file), context)
    paper.number, paper.number_text, paper.dated_on = number, number.text if number else "", dated_on
    paper.template, paper.template_sha256, paper.basis = template, template.sha256, kind.basis
    paper.text, paper.context_sha256 = text_of(printed), _digest(context)
    paper.file = store_file(
        upload=ContentFile(printed, name=file_name(paper, "docx")), subject_kind=KIND, subject_id=paper.pk,
        purpose=PURPOSE, actor=actor, at=at, allowed=("docx",),
    )  # fmt: skip
    paper.state, paper.issued_at, paper.issued_by = PaperState.ISSUED, at, actor
    paper.save()
    _write(states.ISSUE_PAPER, paper, actor, at)
    return paper


@transaction.atomic
def void_paper(*, subject_kind: str, subject_id: int, paper_id: int, reason: str, actor: User, at: datetime) -> Paper:
    """Make a paper void. It stays with its text and its number, which is marked void unless the number belongs to an act
    that still stands.

    :raises NotFound: :raises WrongState: void already. :raises Invalid: ``required``, ``too_long``.
    """
    paper = _begin(states.VOID_PAPER, subject_kind, subject_id, paper_id)
    why = required(reason, "reason", _("请写明作废原因。"), limit=LONGEST_REASON)
    paper.state, paper.void_reason, paper.voided_at, paper.voided_by = PaperState.VOID, why, at, actor
    paper.save(update_fields=["state", "void_reason", "voided_at", "voided_by"])
    if paper.number is not None and paper.number.subject_kind == KIND:
        paper.number.is_void = True
        paper.number.save(update_fields=["is_void"])
    _write(states.VOID_PAPER, paper, actor, at)
    return paper


def _begin(row: Transition, subject_kind: str, subject_id: int, paper_id: int) -> Paper:
    paper = paper_of(subject_kind, subject_id, paper_id)
    require_state(states.PAPER_TABLE, row, paper.state, str(PaperState(paper.state).label))
    return paper


def _digest(context: Mapping[str, Any]) -> str:
    return sha256(json.dumps(context, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _write(row: Transition, paper: Paper, actor: User, at: datetime) -> None:
    record(
        verb=f"documents.{row.name}", actor=actor, at=at, subject_kind=paper.subject_kind, subject_id=paper.subject_id,
        subject_label=paper.label, paper=paper.pk, form=paper.form, number=paper.number_text,
        sha256=paper.file.sha256 if paper.file else None,
    )  # fmt: skip
