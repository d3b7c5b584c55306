"""Collective discussion: its form, and what pages say of each one."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cases.actions.discussion import discuss_case
from cases.models import Case, Voice
from cases.pages import articles
from cases.pages.answering import answer, begin
from cases.pages.forms.discussion import DiscussForm
from cases.queries.hearing import discussions_with_voices
from cases.states import matter as states
from core.pages import form_from, get_or_post

MOST = 20


@get_or_post
def discuss(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.DISCUSS)
    return answer(
        request, case, clocks, states.DISCUSS, form_from(request, DiscussForm, case=case), discuss_case,
        lambda _case: _("已登记集体讨论。"), quote=articles.DISCUSS, template="cases/discuss.html",
        extra={"quorum": settings.DISCUSSION_QUORUM},
    )  # fmt: skip


def discussions_told(case: Case, *, most: int = MOST, with_voices: bool = True) -> list[dict[str, Any]]:
    """Each discussion with who spoke, who was absent and who did not agree, newest first."""
    told = []
    for each in discussions_with_voices(case, most=most, with_voices=with_voices):
        voices: list[Voice] = list(each.voices.all()) if with_voices else []
        told.append({
            "row": each,
            "present": [voice for voice in voices if voice.is_present],
            "absent": [voice for voice in voices if not voice.is_present],
        })  # fmt: skip
    return told
