"""The ninety days of a case: suspended and resumed, extended, days left out of the count."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.moves import HANDLING, begin, move, open_clock_id, optional, required
from cases.models import Case
from cases.queries.hearing import extension_discussion
from cases.states import matter as states
from cases.states.matter import SuspensionGround
from clues.actions.moves import inclusive_days
from core.errors import Invalid
from core.transitions import in_record
from deadlines.actions.clocks import exclude_days, extend_clock, resume_clock, suspend_clock
from deadlines.queries import lock_clock, rule_version_of


@transaction.atomic
def suspend_case(*, case_id: int, ground: str, starts_on: date, reason: str, actor: User, at: datetime) -> Case:
    """Suspend the investigation on one of the five grounds; the 90 days stand still (程序规定第四十六条、第六十四条第二款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.SUSPEND)
    if ground not in SuspensionGround.values:
        raise Invalid(_("请选择中止调查的情形（程序规定第四十六条）。"), code="unknown_ground", field="ground")
    why = required(reason, "reason", _("请写明中止的具体原因。"), limit=500)
    suspend_clock(
        clock_id=open_clock_id(case, HANDLING), ground=in_record(SuspensionGround(ground).label)[:60], starts_on=starts_on,
        approved_by=actor, reason=why, actor=actor, at=at,
    )  # fmt: skip
    return move(case, states.SUSPEND, actor, at, f"{starts_on}起：{why}")


@transaction.atomic
def resume_case(*, case_id: int, resumes_on: date, reason: str, actor: User, at: datetime) -> Case:
    """Resume the investigation; ``resumes_on`` counts again (程序规定第四十六条第二款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.RESUME)
    why = required(reason, "reason", _("请写明中止原因如何消除。"), limit=500)
    resume_clock(clock_id=open_clock_id(case, HANDLING), resumes_on=resumes_on, reason=why, actor=actor, at=at)
    return move(case, states.RESUME, actor, at, f"{resumes_on}起：{why}")


@transaction.atomic
def extend_case(*, case_id: int, reason: str, actor: User, at: datetime) -> Case:
    """Extend the 90 days: first by 30 (the head), then by what a collective discussion fixed (程序规定第六十四条第一款).

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also a further extension without that discussion.
    """
    case = begin(actor, case_id, states.EXTEND)
    why = required(reason, "reason", _("请写明延期的理由。"), limit=500)
    clock_id = open_clock_id(case, HANDLING)
    clock = extend_clock(
        clock_id=clock_id, approved_by=actor, reason=why, amount=_days_fixed(case, clock_id), actor=actor, at=at
    )
    return move(case, states.EXTEND, actor, at, f"延至{clock.due_on}：{why}")


def _days_fixed(case: Case, clock_id: int) -> int | None:
    """The length the heads fixed together, where the law leaves it to them; None where it is the law's."""
    clock = lock_clock(clock_id)
    taken = list(clock.extensions.order_by("step"))
    steps = rule_version_of(clock).extensions
    if not taken or len(taken) >= len(steps) or steps[len(taken)].amount is not None:
        return None
    return extension_discussion(case, since=taken[-1].approved_on).days


@transaction.atomic
def exclude_case_days(
    *, case_id: int, ground: str, first_day: date, last_day: date, reason: str, actor: User, at: datetime
) -> Case:
    """Leave days of a test, hearing, announcement … (both ends included) out of the count (程序规定第六十四条第二款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.EXCLUDE)
    what = required(ground, "ground", _("请选择扣除的事由。"), limit=60)
    why = optional(reason, "reason", limit=500)
    exclude_days(
        clock_id=open_clock_id(case, HANDLING), ground=what, days=inclusive_days(first_day, last_day), approved_by=actor,
        reason=why, actor=actor, at=at,
    )  # fmt: skip
    return move(case, states.EXCLUDE, actor, at, f"{what}：{first_day}至{last_day} {why}".strip())
