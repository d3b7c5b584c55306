"""A hearing is asked for and prepared: host, materials, time and place, who is told (听证办法第七条至第二十二条)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import user_named
from audit.actions import Actor
from cases.actions import hearing_clocks as clocks
from cases.actions.moves import begin, meet_if_open, move, not_outside, optional, required, write_move
from cases.models import Case, Hearing
from cases.queries.duties import require_fit
from cases.queries.hearing import day_told, heads_of, held_hearing, helpers_for, hosts_for, request_term, require_step
from cases.queries.matter import lock_case
from cases.states import hearing as steps
from cases.states import matter as states
from cases.states.hearing import RequestWay, Secrecy, Told
from core.errors import Invalid, NotPermitted, WrongState
from core.transitions import Transition, in_record
from deadlines.actions.clocks import hand_over_clocks, local_day

CALLED_OFF = "改期"


@transaction.atomic
def request_hearing(
    *, case_id: int, requested_on: date, way: str, actor: User, at: datetime, request: str = ""
) -> Case:
    """Record that the party asks for a hearing in time; the ninety days stand still (听证办法第七条、程序规定第六十四条第二款).

    :param request: what the party asks and why; of an oral request, what the record says.
    :raises NotFound, WrongState, Invalid: :raises NotPermitted: also when the notice offered none, unless a head allows it.
    """
    case = begin(actor, case_id, states.REQUEST_HEARING)
    assert case.notified_on is not None  # noqa: S101 - the state table: the party was told
    if way not in RequestWay.values:
        raise Invalid(_("请选择当事人提出的方式（听证办法第七条第一款）。"), code="unknown_way", field="way")
    words = optional(request, "request", limit=2000)
    if way == RequestWay.ORAL:
        words = required(request, "request", _("口头提出的，请写明笔录的内容（听证办法第七条第一款）。"), limit=2000)
    not_outside(requested_on, case.notified_on, local_day(at), "requested_on", _("要求听证日期"))
    _require_right(case, requested_on, actor)
    if held_hearing(case) is not None:
        raise WrongState(_("告知之后已经举行过听证，听证报告已经提交。"), code="hearing_held")
    hearing = Hearing(
        case=case, notified_on=case.notified_on, requested_on=requested_on, way=way, request=words,
        officer=case.owner, second_officer=case.second_officer, recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    hearing.save()
    case.latest_hearing = hearing
    move(case, states.REQUEST_HEARING, actor, at, f"{requested_on}，{in_record(RequestWay(way).label)}")
    meet_if_open(case, "hearing_request", requested_on, actor, at)
    head = next(iter(heads_of(case)), case.owner)
    clocks.run(case, clocks.TO_NAME_HOST, head, requested_on, actor, at)
    clocks.stop_ninety_days(case, requested_on, actor, at)
    return case


@transaction.atomic
def name_host(
    *,
    case_id: int,
    host_id: int,
    actor: User,
    at: datetime,
    member_id: int | None = None,
    second_member_id: int | None = None,
) -> Case:
    """Name who hosts the hearing and, where needed, one or two members; none of them investigated (听证办法第十一条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, hearing = begin_step(actor, case_id, steps.NAME_HOST)
    _seat(case, hearing, actor, host_id, member_id, second_member_id)
    hearing.named_by, hearing.named_on = actor, local_day(at)
    hearing.officer, hearing.second_officer = case.owner, case.second_officer
    step(case, hearing, steps.NAME_HOST, actor, at, _seats(hearing))
    meet_if_open(case, clocks.TO_NAME_HOST, local_day(at), actor, at)
    clocks.run(case, clocks.TO_HAND_OVER, case.owner, local_day(at), actor, at)
    return case


@transaction.atomic
def change_hosts(
    *,
    case_id: int,
    host_id: int,
    reason: str,
    actor: User,
    at: datetime,
    member_id: int | None = None,
    second_member_id: int | None = None,
) -> Case:
    """Replace the host or a member, as after a recusal; the host's periods go to the new one (听证办法第四条、第十一条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, hearing = begin_step(actor, case_id, steps.CHANGE_HOSTS)
    why = required(reason, "reason", _("请写明更换的理由。"), limit=500)
    before = hearing.host
    _seat(case, hearing, actor, host_id, member_id, second_member_id)
    assert before is not None  # noqa: S101 - the state table: a host is named
    assert hearing.host is not None  # noqa: S101 - seated just before
    hearing.named_by = actor
    step(case, hearing, steps.CHANGE_HOSTS, actor, at, f"{_seats(hearing)}：{why}")
    if before.pk != hearing.host.pk:
        hand_over_clocks(subject=clocks.theirs(case, hearing.host), from_owner=before, actor=actor, at=at)
    return case


@transaction.atomic
def hand_materials(*, case_id: int, handed_on: date, actor: User, at: datetime) -> Case:
    """The officers hand the file to the host, who has five working days to fix time and place (听证办法第十九条、第二十条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, hearing = begin_step(actor, case_id, steps.HAND_MATERIALS)
    assert hearing.host is not None  # noqa: S101 - a constraint: a named host
    assert hearing.named_on is not None  # noqa: S101 - the same constraint
    not_outside(handed_on, hearing.named_on, local_day(at), "handed_on", _("移交材料日期"))
    hearing.handed_on = handed_on
    step(case, hearing, steps.HAND_MATERIALS, actor, at, f"{handed_on}移交")
    meet_if_open(case, clocks.TO_HAND_OVER, handed_on, actor, at)
    clocks.run(case, clocks.TO_SCHEDULE, hearing.host, handed_on, actor, at)
    return case


@transaction.atomic
def schedule_hearing(
    *,
    case_id: int,
    opens_at: datetime,
    place: str,
    recorder_id: int,
    actor: User,
    at: datetime,
    secrecy: str = "",
    third_party: str = "",
    interpreter: str = "",
) -> Case:
    """Fix time, place and recorder, leaving seven clear working days for the notice (听证办法第十一条第二款、第二十条).

    :param secrecy: one of :class:`cases.states.hearing.Secrecy`; empty means public, to be announced.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, hearing = begin_step(actor, case_id, steps.SCHEDULE)
    if secrecy not in ("", *Secrecy.values):
        raise Invalid(_("请选择不公开的理由（听证办法第二十二条第一款）。"), code="unknown_ground", field="secrecy")
    hearing.recorder, hearing.secrecy = named_recorder(case, hearing, recorder_id), secrecy
    hearing.third_party = optional(third_party, "third_party", limit=120)
    hearing.interpreter = optional(interpreter, "interpreter", limit=60)
    set_day(hearing, opens_at, place, at)
    step(case, hearing, steps.SCHEDULE, actor, at, _when(hearing))
    meet_if_open(case, clocks.TO_SCHEDULE, local_day(at), actor, at)
    clocks.run_before_the_day(case, hearing, local_day(opens_at), actor, at)
    return case


@transaction.atomic
def reschedule_hearing(*, case_id: int, opens_at: datetime, place: str, reason: str, actor: User, at: datetime) -> Case:
    """Fix another day before the hearing opens; everybody is told anew (听证办法第二十条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, hearing = begin_step(actor, case_id, steps.RESCHEDULE)
    why = required(reason, "reason", _("请写明改期的理由。"), limit=500)
    set_day(hearing, opens_at, place, at)
    step(case, hearing, steps.RESCHEDULE, actor, at, f"{_when(hearing)}：{why}")
    clocks.cancel(case, clocks.BEFORE_THE_DAY, CALLED_OFF, actor, at)
    clocks.run_before_the_day(case, hearing, local_day(opens_at), actor, at)
    return case


@transaction.atomic
def record_hearing_notice(*, case_id: int, told: str, told_on: date, actor: User, at: datetime) -> Case:
    """Record who was told of time and place, seven clear working days before (听证办法第二十条第一款、第三款，第二十一条).

    :param told: one of :class:`cases.states.hearing.Told`.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: ``hearing_notice_late`` when fewer days are left.
    """
    return notice_of_hearing_served(*begin_step(actor, case_id, steps.TELL), told, told_on, actor, at)


def notice_of_hearing_served(
    case: Case, hearing: Hearing, told: str, told_on: date, actor: Actor, at: datetime
) -> Case:
    """What :func:`record_hearing_notice` does to a case that is held, in a hearing that may take the step.

    :raises WrongState: ``already_told``. :raises Invalid:
    """
    if told not in Told.values or (told == Told.THIRD_PARTY and not hearing.third_party):
        raise Invalid(_("请选择通知的对象。"), code="unknown_recipient", field="told")
    known = day_told(hearing, told)
    if known is not None and not hearing.has_begun:
        raise WrongState(
            _("已经登记于%(day)s通知%(whom)s；登记有误的，先撤销送达登记或者改期听证。")
            % {"day": known, "whom": Told(told).label},
            code="already_told",
        )
    _on_time(hearing, clocks.TO_TELL[Told(told)], told_on, at, "told_on", seven=True)
    setattr(hearing, f"{told}_told_on", told_on)
    step(case, hearing, steps.TELL, actor, at, f"{in_record(Told(told).label)}，{told_on}")
    meet_if_open(case, clocks.TO_TELL[Told(told)], told_on, actor, at)
    return case


def take_back_hearing_notice(case: Case, hearing: Hearing, told: str, actor: User, at: datetime) -> None:
    """Forget that somebody was told of a hearing that is held and still ahead; they are to be told in time as before."""
    assert hearing.host is not None  # noqa: S101 - a constraint: a scheduled hearing has its host
    assert hearing.opens_at is not None  # noqa: S101 - and its day
    setattr(hearing, f"{told}_told_on", None)
    step(case, hearing, steps.UNTELL, actor, at, in_record(Told(told).label))
    clocks.run(case, clocks.TO_TELL[Told(told)], hearing.host, local_day(hearing.opens_at), actor, at)


@transaction.atomic
def announce_hearing(*, case_id: int, announced_on: date, where: str, actor: User, at: datetime) -> Case:
    """Record the public announcement, three clear working days before (听证办法第二十二条第二款).

    :raises NotFound, NotPermitted: :raises WrongState: also ``already_announced``. :raises Invalid:
        ``hearing_notice_late``, ``not_public``.
    """
    case, hearing = begin_step(actor, case_id, steps.ANNOUNCE)
    if not hearing.is_public:
        raise Invalid(_("本次听证不公开举行，不需要公告。"), code="not_public", field="announced_on")
    if hearing.announced_on is not None and not hearing.has_begun:
        raise WrongState(
            _("已经登记于%(day)s公告；登记有误的，改期听证后重新公告。") % {"day": hearing.announced_on},
            code="already_announced",
        )
    _on_time(hearing, clocks.TO_ANNOUNCE, announced_on, at, "announced_on", seven=False)
    hearing.announced_where = required(where, "where", _("请写明公告的方式和地点。"), limit=200)
    hearing.announced_on = announced_on
    step(case, hearing, steps.ANNOUNCE, actor, at, f"{announced_on}，{hearing.announced_where}")
    meet_if_open(case, clocks.TO_ANNOUNCE, announced_on, actor, at)
    return case


# ---- what the verbs of a hearing share --------------------------------------


def begin_step(actor: User, case_id: int, row: Transition) -> tuple[Case, Hearing]:
    """:raises NotFound, NotPermitted, WrongState:"""
    case = lock_case(actor, case_id)
    return case, require_step(actor, case, row)


def step(case: Case, hearing: Hearing, row: Transition, actor: Actor, at: datetime, reason: str) -> None:
    """Save the hearing as the step leaves it, and say so in the history of the case, which stays where it is."""
    hearing.state = row.target or hearing.state
    hearing.save()
    case.latest_hearing = hearing
    write_move(case, row, case.state, actor, at, reason)


def set_day(hearing: Hearing, opens_at: datetime, place: str, at: datetime) -> None:
    """Give the hearing its day; who was told of another one must be told again, unless it had begun (第二十六条第二款).

    :raises Invalid: ``past_moment``; ``hearing_too_soon`` when no seven clear working days are left.
    """
    event = local_day(opens_at)
    hearing.place = required(place, "place", _("请填写听证地点。"), limit=200)
    hearing.opens_at, hearing.scheduled_on = opens_at, local_day(at)
    if event < local_day(at) or (opens_at <= at and not hearing.has_begun):
        raise Invalid(_("听证时间应当在现在之后。"), code="past_moment", field="opens_at")
    if hearing.has_begun:
        return
    latest = clocks.last_day(clocks.TO_TELL[Told.PARTY], event)
    if latest < local_day(at):
        raise Invalid(
            _("听证应当在举行的七个工作日前通知当事人（听证办法第二十条第一款）：%(day)s举行的，最迟%(latest)s送达听证通知书，已经来不及。请另定日期。")
            % {"day": event, "latest": latest},
            code="hearing_too_soon", field="opens_at",
        )  # fmt: skip
    hearing.party_told_on = hearing.third_party_told_on = hearing.officers_told_on = hearing.announced_on = None
    hearing.announced_where = ""


def named_recorder(case: Case, hearing: Hearing, user_id: int) -> User:
    """Whom the host names to keep the record (听证办法第十一条第二款).

    :raises Invalid, NotPermitted: somebody who may not, or who sits already.
    """
    recorder = _helper(case, hearing, user_id, "recorder")
    if recorder.pk in (hearing.host_id, hearing.member_id, hearing.second_member_id):
        raise Invalid(
            _("记录员应当由听证主持人、听证员以外的人担任（听证办法第九条、第十一条）。"),
            code="one_part_each", field="recorder",
        )  # fmt: skip
    return recorder


def _on_time(hearing: Hearing, rule: str, on: date, at: datetime, field: str, *, seven: bool) -> None:
    assert hearing.opens_at is not None  # noqa: S101 - a constraint: a scheduled hearing has its day
    assert hearing.scheduled_on is not None  # noqa: S101 - written with the day
    not_outside(on, hearing.scheduled_on, local_day(at), field, _("通知日期") if seven else _("公告日期"))
    latest = clocks.last_day(rule, local_day(hearing.opens_at))
    if on <= latest or hearing.has_begun:
        return
    basis = (
        _("七个工作日前（听证办法第二十条、第二十一条）") if seven else _("三个工作日前（听证办法第二十二条第二款）")
    )
    raise Invalid(
        _("应当在举行听证的%(basis)s办理，最迟%(latest)s。请先改期听证，再按新的日期通知。")
        % {"basis": basis, "latest": latest},
        code="hearing_notice_late", field=field,
    )  # fmt: skip


def _require_right(case: Case, requested_on: date, actor: User) -> None:
    term = request_term(case)
    if term is None and not may_act_for(actor, case.office, states.HEAD):
        raise NotPermitted(
            _("告知书没有告知听证的权利（听证办法第五条）；当事人仍要求听证的，由部门负责人同意并登记。"),
            code="hearing_not_offered",
        )
    if term is not None and term.due_on is not None and requested_on > term.due_on:
        raise Invalid(
            _("当事人自告知书送达之日起五个工作日内未要求听证的，视为放弃此权利（听证办法第七条第二款），期限至%(last)s届满。")
            % {"last": term.due_on},
            code="hearing_request_late", field="requested_on",
        )  # fmt: skip


def _seat(
    case: Case, hearing: Hearing, actor: User, host_id: int, member_id: int | None, second_member_id: int | None
) -> None:
    """:raises Invalid, NotPermitted: somebody who may not, or who would sit twice."""
    if member_id is None:
        member_id, second_member_id = second_member_id, None
    seats = [each for each in (host_id, member_id, second_member_id) if each is not None]
    if len(seats) != len(set(seats)):
        raise Invalid(_("听证主持人、听证员须为不同的人。"), code="one_part_each", field="member")
    if host_id == actor.pk:
        raise Invalid(_("指定人不得指定本人为听证主持人（职责分离，本系统默认）。"), code="named_self", field="host")
    if hearing.recorder_id in seats:
        raise Invalid(_("记录员不得兼任听证主持人、听证员。"), code="one_part_each", field="host")
    hearing.host = _fit(case, hearing, host_id, "host", hosts_for(case))
    hearing.member = _helper(case, hearing, member_id, "member") if member_id else None
    hearing.second_member = _helper(case, hearing, second_member_id, "second_member") if second_member_id else None


def _helper(case: Case, hearing: Hearing, user_id: int, field: str) -> User:
    return _fit(case, hearing, user_id, field, helpers_for(case))


def _fit(case: Case, hearing: Hearing, user_id: int, field: str, able: list[User]) -> User:
    person = user_named(user_id, field=field)
    if person.pk in case.investigator_ids:
        raise Invalid(
            _("办案人员不得担任听证主持人、听证员和记录员（听证办法第十一条第三款），请另选他人。"),
            code="host_investigated", field=field,
        )  # fmt: skip
    if person.pk in case.examiner_ids:
        raise Invalid(
            _("本案的审核人员不得担任听证人员（职责分离，本系统默认），请另选他人。"), code="host_reviewed", field=field
        )
    if hearing.recusals.filter(person=person, is_granted=True).exists():
        raise Invalid(
            _("%(name)s已被决定回避本次听证（听证办法第四条），请另选他人。") % {"name": person.name},
            code="recused", field=field,
        )  # fmt: skip
    require_fit([person], case)
    if person not in able:
        raise Invalid(
            _("%(name)s不是本机关可以担任此职的人员，请从列表中选择。") % {"name": person.name},
            code="not_in_authority", field=field,
        )  # fmt: skip
    return person


def _seats(hearing: Hearing) -> str:
    assert hearing.host is not None  # noqa: S101 - seated just before
    members = "、".join(each.name for each in (hearing.member, hearing.second_member) if each)
    return f"主持人{hearing.host.name}" + (f"，听证员{members}" if members else "")


def _when(hearing: Hearing) -> str:
    assert hearing.opens_at is not None  # noqa: S101 - set just before
    openness = in_record(Secrecy(hearing.secrecy).label) + "，不公开" if hearing.secrecy else "公开"
    return f"{local_day(hearing.opens_at)}，{hearing.place}，{openness}举行，记录员{hearing.recorder.name if hearing.recorder else ''}"
