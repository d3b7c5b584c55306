"""What the heads of an authority discussed together and concluded, with each one's opinion."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.matter import Case
from cases.states.discussion import Conclusion, Stance, Topic


class Discussion(models.Model):
    """One collective discussion (程序规定第六十条第二款、第六十四条第一款); never changed, superseded by a later one.

    ``days`` is the further length the heads fixed, in calendar days, of a discussion on extension alone.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="discussions")
    topic = models.CharField(_("讨论事项"), max_length=12, choices=Topic.choices)
    held_at = models.DateTimeField(_("讨论时间"))
    place = models.CharField(_("讨论地点"), max_length=200)
    chair = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("主持人"))
    recorder = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("记录人"))
    others = models.CharField(_("列席人员"), max_length=500, blank=True)
    minutes = models.TextField(_("讨论记录"), max_length=20000)
    conclusion = models.CharField(_("处理意见"), max_length=20, choices=Conclusion.choices)
    resolution = models.TextField(_("处理意见的内容"), max_length=4000)
    days = models.PositiveIntegerField(_("继续延长的日数"), null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(chair=F("recorder")), name="discussion_chair_does_not_record"),
            models.CheckConstraint(
                condition=Q(topic="extension", conclusion__in=["agree", "amended"], days__gte=1)
                | ~Q(topic="extension", conclusion__in=["agree", "amended"]) & Q(days__isnull=True),
                name="discussion_extension_fixes_days",
            ),
            models.CheckConstraint(condition=Q(recorded_at__gte=F("held_at")), name="discussion_recorded_afterwards"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.topic} {self.conclusion}"


class Voice(models.Model):
    """One head in a discussion: what they said, word for word, or why they were not there."""

    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="voices")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("负责人"))
    stance = models.CharField(_("态度"), max_length=10, choices=Stance.choices, blank=True)
    opinion = models.TextField(_("意见"), max_length=4000, blank=True)
    absence = models.CharField(_("缺席原因"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["discussion", "person"], name="voice_once"),
            models.CheckConstraint(
                condition=~Q(stance="") & ~Q(opinion="") & Q(absence="") | Q(stance="", opinion="") & ~Q(absence=""),
                name="voice_spoke_or_was_absent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.stance or self.absence}"

    @property
    def is_present(self) -> bool:
        return bool(self.stance)
