"""Fetching informants, openings and rewards through the gates; nothing here opens a seal."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.policies import may_act_for, rows_to_act_for
from accounts.queries import OFFICE_WITH_ANCESTORS, InCharge, require_role, unseen
from core.errors import NotPermitted, WrongState
from core.paging import COUNT_CAP
from core.transitions import Transition, in_record, require_state
from deadlines.actions.clocks import Subject
from deadlines.models import Clock
from deadlines.queries import open_clock
from informants.models import Informant, Opening, Reading, Reward, RewardMove
from informants.policies import may_move, may_move_reward, openings_visible_to, visible_to
from informants.sealing import BadKeysError, KeyRing, read_keys
from informants.states import (
    APPROVE,
    CLOSE,
    OPENING_TRANSITIONS,
    READ,
    REWARD_TRANSITIONS,
    OpeningState,
    RewardState,
)

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
CLAIM_RULE = "informant_reward_claim_fda"
OFFICE = ("office", *(f"office__{name}" for name in OFFICE_WITH_ANCESTORS))
OF_INFORMANT = ("informant", *(f"informant__{name}" for name in OFFICE))


def key_ring() -> KeyRing:
    """:raises WrongState: ``no_informant_key``: the keys are missing or cannot be read."""
    try:
        return _ring_of(settings.INFORMANT_KEYS)
    except BadKeysError:
        raise WrongState(
            _("系统没有配置举报人信息的密钥，不能登记或者查阅举报人身份，请系统管理员设置 INFORMANT_KEYS。"),
            code="no_informant_key",
        ) from None


@lru_cache(maxsize=4)
def _ring_of(keys: str) -> KeyRing:
    return read_keys(keys)


# ---- informants -------------------------------------------------------------


def informants_for(user: User) -> QuerySet[Informant]:
    """Every informant whose existence the user may know, newest first."""
    return Informant.objects.filter(visible_to(user)).select_related("office").order_by("-id")


def informant_for(user: User, informant_id: int) -> Informant:
    """:raises NotFound:"""
    informant = Informant.objects.filter(visible_to(user), pk=informant_id).select_related(*OFFICE).first()
    if informant is None:
        raise unseen(_("举报人代号"))
    return informant


def informant_of(subject_kind: str, subject_id: int) -> Informant | None:
    """Who told us about a matter the caller has fetched through its own gate; by code, sealed."""
    return Informant.objects.filter(subject_kind=subject_kind, subject_id=subject_id).select_related("office").first()


def code_of_teller(subject_kind: str, subject: str) -> Subquery:
    """The code of whoever told of a matter, for a statement about rows that name it.

    :param subject: the column that holds the matter's number.
    """
    told = Informant.objects.filter(subject_kind=subject_kind, subject_id=OuterRef(subject)).order_by("id")
    return Subquery(told.values("code")[:1])


def require_reader(user: User, informant: Informant, row: Transition) -> None:
    """:raises NotPermitted: no post of the user carries a role of the row for the informant's office."""
    require_role(user, informant.office, row.roles, what=str(row.label), basis=row.basis)


def free_codes(count: int) -> list[str]:
    """Codes nobody has, drawn by chance: they tell neither how many there are nor who came when."""
    found: dict[str, None] = {}
    while len(found) < count:
        drawn = {"举-" + "".join(secrets.choice(LETTERS) for _n in range(6)) for _m in range(count - len(found))}
        taken = Informant.objects.filter(code__in=drawn).values_list("code", flat=True)
        found |= dict.fromkeys(drawn - set(taken))
    return list(found)


# ---- one person, several matters: factors that never decide (令121第十七条) ----


def key_of_phone(phone: str) -> str:
    """The blind index of a phone; '' when there is none to speak of.

    :raises WrongState: ``no_informant_key``.
    """
    return key_ring().phone_key(phone)


def same_person_count(phone_key: str, since: datetime) -> int:
    """How many matters one phone has told us of since then, counted no further than a thousand and one."""
    return _of_person(phone_key).filter(created_at__gte=since).order_by()[: COUNT_CAP + 1].count() if phone_key else 0


def subjects_of_person(phone_key: str, most: int = COUNT_CAP) -> list[tuple[str, int]]:
    """Kind and id of the matters one phone told us of, newest first; pass them through the gate of their app."""
    rows = _of_person(phone_key).order_by("-created_at", "-id") if phone_key else Informant.objects.none()
    return list(rows.values_list("subject_kind", "subject_id")[:most])


def phone_keys_of(subject_kind: str, subject_ids: Iterable[int]) -> dict[int, str]:
    """The blind index of each matter that has one, for whoever keeps a copy of it."""
    rows = Informant.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids).exclude(phone_key="")
    return dict(rows.values_list("subject_id", "phone_key"))


def is_same_person(a_kind: str, a_id: int, b_kind: str, b_id: int) -> bool:
    """Whether two matters came from one phone; False when either has none."""
    either = Q(subject_kind=a_kind, subject_id=a_id) | Q(subject_kind=b_kind, subject_id=b_id)
    keys = list(Informant.objects.filter(either).exclude(phone_key="").values_list("phone_key", flat=True))
    return len(keys) == 2 and keys[0] == keys[1]


def _of_person(phone_key: str) -> QuerySet[Informant]:
    return Informant.objects.filter(phone_key=phone_key)


# ---- openings ---------------------------------------------------------------


