"""How a case ended, and what was found and said where a penalty was decided on the spot."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.matter import Case
from cases.states.outcomes import EndKind
from clues.models import Lead


class Ending(models.Model):
    """One end of a case, or what undid its decision; a row is never changed.

    ``ground`` is of the choices :data:`cases.states.outcomes.GROUNDS` has for the kind. ``recipient`` is who takes the
    case over, or who annulled the decision; ``lead`` as what it goes on there, where that is an office of this system;
    ``handed_over`` what went there; ``education`` how a party that is not punished was taught (程序规定第六十一条).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="endings")
    kind = models.CharField(_("结果"), max_length=12, choices=EndKind.choices)
    ground = models.CharField(_("情形"), max_length=20, blank=True)
    happened_on = models.DateField(_("日期"))
    recipient = models.CharField(_("机关"), max_length=120, blank=True)
    paper = models.CharField(_("文书文号"), max_length=120, blank=True)
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, related_name="+", verbose_name=_("移送后的线索"))
    handed_over = models.TextField(_("移交的材料和物品"), max_length=4000, blank=True)
    education = models.TextField(_("教育情况"), max_length=2000, blank=True)
    reason = models.TextField(_("理由"), max_length=4000)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("决定人"))
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["transferred", "referred"]) | ~Q(recipient="") & ~Q(handed_over=""),
                name="ending_handed_over_to_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(kind="exempt") | ~Q(ground="") & ~Q(education=""), name="ending_exempt_was_educated"
            ),
            models.CheckConstraint(
                condition=Q(lead__isnull=True) | Q(kind="transferred"), name="ending_lead_of_a_transfer"
            ),
            models.CheckConstraint(condition=~Q(kind="ceased") | ~Q(ground=""), name="ending_ceased_on_a_ground"),
            models.CheckConstraint(condition=~Q(reason=""), name="ending_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def lead_number(self) -> str:
        return self.lead.number if self.lead else ""


class SpotDecision(models.Model):
    """The part of a decision on the spot no other row has (程序规定第六十七条至第六十九条)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="spot_decision")
    decided_at = models.DateTimeField(_("作出决定的时间"))
    place = models.CharField(_("地点"), max_length=200)
    facts = models.TextField(_("违法事实和证据"), max_length=4000)
    basis = models.TextField(_("法律依据"), max_length=2000)
    said = models.TextField(_("陈述和申辩"), max_length=2000, blank=True)
    is_unsigned = models.BooleanField(_("当事人拒绝签收"), default=False)

    def __str__(self) -> str:
        return f"{self.case_id} {self.place}"
