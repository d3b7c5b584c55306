"""Fetching drafts: everybody sees their own and nobody else's."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import NotFound
from drafts.models import FormDraft


def drafts_for(user: User) -> QuerySet[FormDraft]:
    """The newest first."""
    return FormDraft.objects.filter(user=user).order_by("-saved_at", "-id")


def draft_for(user: User, draft_id: int) -> FormDraft:
    """:raises NotFound:"""
    draft = drafts_for(user).filter(pk=draft_id).first()
    if draft is None:
        raise NotFound(_("没有这份草稿，可能已经提交、丢弃或者过期删除。"), code="not_found")
    return draft


def draft_at(user: User, address: str) -> FormDraft | None:
    """What the user typed into the form of this address and did not submit."""
    return drafts_for(user).filter(address=address).first()
