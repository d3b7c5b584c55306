"""What the party says to the notice is recorded and weighed."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.moves import DEFENCE, KIND, begin, move, not_outside, optional, required
from cases.models import Case, Defence
from cases.queries.decision import require_told
from cases.states import matter as states
from cases.states.decision import Adoption, DefenceWay
from core.errors import Invalid
from core.transitions import in_record
from deadlines.actions.clocks import local_day
from deadlines.queries import open_clock


@transaction.atomic
def record_defence(
    *,
    case_id: int,
    made_on: date,
    way: str,
    content: str,
    adopted: str,
    reply: str,
    actor: User,
    at: datetime,
    evidence: str = "",
) -> Case:
    """Record a statement or defence of the party and how it was weighed (程序规定第五十八条); one made after the term is
    recorded as late.

    :param way: of :class:`cases.states.decision.DefenceWay`.
    :param adopted: of :class:`cases.states.decision.Adoption`; ``reply`` says why.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.RECORD_DEFENCE)
    told = require_told(case)
    assert case.notified_on is not None  # noqa: S101 - told on a day
    not_outside(made_on, case.notified_on, local_day(at), "made_on", _("提出日期"))
    if way not in DefenceWay.values:
        raise Invalid(_("请选择陈述申辩的方式。"), code="unknown_way", field="way")
    if adopted not in Adoption.values:
        raise Invalid(_("请选择复核意见（程序规定第五十八条）。"), code="unknown_adoption", field="adopted")
    term = open_clock(rule=DEFENCE, subject_kind=KIND, subject_id=case.pk)
    row = Defence.objects.create(
        case=case, proposal=told, made_on=made_on, way=way,
        is_late=term is not None and term.due_on is not None and made_on > term.due_on,
        content=required(content, "content", _("请写明陈述申辩的内容。"), limit=4000),
        evidence=optional(evidence, "evidence", limit=2000),
        adopted=adopted, reply=required(reply, "reply", _("请写明采纳或者不采纳的理由。"), limit=4000),
        recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    late = "（逾期）" if row.is_late else ""
    return move(case, states.RECORD_DEFENCE, actor, at, f"{made_on}{late}：{in_record(Adoption(adopted).label)}")
