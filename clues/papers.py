"""The papers of a lead: what they say without anybody typing it (``data/forms/common_fields.yaml``), which fit it now, and
who may make them. Who told is in none of them: only the code is known here.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.policies import authority_of, may_act_for
from accounts.queries import who_may
from clues.complaint_law import PRINTED, ComplaintLaw, law_on
from clues.models import Dispute, Lead
from clues.paper_rules import (
    DAY_OF,
    DESIGNATION,
    HAND_DOWN_NOTICE,
    MEDIATION_PAPER,
    OF_STEP,
    PAPER_RULES,
    SUGGESTED,
    PaperRule,
)
from clues.policies import has_place
from clues.states import HAND_DOWN, Channel, DisputeState, LeadState, Proposal
from core.errors import Invalid, NotPermitted, WrongState
from core.transitions import in_record
from deadlines.queries import rule_book
from documents.form_kinds import FormKind, form_kind, form_kinds
from documents.models import Paper
from documents.queries.papers import Common, papers_of_subject
from documents.states import PaperState
from documents.typed_fields import day_in_words
from informants.queries import informant_of

KIND = "lead"


def common_of(lead: Lead, authority: Office) -> Common:
    """Every common field of a lead the caller has fetched through a gate; '' for what is not known yet.

    :param authority: in whose name the paper speaks.
    """
    told = informant_of(KIND, lead.pk)
    facts = lead.channel_facts
    issued = papers_of_subject(KIND, lead.pk).filter(state=PaperState.ISSUED)
    return {
        "文号": "",
        "日期": "",
        "机关名称": authority.name,
        "承办机构": lead.office.name,
        "承办人": lead.owner.name,
        "线索编号": lead.number,
        "来源渠道": in_record(lead.get_channel_display()),
        "收到日期": day_in_words(lead.received_on),
        "来源部门": facts.get("from_body", ""),
        "举报人代号": told.code if told else "",
        "当事人名称": lead.party_name,
        "统一社会信用代码": lead.party_code,
        "当事人地址": lead.address,
        "线索内容": lead.summary,
        "投诉请求": facts.get("claim", ""),
        "受理日期": day_in_words(lead.accepted_on),
        "不予受理项": _law_of(lead).refusal_place(lead.refusal_ground) if lead.refusal_ground else "",
        "终止调解项": _law_of(lead).end_place(lead.end_ground) if lead.end_ground else "",
        "调解协议": lead.agreement,
        "核查情况": lead.findings,
        "处理建议": in_record(Proposal(lead.proposal).label) if lead.proposal else "",
        "不予立案理由": "\n".join(filter(None, (in_record(lead.get_decline_ground_display()), lead.decline_item_text))),
        "移送部门": lead.transferred_to,
        "决定日期": day_in_words(lead.decided_on),
        "送达文书": [{"名称": paper.title, "文号": paper.number_text} for paper in issued if paper.kind.served],
    }


def day_of(lead: Lead, form: str) -> date | None:
    """The day of the decision a paper tells of, which it should bear."""
    return getattr(lead, DAY_OF[form]) if form in DAY_OF else None


def speaks(lead: Lead, form: str) -> Office:
    """The authority in whose name a paper speaks: that of the lead; over a dispute, the common superior's."""
    dispute = _last_dispute(lead) if form == DESIGNATION else None
    return dispute.superior if dispute else authority_of(lead.office)


def suggested_forms(lead: Lead) -> list[FormKind]:
    """What is usually made in this state, first things first."""
    return [form_kind(key) for key in SUGGESTED.get(lead.state, ()) if fits(lead, key)]


def standing_forms(lead: Lead) -> set[str]:
    """The forms a paper that stands was issued of: one of a kind is enough for a lead."""
    issued = papers_of_subject(KIND, lead.pk).filter(state=PaperState.ISSUED)
    return set(issued.order_by().values_list("form", flat=True).distinct())


def fitting_forms(lead: Lead) -> list[FormKind]:
    """Everything that can be made for this lead now, in the order of the official set."""
    return [kind for key, kind in form_kinds().items() if key in PAPER_RULES and fits(lead, key)]


def missing_forms(lead: Lead, papers: Iterable[Paper]) -> list[FormKind]:
    """The papers of steps that were taken and that nobody has issued yet."""
    there = {paper.form for paper in papers if paper.state == PaperState.ISSUED}
    return [form_kind(key) for key in OF_STEP.get(lead.state, ()) if key not in there and fits(lead, key)]


def fits(lead: Lead, form: str) -> bool:
    rule = PAPER_RULES[form]
    return lead.channel in rule.channels and lead.state in rule.states and not _obstacle(lead, form)


def may_make(user: User, lead: Lead, form: str) -> bool:
    """Whoever may take the step the paper tells of, by the roles of the lead's office."""
    return may_act_for(user, _office_of(lead, form), PAPER_RULES[form].makers)


