"""Which office a lead is registered with: the one somebody named, else the one the division of powers decides on."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.policies import authority_of, may_act_for
from clues import states
from clues.actions.received import Intake
from clues.policies import is_below
from clues.states import Channel
from core.errors import Invalid
from core.texts import optional
from routing.engine import Level, Question
from routing.queries import Route, level_of

Ask = Callable[[Question], Route]
WITHIN = "在按权力划分承办的机关内部确定"
NO_RULE = "权力划分没有确定承办机构，登记时指定"
TO_HAND_OVER = "按权力划分应由{office}承办，登记人的岗位不在该机构，请移交"


@dataclass(frozen=True)
class Placed:
    """Which office a lead is registered with, and, where its category is known, what the division of powers says of it.

    ``route`` is None where no rule covers the matter; ``reason`` why the lead is not where the division would have it.
    """

    office: Office
    question: Question | None = None
    route: Route | None = None
    reason: str = ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether the division would have the lead with another authority or unit than the one that has it."""
        return self.route is not None and not _is_within(self.office, self.route.office)


def place(intake: Intake, actor: User, named: Office | None, reason: str, ask: Ask) -> Placed:
    """:param ask: the division of powers of the day.
    :raises Invalid: neither an office nor a category, no rule covers the matter and nobody named an office, or
        ``route_reason_required``.
    """
    if not intake.category:
        if named is None:
            raise Invalid(
                _("请选择承办机构，或者填写事项类别，由权力划分确定承办机构。"), code="required", field="office"
            )
        return Placed(named)
    own = next((post.office for post in actor.active_posts if post.role in states.LOG.roles), None)
    question = question_of(intake, named or own)
    try:
        route = ask(question)
    except Invalid:
        if named is None:
            raise
        return Placed(named, question, None, optional(reason, "route_reason", limit=500) or NO_RULE)
    if named is not None:
        return Placed(named, question, route, _reason(named, route, reason))
    if own is None or may_act_for(actor, route.office, states.LOG.roles):
        return Placed(route.office, question, route)
    elsewhere = TO_HAND_OVER.format(office=route.office.name)
    return Placed(own, question, route, WITHIN if _is_within(own, route.office) else elsewhere)


def question_of(intake: Intake, receiving: Office | None) -> Question:
    """What the division of powers is asked; what was assigned from above counts as received by the city."""
    is_district = intake.channel != Channel.ASSIGNED and receiving is not None and level_of(receiving) == Level.DISTRICT
    return Question(
        category=intake.category, region=intake.region_code or (receiving.region_code if receiving else ""),
        level=Level.DISTRICT if is_district else Level.CITY, amount=intake.amount, flags=frozenset(intake.flags),
    )  # fmt: skip


def _reason(named: Office, route: Route, reason: str) -> str:
    why = optional(reason, "route_reason", limit=500)
    if _is_within(named, route.office):
        return why or WITHIN
    if not why:
        raise Invalid(
            _("%(rule)s应由%(routed)s承办。您选择了%(named)s，请写明理由。")
            % {"rule": route.reason, "routed": route.office.name, "named": named.name},
            code="route_reason_required", field="route_reason",
        )  # fmt: skip
    return why


def _is_within(office: Office, routed: Office) -> bool:
    """Below the office the rules name, in the same authority: passed on within it. A district is not within the city."""
    is_one_authority = authority_of(office).pk == authority_of(routed).pk
    return office.pk == routed.pk or (is_one_authority and is_below(office, routed))
