"""The other ends of a case, merging and splitting: each form, and what the case page says of them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions import joining, outcomes
from cases.models import Case, Ending
from cases.pages import outcome_articles as articles
from cases.pages.answering import of_case, verb_page
from cases.pages.forms.outcomes import (
    AnnulForm,
    MergeForm,
    ReferForm,
    SpareForm,
    SplitForm,
    TerminateForm,
    TransferForm,
    WithdrawCaseForm,
    WithdrawPublicationForm,
)
from cases.pages.on_spot import spot_facts
from cases.pages.sections import Section
from cases.queries.outcomes import endings_of, linked_cases, mergeable_into, offices_of_others
from cases.states import matter as states
from cases.states.matter import CaseState, Outcome, Procedure
from cases.states.outcomes import GROUNDS, EndKind
from clues.models import Lead
from clues.policies import may_see
from core.pages import Fact, of_today
from core.templatetags.words import day

spare = verb_page(
    states.SPARE, SpareForm, outcomes.spare_party,
    lambda after: _("已决定不予行政处罚，文号 {number}。").format(number=after.decision_number), quote=articles.SPARE,
)  # fmt: skip


def _transferred(case: Case) -> str:
    ending = endings_of(case)[0]
    if ending.lead is None:
        return _("已移送，本案转入结案。")
    return _("已移送{recipient}，线索编号 {number}，本案转入结案。").format(
        recipient=ending.recipient, number=ending.lead.number
    )


transfer = verb_page(
    states.TRANSFER, TransferForm, outcomes.transfer_case, _transferred, quote=articles.TRANSFER,
    takes=lambda case, _user: {"offices": offices_of_others(case)},
)  # fmt: skip
refer = verb_page(
    states.REFER,
    ReferForm,
    outcomes.refer_case,
    lambda _case: _("已移送司法机关，本案转入结案。"),
    quote=articles.REFER,
)
terminate = verb_page(
    states.TERMINATE, TerminateForm, outcomes.terminate_case, lambda _case: _("已终止调查，本案转入结案。"),
    quote=articles.TERMINATE,
)  # fmt: skip
withdraw = verb_page(
    states.WITHDRAW, WithdrawCaseForm, outcomes.withdraw_case, lambda _case: _("已撤销立案，本案转入结案。"),
    quote=articles.CLOSE,
)  # fmt: skip


merge = verb_page(
    states.MERGE, MergeForm, joining.merge_case,
    lambda after: _("已并入{other}。").format(other=after.merged_into.number if after.merged_into else ""),
    quote=articles.JOIN, takes=lambda case, user: {"others": list(mergeable_into(user, case)[:200])},
)  # fmt: skip
split = verb_page(
    states.SPLIT, SplitForm, joining.split_case,
    lambda new: _("已分案，新案立案号 {number}。").format(number=new.number), quote=articles.JOIN, takes=of_case,
)  # fmt: skip
annul = verb_page(
    states.ANNUL, AnnulForm, outcomes.annul_decision, lambda _case: _("已登记决定被撤销。"), quote=articles.ANNUL,
    takes=of_today,
)  # fmt: skip
withdraw_publication = verb_page(
    states.WITHDRAW_PUBLICATION, WithdrawPublicationForm, outcomes.withdraw_publication,
    lambda _case: _("已登记公开信息的处理。"), quote=articles.ANNUL, takes=of_today,
)  # fmt: skip


# ---- on the page of the case ---------------------------------------------------------------------


def section(user: User, case: Case) -> Section | None:
    """How the case ended, which cases belong to it, and what was found where it was decided on the spot."""
    facts: list[Fact] = []
    if case.procedure == Procedure.SUMMARY:
        facts += spot_facts(case)
    if case.ended_on is not None or case.outcome not in ("", Outcome.PENALTY):
        for ending in endings_of(case)[:10]:
            facts += _ending(user, ending)
    facts += [Fact(*_link(case, other)) for other in linked_cases(user, case)]
    if not facts:
        return None
    return Section("outcomes", _("处理结果和关联案件"), "cases/outcomes.html", {"facts": facts})


def _link(case: Case, other: Case) -> tuple[Any, ...]:
    if other.pk == case.merged_into_id:
        words = _("并入的案件")
    elif other.pk == case.split_from_id:
        words = _("分自")
    else:
        words = _("由本案分出") if other.split_from_id == case.pk else _("并入本案")
    note = _("{state}，{cause}").format(state=CaseState(other.state).label, cause=other.cause)
    return words, other.label, note, reverse("case_page", args=[other.pk])


def _ending(user: User, ending: Ending) -> list[Fact]:
    kind = EndKind(ending.kind)
    choices = GROUNDS[kind]
    facts = [
        Fact(str(kind.label), day(ending.happened_on), _("{name}决定").format(name=ending.decided_by.name)),
        Fact(_("情形"), str(choices(ending.ground).label) if choices and ending.ground else ""),
        Fact(_("机关"), ending.recipient),
        *_going_on(user, ending.lead),
        Fact(_("文书文号"), ending.paper),
        Fact(_("移交的材料和物品"), ending.handed_over, is_long=True),
        Fact(_("理由"), ending.reason, is_long=True),
        Fact(_("教育情况"), ending.education, is_long=True),
    ]
    return [fact for fact in facts if fact.value]


def _going_on(user: User, lead: Lead | None) -> list[Fact]:
    """As which lead the matter goes on elsewhere: its number is for both sides to speak of, the lead for who sees it."""
    if lead is None:
        return []
    url = reverse("lead_page", args=[lead.pk]) if may_see(user, lead) else ""
    return [Fact(_("移送后的线索编号"), lead.number, url=url)]
