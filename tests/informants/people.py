"""An informant of a lead of the east squad, openings and rewards at any stage."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from accounts.models import User
from clues.models import Lead
from informants import actions
from informants.models import Informant, Opening, Reward
from informants.states import OpeningState, RewardState
from tests.builders import SYSTEM, City, make_lead, moment

NAME, PHONE, ADDRESS, ID_NUMBER = "示例举报人标记", "13800000417", "示例路标记弄四一七号", "370200标记19800417"
MARKS = (NAME, PHONE, ADDRESS, ID_NUMBER)
THEN = moment("2026-03-03T10:00")
LATER = moment("2026-03-03T11:00")


def make_informant(city: City, *, lead: Lead | None = None, phone: str = PHONE, at: datetime = THEN) -> Informant:
    lead = lead or make_lead(city)
    return actions.seal_informant(
        subject_kind="lead", subject_id=lead.pk, subject_number=lead.number, office=lead.office, name=NAME, phone=phone,
        address=ADDRESS, id_number=ID_NUMBER, is_real_name=True, actor=SYSTEM, at=at,
    )  # fmt: skip


def ask(informant: Informant, actor: User, *, at: datetime = THEN, ground: str = "verification") -> Opening:
    return actions.request_opening(
        informant_id=informant.pk, ground=ground, wanted=["name", "phone"], reason="需要向举报人核实进货时间。",
        actor=actor, at=at,
    )  # fmt: skip


OPENING_VERBS: dict[str, Callable[[Opening, User, datetime], object]] = {
    "approve": lambda opening, actor, at: actions.approve_opening(opening_id=opening.pk, hours=24, actor=actor, at=at),
    "refuse": lambda opening, actor, at: actions.refuse_opening(
        opening_id=opening.pk, reason="可以先不核实", actor=actor, at=at
    ),
    "read": lambda opening, actor, at: actions.open_identity(opening_id=opening.pk, actor=actor, at=at),
    "close": lambda opening, actor, at: actions.close_opening(opening_id=opening.pk, actor=actor, at=at),
}


def opening_in(city: City, state: str) -> Opening:
    """Requested by the east handler on an informant of its own, decided by the east head."""
    opening = ask(make_informant(city), city.east_handler)
    verbs = {
        OpeningState.APPROVED: [("approve", city.east_head)],
        OpeningState.REFUSED: [("refuse", city.east_head)],
        OpeningState.CLOSED: [("approve", city.east_head), ("close", city.east_handler)],
    }
    for verb, actor in verbs.get(OpeningState(state), []):
        OPENING_VERBS[verb](opening, actor, THEN)
    opening.refresh_from_db()
    return opening


def propose(
    informant: Informant, actor: User, *, base: str = "200000", domain: str = "food_drug", at: datetime = THEN
) -> Reward:
    return actions.propose_reward(
        informant_id=informant.pk, level="first", domain=domain, base_amount=Decimal(base), reason="线索属实，作用重大。",
        actor=actor, at=at,
    )  # fmt: skip


REWARD_VERBS: dict[str, Callable[[Reward, User, datetime], Reward]] = {
    "grant": lambda reward, actor, at: actions.grant_reward(reward_id=reward.pk, actor=actor, at=at),
    "deny": lambda reward, actor, at: actions.deny_reward(reward_id=reward.pk, reason="不符合条件", actor=actor, at=at),
    "tell": lambda reward, actor, at: actions.tell_reward(reward_id=reward.pk, told_on=at.date(), actor=actor, at=at),
    "claim": lambda reward, actor, at: actions.claim_reward(
        reward_id=reward.pk, claimed_on=at.date(), actor=actor, at=at
    ),
    "lapse": lambda reward, actor, at: actions.lapse_reward(
        reward_id=reward.pk, reason="通知后未领取", actor=actor, at=at
    ),
}


def reward_in(city: City, state: str, *, domain: str = "other_domain") -> Reward:
    reward = propose(make_informant(city), city.east_handler, domain=domain)
    to_told = [("grant", city.east_director), ("tell", city.east_handler)]
    verbs = {
        RewardState.APPROVED: to_told[:1],
        RewardState.REFUSED: [("deny", city.east_director)],
        RewardState.TOLD: to_told,
        RewardState.CLAIMED: [*to_told, ("claim", city.east_handler)],
        RewardState.LAPSED: [*to_told, ("lapse", city.east_director)],
    }
    for verb, actor in verbs.get(RewardState(state), []):
        reward = REWARD_VERBS[verb](reward, actor, THEN)
    return reward
