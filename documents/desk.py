"""The desk at which papers of one kind of matter are made: what ``documents``, which knows no matter, asks of it.

The app of the matter fills one in beside its verbs; pages and API of papers are written once, over any desk.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from accounts.models import Office, User
from documents.form_kinds import FormKind
from documents.models import Paper
from documents.queries.papers import Common, papers_among, the_one
from documents.states import PaperState


class Matter(Protocol):
    """A row papers are made for."""

    @property
    def pk(self) -> Any: ...  # as django-stubs type it

    @property
    def number(self) -> str: ...

    @property
    def label(self) -> str: ...


M = TypeVar("M", bound=Matter)


@dataclass(frozen=True)
class Desk(Generic[M]):
    """What one kind of matter says about its papers.

    :param kind: the ``subject_kind``, which its routes begin with and its verbs call the id by (``case``: ``case_page``,
        ``case_id``).
    :param listed: the name of the list of such matters.
    :param matter_for: the gate.
    :param subjects: the matters whose papers are read through this one by kind and id, itself among them; made and
        moved are its own alone.
    :param speaks: the authority in whose name a paper of a form would speak.
    :param common: every common field of its forms, for a paper of that authority and that day.
    :param day_of: the day a paper should bear, null for today's.
    :param suggested: what is usually made next, first things first.
    :param standing: the forms nobody needs to be reminded of: a paper that was issued for this step of the matter stands.
    :param require_new: refuses whoever may not make a paper of a form now.
    :param require_draft: refuses whoever may not revise or issue this draft now.
    :param require_voiding: refuses whoever may not make this paper void now.
    """

    kind: str
    listed: str | Promise
    matter_for: Callable[[User, int], M]
    subjects: Callable[[M], Sequence[tuple[str, int]]]
    speaks: Callable[[M, str], Office]
    common: Callable[[M, Office, date], Common]
    day_of: Callable[[M, str], date | None]
    suggested: Callable[[M], list[FormKind]]
    standing: Callable[[M], Collection[str]]
    fitting: Callable[[M], list[FormKind]]
    missing: Callable[[M, Iterable[Paper]], list[FormKind]]
    may_make: Callable[[User, M, str], bool]
    require_new: Callable[[User, M, str], None]
    require_draft: Callable[[User, M, Paper], None]
    require_voiding: Callable[[User, M, Paper], None]
    draft_paper: Callable[..., Paper]
    revise_paper: Callable[..., Paper]
    issue_paper: Callable[..., Paper]
    void_paper: Callable[..., Paper]

    def naming(self, matter_id: int) -> dict[str, int]:
        """The matter as its verbs take it."""
        return {f"{self.kind}_id": matter_id}

    def papers(self, matter: M) -> QuerySet[Paper]:
        """What is read through a matter fetched through the gate, in the order it was made; of others no drafts."""
        return papers_among(self.subjects(matter)).exclude(~Q(subject_kind=self.kind), state=PaperState.DRAFT)

    def paper(self, matter: M, paper_id: int) -> Paper:
        """:raises NotFound:"""
        return the_one(self.papers(matter), paper_id)

    def is_own(self, paper: Paper) -> bool:
        """Whether the paper was made at this desk, not only read there."""
        return paper.subject_kind == self.kind

    def offered(self, user: User, matter: M) -> list[FormKind]:
        """What this user may make now."""
        return [kind for kind in self.fitting(matter) if self.may_make(user, matter, kind.key)]

    def expected(self, user: User, matter: M) -> list[FormKind]:
        """What this user usually makes next and has not been issued yet; all else stays among what is offered."""
        usual = [kind for kind in self.suggested(matter) if self.may_make(user, matter, kind.key)]
        standing = self.standing(matter) if usual else ()
        return [kind for kind in usual if kind.key not in standing]
