"""Every change around an informant: sealing, opening with a second person's consent, reading, rewarding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from audit.actions import Actor, Deed, record, record_many
from core.bulk import insert
from core.errors import Invalid, WrongState
from core.transitions import Transition
from deadlines.actions.clocks import cancel_clock, local_day, meet_clock, start_clock
from informants import states
from informants.models import Informant, Opening, Reading, Reward, RewardMove
from informants.queries import (
    CLAIM_RULE,
    claim_clock_of,
    claim_subject,
    deciders_of,
    free_codes,
    informant_for,
    informant_of,
    key_ring,
    lock_opening,
    lock_reward,
    require_move,
    require_reader,
    require_reward_move,
)
from informants.rewards import carried_rules, day_between, reward_of, rule_on
from informants.sealing import FIELDS, Identity, KeyRing, Plain, Unopenable, check_identity, check_request, written
from informants.states import MOST_HOURS, OpeningState, RewardDomain
from notices.actions import NewNotice, post_notices

KIND = "informant"
BATCH = 500


@dataclass(frozen=True)
class Told:
    """One person to seal, with the matter they told us of; ``subject_number`` names nobody."""

    subject_kind: str
    subject_id: int
    office: Office
    identity: Identity
    is_real_name: bool
    subject_number: str = ""


# ---- sealing ----------------------------------------------------------------


def seal_informant(
    *, subject_kind: str, subject_id: int, office: Office, name: str, phone: str, address: str, id_number: str,
    is_real_name: bool, actor: Actor, at: datetime, subject_number: str = "",
) -> Informant:  # fmt: skip
    """Seal who told us of a matter; from here on only the code speaks of them. Called by the verb of the matter.

    :raises Invalid: nothing to seal, or a field too long. :raises WrongState: ``no_informant_key``.
    """
    identity = Identity(name, phone, address, id_number)
    told = Told(subject_kind, subject_id, office, identity, is_real_name, subject_number)
    return seal_informants([told], actor=actor, at=at)[0]


@transaction.atomic
def seal_informants(rows: Sequence[Told], *, actor: Actor, at: datetime) -> list[Informant]:
    """Seal many at once, in the order given.

    :raises Invalid: nothing to seal in a row, or a field too long. :raises WrongState: ``no_informant_key``.
    """
    ring = key_ring()
    for told in rows:
        check_identity(told.identity)
    informants = [_sealed(ring, told, code, at) for told, code in zip(rows, free_codes(len(rows)), strict=True)]
    insert(Informant, informants)
    deeds = (
        Deed(KIND, row.pk, row.code, {"subject_kind": row.subject_kind, "subject_id": row.subject_id})
        for row in informants
    )
    record_many(deeds, verb="informants.seal", actor=actor, at=at)
    return informants


@transaction.atomic
def copy_informant(
    *, subject_kind: str, subject_id: int, to_id: int, to_number: str, office: Office, actor: Actor, at: datetime
) -> Informant | None:
    """Seal the informant of one matter again for another of the same kind, under a code of its own, and show nobody
    anything; None where nobody told. Called by the verb that brought the other matter forth.

    :raises WrongState: ``no_informant_key``, ``unopenable``.
    """
    told = informant_of(subject_kind, subject_id)
    if told is None:
        return None
    identity = Identity(**{field: _opened(key_ring(), told, field) for field in FIELDS})
    again = Told(subject_kind, to_id, office, identity, told.is_real_name, to_number)
    (copy,) = seal_informants([again], actor=actor, at=at)
    _record(told, "copy", actor, at, copy=copy.code)
    return copy


def move_informants(*, subject_kind: str, subject_id: int, office: Office) -> None:
    """The informant goes with the matter; called by the verb that moved it and records it, in its transaction.

    Who lost the matter from sight can read no more, whatever was consented to.
    """
    rows = Informant.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    rows.update(office=office, bureau_id=office.bureau_id)


@transaction.atomic
def reseal_informants(*, after: int, actor: Actor, at: datetime, most: int = BATCH) -> tuple[int, int] | None:
    """Seal the next batch anew with the first key, its blind index too; the last id looked at and how many changed.

    None when no row lies behind ``after``.
    :raises WrongState: ``no_informant_key``, ``unopenable`` (naming the code whose seal does not open).
    """
    ring = key_ring()
    rows = list(Informant.objects.select_for_update().filter(pk__gt=after).order_by("pk")[:most])
    if not rows:
        return None
    resealed = [row for row in rows if _reseal(ring, row)]
    Informant.objects.bulk_update(resealed, [*(f"sealed_{field}" for field in FIELDS), "phone_key"], batch_size=100)
    if resealed:
        record(
            verb="informants.reseal", actor=actor, at=at, subject_kind=KIND, subject_id=rows[-1].pk,
            subject_label=ring.first, rows=len(resealed),
        )  # fmt: skip
    return rows[-1].pk, len(resealed)


# ---- opening ----------------------------------------------------------------


@transaction.atomic
def request_opening(
    *, informant_id: int, ground: str, wanted: Sequence[str], reason: str, actor: User, at: datetime
) -> Opening:
    """Ask a second person to let one know the named fields of an identity (令121第三十七条).

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: ``already_requested``.
    """
    Informant.objects.filter(pk=informant_id).select_for_update().values_list("pk").first()
    informant = informant_for(actor, informant_id)
    require_reader(actor, informant, states.REQUEST)
    check_request(ground, wanted)
    why = written(reason, "reason", _("请写明查阅理由，至少五个字。"), least=5)
    if informant.openings.filter(requested_by=actor, state=OpeningState.PENDING).exists():
        raise WrongState(
            _("您对%(code)s的查阅申请正在等待审批，不必重复申请。") % {"code": informant.code}, code="already_requested"
        )
    opening = Opening.objects.create(
        informant=informant, ground=ground, wanted=[field for field in FIELDS if field in wanted], reason=why,
        requested_by=actor, requested_at=at,
    )  # fmt: skip
    _record(opening.informant, states.REQUEST.name, actor, at, opening=opening.pk, ground=ground, fields=opening.wanted)
    for head in deciders_of(informant.office, actor):
        _tell(opening, head, "request", f"{actor.name}申请查阅{informant.code}的身份信息，待您审批", at)
    return opening


@transaction.atomic
def approve_opening(*, opening_id: int, hours: int, opinion: str = "", actor: User, at: datetime) -> Opening:
    """Let the requester read for some hours.

    :param hours: 1 to 24, from now.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    opening = _begin(opening_id, states.APPROVE, actor)
    if not 1 <= hours <= MOST_HOURS:
        raise Invalid(_("查阅时限为1至%(most)s小时。") % {"most": MOST_HOURS}, code="hours_out_of_range", field="hours")
    opening.opinion = written(opinion, "opinion", "", least=0)
    opening.decided_by, opening.decided_at, opening.hours = actor, at, hours
    _move(opening, states.APPROVE, actor, at, hours=hours)
    _tell(opening, opening.requested_by, "answer", f"{opening.informant.code}的查阅申请已同意，限{hours}小时内查阅", at)
    return opening


