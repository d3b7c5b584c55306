"""The hearing of a case and what its heads discussed; the case comes through a gate."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import OfficeKind, Post, User
from accounts.policies import authority_of, office_a_post_answers_for
from accounts.queries import officers_of, require_role
from accounts.roles import Role
from cases.models import Case, Discussion, Hearing, HearingAttendee, HearingRecusal, Voice
from cases.policies import conflict
from cases.queries.duties import last_review
from cases.states import matter as states
from cases.states.discussion import AGREED, Topic
from cases.states.hearing import HEARING_TABLE, HOSTING, STEPS, HearingState, Told
from core.errors import NotPermitted, WrongState
from core.transitions import Transition, require_state
from deadlines.models import Clock
from deadlines.queries import clocks_of
from deadlines.replay import SHANGHAI

REQUEST_TERM = "hearing_request"


def open_hearing(case: Case) -> Hearing | None:
    """The hearing that has neither been reported on nor ended."""
    hearing = case.latest_hearing
    return hearing if hearing is not None and hearing.is_open else None


def held_hearing(case: Case) -> Hearing | None:
    """The hearing that was held and reported on after the notice that stands (听证办法第二十九条)."""
    hearing = case.latest_hearing
    if hearing is None or hearing.state != HearingState.REPORTED or hearing.notified_on != case.notified_on:
        return None
    return hearing


def hearings_of(case: Case) -> QuerySet[Hearing]:
    """Every hearing of the case, newest first."""
    return case.hearings.select_related("host", "member", "second_member", "recorder", "named_by").order_by("-id")


def whole_hearings_of(case: Case) -> QuerySet[Hearing]:
    """The same with their ``attendees`` and ``recusals`` in the order they were recorded."""
    recusals = HearingRecusal.objects.select_related("person", "decided_by").order_by("id")
    attendees = HearingAttendee.objects.order_by("id")
    return hearings_of(case).prefetch_related(Prefetch("attendees", attendees), Prefetch("recusals", recusals))


def recusals_of(hearing: Hearing) -> QuerySet[HearingRecusal]:
    return hearing.recusals.select_related("person", "decided_by").order_by("id")


def day_told(hearing: Hearing, told: str) -> date | None:
    """The day somebody of :class:`cases.states.hearing.Told` was told of time and place."""
    day: date | None = getattr(hearing, f"{told}_told_on")
    return day


def untold(hearing: Hearing) -> list[Told]:
    """Who has yet to be told of time and place."""
    there = [each for each in Told if each != Told.THIRD_PARTY or hearing.third_party]
    return [each for each in there if day_told(hearing, each) is None]


def request_term(case: Case) -> Clock | None:
    """The five working days the party had after the notice that stands (听证办法第七条); None if none were offered."""
    if case.notified_on is None:
        return None
    return clocks_of("case", case.pk).filter(rule=REQUEST_TERM, origin_on=case.notified_on).last()


def require_step(user: User, case: Case, row: Transition) -> Hearing:
    """The open hearing, if this person may take this step of it now.

    :raises NotPermitted: :raises WrongState: also ``no_hearing``.
    """
    if open_hearing(case) is None:  # nobody is named for it: the post alone says who may hear that
        require_role(user, case.office, row.roles, what=str(row.label), basis=row.basis)
    elif why := conflict(user, case, row):
        raise NotPermitted(
            _("您不能办理“%(what)s”：%(why)s（%(basis)s）。") % {"what": row.label, "why": why, "basis": row.basis},
            code="not_your_part",
        )
    return hearing_for_step(case, row)


def hearing_for_step(case: Case, row: Transition) -> Hearing:
    """The open hearing, if this step of it is possible now, whoever takes it.

    :raises WrongState: also ``no_hearing``.
    """
    hearing = open_hearing(case)
    if hearing is None:
        raise WrongState(
            _("本案现在没有正在进行的听证，不能“%(what)s”（%(basis)s）。") % {"what": row.label, "basis": row.basis},
            code="no_hearing",
        )
    require_hearing_state(hearing, row)
    return hearing


def require_hearing_state(hearing: Hearing, row: Transition) -> None:
    """:raises WrongState: the hearing does not stand where this step starts from."""
    own = next(each for each in HEARING_TABLE if each.name == row.name)
    require_state(HEARING_TABLE, own, hearing.state, str(HearingState(hearing.state).label))


def legal_steps(user: User, case: Case) -> list[Transition]:
    """The steps of the hearing that are possible now and this user's to take."""
    hearing = open_hearing(case)
    if hearing is None:
        return []
    return [row for row in STEPS if row.starts_from(hearing.state) and not conflict(user, case, row)]


def hosts_for(case: Case) -> list[User]:
    """Who can host: reviewers and unit heads of the authority who see the case and neither investigated nor reviewed it."""
    return _colleagues(case, states.REVIEWER, without=_parts_of(case))


def helpers_for(case: Case) -> list[User]:
    """Who can sit beside the host or keep the record (听证办法第十一条)."""
    return _colleagues(case, HOSTING, without=_parts_of(case))


