"""The rows of cases, one file per subject."""

from cases.models.approvals import Approval, ApprovalChain, ApprovalStep
from cases.models.casefile import CaseFile
from cases.models.decision import Defence, Proposal, ProposalApproval
from cases.models.discretion import DiscretionStandard, DiscretionTier, LocalHearingThreshold
from cases.models.discussion import Discussion, Voice
from cases.models.duties import Declaration, FormerPart, Recusal, Review
from cases.models.evidence import Custody, Evidence, EvidenceMove, Recording
from cases.models.hearing import Hearing, HearingAttendee, HearingRecusal
from cases.models.matter import Case, CaseMove
from cases.models.measures import Measure, MeasureItem, MeasureItemMove, MeasureMove
from cases.models.money import Beneficiary, Instalment, LateFineEntry, Payment, PaymentPlan, PaymentRefund, RefundOrder
from cases.models.outcomes import Ending, SpotDecision
from cases.models.remedy import CourtApplication, Remedy, Urging

__all__ = [
    "Approval",
    "ApprovalChain",
    "ApprovalStep",
    "Beneficiary",
    "Case",
    "CaseFile",
    "CaseMove",
    "CourtApplication",
    "Custody",
    "Declaration",
    "Defence",
    "DiscretionStandard",
    "DiscretionTier",
    "Discussion",
    "Ending",
    "Evidence",
    "EvidenceMove",
    "FormerPart",
    "Hearing",
    "HearingAttendee",
    "HearingRecusal",
    "Instalment",
    "LateFineEntry",
    "LocalHearingThreshold",
    "Measure",
    "MeasureItem",
    "MeasureItemMove",
    "MeasureMove",
    "Payment",
    "PaymentPlan",
    "PaymentRefund",
    "Proposal",
    "ProposalApproval",
    "Recording",
    "Recusal",
    "RefundOrder",
    "Remedy",
    "Review",
    "SpotDecision",
    "Urging",
    "Voice",
]