@transaction.atomic
def refuse_opening(*, opening_id: int, reason: str, actor: User, at: datetime) -> Opening:
    """:raises NotFound, NotPermitted, WrongState, Invalid:"""
    opening = _begin(opening_id, states.REFUSE, actor)
    opening.opinion = written(reason, "reason", _("请写明不同意的理由。"))
    opening.decided_by, opening.decided_at = actor, at
    _move(opening, states.REFUSE, actor, at)
    _tell(opening, opening.requested_by, "answer", f"{opening.informant.code}的查阅申请未获同意", at)
    return opening


@transaction.atomic
def open_identity(*, opening_id: int, actor: User, at: datetime) -> Identity:
    """The fields the consent names, in plain, for the requester alone; every reading is kept and told to the approver.

    :raises NotFound, NotPermitted, WrongState: also ``opening_expired``, ``no_informant_key``, ``unopenable``.
    """
    opening = _begin(opening_id, states.READ, actor)
    if opening.has_expired(at):
        raise WrongState(
            _("同意查阅的时限已过，请重新申请，由第二人审批（本系统规定最长24小时）。"), code="opening_expired"
        )
    identity = Identity(**{field: _opened(key_ring(), opening.informant, field) for field in opening.wanted})
    reading = Reading.objects.create(opening=opening, reader=actor, read_at=at, fields=opening.wanted)
    _record(opening.informant, states.READ.name, actor, at, opening=opening.pk, fields=opening.wanted)
    assert opening.decided_by is not None  # noqa: S101 - a constraint: approved means decided by somebody
    title = f"{actor.name}查阅了{opening.informant.code}的身份信息"
    _tell(opening, opening.decided_by, f"reading:{reading.pk}", title, at)
    return identity


