"""The history of a case as sentences."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.queries import offices_then
from cases import states
from cases.models import CaseMove
from core.pages import HistoryLine
from deadlines.faces import due_changes
from deadlines.models import Clock
from deadlines.queries import rule_book


def history_of(moves: Sequence[CaseMove], clocks: Sequence[Clock]) -> list[HistoryLine]:
    """One sentence per move, newest first, with what the move did to a due day."""
    offices = offices_then((move.actor_id, timezone.localdate(move.at)) for move in moves)
    changes = due_changes(clocks, rule_book())
    return [
        HistoryLine(
            at=move.at,
            who=_person(move, offices.get((move.actor_id, timezone.localdate(move.at)), "")),
            what=_what(move),
            detail="\n".join(filter(None, [move.reason, *([] if is_same else changes.get(move.at, []))])),
        )
        for move, is_same in reversed(list(zip(moves, _follows_at_once(moves), strict=True)))
    ]


def _follows_at_once(moves: Sequence[CaseMove]) -> list[bool]:
    """Whether a move was made by the verb of the next one: its due days are told there."""
    return [here.at == after.at for here, after in pairwise(moves)] + [False] * bool(moves)


def _person(move: CaseMove, office: str) -> str:
    return _("{name}（{office}）").format(name=move.actor.name, office=office) if office else move.actor.name


def _what(move: CaseMove) -> str:
    return {
        states.FILE.name: pgettext("history", "批准立案"),
        states.SUSPEND.name: pgettext("history", "批准中止调查"),
        states.RESUME.name: pgettext("history", "恢复调查"),
        states.EXTEND.name: pgettext("history", "批准延长办案期限"),
        states.EXCLUDE.name: pgettext("history", "扣除不计入期限的时间"),
        states.REASSIGN.name: pgettext("history", "更换办案人员"),
        states.CONCLUDE.name: pgettext("history", "提交调查终结报告送审"),
        states.PASS_REVIEW.name: pgettext("history", "审核同意"),
        states.RETURN_REVIEW.name: pgettext("history", "退回补充调查或者纠正"),
        states.NOTIFY.name: pgettext("history", "登记行政处罚告知书送达"),
        states.DECIDE.name: pgettext("history", "作出行政处罚决定"),
        states.SERVE.name: pgettext("history", "登记处罚决定书送达"),
        states.RECORD_PAYMENT.name: pgettext("history", "登记缴款"),
        states.PERFORM.name: pgettext("history", "罚没款缴清，处罚决定履行完毕"),
        states.CLOSE.name: pgettext("history", "批准结案"),
    }[move.name]
