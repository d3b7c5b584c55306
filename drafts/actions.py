"""Keeping and dropping drafts. They are nobody's record, so no verb here leaves history or an audit entry."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import is_valid_path
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid
from drafts.models import FormDraft
from drafts.queries import draft_for, drafts_for

LARGEST = 64 * 1024  # bytes of one draft
MOST = 50  # drafts of one person
KEPT = timedelta(days=14)
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "confirmed"})


@dataclass(frozen=True)
class DraftedForm:
    """The form a draft belongs to: its path, the query it was opened with, what its page is called."""

    address: str
    query: str
    title: str
    subject: str


@transaction.atomic
def keep_draft(*, form: DraftedForm, fields: Mapping[str, Sequence[str]], actor: User, at: datetime) -> FormDraft:
    """Keep what was typed in place of what was kept for this form before; beyond the limit the oldest draft goes.

    :raises Invalid: ``draft_too_large``, or ``no_such_form`` for an address that is none of ours.
    """
    kept = {_clean(name): [_clean(each) for each in given] for name, given in fields.items() if name not in NEVER_KEPT}
    if len(json.dumps(kept, ensure_ascii=False).encode()) > LARGEST:
        raise Invalid(_("填写的内容太长，不能保存为草稿。"), code="draft_too_large")
    if not is_valid_path(form.address):
        raise Invalid(_("这个地址没有可以填写的表单。"), code="no_such_form")
    known = {"query": form.query, "title": form.title[:200], "subject": form.subject[:300]}
    draft, _created = FormDraft.objects.update_or_create(
        user=actor, address=form.address, defaults={**known, "fields": kept, "saved_at": at}
    )
    newest = drafts_for(actor).values_list("pk", flat=True)[:MOST]
    drafts_for(actor).exclude(pk__in=list(newest)).delete()
    return draft


def _clean(text: str) -> str:
    """What every database can store: no NUL, no half of a pair of surrogates."""
    return text.replace("\0", "").encode(errors="replace").decode()


def forget_draft(*, address: str, actor: User) -> None:
    """The form of this address was submitted."""
    FormDraft.objects.filter(user=actor, address=address).delete()


def discard_draft(*, draft_id: int, actor: User) -> FormDraft:
    """Drop what the person does not want any more; the row as it was.

    :raises NotFound:
    """
    draft = draft_for(actor, draft_id)
    FormDraft.objects.filter(pk=draft.pk).delete()
    return draft


def delete_old_drafts(*, at: datetime) -> int:
    """Delete what has lain longer than drafts are kept; how many that were."""
    deleted, _of_each = FormDraft.objects.filter(saved_at__lt=at - KEPT).delete()
    return deleted
