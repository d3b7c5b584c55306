"""The papers of a case on its page; their own pages are those of every desk."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.papers import DESK
from cases.models import Case
from cases.pages.sections import Section
from documents.pages.papers import papers_on


def section(user: User, case: Case) -> Section | None:
    """The newest papers, those of the lead among them; nothing while there is none and none can be made."""
    given = papers_on(DESK, user, case)
    here = reverse("case_papers_page", args=[case.pk])
    return Section("made-papers", _("文书制作"), "documents/papers_section.html", given, here) if given else None
