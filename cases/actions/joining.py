"""Two cases of one party become one, or one becomes two. The law is silent on both; no period gets longer by either."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.filing import require_officers
from cases.actions.moves import (
    HANDLING,
    KIND,
    begin,
    index_case,
    move,
    open_clock_id,
    optional,
    required,
    subject_of,
    write_move,
)
from cases.actions.outcomes import end_clocks
from cases.models import Case
from cases.queries.measures import goods_unsettled
from cases.queries.outcomes import mergeable_into, require_duties_met
from cases.states import matter as states
from cases.states.matter import Outcome, PartyKind
from clues.parties import normal_name
from core.errors import Invalid, WrongState
from deadlines.actions.clocks import local_day, start_like
from documents.actions.numbers import bind_number, issue_number


@transaction.atomic
def merge_case(*, case_id: int, into_id: int, reason: str, actor: User, at: datetime) -> Case:
    """Go on with this case in another of the same party that was filed no later; its own period ends.

    :param into_id: of :func:`cases.queries.outcomes.mergeable_into`.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also while it has goods or a duty of its own.
    """
    # always in this order, so that two merges never wait for each other
    list(Case.objects.filter(pk__in=(case_id, into_id)).order_by("pk").select_for_update().values_list("pk"))
    case = begin(actor, case_id, states.MERGE)
    if not mergeable_into(actor, case).filter(pk=into_id).exists():
        raise Invalid(
            _("只能并入同一当事人、同一处罚机关、立案不晚于本案而且也在调查中的案件，请从列表中选择。"),
            code="not_mergeable", field="into",
        )  # fmt: skip
    other = begin(actor, into_id, states.MERGE)
    why = required(reason, "reason", _("请写明并案的理由。"), limit=1000)
    if unsettled := goods_unsettled(case):
        raise WrongState(_("%(why)s，不能并案，请先办理。") % {"why": unsettled}, code="measures_in_force")
    require_duties_met(case)
    case.merged_into, case.ended_on = other, local_day(at)
    case.outcome, case.outcome_reason = Outcome.MERGED, why
    move(case, states.MERGE, actor, at, f"{other.number}：{why}")
    write_move(other, states.TAKE_IN, other.state, actor, at, f"{case.number}：{why}")
    end_clocks(case, f"并入{other.number}", actor, at)
    return case


@transaction.atomic
def split_case(
    *,
    case_id: int,
    cause: str,
    party_name: str,
    owner_id: int,
    second_officer_id: int,
    reason: str,
    actor: User,
    at: datetime,
    party_code: str = "",
    party_kind: str = PartyKind.ORGANISATION,
    address: str = "",
) -> Case:
    """A new case for another party or another act, with its own number and officers; the ninety days count on as they
    were, from the day the original was filed.

    :returns: the new case.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.SPLIT)
    what = required(cause, "cause", _("请填写案由。"), limit=200)
    who = required(party_name, "party_name", _("请填写当事人名称。"), limit=120)
    if (what, who) == (case.cause, case.party_name):
        raise Invalid(_("当事人和案由都与原案相同，不需要分案。"), code="nothing_to_split", field="cause")
    if party_kind not in PartyKind.values:
        raise Invalid(_("请选择当事人类型。"), code="unknown_party_kind", field="party_kind")
    code = optional(party_code, "party_code", limit=18).upper()
    place = optional(address, "address", limit=200)
    why, today = required(reason, "reason", _("请写明分案的理由。"), limit=900), local_day(at)
    owner, second = require_officers(case.office, owner_id, second_officer_id, today)
    _not_barred(case, (owner, second))
    number = issue_number(office=case.authority, kind=KIND, on=today, subject_kind=KIND)
    new = Case.objects.create(
        number=number.text, split_from=case, cause=what, party_name=who, normal_name=normal_name(who),
        party_code=code, party_kind=party_kind, address=place, category=case.category,
        region_code=case.region_code, filing_conditions=case.filing_conditions, office=case.office,
        bureau_id=case.bureau_id, authority=case.authority, owner=owner, second_officer=second, filed_on=case.filed_on,
        created_at=at,
    )  # fmt: skip
    bind_number(number, subject_id=new.pk)
    write_move(new, states.SPLIT_OFF, "", actor, at, f"{case.number}：{why}")
    index_case(new)
    start_like(
        clock_id=open_clock_id(case, HANDLING),
        subject=subject_of(new),
        reason=f"自{case.number}分出",
        actor=actor,
        at=at,
    )
    move(case, states.SPLIT, actor, at, f"{new.number}：{why}")
    return new


def _not_barred(case: Case, officers: tuple[User, User]) -> None:
    for officer, field in zip(officers, ("owner", "second_officer"), strict=True):
        if officer.pk in case.barred_ids:
            raise Invalid(
                _("该人员已被决定回避本案（程序规定第四条），不能再作为办案人员，请改选他人。"),
                code="recused",
                field=field,
            )