def recorders_for(case: Case) -> list[User]:
    """Who can keep the record of a discussion: anybody of the authority who sees the case."""
    return _colleagues(case, HOSTING, without=())


def heads_of(case: Case) -> list[User]:
    """The heads (部门负责人) of the authority that decides the case."""
    return list(officers_of(case.authority, [Role.BUREAU_HEAD]))


def speakers_for(case: Case) -> list[User]:
    """The heads who may discuss this case: not those who investigated it, nor those who had to withdraw."""
    away = case.investigator_ids | case.barred_ids
    return [head for head in heads_of(case) if head.pk not in away]


def _parts_of(case: Case) -> list[int]:
    return list(case.investigator_ids | case.examiner_ids | case.barred_ids)


def _colleagues(case: Case, roles: Sequence[Role], *, without: Sequence[int]) -> list[User]:
    is_city = case.authority.kind == OfficeKind.CITY
    within = ~Q(office__bureau__kind=OfficeKind.DISTRICT) if is_city else Q(office__bureau=case.authority)
    posts = (
        Post.objects.filter(within, role__in=roles, ends_on__isnull=True, user__is_active=True)
        .exclude(user__in=without)
        .select_related("user", "office", "office__parent", "office__parent__parent")
        .order_by("user_id")
    )
    return list(dict.fromkeys(post.user for post in posts if _opens(post, case)))


def _opens(post: Post, case: Case) -> bool:
    root = office_a_post_answers_for(post)
    return authority_of(post.office) == case.authority and (
        root.level == 1 or root.pk in (case.bureau_id, case.office_id)
    )


# ---- collective discussion --------------------------------------------------


def discussions_of(case: Case) -> QuerySet[Discussion]:
    """Every discussion, newest first; the newest of a topic stands."""
    return case.discussions.select_related("chair", "recorder").order_by("-held_at", "-id")


def discussions_with_voices(case: Case, *, most: int, with_voices: bool = True) -> QuerySet[Discussion]:
    """The newest discussions, each with its ``voices`` in the order they were recorded, two statements for all."""
    found = discussions_of(case)
    if with_voices:
        found = found.prefetch_related(Prefetch("voices", Voice.objects.select_related("person").order_by("id")))
    return found[:most]


def discussion_for(case: Case, topic: str) -> Discussion | None:
    """The latest discussion of a topic."""
    return discussions_of(case).filter(topic=topic).first()


def needs_discussion(case: Case) -> bool:
    """Whether the heads must decide together (程序规定第五十条第一款、第六十条第二款)."""
    if held_hearing(case) is not None:
        return True
    last = last_review(case)
    return last is not None and bool(last.grounds)


def why_undiscussed(case: Case, term: Clock | None) -> str:
    """Why the case cannot be decided for want of a collective discussion; empty if it can.

    :param term: the period for statement and defence after the notice that stands.
    """
    if not needs_discussion(case):
        return ""
    discussion = discussion_for(case, Topic.DECISION)
    basis = _("程序规定第六十条第二款")
    if discussion is None or not _is_after(case, term, discussion.held_at):
        return _("本案应当由部门负责人集体讨论决定（%(basis)s），请先在陈述申辩期满、听证结束之后登记集体讨论。") % {
            "basis": basis
        }
    if discussion.conclusion not in AGREED:
        return _("最近一次集体讨论的处理意见是“%(conclusion)s”，不能作出处罚决定（%(basis)s）。") % {
            "conclusion": discussion.get_conclusion_display(), "basis": basis,
        }  # fmt: skip
    return ""


def require_discussion(case: Case, term: Clock | None) -> None:
    """Where the heads must decide together, they have agreed after everything was heard.

    :raises WrongState: ``discussion_required``.
    """
    if why := why_undiscussed(case, term):
        raise WrongState(why, code="discussion_required")


def agreed_extension(case: Case, since: date) -> Discussion | None:
    """The discussion that fixes a further extension (程序规定第六十四条第一款).

    :param since: the day of the first extension; an older discussion cannot have known of it.
    """
    discussion = discussion_for(case, Topic.EXTENSION)
    if discussion is None or discussion.conclusion not in AGREED or _day(discussion.held_at) < since:
        return None
    return discussion


def extension_discussion(case: Case, since: date) -> Discussion:
    """:func:`agreed_extension`, which there must be.

    :raises WrongState: ``discussion_required``.
    """
    discussion = agreed_extension(case, since)
    if discussion is None:
        raise WrongState(
            _("经延期仍不能作出处理决定的，由部门负责人集体讨论决定是否继续延期并确定合理期限（程序规定第六十四条第一款），请先登记集体讨论。"),
            code="discussion_required",
        )  # fmt: skip
    return discussion


def _is_after(case: Case, term: Clock | None, held_at: datetime) -> bool:
    day = _day(held_at)
    hearing = held_hearing(case)
    if hearing is not None and hearing.reported_on is not None and day < hearing.reported_on:
        return False
    return term is None or term.due_on is None or day > term.due_on


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
