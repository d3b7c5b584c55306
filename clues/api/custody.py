"""Whose a lead is: the POSTs of its custody."""

from clues import states
from clues.actions import custody
from clues.api.serializers import LeadOut, ReasonIn
from core.api.inputs import Id, Input, Text
from core.api.verbs import verb


class AssignIn(Input):
    office = Id(source="office_id")
    owner = Id(source="owner_id")
    reason = Text(required=False)


class OfficeIn(Input):
    office = Id(source="office_id")
    reason = Text()


class CustodyVerbs:
    assign = verb(states.ASSIGN, AssignIn, custody.assign_lead, LeadOut)
