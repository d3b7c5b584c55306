"""What is proposed for a case, and what a head approved of it; the case comes through a gate."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from cases.models import Case, Defence, Proposal, ProposalApproval
from core.errors import WrongState


def proposals_of(case: Case) -> QuerySet[Proposal]:
    """Every version, newest first."""
    return case.proposals.select_related("made_by", "tier__standard").order_by("-version")


def current_proposal(case: Case) -> Proposal | None:
    """The newest version."""
    return proposals_of(case).first()


def newest_with_approval(case: Case) -> Any:
    """The newest version with ``approver``, the name of who approved it, and ``approval_at`` while that is in force; or None."""
    approval = ProposalApproval.objects.filter(proposal=OuterRef("pk"), is_void=False)
    named = proposals_of(case).annotate(
        approver=Subquery(approval.values("approved_by__name")[:1]),
        approval_at=Subquery(approval.values("approved_at")[:1]),
    )
    return named.first()


def require_proposal(case: Case) -> Proposal:
    """:raises WrongState: nothing is proposed yet."""
    proposal = current_proposal(case)
    if proposal is None:
        raise WrongState(
            _("调查终结报告应当包括处理意见及依据（程序规定第四十八条第五项），请先办理“拟定处理意见”。"),
            code="no_proposal",
        )
    return proposal


def approval_in_force(case: Case) -> ProposalApproval | None:
    return case.proposal_approvals.filter(is_void=False).select_related("proposal", "approved_by").first()


def require_approved(case: Case) -> ProposalApproval:
    """The approval under which the party may be told: of the newest proposal, exactly as it stands (程序规定第五十六条).

    :raises WrongState: nothing is approved, or another version, or other words.
    """
    proposal, approval = require_proposal(case), approval_in_force(case)
    if approval is None or approval.proposal_id != proposal.pk or approval.sha256 != proposal.digest():
        raise WrongState(
            _("处理意见第%(version)s版没有经部门负责人批准，或者批准后有变更，不得告知（程序规定第五十六条）。请报负责人批准告知。")
            % {"version": proposal.version},
            code="not_approved",
        )  # fmt: skip
    return approval


def require_told(case: Case) -> Proposal:
    """What the party was told.

    :raises WrongState: told under an older ledger, without a proposal.
    """
    if case.notified_proposal is None:
        raise WrongState(
            _("本案没有告知时的处理意见，不能据以决定（程序规定第五十七条第一款）。请变更处理意见，重新告知。"),
            code="not_notified",
        )
    return case.notified_proposal


def defences_of(case: Case) -> QuerySet[Defence]:
    """What the party said, in the order it was recorded."""
    return case.defences.select_related("recorded_by").order_by("id")
