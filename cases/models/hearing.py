"""A hearing from the request to the report (听证办法), who took part in it, and who was asked to withdraw from it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.matter import Case
from cases.states.hearing import (
    AGENTS,
    CLOSED_STATES,
    Attendance,
    HearingEnd,
    HearingPause,
    HearingState,
    RequestWay,
    Secrecy,
)

BEFORE_HOST = Q(state="requested") | Q(state="ended")
WITHOUT_DAY = Q(state__in=["requested", "host_named", "materials_received", "ended"])


class Hearing(models.Model):
    """One hearing of a party that asked for it after a notice; ``notified_on`` says after which.

    ``officer`` and ``second_officer`` are those who investigated when the host was named: they stand here for the
    constraint. ``opens_at`` is the moment it is to be held, ``has_begun`` whether it was opened before a suspension.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="hearings")
    state = models.CharField(_("状态"), max_length=20, choices=HearingState.choices, default=HearingState.REQUESTED)
    notified_on = models.DateField(_("告知书送达日期"))
    requested_on = models.DateField(_("要求听证日期"))
    way = models.CharField(_("提出方式"), max_length=10, choices=RequestWay.choices)
    request = models.TextField(_("要求听证的内容"), max_length=2000, blank=True)
    officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("办案人员"))
    second_officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("办案人员"))
    named_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("指定人"))
    named_on = models.DateField(_("确定主持人日期"), null=True)
    host = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("听证主持人"))
    member = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("听证员"))
    second_member = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("听证员"))
    recorder = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("记录员"))
    interpreter = models.CharField(_("翻译人员"), max_length=60, blank=True)
    third_party = models.CharField(_("第三人"), max_length=120, blank=True)
    handed_on = models.DateField(_("移交材料日期"), null=True)
    scheduled_on = models.DateField(_("确定时间地点日期"), null=True)
    opens_at = models.DateTimeField(_("听证时间"), null=True)
    place = models.CharField(_("听证地点"), max_length=200, blank=True)
    secrecy = models.CharField(_("不公开的理由"), max_length=20, choices=Secrecy.choices, blank=True)
    party_told_on = models.DateField(_("听证通知书送达日期"), null=True)
    third_party_told_on = models.DateField(_("通知第三人日期"), null=True)
    officers_told_on = models.DateField(_("通知办案人员日期"), null=True)
    announced_on = models.DateField(_("公告日期"), null=True)
    announced_where = models.CharField(_("公告方式"), max_length=200, blank=True)
    pause_ground = models.CharField(_("中止的情形"), max_length=20, choices=HearingPause.choices, blank=True)
    has_begun = models.BooleanField(default=False)
    held_on = models.DateField(_("听证会结束日期"), null=True)
    minutes = models.TextField(_("听证笔录"), max_length=20000, blank=True)
    last_word_third_party = models.TextField(_("第三人的最后意见"), max_length=4000, blank=True)
    last_word_officers = models.TextField(_("办案人员的最后意见"), max_length=4000, blank=True)
    last_word_party = models.TextField(_("当事人的最后意见"), max_length=4000, blank=True)
    refused_to_sign = models.CharField(_("拒绝签名或者盖章的情况"), max_length=500, blank=True)
    reported_on = models.DateField(_("提交听证报告日期"), null=True)
    summary = models.TextField(_("听证的基本情况"), max_length=8000, blank=True)
    advice = models.TextField(_("处理意见和建议"), max_length=4000, blank=True)
    remarks = models.TextField(_("需要报告的其他事项"), max_length=4000, blank=True)
    ended_on = models.DateField(_("终止日期"), null=True)
    end_ground = models.CharField(_("终止的情形"), max_length=20, choices=HearingEnd.choices, blank=True)
    end_reason = models.TextField(_("终止的理由"), max_length=1000, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=~Q(state__in=["reported", "ended"]), name="hearing_one_open_per_case"
            ),
            models.CheckConstraint(
                condition=Q(host__isnull=True) | ~Q(host=F("officer")) & ~Q(host=F("second_officer")),
                name="hearing_host_did_not_investigate",
            ),
            models.CheckConstraint(
                condition=(Q(member__isnull=True) | ~Q(member=F("officer")) & ~Q(member=F("second_officer")))
                & (
                    Q(second_member__isnull=True)
                    | ~Q(second_member=F("officer")) & ~Q(second_member=F("second_officer"))
                )
                & (Q(recorder__isnull=True) | ~Q(recorder=F("officer")) & ~Q(recorder=F("second_officer"))),
                name="hearing_others_did_not_investigate",
            ),
            models.CheckConstraint(
                condition=(Q(member__isnull=True) | ~Q(member=F("host")))
                & (Q(second_member__isnull=True) | ~Q(second_member=F("host")) & ~Q(second_member=F("member")))
                & (Q(recorder__isnull=True) | ~Q(recorder=F("host"))),
                name="hearing_one_part_each",
            ),
            models.CheckConstraint(
                condition=Q(host__isnull=True) | ~Q(named_by=F("host")), name="hearing_host_not_named_by_self"
            ),
            models.CheckConstraint(
                condition=BEFORE_HOST | Q(host__isnull=False, named_on__isnull=False), name="hearing_has_its_host"
            ),
            models.CheckConstraint(
                condition=WITHOUT_DAY | Q(opens_at__isnull=False, recorder__isnull=False) & ~Q(place=""),
                name="hearing_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "reported"]) ^ Q(held_on__isnull=True), name="hearing_held_has_day"
            ),
            models.CheckConstraint(
                condition=Q(state="reported", reported_on__isnull=False) & ~Q(summary="") & ~Q(advice="")
                | ~Q(state="reported") & Q(reported_on__isnull=True),
                name="hearing_reported_has_report",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_on__isnull=False) & ~Q(end_ground="")
                | ~Q(state="ended") & Q(ended_on__isnull=True, end_ground=""),
                name="hearing_ended_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(state="suspended") ^ Q(pause_ground=""), name="hearing_suspended_has_ground"
            ),
            models.CheckConstraint(
                condition=Q(requested_on__gte=F("notified_on")), name="hearing_requested_after_notice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED_STATES

    @property
    def is_public(self) -> bool:
        return not self.secrecy


class HearingAttendee(models.Model):
    """Somebody who was to take part in a hearing: who came and who did not; of an agent, the power of attorney."""

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="attendees")
    part = models.CharField(_("身份"), max_length=20, choices=Attendance.choices)
    name = models.CharField(_("姓名或者名称"), max_length=120)
    is_present = models.BooleanField(_("是否到场"))
    mandate = models.CharField(_("委托事项及权限"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(part__in=[str(part.value) for part in AGENTS]) | ~Q(mandate=""),
                name="hearing_attendee_agent_has_mandate",
            ),
            models.UniqueConstraint(fields=["hearing", "part", "name"], name="hearing_attendee_once"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.name}"


class HearingRecusal(models.Model):
    """Somebody the party asked to withdraw from a hearing, and what was decided (听证办法第四条)."""

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="recusals")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("被申请回避的人"))
    reason = models.TextField(_("申请回避的理由"), max_length=1000)
    asked_on = models.DateField(_("申请日期"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    is_granted = models.BooleanField(_("是否回避"), null=True)
    opinion = models.TextField(_("决定的理由"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人"))
    decided_at = models.DateTimeField(_("决定时间"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hearing", "person"], condition=Q(is_granted__isnull=True),
                name="hearing_recusal_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(is_granted__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(is_granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False) & ~Q(opinion=""),
                name="hearing_recusal_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")),
                name="hearing_recusal_not_decided_by_self",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.hearing_id} {self.person_id}"
