"""The history of a lead as sentences."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.queries import offices_then
from clues import states
from clues.models import LeadMove
from core.pages import HistoryLine
from deadlines.faces import due_changes
from deadlines.models import Clock
from deadlines.queries import rule_book
from documents import states as paper_states


def history_of(moves: Sequence[LeadMove], clocks: Sequence[Clock]) -> list[HistoryLine]:
    """One sentence per move, newest first, with what the move did to a due day."""
    offices = offices_then((move.actor_id, timezone.localdate(move.at)) for move in moves)
    changes = due_changes(clocks, rule_book())
    lines = [
        HistoryLine(
            at=move.at,
            who=_person(move, offices.get((move.actor_id, timezone.localdate(move.at)), "")),
            what=_what(move),
            detail="\n".join(filter(None, [_why(move), *changes.pop(move.at, [])])),
        )
        for move in moves
    ]
    return lines[::-1]


def _person(move: LeadMove, office: str) -> str:
    return _("{name}（{office}）").format(name=move.actor.name, office=office) if office else move.actor.name


def _what(move: LeadMove) -> str:
    words = {
        states.LOG.name: pgettext("history", "登记线索"),
        states.RECEIVE.name: pgettext("history", "将案件移送{office}，登记为本线索，由{owner}接收"),
        states.ASSIGN.name: pgettext("history", "将线索分派给{office}{owner}"),
        states.SIGN.name: pgettext("history", "签收线索"),
        states.RETURN.name: pgettext("history", "将线索退回{office}{owner}"),
        states.HAND_OVER.name: pgettext("history", "将线索移交{office}"),
        states.TAKE_OVER.name: pgettext("history", "决定线索提级由{office}办理"),
        states.HAND_DOWN.name: pgettext("history", "将线索交由{office}办理"),
        states.RAISE_DISPUTE.name: pgettext("history", "提出权限争议"),
        states.SETTLE_DISPUTE.name: pgettext("history", "登记权限争议的协商结果"),
        states.ESCALATE_DISPUTE.name: pgettext("history", "将权限争议报请共同的上一级指定"),
        states.DESIGNATE.name: pgettext("history", "指定线索由{office}承办"),
        states.CHECK.name: pgettext("history", "记录核查"),
        states.ATTACH.name: pgettext("history", "上传材料"),
        paper_states.ISSUE_PAPER.name: pgettext("history", "签发文书"),
        paper_states.VOID_PAPER.name: pgettext("history", "作废文书"),
        states.MERGE.name: pgettext("history", "将线索并入另一条线索，由{office}{owner}承办"),
        states.UNMERGE.name: pgettext("history", "解除并入，线索回到{office}{owner}"),
        states.MERGED_IN.name: pgettext("history", "将另一条线索并入本线索"),
        states.UNMERGED_FROM.name: pgettext("history", "将另一条线索从本线索解除并入"),
        states.FOLLOW.name: pgettext("history", "将主线索移交，本线索随之由{office}{owner}承办"),
        states.EXTEND.name: pgettext("history", "批准延长核查期限"),
        states.EXCLUDE.name: pgettext("history", "扣除不计入期限的时间"),
        states.REPORT.name: pgettext("history", "提交核查结果"),
        states.SEND_BACK.name: pgettext("history", "退回补充核查"),
        states.FILE.name: pgettext("history", "决定立案"),
        states.DECLINE.name: pgettext("history", "决定不予立案"),
        states.TRANSFER.name: pgettext("history", "决定移送其他部门"),
        states.RECORD_RECEIPT.name: pgettext("history", "登记移送回执"),
        states.GIVE_FEEDBACK.name: pgettext("history", "登记结果反馈"),
        states.SPLIT.name: pgettext("history", "将投诉和举报分别登记"),
        states.TREAT_AS_COMPLAINT.name: pgettext("history", "决定转为投诉处理"),
        states.ACCEPT.name: pgettext("history", "决定受理投诉"),
        states.REFUSE.name: pgettext("history", "决定不予受理投诉"),
        states.EXCLUDE_MEDIATION.name: pgettext("history", "扣除不计入调解期限的时间"),
        states.SETTLE.name: pgettext("history", "登记达成调解协议"),
        states.END.name: pgettext("history", "决定终止调解"),
        states.TELL.name: pgettext("history", "登记已将终止调解告知双方"),
        states.FOUND.name: pgettext("history", "登记调解中发现的线索"),
    }
    return words[move.name].format(office=move.office.name, owner=move.owner.name)


def _why(move: LeadMove) -> str:
    """The reason, unless it only repeats the sentence."""
    return "" if move.reason == f"分派给{move.office.name}{move.owner.name}" else move.reason