@transaction.atomic
def close_opening(*, opening_id: int, actor: User, at: datetime) -> Opening:
    """End a request or a consent before its time; the requester or the approver may.

    :raises NotFound, NotPermitted, WrongState:
    """
    opening = _begin(opening_id, states.CLOSE, actor)
    opening.closed_at = at
    _move(opening, states.CLOSE, actor, at)
    return opening


# ---- rewards ----------------------------------------------------------------


@transaction.atomic
def propose_reward(
    *, informant_id: int, level: str, domain: str, base_amount: Decimal, reason: str, actor: User, at: datetime
) -> Reward:
    """Propose what the informant is given, computed from the penalty by the rules in force today.

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: ``already_rewarded``.
    """
    Informant.objects.filter(pk=informant_id).select_for_update().values_list("pk").first()
    informant = informant_for(actor, informant_id)
    require_reader(actor, informant, states.PROPOSE)
    if domain not in RewardDomain.values:
        raise Invalid(_("请选择举报所属领域。"), code="unknown_domain", field="domain")
    earned = reward_of(level, base_amount, rule_on(carried_rules(), local_day(at)))
    if informant.rewards.filter(state__in=states.LIVE_REWARDS).exists():
        raise WrongState(
            _("%(code)s已有一笔举报奖励，不能重复提出。") % {"code": informant.code}, code="already_rewarded"
        )
    reward = Reward(
        informant=informant, level=level, domain=domain, base_amount=base_amount, amount=earned.amount,
        rule_version=earned.rule.id, basis=earned.basis, needs_finance=earned.needs_finance, proposed_by=actor, created_at=at,
    )  # fmt: skip
    return _move_reward(reward, states.PROPOSE, actor, at, written(reason, "reason", _("请写明奖励理由。")))


@transaction.atomic
def grant_reward(*, reward_id: int, opinion: str = "", actor: User, at: datetime) -> Reward:
    """:raises NotFound, NotPermitted, WrongState, Invalid:"""
    reward = _begin_reward(reward_id, states.GRANT, actor)
    reward.decided_by, reward.decided_on = actor, local_day(at)
    return _move_reward(reward, states.GRANT, actor, at, written(opinion, "opinion", "", least=0))


@transaction.atomic
def deny_reward(*, reward_id: int, reason: str, actor: User, at: datetime) -> Reward:
    """:raises NotFound, NotPermitted, WrongState, Invalid:"""
    reward = _begin_reward(reward_id, states.DENY, actor)
    reward.decided_by, reward.decided_on = actor, local_day(at)
    return _move_reward(reward, states.DENY, actor, at, written(reason, "reason", _("请写明不予奖励的理由。")))


@transaction.atomic
def tell_reward(*, reward_id: int, told_on: date, actor: User, at: datetime) -> Reward:
    """The informant has been told; for food and drugs the period for claiming begins, on the matter by its number.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: a day before the decision or after today.
    """
    reward = _begin_reward(reward_id, states.TELL, actor)
    reward.told_on = day_between(told_on, reward.decided_on, local_day(at), "told_on")
    if reward.domain == RewardDomain.FOOD_DRUG:
        start_clock(rule=CLAIM_RULE, subject=claim_subject(reward, actor), origin_on=told_on, actor=actor, at=at)
    return _move_reward(reward, states.TELL, actor, at, "")


@transaction.atomic
def claim_reward(*, reward_id: int, claimed_on: date, actor: User, at: datetime) -> Reward:
    """:raises NotFound, NotPermitted, WrongState: :raises Invalid: a day before the telling or after today."""
    reward = _begin_reward(reward_id, states.CLAIM, actor)
    reward.claimed_on = day_between(claimed_on, reward.told_on, local_day(at), "claimed_on")
    if clock := claim_clock_of(reward):
        meet_clock(clock_id=clock.pk, on=claimed_on, actor=actor, at=at)
    return _move_reward(reward, states.CLAIM, actor, at, "")


