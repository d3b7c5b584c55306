"""The head's decisions and what follows them: the POSTs."""

from clues import states
from clues.actions import decisions
from clues.api.serializers import LeadOut
from clues.states import DeclineGround
from core.api.inputs import Choice, Input, Text
from core.api.verbs import verb


class DeclineIn(Input):
    ground = Choice(DeclineGround.choices)
    reason = Text()


class TransferIn(Input):
    transferred_to = Text(max_length=120)
    reason = Text()


class DecisionVerbs:
    decline = verb(states.DECLINE, DeclineIn, decisions.decline_lead, LeadOut)
    transfer = verb(states.TRANSFER, TransferIn, decisions.transfer_lead, LeadOut)
