"""The history of a case as sentences."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.queries import offices_then
from cases.models import CaseMove
from cases.states import hearing
from cases.states import matter as states
from cases.states.approvals import ASK, RETURN, SIGN, VOID, WITHDRAW
from cases.states.duties import ASK_RECUSAL, GRANT_RECUSAL, REFUSE_RECUSAL
from cases.states.money import MONEY_TRANSITIONS
from cases.states.remedy import COURT_TRANSITIONS, REMEDY_TRANSITIONS
from core.pages import HistoryLine
from deadlines.faces import due_changes
from deadlines.models import Clock
from deadlines.queries import rule_book
from documents.service_ways import CONFIRM_ADDRESS, SERVICE_TABLE
from documents.states import ISSUE_PAPER, VOID_PAPER

AFTER = (states.SUBMIT_LEGAL_REVIEW, states.PASS_LEGAL_REVIEW, states.RETURN_LEGAL_REVIEW, states.DISCUSS)


def history_of(moves: Sequence[CaseMove], clocks: Sequence[Clock]) -> list[HistoryLine]:
    """One sentence per move, newest first, with what the move did to a due day."""
    offices = offices_then((move.actor_id, timezone.localdate(move.at)) for move in moves if move.actor_id)
    changes = due_changes(clocks, rule_book())
    return [
        HistoryLine(
            at=move.at,
            who=_person(move, offices.get((move.actor_id or 0, timezone.localdate(move.at)), "")),
            what=_what(move),
            detail="\n".join(filter(None, [move.reason, *([] if is_same else changes.get(move.at, []))])),
        )
        for move, is_same in reversed(list(zip(moves, _follows_at_once(moves), strict=True)))
    ]


def _follows_at_once(moves: Sequence[CaseMove]) -> list[bool]:
    """Whether a move was made by the verb of the next one: its due days are told there."""
    return [here.at == after.at for here, after in pairwise(moves)] + [False] * bool(moves)


def _person(move: CaseMove, office: str) -> str:
    if move.actor is None:
        return _("系统")
    name = _("{name}（{office}）").format(name=move.actor.name, office=office) if office else move.actor.name
    return _("{name}代{other}").format(name=name, other=move.on_behalf_of.name) if move.on_behalf_of else name


def _what(move: CaseMove) -> str:
    return {
        states.FILE.name: pgettext("history", "批准立案"),
        states.DECLARE.name: pgettext("history", "声明有无回避情形"),
        ASK_RECUSAL.name: pgettext("history", "登记当事人的回避申请"),
        GRANT_RECUSAL.name: pgettext("history", "决定回避"),
        REFUSE_RECUSAL.name: pgettext("history", "决定不予回避"),
        states.EXTEND_REVIEW.name: pgettext("history", "批准延长审核期限"),
        ASK.name: pgettext("history", "报请审批"),
        SIGN.name: pgettext("history", "审批同意"),
        RETURN.name: pgettext("history", "审批退回"),
        WITHDRAW.name: pgettext("history", "撤回报请"),
        VOID.name: pgettext("history", "报请的审批失效"),
        states.SUSPEND.name: pgettext("history", "批准中止调查"),
        states.RESUME.name: pgettext("history", "恢复调查"),
        states.EXTEND.name: pgettext("history", "批准延长办案期限"),
        states.EXCLUDE.name: pgettext("history", "扣除不计入期限的时间"),
        states.REASSIGN.name: pgettext("history", "更换办案人员"),
        states.PROPOSE.name: pgettext("history", "拟定处理意见"),
        states.CONCLUDE.name: pgettext("history", "提交调查终结报告送审"),
        states.PASS_REVIEW.name: pgettext("history", "审核同意"),
        states.RETURN_REVIEW.name: pgettext("history", "退回补充调查或者纠正"),
        states.APPROVE_NOTICE.name: pgettext("history", "批准告知处理意见"),
        states.REVISE.name: pgettext("history", "变更处理意见，原审核、批准和告知不再有效"),
        states.NOTIFY.name: pgettext("history", "登记行政处罚告知书送达"),
        states.RECORD_DEFENCE.name: pgettext("history", "登记陈述申辩及复核"),
        **{row.name: str(row.label) for row in (*hearing.HEARING_TABLE, *AFTER)},
        states.DECIDE.name: pgettext("history", "作出行政处罚决定"),
        states.SERVE.name: pgettext("history", "登记处罚决定书送达"),
        states.RECORD_PAYMENT.name: pgettext("history", "登记缴款"),
        states.PERFORM.name: pgettext("history", "罚没款缴清，处罚决定履行完毕"),
        states.CLOSE.name: pgettext("history", "批准结案"),
        states.ARCHIVE.name: pgettext("history", "立卷归档"),
        ISSUE_PAPER.name: pgettext("history", "签发文书"),
        VOID_PAPER.name: pgettext("history", "作废文书"),
        states.DEFER.name: pgettext("history", "批准延期或者分期缴纳"),
        states.URGE.name: pgettext("history", "登记催告书送达"),
        states.APPLY_COURT.name: pgettext("history", "申请人民法院强制执行"),
        states.END_EXECUTION.name: pgettext("history", "登记法院裁定终结执行"),
        states.CEASE_EXECUTION.name: pgettext("history", "批准终结执行"),
        states.UNNOTIFY.name: pgettext("history", "撤销告知书送达登记，案件恢复为已批准告知"),
        states.UNSERVE.name: pgettext("history", "撤销决定书送达登记，案件恢复为已决定"),
        states.UNURGE.name: pgettext("history", "撤销催告书送达登记"),
        **{row.name: str(row.label) for row in (*SERVICE_TABLE, CONFIRM_ADDRESS)},
        states.UNPERFORM.name: pgettext("history", "处罚决定恢复为未履行完毕"),
        states.SPARE.name: pgettext("history", "决定不予行政处罚"),
        states.TRANSFER.name: pgettext("history", "决定移送"),
        states.REFER.name: pgettext("history", "决定移送司法机关"),
        states.TERMINATE.name: pgettext("history", "批准终止调查"),
        states.WITHDRAW.name: pgettext("history", "批准撤销立案"),
        states.MERGE.name: pgettext("history", "并入他案"),
        states.TAKE_IN.name: pgettext("history", "他案并入本案"),
        states.SPLIT.name: pgettext("history", "分出新案"),
        states.SPLIT_OFF.name: pgettext("history", "由他案分出"),
        states.ANNUL.name: pgettext("history", "登记决定被撤销"),
        states.WITHDRAW_PUBLICATION.name: pgettext("history", "登记公开信息的撤回"),
        states.DECIDE_ON_SPOT.name: pgettext("history", "当场作出处罚决定"),
        states.HAND_IN.name: pgettext("history", "登记材料交局归档"),
        **{row.name: str(row.label) for row in (*MONEY_TRANSITIONS, *REMEDY_TRANSITIONS, *COURT_TRANSITIONS)},
    }[move.name]