def require_paper(user: User, lead: Lead, form: str) -> None:
    """Say before anything is typed whether this user may make this paper of the lead now.

    :raises Invalid: ``unknown_form``, ``form_of_other_subject``. :raises NotPermitted: ``not_permitted``.
    :raises WrongState: ``paper_not_now``.
    """
    kind = form_kind(form)
    if kind.subject != KIND:
        raise Invalid(
            _("《%(form)s》不是这类事项的文书，请从列出的文书中选择。") % {"form": kind.name},
            code="form_of_other_subject", field="form",
        )  # fmt: skip
    if not may_make(user, lead, form):
        raise NotPermitted(
            _("《%(form)s》由%(who)s制作（本系统默认），您不能办理。")
            % {"form": kind.name, "who": who_may(_office_of(lead, form), PAPER_RULES[form].makers)},
            code="not_permitted",
        )
    if not fits(lead, form):
        raise WrongState(_not_now(lead, kind, PAPER_RULES[form]), code="paper_not_now")


def require_draft(user: User, lead: Lead, paper: Paper) -> None:
    """Whether this user may revise or issue a draft now; one begun under another authority is not theirs to finish.

    :raises Invalid, NotPermitted: as :func:`require_paper`. :raises WrongState: ``paper_not_now``.
    """
    require_paper(user, lead, paper.form)
    own = speaks(lead, paper.form)
    if paper.office_id != own.pk:
        raise WrongState(
            _("这份草稿是以%(begun)s的名义制作的，线索现在由%(own)s办理，请作废后重新制作。")
            % {"begun": paper.office.name, "own": own.name},
            code="paper_not_now",
        )


def require_voiding(user: User, lead: Lead, paper: Paper) -> None:
    """Whether this user may make this paper void: whoever makes it, in the authority that issued it, until the lead is
    merged.

    :raises NotPermitted: ``not_permitted``. :raises WrongState: ``file_is_closed``.
    """
    office = _office_of(lead, paper.form)
    is_anothers = paper.issued_at is not None and paper.office_id != speaks(lead, paper.form).pk
    if is_anothers or not may_make(user, lead, paper.form):
        who = who_may(paper.office if is_anothers else office, PAPER_RULES[paper.form].makers)
        raise NotPermitted(
            _("《%(form)s》由%(who)s作废（本系统默认），您不能办理。") % {"form": paper.title, "who": who},
            code="not_permitted",
        )
    if lead.state == LeadState.MERGED:
        raise WrongState(
            _("线索%(state)s，文书不能再作废。") % {"state": LeadState(lead.state).label}, code="file_is_closed"
        )


def _office_of(lead: Lead, form: str) -> Office:
    return speaks(lead, form) if form == DESIGNATION else lead.office


def _last_dispute(lead: Lead) -> Dispute | None:
    return lead.disputes.select_related("superior").order_by("-id").first()


def _law_of(lead: Lead) -> ComplaintLaw:
    """What a complaint was refused, or its mediation ended, under."""
    assert lead.decided_on is not None  # noqa: S101 - a constraint: it has been decided
    return law_on(rule_book(), lead.decided_on)


def _obstacle(lead: Lead, form: str) -> str:
    """Why a form that its channel and state allow does not fit all the same; '' when it does."""
    day = day_of(lead, form)
    if day is not None and law_on(rule_book(), day) is not PRINTED:
        return _("《%(form)s》印的是现行%(law)s的条文，%(day)s的决定适用当时的规定，请使用当时的文书格式。") % {
            "form": form_kind(form).name, "law": PRINTED.name, "day": day,
        }  # fmt: skip
    if form == MEDIATION_PAPER and not lead.has_mediation_document:
        return _("登记达成调解协议时写明没有制作调解书。")
    if form == HAND_DOWN_NOTICE and not has_place(lead, HAND_DOWN):
        return _("承办这条线索的机关没有下级市场监督管理部门，不能交由下级办理。")
    if form == DESIGNATION and not _is_designated(_last_dispute(lead)):
        return _("没有需要共同的上一级指定的权限争议。")
    return ""


def _is_designated(dispute: Dispute | None) -> bool:
    """Whether the superior has designated an office, or still may."""
    return dispute is not None and dispute.state != DisputeState.AGREED


def _not_now(lead: Lead, kind: FormKind, rule: PaperRule) -> str:
    if lead.channel not in rule.channels:
        channels = _("、").join(str(each.label) for each in Channel if each in rule.channels)
        return _("《%(form)s》用于来源渠道是%(channels)s的线索（%(basis)s）。") % {
            "form": kind.name, "channels": channels, "basis": kind.basis,
        }  # fmt: skip
    if lead.state not in rule.states:
        states = _("、").join(str(LeadState(each).label) for each in rule.states)
        return _("线索现在是“%(state)s”，《%(form)s》在以下状态制作：%(states)s（%(basis)s）。") % {
            "state": LeadState(lead.state).label, "form": kind.name, "states": states, "basis": kind.basis,
        }  # fmt: skip
    return _obstacle(lead, kind.key)