@transaction.atomic
def lapse_reward(*, reward_id: int, reason: str, actor: User, at: datetime) -> Reward:
    """The informant did not claim: given up once the period, where one runs, has ended.

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: ``claim_period_runs``.
    """
    reward = _begin_reward(reward_id, states.LAPSE, actor)
    why = written(reason, "reason", _("请写明通知和未领取的情况。"))
    if clock := claim_clock_of(reward):
        if clock.due_at is None or at < clock.due_at:
            raise WrongState(
                _("举报人领取奖励的期限到%(day)s届满，现在不能登记逾期未领取。") % {"day": clock.due_on},
                code="claim_period_runs",
            )
        cancel_clock(clock_id=clock.pk, reason="视为放弃奖励", actor=actor, at=at)
    return _move_reward(reward, states.LAPSE, actor, at, why)


# ---- parts ------------------------------------------------------------------


def _sealed(ring: KeyRing, told: Told, code: str, at: datetime) -> Informant:
    informant = Informant(
        subject_kind=told.subject_kind, subject_id=told.subject_id, subject_number=told.subject_number[:80], code=code,
        is_real_name=told.is_real_name, phone_key=ring.phone_key(told.identity.phone), office=told.office,
        bureau_id=told.office.bureau_id, created_at=at,
    )  # fmt: skip
    for field in FIELDS:
        setattr(
            informant, f"sealed_{field}", ring.seal(getattr(told.identity, field).strip(), informant.place_of(field))
        )
    return informant


def _opened(ring: KeyRing, informant: Informant, field: str) -> Plain:
    try:
        return ring.open(informant.sealed(field), informant.place_of(field))
    except Unopenable:
        raise WrongState(
            _("%(code)s的加密信息打不开：密钥缺失，或者内容被改动、挪动过。请系统管理员核查。")
            % {"code": informant.code},
            code="unopenable",
        ) from None


def _reseal(ring: KeyRing, informant: Informant) -> bool:
    """Whether anything had to change."""
    phone_key = ring.phone_key(_opened(ring, informant, "phone"))
    stale = [field for field in FIELDS if not ring.is_current(informant.sealed(field))]
    if not stale and phone_key == informant.phone_key:
        return False
    informant.phone_key = phone_key
    for field in stale:
        setattr(informant, f"sealed_{field}", ring.seal(_opened(ring, informant, field), informant.place_of(field)))
    return True


def _tell(opening: Opening, recipient: User, what: str, title: str, at: datetime) -> None:
    number = opening.informant.subject_number
    notice = NewNotice(
        recipient_id=recipient.pk, kind="opening", key=f"opening:{opening.pk}:{what}", subject_kind="opening",
        subject_id=opening.pk, title=title, body=number, outside=f"{number} 有一项查阅事项".strip(),
    )  # fmt: skip
    post_notices([notice], at=at)


def _begin(opening_id: int, row: Transition, actor: User) -> Opening:
    opening = lock_opening(actor, opening_id)
    require_move(actor, opening, row)
    return opening


def _move(opening: Opening, row: Transition, actor: User, at: datetime, **facts: object) -> None:
    opening.state = row.target or opening.state
    opening.save()
    _record(opening.informant, row.name, actor, at, opening=opening.pk, **facts)


def _record(informant: Informant, verb: str, actor: Actor, at: datetime, **facts: object) -> None:
    record(
        verb=f"informants.{verb}", actor=actor, at=at, subject_kind=KIND, subject_id=informant.pk,
        subject_label=informant.code, **facts,
    )  # fmt: skip


def _begin_reward(reward_id: int, row: Transition, actor: User) -> Reward:
    reward = lock_reward(actor, reward_id)
    require_reward_move(actor, reward, row)
    return reward


def _move_reward(reward: Reward, row: Transition, actor: User, at: datetime, reason: str) -> Reward:
    source = "" if row is states.PROPOSE else reward.state
    reward.state = row.target or source
    reward.save()
    RewardMove.objects.create(
        reward=reward, at=at, actor=actor, name=row.name, source=source, target=reward.state, reason=reason
    )
    _record(reward.informant, row.name, actor, at, reward=reward.pk, target=reward.state, amount=str(reward.amount))
    return reward