def openings_for(user: User) -> QuerySet[Opening]:
    """The requests that concern the user, newest first."""
    seen = Informant.objects.filter(visible_to(user)).values("pk")
    rows = Opening.objects.filter(openings_visible_to(user), informant__in=seen)
    return rows.select_related("informant", "informant__office", "requested_by", "decided_by").order_by("-id")


def openings_waiting_for(user: User) -> QuerySet[Opening]:
    """Requests of others that the user may decide."""
    deciding = Informant.objects.filter(rows_to_act_for(user, APPROVE.roles)).values("pk")
    waiting = openings_for(user).filter(state=OpeningState.PENDING, informant__in=deciding)
    return waiting.exclude(requested_by=user)


def opening_for(user: User, opening_id: int) -> Opening:
    """:raises NotFound:"""
    opening = (
        openings_for(user).select_related(*OF_INFORMANT, "requested_by", "decided_by").filter(pk=opening_id).first()
    )
    if opening is None:
        raise unseen(_("查阅申请"))
    return opening


def lock_opening(user: User, opening_id: int) -> Opening:
    """The same gate, holding the row until the transaction ends; locked first, read afterwards.

    :raises NotFound:
    """
    Opening.objects.filter(pk=opening_id).select_for_update().values_list("pk").first()
    return opening_for(user, opening_id)


def deciders_of(office: Office, requester: User) -> list[User]:
    """Who may consent and answers for the office: its heads, else those above, and the supervisors."""
    people, at = InCharge(), office
    heads = [head for head in people.heads_of(at) if head != requester]
    while not heads and at.parent is not None:
        at = at.parent
        heads = [head for head in people.heads_of(at) if head != requester]
    asked = dict.fromkeys(user for user in (*heads, *people.supervisors_of(office)) if user != requester)
    return [user for user in asked if may_act_for(user, office, APPROVE.roles)]


def readings_of(opening: Opening) -> QuerySet[Reading]:
    """Who read, of an opening the caller has fetched through the gate."""
    return opening.readings.select_related("reader").order_by("id")


def legal_moves(user: User, opening: Opening, at: datetime) -> list[Transition]:
    """What may be done with an opening now by this user: exactly the buttons to offer."""
    rows = (row for row in OPENING_TRANSITIONS if row.starts_from(opening.state) and may_move(user, opening, row))
    return [row for row in rows if row is not READ or not opening.has_expired(at)]


def require_move(user: User, opening: Opening, row: Transition) -> None:
    """:raises NotPermitted: by role, or ``separation_of_duties``. :raises WrongState:"""
    require_role(user, opening.informant.office, row.roles, what=str(row.label), basis=row.basis)
    if not may_move(user, opening, row):
        raise NotPermitted(_separation(opening, row), code="separation_of_duties")
    require_state(OPENING_TRANSITIONS, row, opening.state, str(OpeningState(opening.state).label))


def _separation(opening: Opening, row: Transition) -> str:
    if row is READ:
        return _("只有申请人%(name)s可以查阅；您需要查阅的，请另行申请。") % {"name": opening.requested_by.name}
    if row is CLOSE:
        return _("只有申请人或者审批人可以结束查阅。")
    return _("查阅举报人身份须由申请人以外的第二人审批，请由本单位其他负责人办理。")


# ---- rewards ----------------------------------------------------------------


def rewards_for(user: User) -> QuerySet[Reward]:
    """The rewards of informants the user may know of, newest first."""
    seen = Informant.objects.filter(visible_to(user)).values("pk")
    rows = Reward.objects.filter(informant__in=seen)
    return rows.select_related("informant", "informant__office", "proposed_by", "decided_by").order_by("-id")


def reward_for(user: User, reward_id: int) -> Reward:
    """:raises NotFound:"""
    reward = rewards_for(user).select_related(*OF_INFORMANT, "proposed_by", "decided_by").filter(pk=reward_id).first()
    if reward is None:
        raise unseen(_("举报奖励"))
    return reward


def lock_reward(user: User, reward_id: int) -> Reward:
    """:raises NotFound:"""
    Reward.objects.filter(pk=reward_id).select_for_update().values_list("pk").first()
    return reward_for(user, reward_id)


def reward_moves_of(reward: Reward) -> QuerySet[RewardMove]:
    return reward.moves.select_related("actor").order_by("id")


def claim_clock_of(reward: Reward) -> Clock | None:
    """The running period for claiming, on the matter of the informant."""
    informant = reward.informant
    return open_clock(rule=CLAIM_RULE, subject_kind=informant.subject_kind, subject_id=informant.subject_id)


def claim_subject(reward: Reward, owner: User) -> Subject:
    """The matter, by its number: a clock is seen by more people than an informant is."""
    of = reward.informant
    label = f"{of.subject_number or of.code} {in_record(_('举报奖励'))}"
    return Subject(of.subject_kind, of.subject_id, label, of.office, owner, of.subject_number)


def legal_reward_moves(user: User, reward: Reward) -> list[Transition]:
    return [row for row in REWARD_TRANSITIONS if row.starts_from(reward.state) and may_move_reward(user, reward, row)]


def require_reward_move(user: User, reward: Reward, row: Transition) -> None:
    """:raises NotPermitted: by role, or ``separation_of_duties``. :raises WrongState:"""
    require_role(user, reward.informant.office, row.roles, what=str(row.label), basis=row.basis)
    if not may_move_reward(user, reward, row):
        raise NotPermitted(_("提出奖励的人不能审批自己的提议，请由部门其他负责人办理。"), code="separation_of_duties")
    require_state(REWARD_TRANSITIONS, row, reward.state, str(RewardState(reward.state).label))
