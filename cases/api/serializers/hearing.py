"""Hearings, legal review after them and collective discussion as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from cases.actions.discussion import MOST_DAYS, Speaking
from cases.actions.hearing_session import MOST_ATTENDEES, Attending
from cases.states.discussion import Conclusion, Stance, Topic
from cases.states.duties import ReviewGround
from cases.states.hearing import (
    Attendance,
    HearingEnd,
    HearingPause,
    HearingState,
    RequestWay,
    Secrecy,
    Told,
)
from core.api.inputs import Choice, Day, Id, Input, Moment, Text, Whole
from core.api.verbs import NextMove


class RequestHearingIn(Input):
    requested_on = Day(help_text=gettext_lazy("当事人提出的日期，在告知书送达之日起五个工作日内"))
    way = Choice(RequestWay.choices)
    request = Text(max_length=2000, required=False, help_text=gettext_lazy("口头提出的，写明笔录的内容"))


class NameHostIn(Input):
    host = Id(source="host_id")
    member = Id(source="member_id", required=False)
    second_member = Id(source="second_member_id", required=False)


class ChangeHostsIn(NameHostIn):
    reason = Text()


class HandMaterialsIn(Input):
    handed_on = Day()


class RescheduleIn(Input):
    opens_at = Moment(help_text=gettext_lazy("听证时间；须留出送达听证通知书的七个工作日"))
    place = Text(max_length=200)
    reason = Text()


class ScheduleIn(Input):
    opens_at = Moment(help_text=gettext_lazy("听证时间；须留出送达听证通知书的七个工作日"))
    place = Text(max_length=200)
    recorder = Id(source="recorder_id")
    secrecy = Choice(Secrecy.choices, required=False, help_text=gettext_lazy("不公开的理由；公开举行的不填"))
    third_party = Text(max_length=120, required=False)
    interpreter = Text(max_length=60, required=False)


class HearingTellIn(Input):
    told = Choice(Told.choices)
    told_on = Day()


class HearingAnnounceIn(Input):
    announced_on = Day()
    where = Text(max_length=200)


class AskHearingRecusalIn(Input):
    person = Id(source="person_id")
    reason = Text(max_length=1000)


class DecideHearingRecusalIn(Input):
    person = Id(source="person_id")
    is_granted = serializers.BooleanField()
    opinion = Text(max_length=1000)


class SuspendHearingIn(Input):
    ground = Choice(HearingPause.choices)
    reason = Text()


class ResumeHearingIn(RescheduleIn):
    recorder = Id(source="recorder_id", required=False, help_text=gettext_lazy("记录员回避的，另行指定"))


class AttendingIn(Input):
    part = Choice(Attendance.choices)
    name = Text(max_length=120)
    is_present = serializers.BooleanField(default=True)
    mandate = Text(required=False, help_text=gettext_lazy("委托代理人的委托事项及权限"))

    def to_internal_value(self, data: Any) -> Any:
        return Attending(**super().to_internal_value(data))


class HoldIn(Input):
    held_on = Day()
    attendance = serializers.ListField(child=AttendingIn(), max_length=MOST_ATTENDEES)
    minutes = Text(max_length=20000)
    last_word_third_party = Text(max_length=4000, required=False)
    last_word_officers = Text(max_length=4000)
    last_word_party = Text(max_length=4000)
    refused_to_sign = Text(required=False)


class HearingReportIn(Input):
    summary = Text(max_length=8000)
    advice = Text(max_length=4000)
    remarks = Text(max_length=4000, required=False)


class EndHearingIn(Input):
    ground = Choice(HearingEnd.choices)
    reason = Text(max_length=1000)


class SubmitLegalReviewIn(Input):
    reviewer = Id(source="reviewer_id")
    grounds = serializers.ListField(
        child=Choice(ReviewGround.choices), max_length=len(ReviewGround.values), required=False,
        help_text=gettext_lazy("经过听证程序之外的其他情形"),
    )  # fmt: skip


class SpeakingIn(Input):
    person = Id(source="person_id")
    stance = Choice(Stance.choices, required=False)
    opinion = Text(max_length=4000, required=False)
    absence = Text(max_length=200, required=False, help_text=gettext_lazy("没有出席的，只写明原因"))

    def to_internal_value(self, data: Any) -> Any:
        return Speaking(**super().to_internal_value(data))


class DiscussIn(Input):
    topic = Choice(Topic.choices)
    held_at = Moment()
    place = Text(max_length=200)
    chair = Id(source="chair_id")
    recorder = Id(source="recorder_id")
    others = Text(required=False)
    voices = serializers.ListField(
        child=SpeakingIn(), max_length=100, help_text=gettext_lazy("每位部门负责人一项，出席的写意见，缺席的写原因")
    )
    minutes = Text(max_length=20000)
    conclusion = Choice(Conclusion.choices)
    resolution = Text(max_length=4000)
    days = Whole(
        min_value=1, max_value=MOST_DAYS, required=False, help_text=gettext_lazy("自然日；仅在同意继续延期时填写")
    )


class AttendeeOut(serializers.Serializer[Any]):
    part = serializers.ChoiceField(Attendance.choices)
    name = serializers.CharField()
    is_present = serializers.BooleanField()
    mandate = serializers.CharField(allow_blank=True)


class HearingRecusalOut(serializers.Serializer[Any]):
    person = serializers.IntegerField(source="person_id")
    person_name = serializers.CharField(source="person.name")
    reason = serializers.CharField()
    asked_on = serializers.DateField()
    is_granted = serializers.BooleanField(allow_null=True)
    opinion = serializers.CharField(allow_blank=True)
    decided_by = serializers.IntegerField(source="decided_by_id", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class HearingOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(HearingState.choices)
    state_label = serializers.CharField(source="get_state_display")
    requested_on = serializers.DateField()
    way = serializers.ChoiceField(RequestWay.choices)
    request = serializers.CharField(allow_blank=True)
    named_on = serializers.DateField(allow_null=True)
    host = serializers.IntegerField(source="host_id", allow_null=True)
    member = serializers.IntegerField(source="member_id", allow_null=True)
    second_member = serializers.IntegerField(source="second_member_id", allow_null=True)
    recorder = serializers.IntegerField(source="recorder_id", allow_null=True)
    interpreter = serializers.CharField(allow_blank=True)
    third_party = serializers.CharField(allow_blank=True)
    handed_on = serializers.DateField(allow_null=True)
    scheduled_on = serializers.DateField(allow_null=True)
    opens_at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField(allow_blank=True)
    secrecy = serializers.ChoiceField(Secrecy.choices, allow_blank=True)
    party_told_on = serializers.DateField(allow_null=True)
    third_party_told_on = serializers.DateField(allow_null=True)
    officers_told_on = serializers.DateField(allow_null=True)
    announced_on = serializers.DateField(allow_null=True)
    announced_where = serializers.CharField(allow_blank=True)
    pause_ground = serializers.ChoiceField(HearingPause.choices, allow_blank=True)
    held_on = serializers.DateField(allow_null=True)
    attendees = AttendeeOut(many=True)
    recusals = HearingRecusalOut(many=True)
    minutes = serializers.CharField(allow_blank=True)
    last_word_third_party = serializers.CharField(allow_blank=True)
    last_word_officers = serializers.CharField(allow_blank=True)
    last_word_party = serializers.CharField(allow_blank=True)
    refused_to_sign = serializers.CharField(allow_blank=True)
    reported_on = serializers.DateField(allow_null=True)
    summary = serializers.CharField(allow_blank=True)
    advice = serializers.CharField(allow_blank=True)
    remarks = serializers.CharField(allow_blank=True)
    ended_on = serializers.DateField(allow_null=True)
    end_ground = serializers.ChoiceField(HearingEnd.choices, allow_blank=True)
    end_reason = serializers.CharField(allow_blank=True)


class HearingsOut(serializers.Serializer[Any]):
    """Every hearing of a case, newest first, and which steps this user may take with the open one."""

    hearings = HearingOut(many=True)
    legal_steps = NextMove(many=True)


class VoiceOut(serializers.Serializer[Any]):
    person = serializers.IntegerField(source="person_id")
    person_name = serializers.CharField(source="person.name")
    stance = serializers.ChoiceField(Stance.choices, allow_blank=True)
    opinion = serializers.CharField(allow_blank=True)
    absence = serializers.CharField(allow_blank=True)


class DiscussionOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    topic = serializers.ChoiceField(Topic.choices)
    held_at = serializers.DateTimeField()
    place = serializers.CharField()
    chair = serializers.IntegerField(source="chair_id")
    recorder = serializers.IntegerField(source="recorder_id")
    others = serializers.CharField(allow_blank=True)
    voices = VoiceOut(many=True)
    minutes = serializers.CharField()
    conclusion = serializers.ChoiceField(Conclusion.choices)
    resolution = serializers.CharField()
    days = serializers.IntegerField(allow_null=True)
    recorded_by = serializers.IntegerField(source="recorded_by_id")
    recorded_at = serializers.DateTimeField()
