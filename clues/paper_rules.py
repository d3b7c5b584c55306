"""Which papers fit which lead, and who makes them.

Where the law ties a paper to a step the article stands beside it; everything else is a default of this system.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clues.states import (
    ACCEPT,
    ASSIGN,
    DESIGNATE,
    END,
    EVERYBODY,
    FILE,
    GIVE_FEEDBACK,
    HAND_DOWN,
    ONLY_COMPLAINTS,
    ONLY_LEADS,
    OPEN_STATES,
    REFUSE,
    REPORT,
    SETTLE,
    TRANSFER,
    WAITING_STATES,
    Channel,
    LeadState,
)

S = LeadState
DESIGNATION, HAND_DOWN_NOTICE, MEDIATION_PAPER = (
    "jurisdiction_designation",
    "case_hand_down_notice",
    "mediation_document",
)
COMPLAINTS = frozenset({Channel.COMPLAINT})
REPORTS = frozenset({Channel.REPORT})
LEADS = frozenset(Channel) - COMPLAINTS
BY_PEOPLE = COMPLAINTS | REPORTS
ALL = frozenset(Channel)


@dataclass(frozen=True)
class PaperRule:
    """The channels and states a form is for, and the roles that make it."""

    channels: frozenset[str]
    states: tuple[str, ...]
    makers: frozenset[str]


def _rule(channels: frozenset[str], states: Iterable[str], makers: Iterable[str]) -> PaperRule:
    return PaperRule(channels, tuple(states), frozenset(makers))


# By default a paper is made by whoever may take the step it tells of.
PAPER_RULES: Mapping[str, PaperRule] = {
    "lead_source_register": _rule(LEADS, [*WAITING_STATES, *ONLY_LEADS], EVERYBODY),  # 程序规定第十八条第一款
    # 程序规定第十三条、第十五条第二款、第十六条, 投诉举报处理办法第三十三条: the common superior over a dispute.
    DESIGNATION: _rule(ALL, OPEN_STATES, DESIGNATE.roles),
    HAND_DOWN_NOTICE: _rule(ALL, OPEN_STATES, HAND_DOWN.roles),  # 程序规定第十五条第一款
    # 程序规定第十七条第一款 asks for it where another department takes the matter.
    "case_transfer_letter": _rule(LEADS, [S.TRANSFERRED], REPORT.roles | TRANSFER.roles),
    # 程序规定第十九条第二款, 第二十条第二款: with the decision whether to file, which is prepared by whoever verified.
    "filing_approval": _rule(LEADS, [S.VERIFIED, S.FILED, S.NOT_FILED], REPORT.roles | FILE.roles),
    "complaint_register": _rule(COMPLAINTS, [*WAITING_STATES, *ONLY_COMPLAINTS], EVERYBODY),  # 办法第十条第二款
    "report_register": _rule(REPORTS, [*WAITING_STATES, *ONLY_LEADS], EVERYBODY),  # 办法第二十八条第一款
    "lead_forwarding_notice": _rule(BY_PEOPLE, WAITING_STATES, ASSIGN.roles),  # 办法第四十一条第一款
    # 办法第十条第三款; before it is decided whether to accept, which 第十六条第六项 makes hang on the answer.
    "identity_proof_request": _rule(COMPLAINTS, [*WAITING_STATES, S.ACCEPTING], EVERYBODY),
    "complaint_acceptance_notice": _rule(COMPLAINTS, [S.MEDIATING, S.SETTLED, S.ENDED], ACCEPT.roles),  # 第十五条第一款
    "complaint_refusal_notice": _rule(COMPLAINTS, [S.REFUSED], REFUSE.roles),  # 第十五条第二款、第十六条
    "mediation_notice": _rule(COMPLAINTS, [S.MEDIATING], ACCEPT.roles),  # 第二十条第二款: told beforehand
    "mediation_end_notice": _rule(COMPLAINTS, [S.ENDED], END.roles),  # 第二十三条
    MEDIATION_PAPER: _rule(COMPLAINTS, [S.SETTLED], SETTLE.roles),  # 第二十四条第一款
    # 第三十六条: where another law says that the informant is told.
    "report_result_notice": _rule(REPORTS, sorted(GIVE_FEEDBACK.sources), GIVE_FEEDBACK.roles),
}
# What is usually made next, first; the rest that fits stays within reach.
SUGGESTED: Mapping[str, tuple[str, ...]] = {
    S.REGISTERED: ("complaint_register", "report_register", "lead_source_register", "lead_forwarding_notice"),
    S.ASSIGNED: ("complaint_register", "report_register", "lead_source_register"),
    S.VERIFYING: ("lead_source_register",),
    S.VERIFIED: ("filing_approval",),
    S.FILED: ("filing_approval", "report_result_notice"),
    S.NOT_FILED: ("filing_approval", "report_result_notice"),
    S.TRANSFERRED: ("case_transfer_letter", "report_result_notice"),
    S.ACCEPTING: ("complaint_register", "identity_proof_request"),
    S.MEDIATING: ("complaint_acceptance_notice", "mediation_notice"),
    S.SETTLED: (MEDIATION_PAPER,),
    S.ENDED: ("mediation_end_notice",),
    S.REFUSED: ("complaint_refusal_notice",),
}
# The paper of a step that was taken. Those of an acceptance and of what is decided print the day's law (clues.papers).
OF_STEP: Mapping[str, tuple[str, ...]] = {
    S.FILED: ("filing_approval",),
    S.NOT_FILED: ("filing_approval",),
    S.TRANSFERRED: ("case_transfer_letter",),
    S.MEDIATING: ("complaint_acceptance_notice",),
    S.SETTLED: ("complaint_acceptance_notice", MEDIATION_PAPER),
    S.ENDED: ("complaint_acceptance_notice", "mediation_end_notice"),
    S.REFUSED: ("complaint_refusal_notice",),
}
# The forms that tell of a decision under the law of its day, by the day of the lead they belong to.
DAY_OF: Mapping[str, str] = {
    "complaint_acceptance_notice": "accepted_on",
    **dict.fromkeys(("complaint_refusal_notice", "mediation_end_notice", MEDIATION_PAPER), "decided_on"),
}
