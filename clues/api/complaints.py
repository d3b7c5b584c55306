"""The complaint procedure and what it brings forth: the POSTs."""

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from clues import states
from clues.actions import complaints, intake
from clues.api.serializers import LeadOut
from clues.states import EndGround, RefusalGround
from core.api.inputs import Choice, Day, Input, Text
from core.api.verbs import verb


class AcceptIn(Input):
    told_on = Day(help_text=gettext_lazy("告知投诉人日期"))
    accepted_on = Day(required=False, help_text=gettext_lazy("受理日期；不填的为告知之日"))


class RefuseIn(Input):
    ground = Choice(RefusalGround.choices)
    reason = Text(max_length=800)
    told_on = Day(help_text=gettext_lazy("告知投诉人日期"))
    other_ways_told = serializers.BooleanField(help_text=gettext_lazy("已告知理由和其他解决途径"))


class ExcludeMediationIn(Input):
    first_day = Day()
    last_day = Day(help_text=gettext_lazy("含当日"))
    reason = Text()


class SettleIn(Input):
    settled_on = Day()
    agreement = Text(max_length=4000)
    made_document = serializers.BooleanField(help_text=gettext_lazy("是否制作调解书"))
    reason = Text(required=False, help_text=gettext_lazy("未制作调解书的原因"))


class EndIn(Input):
    ended_on = Day()
    ground = Choice(EndGround.choices)
    reason = Text(max_length=800)


class TellIn(Input):
    told_on = Day()
    way = Text()


class FoundIn(Input):
    found_on = Day()
    summary = Text(max_length=4000)


class SplitIn(Input):
    summary = Text(max_length=4000, required=False)
    facts = serializers.DictField(child=Text(), required=False, help_text=gettext_lazy("另一件的渠道事项"))


class TreatAsComplaintIn(Input):
    claim = Text(help_text=gettext_lazy("投诉请求"))
    claimed_on = Day(required=False, help_text=gettext_lazy("提出投诉请求之日；不填的为收到举报之日"))
    reason = Text(max_length=800)


class ComplaintVerbs:
    accept = verb(states.ACCEPT, AcceptIn, complaints.accept_complaint, LeadOut)
    refuse = verb(states.REFUSE, RefuseIn, complaints.refuse_complaint, LeadOut)
    exclude_mediation = verb(states.EXCLUDE_MEDIATION, ExcludeMediationIn, complaints.exclude_mediation, LeadOut)
    settle = verb(states.SETTLE, SettleIn, complaints.settle_mediation, LeadOut)
    end = verb(states.END, EndIn, complaints.end_mediation, LeadOut)
    tell = verb(states.TELL, TellIn, complaints.tell_parties, LeadOut)
    found = verb(states.FOUND, FoundIn, complaints.found_in_mediation, LeadOut)
    split = verb(states.SPLIT, SplitIn, intake.split_lead, LeadOut)
    treat_as_complaint = verb(states.TREAT_AS_COMPLAINT, TreatAsComplaintIn, complaints.treat_as_complaint, LeadOut)
