"""Which papers fit which state of a case, and who makes them.

Where the law ties a paper to a step the article stands beside it; everything else is a default of this system.
"""

from collections.abc import Mapping

from accounts.roles import Role
from cases.states.matter import AT_WORK, BEFORE_DECISION, NOTIFY, OFFICER, CaseState, Outcome
from documents.form_kinds import form_kinds

S = CaseState
AFTER_DECISION = (S.DECIDED, S.SERVED, S.PERFORMED, S.ENDED, S.CLOSED)
UNTIL_CLOSED = (*AT_WORK, *AFTER_DECISION)
IN_REVIEW = (S.UNDER_REVIEW, S.REVIEWED, S.APPROVED, S.NOTIFIED, S.HEARING, S.HEARD, S.LEGAL_REVIEW)

# The decision paper bears the number the decision was given: made after it, dated the same day (程序规定第六十二条).
DECISIONS: Mapping[str, tuple[str, ...]] = {
    "penalty_decision": (Outcome.PENALTY,),
    "no_penalty_decision": (Outcome.EXEMPT, Outcome.UNFOUNDED),
    "spot_penalty_decision": (Outcome.PENALTY,),
}
FITS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((key for key, kind in form_kinds().items() if kind.subject == "case"), UNTIL_CLOSED),
    "conclusion_report": (S.INVESTIGATING, S.UNDER_REVIEW),  # 程序规定第四十八条
    "case_review": IN_REVIEW,  # 第五十四条
    "penalty_notice": tuple(sorted(NOTIFY.sources)),  # 第五十六条、第五十七条
    "defence_record": (S.NOTIFIED, S.HEARING, S.HEARD),  # 第五十八条
    "hearing_notice": (S.HEARING,),  # 听证办法第二十条
    "hearing_record": (S.HEARING, S.HEARD),  # 第二十八条
    "hearing_report": (S.HEARING, S.HEARD),  # 第二十九条
    "collective_discussion_record": (*BEFORE_DECISION, S.SUSPENDED, S.DECIDED),  # 程序规定第六十条第二款、第六十四条
    "disposition_approval": (S.REVIEWED, S.APPROVED, S.NOTIFIED, S.HEARD, S.DECIDED),  # 第五十六条、第六十条
    **dict.fromkeys(DECISIONS, AFTER_DECISION),
    "payment_deferral_notice": (S.SERVED,),  # 第七十四条
    "performance_demand": (S.SERVED,),  # 第七十六条
    "enforcement_application": (S.SERVED,),
    "closing_approval": (S.PERFORMED, S.ENDED, S.CLOSED),  # 第七十七条
    **dict.fromkeys(("case_file_cover", "case_file_catalogue", "case_file_note"), (S.CLOSED,)),  # 第七十八条
}
# What is usually made next, first; the rest that fits stays within reach.
SUGGESTED: Mapping[str, tuple[str, ...]] = {
    S.INVESTIGATING: (
        "scene_record", "inquiry_notice", "inquiry_record", "evidence_extraction_sheet", "evidence_preservation_notice",
        "coercive_measure_decision", "rectification_order", "service_address_confirmation", "conclusion_report",
    ),
    S.SUSPENDED: ("case_matter_approval",),
    S.UNDER_REVIEW: ("case_review",),
    S.REVIEWED: ("disposition_approval",),
    S.APPROVED: ("penalty_notice", "service_receipt"),
    S.NOTIFIED: ("defence_record", "disposition_approval", "collective_discussion_record", "service_receipt"),
    S.HEARING: ("hearing_notice", "hearing_record", "hearing_report"),
    S.HEARD: ("hearing_report", "disposition_approval"),
    S.LEGAL_REVIEW: ("case_review",),
    S.DECIDED: ("penalty_decision", "no_penalty_decision", "service_receipt", "service_announcement"),
    S.SERVED: ("spot_penalty_decision", "performance_demand", "payment_deferral_notice", "enforcement_application"),
    S.PERFORMED: ("spot_penalty_decision", "closing_approval", "item_disposal_record"),
    S.ENDED: ("closing_approval",),
    S.CLOSED: ("case_file_cover", "case_file_catalogue", "case_file_note"),
}  # fmt: skip

# Papers of one hearing, whatever the state of the case meanwhile.
OF_HEARING = ("hearing_notice", "hearing_record", "hearing_report")

HEADS = (Role.UNIT_HEAD, Role.BUREAU_HEAD)
REVIEWERS = (Role.LEGAL_REVIEWER, *HEADS)
# Besides the officers: those whose word the paper carries. Papers of a review or a hearing are never the officers'
# (程序规定第四十九条第三款、听证办法第四条).
ALSO_MADE_BY: Mapping[str, tuple[Role, ...]] = {
    **dict.fromkeys(("case_matter_approval", "disposition_approval", "closing_approval"), HEADS),
    "collective_discussion_record": HEADS,
}
MADE_BY: Mapping[str, tuple[Role, ...]] = dict.fromkeys(("case_review", *OF_HEARING), REVIEWERS)


def makers_of(form: str) -> frozenset[str]:
    """The roles that make a paper of this form."""
    return frozenset(MADE_BY.get(form, (*OFFICER, *ALSO_MADE_BY.get(form, ()))))
