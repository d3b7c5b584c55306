"""A case begins, and its officers change."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.certificates import require_certificate
from accounts.models import Office, User
from accounts.policies import authority_of
from accounts.queries import officer_of
from cases.actions.duties import keep_former
from cases.actions.measure_moves import hand_over_terms
from cases.actions.moves import HANDLING, KIND, begin, index_case, move, required, subject_of, void_approval, write_move
from cases.models import Case
from cases.policies import conducted_hearing
from cases.states import matter as states
from cases.states.approvals import MOVED_ON, ApprovalState
from cases.states.duties import Capacity
from cases.states.matter import FilingCondition
from clues.actions.decisions import decide_to_file
from core.errors import Invalid, WrongState
from core.transitions import in_record
from deadlines.actions.clocks import hand_over_clocks, local_day, start_clock
from documents.actions.numbers import bind_number, issue_number


@transaction.atomic
def file_case(
    *,
    lead_id: int,
    cause: str,
    owner_id: int,
    second_officer_id: int,
    conditions: Iterable[str],
    actor: User,
    at: datetime,
    reason: str = "",
) -> Case:
    """Decide to file the lead and open its case with two officers (程序规定第十八条、第十九条).

    What the lead says of party, place, category and amount is taken over; its files and checks stay with the lead and
    show with the case.

    :param conditions: those of :class:`cases.states.matter.FilingCondition` the head confirms; all four must hold.
    :raises NotFound, NotPermitted, WrongState: as the lead's state table says. :raises Invalid: fewer than two officers,
        ``condition_not_confirmed``, or an officer without a certificate valid that day.
    """
    why = required(cause, "cause", _("请填写案由。"), limit=200)
    confirmed = _confirmed(conditions)
    lead = decide_to_file(lead_id=lead_id, reason=reason or f"立案：{why}", actor=actor, at=at)
    if Case.objects.filter(lead=lead).exists():
        raise WrongState(_("这条线索已经当场作出处罚决定，不能再立案。"), code="lead_has_case")
    authority, filed_on = authority_of(lead.office), local_day(at)
    owner, second = require_officers(lead.office, owner_id, second_officer_id, filed_on)
    number = issue_number(office=authority, kind=KIND, on=filed_on, subject_kind=KIND)
    case = Case.objects.create(
        number=number.text, lead=lead, cause=why, party_name=lead.party_name, party_code=lead.party_code,
        normal_name=lead.normal_name,
        category=lead.category, region_code=lead.region_code, address=lead.address, amount=lead.amount,
        flags=lead.flags, filing_conditions=confirmed, office=lead.office, bureau_id=lead.bureau_id,
        authority=authority, owner=owner, second_officer=second, filed_on=filed_on, created_at=at,
    )  # fmt: skip
    bind_number(number, subject_id=case.pk)
    write_move(case, states.FILE, "", actor, at, reason)
    index_case(case)
    start_clock(rule=HANDLING, subject=subject_of(case), origin_on=filed_on, actor=actor, at=at)
    for approval in lead.approvals.filter(state=ApprovalState.ASKED):  # filed by the head without it
        void_approval(approval, in_record(MOVED_ON), at)
    return case


def require_officers(office: Office, owner_id: int, second_officer_id: int, on: date) -> tuple[User, User]:
    """The two officers of a case (程序规定第十九条第二款).

    :raises Invalid: one and the same, not of this office, or without a certificate valid on the day.
    """
    if owner_id == second_officer_id:
        raise Invalid(
            _("办案人员不得少于两人，主办和协办须为不同的人（程序规定第十九条第二款）。"),
            code="two_officers_required", field="second_officer",
        )  # fmt: skip
    owner = officer_of(office, owner_id, roles=states.CONCLUDE.roles, field="owner")
    second = officer_of(office, second_officer_id, roles=states.CONCLUDE.roles, field="second_officer")
    for officer, field in ((owner, "owner"), (second, "second_officer")):
        require_certificate(officer, on, field=field)
    return owner, second


def _confirmed(conditions: Iterable[str]) -> list[str]:
    given = set(conditions)
    missing = [condition for condition in FilingCondition if condition not in given]
    if missing:
        raise Invalid(
            _("立案应当同时符合四项条件（程序规定第十九条），尚未确认：%(missing)s。不符合的，不能立案。")
            % {"missing": _("；").join(str(condition.label) for condition in missing)},
            code="condition_not_confirmed", field="conditions",
        )  # fmt: skip
    return FilingCondition.values


@transaction.atomic
def reassign_case(
    *, case_id: int, owner_id: int, second_officer_id: int, reason: str, actor: User, at: datetime
) -> Case:
    """Change the officers; the clocks go with the case and do not restart.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.REASSIGN)
    before = case.owner
    for user_id, field in ((owner_id, "owner"), (second_officer_id, "second_officer")):
        if user_id in case.barred_ids:
            raise Invalid(
                _("该人员已被决定回避本案（程序规定第四条），不能再作为办案人员，请改选他人。"),
                code="recused",
                field=field,
            )
    _require_other_hands(case, owner_id, second_officer_id)
    officers = require_officers(case.office, owner_id, second_officer_id, local_day(at))
    for before_them in (case.owner, case.second_officer):
        if before_them not in officers:
            keep_former(case, before_them, Capacity.OFFICER, at)
    case.owner, case.second_officer = officers
    if any(conducted_hearing(officer, case) for officer in (case.owner, case.second_officer)):
        raise Invalid(
            _("本案听证人员不得作为办案人员（市场监督管理行政处罚听证办法第十一条第三款），请另选他人。"),
            code="host_investigated", field="owner",
        )  # fmt: skip
    move(case, states.REASSIGN, actor, at, required(reason, "reason", _("请写明更换理由。"), limit=1000))
    hand_over_clocks(subject=subject_of(case), from_owner=before, actor=actor, at=at)
    hand_over_terms(case, before, actor, at)
    return case


def _require_other_hands(case: Case, owner_id: int, second_officer_id: int) -> None:
    """:raises Invalid: one of them reviewed the case or decided it."""
    for user_id, field in ((owner_id, "owner"), (second_officer_id, "second_officer")):
        if user_id in case.examiner_ids:
            raise Invalid(
                _("本案审核人员不得作为办案人员（程序规定第四十九条第三款）。"),
                code="separation_of_duties",
                field=field,
            )
        if user_id == case.decided_by_id:
            raise Invalid(
                _("本案决定人不得作为办案人员（职责分离，本系统默认），请另选他人。"),
                code="separation_of_duties", field=field,
            )  # fmt: skip
