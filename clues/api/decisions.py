"""The head's decisions and what follows them: the POSTs."""

from django.utils.translation import gettext_lazy

from clues import states
from clues.actions import decisions
from clues.api.serializers import LeadOut
from clues.states import DeclineGround
from core.api.inputs import Choice, Day, Id, Input, Text
from core.api.verbs import verb


class DeclineIn(Input):
    ground = Choice(DeclineGround.choices)
    item = Id(source="item_id", required=False, help_text=gettext_lazy("今天有效的免罚清单事项，须与理由对应"))
    reason = Text(max_length=1000)


class TransferIn(Input):
    transferred_to = Text(max_length=120)
    reason = Text(max_length=1000)


class ReceiptIn(Input):
    receipt_no = Text(max_length=80)
    receipt_on = Day()


class FeedbackIn(Input):
    told_on = Day()
    way = Text(max_length=500, help_text=gettext_lazy("不要写举报人的姓名和联系方式"))


class DecisionVerbs:
    decline = verb(states.DECLINE, DeclineIn, decisions.decline_lead, LeadOut)
    transfer = verb(states.TRANSFER, TransferIn, decisions.transfer_lead, LeadOut)
    record_receipt = verb(states.RECORD_RECEIPT, ReceiptIn, decisions.record_receipt, LeadOut)
    give_feedback = verb(states.GIVE_FEEDBACK, FeedbackIn, decisions.give_feedback, LeadOut)
