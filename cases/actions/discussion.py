"""The heads of an authority discuss a case together (行政处罚法第五十七条第二款、程序规定第六十条第二款、第六十四条第一款)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.moves import begin, move, optional, required
from cases.models import Case, Discussion, Voice
from cases.queries.hearing import recorders_for, speakers_for
from cases.states import matter as states
from cases.states.discussion import AGREED, Conclusion, Stance, Topic
from core.errors import Invalid
from core.transitions import in_record
from deadlines.actions.clocks import local_day

MOST_DAYS = 3650


@dataclass(frozen=True)
class Speaking:
    """One head: ``stance`` of :class:`cases.states.discussion.Stance` with the words said, or why they were absent."""

    person_id: int
    stance: str = ""
    opinion: str = ""
    absence: str = ""


@transaction.atomic
def discuss_case(
    *,
    case_id: int,
    topic: str,
    held_at: datetime,
    place: str,
    chair_id: int,
    recorder_id: int,
    voices: Sequence[Speaking],
    minutes: str,
    conclusion: str,
    resolution: str,
    actor: User,
    at: datetime,
    others: str = "",
    days: int | None = None,
) -> Case:
    """Record a collective discussion: who was there, what each said, what was concluded; a later one supersedes it.

    :param voices: one for every head of the authority who may take part.
    :param days: calendar days, only where a further extension was agreed on.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.DISCUSS)
    if topic not in Topic.values or conclusion not in Conclusion.values:
        field = "topic" if topic not in Topic.values else "conclusion"
        raise Invalid(_("请从列表中选择。"), code="unknown_choice", field=field)
    if held_at > at or local_day(held_at) < case.filed_on:
        raise Invalid(_("讨论时间应当在立案之后、现在之前。"), code="bad_moment", field="held_at")
    said = _voices(case, voices, chair_id)
    recorder = next((each for each in recorders_for(case) if each.pk == recorder_id), None)
    if recorder is None or recorder_id == chair_id:
        raise Invalid(_("记录人应当是本机关人员，且不是主持人。"), code="not_in_authority", field="recorder")
    discussion = Discussion.objects.create(
        case=case, topic=topic, held_at=held_at, place=required(place, "place", _("请填写讨论地点。"), limit=200),
        chair_id=chair_id, recorder=recorder, others=optional(others, "others", limit=500),
        minutes=required(minutes, "minutes", _("请填写讨论记录。"), limit=20000), conclusion=conclusion,
        resolution=required(resolution, "resolution", _("请写明处理意见的内容。"), limit=4000),
        days=_days(topic, conclusion, days), recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    Voice.objects.bulk_create(
        Voice(
            discussion=discussion, person_id=each.person_id, stance=each.stance, opinion=each.opinion,
            absence=each.absence,
        )
        for each in said
    )  # fmt: skip
    what = in_record(Topic(topic).label), in_record(Conclusion(conclusion).label)
    return move(case, states.DISCUSS, actor, at, f"{local_day(held_at)}，{what[0]}：{what[1]}。{discussion.resolution}")


def _days(topic: str, conclusion: str, days: int | None) -> int | None:
    if topic == Topic.EXTENSION and conclusion in AGREED:
        if days is None or not 1 <= days <= MOST_DAYS:
            raise Invalid(
                _("决定继续延期的，应当同时确定延长的合理期限（程序规定第六十四条第一款），请填写延长的日数。"),
                code="days_required", field="days",
            )  # fmt: skip
        return days
    if days is not None:
        raise Invalid(_("只有决定继续延期的，才填写延长的日数。"), code="days_not_expected", field="days")
    return None


def _voices(case: Case, voices: Sequence[Speaking], chair_id: int) -> list[Speaking]:
    """:raises Invalid: somebody who is no head, or missing, or silent; too few; or the chair absent."""
    able = {person.pk: person.name for person in speakers_for(case)}
    said = []
    for each in voices:
        if each.person_id not in able:
            raise Invalid(
                _("参加集体讨论的应当是本机关的部门负责人，且不是办案人员、没有被决定回避。"), code="not_a_head", field="voices"
            )  # fmt: skip
        opinion = optional(each.opinion, "voices", limit=4000)
        absence = optional(each.absence, "voices", limit=200)
        if bool(each.stance and opinion) == bool(absence) or each.stance not in ("", *Stance.values):
            raise Invalid(
                _("请写明%(name)s的态度和意见；没有出席的，只写明原因。") % {"name": able[each.person_id]},
                code="voice_incomplete", field="voices",
            )  # fmt: skip
        said.append(Speaking(each.person_id, "" if absence else each.stance, "" if absence else opinion, absence))
    given = [each.person_id for each in said]
    if len(given) != len(set(given)) or (missing := [name for pk, name in able.items() if pk not in given]):
        names = _("、").join(missing) if len(given) == len(set(given)) else ""
        raise Invalid(
            _("每位部门负责人写一次，出席的写意见，缺席的写原因。还缺：%(names)s。") % {"names": names or "—"},
            code="voice_missing", field="voices",
        )  # fmt: skip
    present = {each.person_id for each in said if each.stance}
    if len(present) < settings.DISCUSSION_QUORUM:
        raise Invalid(
            _("集体讨论至少须%(least)s名部门负责人出席（本系统默认值，不是法定人数，可以配置）。")
            % {"least": settings.DISCUSSION_QUORUM},
            code="too_few_present", field="voices",
        )  # fmt: skip
    if chair_id not in present:
        raise Invalid(_("主持人应当是出席的部门负责人。"), code="chair_absent", field="chair")
    return said
