"""A hearing is held, stopped and carried on, reported on or ended early (听证办法第四条、第二十三条至第三十条)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions import hearing_clocks as clocks
from cases.actions.hearing import begin_step, named_recorder, set_day, step
from cases.actions.moves import begin, meet_if_open, move, not_outside, optional, required
from cases.models import Case, Hearing, HearingAttendee, HearingRecusal
from cases.queries.hearing import require_hearing_state, untold
from cases.states import hearing as steps
from cases.states import matter as states
from cases.states.hearing import AGENTS, Attendance, HearingEnd, HearingPause
from core.errors import Invalid, NotPermitted, WrongState
from core.transitions import in_record
from deadlines.actions.clocks import local_day

MOST_AGENTS = 2  # 听证办法第十五条第一款
MOST_ATTENDEES = 40
STOPPED, ENDED = "听证中止", "听证终止"
AT_THE_HEARING = (HearingEnd.ABSENT, HearingEnd.LEFT)


@dataclass(frozen=True)
class Attending:
    """Somebody at a hearing; ``part`` is one of :class:`cases.states.hearing.Attendance`, ``mandate`` an agent's."""

    part: str
    name: str
    is_present: bool = True
    mandate: str = ""


@transaction.atomic
def ask_hearing_recusal(*, case_id: int, person_id: int, reason: str, actor: User, at: datetime) -> Case:
    """The party asks that somebody withdraw; the hearing stops until it is decided (听证办法第四条、第二十六条第一款第三项).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, hearing = begin_step(actor, case_id, steps.ASK_RECUSAL)
    why = required(reason, "reason", _("请写明当事人申请回避的理由。"), limit=1000)
    person = next((each for each in seated(hearing) if each.pk == person_id), None)
    if person is None:
        raise Invalid(
            _("可以申请回避的是听证主持人、听证员、记录员（听证办法第四条）。"), code="not_at_hearing", field="person"
        )
    HearingRecusal.objects.create(hearing=hearing, person=person, reason=why, asked_on=local_day(at), recorded_by=actor)
    _stop(case, hearing, HearingPause.RECUSAL, actor, at)
    step(case, hearing, steps.ASK_RECUSAL, actor, at, f"申请{person.name}回避：{why}")
    return case


@transaction.atomic
def decide_hearing_recusal(
    *, case_id: int, person_id: int, is_granted: bool, opinion: str, actor: User, at: datetime
) -> Case:
    """Decide a recusal by rank: a head on the host, the host on everybody else (听证办法第四条第二款).

    :raises NotFound, WrongState, Invalid: :raises NotPermitted: also ``not_recusal_decider``.
    """
    case, hearing = begin_step(actor, case_id, steps.DECIDE_RECUSAL)
    asked = hearing.recusals.filter(person_id=person_id, is_granted__isnull=True).select_related("person").first()
    if asked is None:
        raise Invalid(_("没有申请这个人员回避，或者已经决定。"), code="no_recusal_asked", field="person")
    if (asked.person_id == hearing.host_id) == (actor.pk == hearing.host_id):
        raise NotPermitted(
            _("听证主持人的回避由部门负责人决定，听证员、记录员的回避由听证主持人决定（听证办法第四条第二款）。"),
            code="not_recusal_decider",
        )
    asked.opinion = required(opinion, "opinion", _("请写明决定的理由。"), limit=1000)
    asked.is_granted, asked.decided_by, asked.decided_at = is_granted, actor, at
    asked.save()
    said = "回避" if is_granted else "不回避"
    step(case, hearing, steps.DECIDE_RECUSAL, actor, at, f"{asked.person.name}{said}：{asked.opinion}")
    return case


@transaction.atomic
def suspend_hearing(*, case_id: int, ground: str, reason: str, actor: User, at: datetime) -> Case:
    """Suspend the hearing on one of the grounds; of a recusal asked for, :func:`ask_hearing_recusal` does (听证办法第二十六条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, hearing = begin_step(actor, case_id, steps.SUSPEND)
    if ground not in HearingPause.values or ground == HearingPause.RECUSAL:
        raise Invalid(
            _("请选择中止听证的情形（听证办法第二十六条）；当事人申请回避的，办理“登记回避申请”。"),
            code="unknown_ground", field="ground",
        )  # fmt: skip
    why = required(reason, "reason", _("请写明中止的具体原因。"), limit=500)
    _stop(case, hearing, HearingPause(ground), actor, at)
    step(case, hearing, steps.SUSPEND, actor, at, f"{in_record(HearingPause(ground).label)}：{why}")
    return case


@transaction.atomic
def resume_hearing(
    *,
    case_id: int,
    opens_at: datetime,
    place: str,
    reason: str,
    actor: User,
    at: datetime,
    recorder_id: int | None = None,
) -> Case:
    """Carry the hearing on; one that had not begun needs its notices again if the day changes (听证办法第二十六条第二款).

    :param recorder_id: another recorder, where the one there was has to withdraw.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also while a recusal is undecided or not yet carried out.
    """
    case, hearing = begin_step(actor, case_id, steps.RESUME)
    why = required(reason, "reason", _("请写明中止的情形如何消失。"), limit=500)
    if recorder_id is not None and recorder_id != hearing.recorder_id:
        hearing.recorder = named_recorder(case, hearing, recorder_id)
    _require_nobody_withdraws(hearing)
    if opens_at != hearing.opens_at or place.strip() != hearing.place or opens_at <= at:
        set_day(hearing, opens_at, place, at)
    hearing.pause_ground = ""
    step(case, hearing, steps.RESUME, actor, at, f"{local_day(opens_at)}，{hearing.place}：{why}")
    clocks.run_before_the_day(case, hearing, local_day(opens_at), actor, at)
    return case


@transaction.atomic
def hold_hearing(
    *,
    case_id: int,
    held_on: date,
    attendance: Sequence[Attending],
    minutes: str,
    last_word_officers: str,
    last_word_party: str,
    actor: User,
    at: datetime,
    last_word_third_party: str = "",
    refused_to_sign: str = "",
) -> Case:
    """Record who came, what was said and each side's last word, in the order of 听证办法第二十五条第一款第六项.

    :param refused_to_sign: who refused to sign the minutes (听证办法第二十八条第二款).
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also before its time, or while somebody was not told.
    """
    case, hearing = begin_step(actor, case_id, steps.HOLD)
    assert hearing.opens_at is not None  # noqa: S101 - a constraint: a scheduled hearing has its day
    assert hearing.host is not None  # noqa: S101 - a constraint: and its host
    if at < hearing.opens_at:
        raise WrongState(_("听证的时间还没有到。"), code="hearing_ahead")
    _require_everybody_told(hearing)
    not_outside(held_on, local_day(hearing.opens_at), local_day(at), "held_on", _("听证会结束日期"))
    people = _attending(attendance)
    hearing.minutes = required(minutes, "minutes", _("请填写听证笔录（听证办法第二十八条）。"), limit=20000)
    if any(each.part == Attendance.THIRD_PARTY and each.is_present for each in people):
        hearing.last_word_third_party = _last_word(last_word_third_party, "last_word_third_party")
    hearing.last_word_officers = _last_word(last_word_officers, "last_word_officers")
    hearing.last_word_party = _last_word(last_word_party, "last_word_party")
    hearing.refused_to_sign = optional(refused_to_sign, "refused_to_sign", limit=500)
    hearing.held_on, hearing.has_begun = held_on, True
    HearingAttendee.objects.bulk_create(
        HearingAttendee(
            hearing=hearing, part=each.part, name=each.name, is_present=each.is_present, mandate=each.mandate
        )
        for each in people
    )
    step(case, hearing, steps.HOLD, actor, at, f"{held_on}，到场{sum(each.is_present for each in people)}人")
    clocks.run(case, clocks.TO_REPORT, hearing.host, held_on, actor, at)
    return case


@transaction.atomic
def report_hearing(*, case_id: int, summary: str, advice: str, actor: User, at: datetime, remarks: str = "") -> Case:
    """Hand in the report with the minutes; from this day the ninety days count again (听证办法第二十九条、第三十条).

    Cause, people, time and place are those of the hearing; the rest of the six contents is given here.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.REPORT_HEARING)
    hearing = _open(case)
    require_hearing_state(hearing, steps.REPORT)
    hearing.summary = required(summary, "summary", _("请写明听证的基本情况（听证办法第三十条第四项）。"), limit=8000)
    hearing.advice = required(advice, "advice", _("请写明处理意见和建议（听证办法第三十条第五项）。"), limit=4000)
    hearing.remarks = optional(remarks, "remarks", limit=4000)
    hearing.state, hearing.reported_on = str(steps.REPORT.target), local_day(at)
    hearing.save()
    move(case, states.REPORT_HEARING, actor, at, hearing.advice)
    meet_if_open(case, clocks.TO_REPORT, local_day(at), actor, at)
    clocks.go_on(case, hearing.requested_on, local_day(at), actor, at)
    return case


@transaction.atomic
def end_hearing(*, case_id: int, ground: str, reason: str, actor: User, at: datetime) -> Case:
    """End the hearing before it was held, on one of five grounds; the ninety days count again (听证办法第二十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.END_HEARING)
    hearing = _open(case)
    require_hearing_state(hearing, steps.END)
    if ground not in HearingEnd.values:
        raise Invalid(_("请选择终止听证的情形（听证办法第二十七条）。"), code="unknown_ground", field="ground")
    if ground in AT_THE_HEARING and not _was_due(hearing, at):
        raise Invalid(
            _("听证的时间还没有到，或者听证通知书没有送达，不能以当事人不到场、中途退场终止听证（听证办法第二十七条）。"),
            code="hearing_ahead", field="ground",
        )  # fmt: skip
    hearing.end_reason = required(reason, "reason", _("请写明终止的具体情况。"), limit=1000)
    hearing.state, hearing.ended_on, hearing.end_ground = str(steps.END.target), local_day(at), ground
    hearing.pause_ground = ""
    hearing.save()
    move(case, states.END_HEARING, actor, at, f"{in_record(HearingEnd(ground).label)}：{hearing.end_reason}")
    clocks.cancel(case, clocks.ALL, ENDED, actor, at)
    clocks.go_on(case, hearing.requested_on, local_day(at), actor, at)
    return case


def seated(hearing: Hearing) -> list[User]:
    """Host, members and recorder, whoever of them is named."""
    people = (hearing.host, hearing.member, hearing.second_member, hearing.recorder)
    return [person for person in people if person is not None]


def _open(case: Case) -> Hearing:
    hearing = case.latest_hearing
    assert hearing is not None  # noqa: S101 - the state table: a case in a hearing has one
    return hearing


def _stop(case: Case, hearing: Hearing, ground: HearingPause, actor: User, at: datetime) -> None:
    hearing.pause_ground = ground
    hearing.has_begun = hearing.has_begun or _was_due(hearing, at)
    clocks.cancel(case, clocks.BEFORE_THE_DAY, STOPPED, actor, at)


def _was_due(hearing: Hearing, at: datetime) -> bool:
    """Whether the party knew of the hearing and its time has come."""
    return hearing.opens_at is not None and at >= hearing.opens_at and hearing.party_told_on is not None


def _require_nobody_withdraws(hearing: Hearing) -> None:
    still = {person.pk: person.name for person in seated(hearing)}
    for asked in hearing.recusals.filter(person__in=still):
        if asked.is_granted is None:
            raise WrongState(
                _("%(name)s的回避申请尚未决定（听证办法第四条），不能恢复听证。") % {"name": still[asked.person_id]},
                code="recusal_open",
            )
        if asked.is_granted:
            raise WrongState(
                _("%(name)s应当回避，请先更换，再恢复听证（听证办法第四条）。") % {"name": still[asked.person_id]},
                code="recused",
            )


def _require_everybody_told(hearing: Hearing) -> None:
    if hearing.has_begun:
        return
    missing = [str(each.label) for each in untold(hearing)]
    if hearing.is_public and hearing.announced_on is None:
        missing.append(_("公告"))
    if missing:
        raise WrongState(
            _("还没有登记听证前的通知或者公告：%(missing)s（听证办法第二十条至第二十二条）。没有按期通知的，请改期听证。")
            % {"missing": _("、").join(missing)},
            code="hearing_not_noticed",
        )  # fmt: skip


def _last_word(text: str, field: str) -> str:
    message = _("请记明各方的最后意见（听证办法第二十五条第一款第六项）；没有意见的，写明“无”。")
    return required(text, field, message, limit=4000)


def _attending(attendance: Sequence[Attending]) -> list[Attending]:
    if len(attendance) > MOST_ATTENDEES:
        raise Invalid(_("最多登记%(most)s人。") % {"most": MOST_ATTENDEES}, code="too_many", field="attendance")
    people = []
    for each in attendance:
        name = optional(each.name, "attendance", limit=120)
        mandate = optional(each.mandate, "attendance", limit=500)
        if each.part not in Attendance.values or not name:
            raise Invalid(_("请写明听证参加人的身份和姓名。"), code="unknown_part", field="attendance")
        if each.part in AGENTS and not mandate:
            raise Invalid(
                _("委托代理人须提交授权委托书，请写明%(name)s的委托事项及权限（听证办法第十五条）。") % {"name": name},
                code="mandate_required", field="attendance",
            )  # fmt: skip
        people.append(Attending(each.part, name, each.is_present, mandate))
    if len({(each.part, each.name) for each in people}) != len(people):
        raise Invalid(_("同一人以同一身份登记了两次。"), code="attendee_twice", field="attendance")
    for part in AGENTS:
        if sum(each.part == part for each in people) > MOST_AGENTS:
            raise Invalid(
                _("当事人、第三人可以委托一至二人代为参加听证（听证办法第十五条第一款）。"),
                code="too_many_agents", field="attendance",
            )  # fmt: skip
    present = {each.part for each in people if each.is_present}
    if not present & {Attendance.PARTY, Attendance.AGENT}:
        raise Invalid(
            _("当事人及其代理人都没有到场。无正当理由拒不到场的，请办理“终止听证”（听证办法第二十七条第二项）。"),
            code="party_absent", field="attendance",
        )  # fmt: skip
    if Attendance.OFFICER not in present:
        raise Invalid(_("办案人员应当参加听证（听证办法第十六条）。"), code="officer_absent", field="attendance")
    return people
