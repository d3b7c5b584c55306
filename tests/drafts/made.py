"""Drafts ready made."""

from datetime import datetime
from typing import Any

from accounts.models import User
from drafts.actions import DraftedForm, keep_draft
from drafts.models import FormDraft
from tests.builders import NOW


def make_draft(
    user: User, address: str = "/calculator/", at: datetime = NOW, query: str = "", **fields: Any
) -> FormDraft:
    """What ``user`` typed at ``address``; a field is a word or a list of words."""
    typed = {name: [each] if isinstance(each, str) else each for name, each in fields.items()}
    form = DraftedForm(address, query, "补充核查", "示例商店")
    return keep_draft(form=form, fields=typed or {"reason": ["写到一半"]}, actor=user, at=at)
