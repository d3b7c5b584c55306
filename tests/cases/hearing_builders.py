"""A case of the east squad at each step of a hearing, and its heads discussing."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from accounts.models import User
from accounts.roles import Role
from cases.actions import discussion, hearing, hearing_session, legal_review
from cases.actions.discussion import Speaking
from cases.actions.hearing_session import Attending
from cases.models import Case
from cases.states.hearing import HearingState, Told
from tests.builders import City, make_notified_case, make_user, moment
from tests.kept import kept

# Seven clear working days from the notice on 24 March: 25 to 27, 30, 31 March, 1 and 2 April.
OPENS = moment("2026-04-03T09:30")
PREPARED, TOLD, HELD = moment("2026-03-20"), moment("2026-03-24"), moment("2026-04-03T11:00")
REPORTED = moment("2026-04-07")
EVERYBODY = (
    Attending("party", "示例商店"),
    Attending("agent", "李某某", mandate="代为陈述、申辩和质证"),
    Attending("handler", "East Handler"),
    Attending("witness", "王某某", is_present=False),
)


def deputies(city: City) -> list[User]:
    """Two more heads of the east, so that three can discuss."""
    names = ("east_deputy", "east_deputy2")
    found = {user.username: user for user in User.objects.filter(username__in=names)}
    return [found.get(name) or make_user(name, city.east, Role.BUREAU_HEAD) for name in names]


def clerk_of_hearing(city: City) -> User:
    """Somebody of the east who is nothing else in the case."""
    found = User.objects.filter(username="east_recorder").first()
    return found or make_user("east_recorder", city.east, Role.HANDLER)


@kept
def make_told_case(city: City) -> Case:
    """A case whose party was told on 16 March, with the right to a hearing until 23 March; all who take part exist."""
    clerk_of_hearing(city)
    return make_notified_case(city, hearing_right=True)


def request(city: City, case: Case, *, on: date = date(2026, 3, 20), at: datetime = PREPARED) -> Case:
    return hearing.request_hearing(
        case_id=case.pk, requested_on=on, way="writing", request="认为处罚过重。", actor=city.east_handler, at=at
    )


def name_host(city: City, case: Case, *, at: datetime = PREPARED) -> Case:
    return hearing.name_host(case_id=case.pk, host_id=city.east_head.pk, actor=city.east_director, at=at)


def hand_over(city: City, case: Case, *, at: datetime = PREPARED) -> Case:
    return hearing.hand_materials(case_id=case.pk, handed_on=at.date(), actor=city.east_handler, at=at)


def schedule(
    city: City, case: Case, *, opens_at: datetime = OPENS, at: datetime = PREPARED, third_party: str = "",
    secrecy: str = "",
) -> Case:  # fmt: skip
    return hearing.schedule_hearing(
        case_id=case.pk, opens_at=opens_at, place="三楼会议室", recorder_id=clerk_of_hearing(city).pk,
        third_party=third_party, secrecy=secrecy, actor=city.east_head, at=at,
    )  # fmt: skip


def tell(city: City, case: Case, told: str, *, at: datetime = TOLD, on: date | None = None) -> Case:
    return hearing.record_hearing_notice(
        case_id=case.pk, told=told, told_on=on or at.date(), actor=city.east_handler, at=at
    )


def announce(city: City, case: Case, *, at: datetime = TOLD, on: date | None = None) -> Case:
    return hearing.announce_hearing(
        case_id=case.pk, announced_on=on or at.date(), where="机关公告栏", actor=city.east_head, at=at
    )


def tell_all(city: City, case: Case, *, at: datetime = TOLD) -> Case:
    for told in (Told.PARTY, Told.OFFICERS):
        tell(city, case, told, at=at)
    return announce(city, case, at=at)


def hold(city: City, case: Case, *, at: datetime = HELD, attendance: Sequence[Attending] = EVERYBODY) -> Case:
    return hearing_session.hold_hearing(
        case_id=case.pk, held_on=at.date(), attendance=attendance, minutes="各方陈述、质证、辩论。",
        last_word_officers="坚持处罚建议。", last_word_party="请求从轻。", refused_to_sign="当事人拒绝签名。",
        actor=city.east_head, at=at,
    )  # fmt: skip


def report(city: City, case: Case, *, at: datetime = REPORTED) -> Case:
    return hearing_session.report_hearing(
        case_id=case.pk, summary="各方充分发表意见。", advice="建议维持拟处罚意见。", actor=city.east_head, at=at
    )


def end(city: City, case: Case, *, at: datetime, ground: str = "request_withdrawn") -> Case:
    return hearing_session.end_hearing(
        case_id=case.pk, ground=ground, reason="当事人书面撤回。", actor=city.east_head, at=at
    )


def submit(city: City, case: Case, *, at: datetime = REPORTED) -> Case:
    return legal_review.submit_legal_review(
        case_id=case.pk, reviewer_id=city.east_reviewer.pk, actor=city.east_handler, at=at
    )


def pass_legal(city: City, case: Case, *, at: datetime = REPORTED) -> Case:
    return legal_review.pass_legal_review(case_id=case.pk, opinion="同意。", actor=city.east_reviewer, at=at)


STEPS: Sequence[tuple[str, Callable[[City, Case], Case]]] = (
    (HearingState.REQUESTED, request),
    (HearingState.HOST_NAMED, name_host),
    (HearingState.MATERIALS_RECEIVED, hand_over),
    (HearingState.SCHEDULED, lambda city, case: tell_all(city, schedule(city, case))),
    (HearingState.HELD, hold),
    (HearingState.REPORTED, report),
)


@kept
def hearing_in(city: City, state: str) -> Case:
    """A case whose hearing has come to this state."""
    if state == HearingState.SUSPENDED:
        case = hearing_in(city, HearingState.SCHEDULED)
        return hearing_session.suspend_hearing(
            case_id=case.pk, ground="force_majeure", reason="当事人住院。", actor=city.east_head,
            at=TOLD + timedelta(days=1),
        )  # fmt: skip
    if state == HearingState.ENDED:
        return end(city, hearing_in(city, HearingState.SCHEDULED), at=TOLD)
    case = make_told_case(city)
    for name, step in STEPS:
        case = step(city, case)
        if name == state:
            break
    return case


def speaking(city: City, *, against: bool = True) -> list[Speaking]:
    """What three heads of the east say; the last does not agree."""
    first, second = deputies(city)
    last = Speaking(second.pk, "against", "罚款数额偏高，不同意。") if against else Speaking(second.pk, "for", "同意。")
    return [Speaking(city.east_director.pk, "for", "同意。"), Speaking(first.pk, "for", "事实清楚。"), last]


def discuss(
    city: City, case: Case, *, at: datetime, topic: str = "decision", conclusion: str = "agree",
    days: int | None = None, held_at: datetime | None = None, voices: Sequence[Speaking] | None = None,
    actor: User | None = None,
) -> Case:  # fmt: skip
    return discussion.discuss_case(
        case_id=case.pk, topic=topic, held_at=held_at or at, place="局党组会议室", chair_id=city.east_director.pk,
        recorder_id=clerk_of_hearing(city).pk, voices=speaking(city) if voices is None else voices,
        minutes="听取汇报后逐一发表意见。", conclusion=conclusion, resolution="按拟处罚意见作出决定。", days=days,
        others="法制机构负责人张某某", actor=actor or city.east_director, at=at,
    )  # fmt: skip
