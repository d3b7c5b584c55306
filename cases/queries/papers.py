"""Which papers a case has, which fit now, which it should have by now, and who may make one."""

from collections.abc import Iterable

from django.db.models import Q, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import who_may
from accounts.roles import Role
from cases.models import Case
from cases.states.matter import CaseState, Outcome, Procedure
from cases.states.papers import DECISIONS, FITS, OF_HEARING, SUGGESTED, makers_of
from core.errors import Invalid, NotPermitted, WrongState
from documents.form_kinds import FormKind, form_kind, form_kinds
from documents.models import IssuedNumber, Paper
from documents.queries.papers import number_drawn, papers_of_subject
from documents.queries.service import standing_services
from documents.states import PaperState

KIND = "case"


def subjects_of(case: Case) -> list[tuple[str, int]]:
    """Whose papers are read through a case: its own, and those of the lead it came from."""
    return [(KIND, case.pk), *([("lead", case.lead_id)] if case.lead_id else [])]


def suggested_forms(case: Case) -> list[FormKind]:
    """What is usually made in this state, first things first."""
    return [form_kind(key) for key in SUGGESTED.get(case.state, ()) if fits(case, key)]


def standing_forms(case: Case) -> set[str]:
    """The forms a paper that stands was issued of since the case came into its state; of a hearing since it was asked
    for, of a decision ever."""
    entered = case.moves.filter(target=case.state).exclude(source=case.state).order_by("-id").values("at")[:1]
    for_this_step = Q(form__in=DECISIONS) | Q(issued_at__gte=Subquery(entered))
    if case.latest_hearing is not None:
        for_this_step |= Q(form__in=OF_HEARING, issued_at__gte=case.latest_hearing.recorded_at)
    issued = papers_of_subject(KIND, case.pk).filter(for_this_step, state=PaperState.ISSUED)
    return set(issued.order_by().values_list("form", flat=True).distinct())


def fitting_forms(case: Case) -> list[FormKind]:
    """Everything that can be made in this state, in the order of the official set."""
    return [kind for key, kind in form_kinds().items() if fits(case, key)]


def fits(case: Case, form: str) -> bool:
    if case.state not in FITS.get(form, ()):
        return False
    return form not in DECISIONS or _is_decided_by(case, form)


def _is_decided_by(case: Case, form: str) -> bool:
    is_on_spot = case.procedure == Procedure.SUMMARY
    return (
        case.decided_on is not None
        and (case.outcome or Outcome.PENALTY) in DECISIONS[form]
        and is_on_spot == form.startswith("spot_")
    )


def missing_forms(case: Case, papers: Iterable[Paper]) -> list[FormKind]:
    """The papers of steps that were taken and that nobody has issued yet."""
    there = {paper.form for paper in papers if paper.state == PaperState.ISSUED}
    taken = {
        "conclusion_report": bool(case.conclusion),
        "case_review": bool(case.review_opinion),
        "penalty_notice": case.notified_on is not None,
        **{form: _is_decided_by(case, form) for form in DECISIONS},
        "closing_approval": case.closed_on is not None,
    }
    return [form_kind(form) for form, is_due in taken.items() if is_due and form not in there]


def may_make(user: User, case: Case, form: str) -> bool:
    """Officers the papers of the investigation, reviewers and hosts theirs, heads what they approve."""
    makers = makers_of(form)
    if user.pk in case.barred_ids or not user.is_active:
        return False
    if user.pk in (case.owner_id, case.second_officer_id):
        return Role.HANDLER in makers
    if Role.LEGAL_REVIEWER in makers and case.latest_hearing is not None and _conducts(user, case):
        return True
    return may_act_for(user, case.office, makers - {Role.HANDLER})


def _conducts(user: User, case: Case) -> bool:
    heard = case.latest_hearing
    return heard is not None and user.pk in (heard.host_id, heard.recorder_id)


def require_paper(user: User, case: Case, form: str) -> None:
    """Say before anything is typed whether this user may make this paper of the case now.

    :raises Invalid: ``unknown_form``, ``form_of_other_subject``. :raises NotPermitted: ``not_permitted``.
    :raises WrongState: ``paper_not_now``.
    """
    kind = form_kind(form)
    if kind.subject != KIND:
        raise Invalid(
            _("《%(form)s》不是案件的文书，请从列出的文书中选择。") % {"form": kind.name},
            code="form_of_other_subject", field="form",
        )  # fmt: skip
    if not may_make(user, case, form):
        raise NotPermitted(
            _("《%(form)s》由%(who)s制作（本系统默认），您不能办理。")
            % {"form": kind.name, "who": who_makes(case, form)},
            code="not_permitted",
        )
    if not fits(case, form):
        raise WrongState(_not_now(case, kind), code="paper_not_now")


def require_draft(user: User, case: Case, paper: Paper) -> None:
    """Whether this user may revise or issue a draft now.

    :raises Invalid, NotPermitted, WrongState: as :func:`require_paper`.
    """
    require_paper(user, case, paper.form)


def who_makes(case: Case, form: str) -> str:
    makers = makers_of(form)
    words = []
    if Role.HANDLER in makers:
        words.append(_("办案人员{owner}、{second}").format(owner=case.owner.name, second=case.second_officer.name))
    if others := makers - {Role.HANDLER}:
        words.append(who_may(case.office, others))
    return _("、").join(words)


def _not_now(case: Case, kind: FormKind) -> str:
    if kind.key in DECISIONS:
        return _("《%(form)s》在作出相应决定、取得文号之后制作（%(basis)s）。请先办理决定。") % {
            "form": kind.name, "basis": kind.basis,
        }  # fmt: skip
    states = _("、").join(str(CaseState(each).label) for each in FITS[kind.key])
    return _("案件现在是“%(state)s”，《%(form)s》在以下状态制作：%(states)s（%(basis)s）。") % {
        "state": CaseState(case.state).label, "form": kind.name, "states": states, "basis": kind.basis,
    }  # fmt: skip


def number_of_decision(case: Case, form: str) -> IssuedNumber | None:
    """The number the decision was given, for the paper that carries it; None for every other form.

    :raises WrongState: ``paper_not_now``.
    """
    if form not in DECISIONS:
        return None
    number = number_drawn(KIND, case.pk, case.decision_number) if case.decision_number else None
    if number is None:
        raise WrongState(_not_now(case, form_kind(form)), code="paper_not_now")
    return number


def require_voiding(user: User, case: Case, paper: Paper) -> None:
    """Whether this user may make this paper void: whoever makes it, until it is served or the case is bound.

    :raises NotPermitted: ``not_permitted``. :raises WrongState: ``file_is_closed``, ``paper_served``.
    """
    if not may_make(user, case, paper.form):
        raise NotPermitted(
            _("《%(form)s》由%(who)s作废（本系统默认），您不能办理。")
            % {"form": paper.title, "who": who_makes(case, paper.form)},
            code="not_permitted",
        )
    if case.state in (CaseState.ARCHIVED, CaseState.MERGED):
        raise WrongState(
            _("案件%(state)s，文书不能再作废。") % {"state": CaseState(case.state).label}, code="file_is_closed"
        )
    if standing_services(paper.pk).exists():
        raise WrongState(
            _("%(paper)s已经登记送达，不能作废；登记有误的，先撤销送达登记。") % {"paper": paper.label},
            code="paper_served",
        )
