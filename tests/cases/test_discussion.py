"""What the heads discuss together, the legal review after a hearing, and the decision that waits for both."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from cases.actions import legal_review
from cases.actions.discussion import Speaking, discuss_case
from cases.models import Case, Discussion, Review, Voice
from cases.queries.hearing import needs_discussion
from cases.states.hearing import HearingState
from cases.states.matter import CaseState
from core.errors import Invalid, NotPermitted, WrongState
from deadlines.models import Clock
from tests.builders import City, decide, make_notified_case, make_user, moment
from tests.cases import hearing_builders as build
from tests.cases.hearing_builders import REPORTED, discuss, hearing_in, speaking
from tests.refusals import refused

AFTER = moment("2026-04-10")


def test_after_a_hearing_nobody_decides_without_legal_review_and_a_discussion_that_agreed(city: City) -> None:
    case = hearing_in(city, HearingState.REPORTED)
    build.deputies(city)
    with refused(WrongState, "wrong_state"):
        decide(city, case, at=AFTER)
    case = build.submit(city, case)
    review = Review.objects.get(case=case, ended_at__isnull=True)
    assert (case.state, review.kind, review.grounds) == (CaseState.LEGAL_REVIEW, "legal", ["heard"])
    clock = Clock.objects.get(subject_id=case.pk, rule="legal_review", state="running")
    assert (str(clock.due_on), clock.owner) == ("2026-04-21", city.east_reviewer)
    with refused(WrongState, "wrong_state"):
        decide(city, case, at=AFTER)
    case = build.pass_legal(city, case)
    assert case.state == CaseState.NOTIFIED
    with refused(WrongState, "discussion_required"):
        decide(city, case, at=AFTER)
    discuss(city, case, at=AFTER, held_at=moment("2026-04-02"))
    with refused(WrongState, "discussion_required"):
        decide(city, case, at=AFTER)
    discuss(city, case, at=AFTER, conclusion="return_for_work")
    with refused(WrongState, "discussion_required"):
        decide(city, case, at=AFTER)
    discuss(city, case, at=AFTER, conclusion="amended")
    assert decide(city, case, at=AFTER).state == CaseState.DECIDED


def test_a_case_told_without_a_hearing_needs_no_discussion_unless_its_review_was_a_legal_one(city: City) -> None:
    case = make_notified_case(city)
    assert not needs_discussion(case)
    Review.objects.filter(case=case).update(kind="legal", grounds=["public_interest"])
    assert needs_discussion(case)
    build.clerk_of_hearing(city)
    build.deputies(city)
    with refused(WrongState, "discussion_required"):
        decide(city, case, at=moment("2026-03-24"))
    discuss(city, case, at=moment("2026-03-23"))
    with refused(WrongState, "discussion_required"):
        decide(city, case, at=moment("2026-03-24"))
    discuss(city, case, at=moment("2026-03-24"))
    assert decide(city, case, at=moment("2026-03-24")).state == CaseState.DECIDED


def test_whoever_heard_or_investigated_does_not_review_what_was_heard(city: City) -> None:
    case = hearing_in(city, HearingState.REPORTED)
    for reviewer, code in ((city.east_head, "reviewer_heard"), (city.east_handler2, "reviewer_investigated"),
                           (build.clerk_of_hearing(city), "reviewer_heard"), (city.reviewer, "not_a_reviewer")):  # fmt: skip
        with refused(Invalid, code, "reviewer"):
            legal_review.submit_legal_review(
                case_id=case.pk, reviewer_id=reviewer.pk, actor=city.east_handler, at=REPORTED
            )
    case = build.submit(city, case)
    with refused(NotPermitted, "not_permitted"):
        legal_review.pass_legal_review(case_id=case.pk, opinion="同意", actor=city.east_head, at=REPORTED)
    with refused(Invalid, "head_not_confirmed", "heads"):
        legal_review.pass_legal_review(
            case_id=case.pk, opinion="同意", heads=["facts"], actor=city.east_reviewer, at=REPORTED
        )
    with refused(Invalid, "unknown_outcome", "outcome"):
        legal_review.return_legal_review(
            case_id=case.pk, outcome="agree", objections={}, opinion="同意", actor=city.east_reviewer, at=REPORTED
        )
    case = legal_review.return_legal_review(
        case_id=case.pk, outcome="correct", objections={"measure": "偏重"}, opinion="建议从轻",
        actor=city.east_reviewer, at=REPORTED,
    )  # fmt: skip
    assert (case.state, case.review_opinion) == (CaseState.HEARD, "建议从轻")


def test_each_opinion_is_kept_word_for_word_and_nothing_of_it_changes(city: City) -> None:
    case = hearing_in(city, HearingState.HOST_NAMED)
    discuss(city, case, at=AFTER)
    kept = Discussion.objects.get(case=case)
    dissent = kept.voices.get(stance="against")
    assert (dissent.opinion, kept.others, kept.chair) == (
        "罚款数额偏高，不同意。", "法制机构负责人张某某", city.east_director,
    )  # fmt: skip
    first, second = build.deputies(city)
    absent = Speaking(second.pk, absence="外出开会")
    make_user("east_deputy3", city.east, "bureau_head")
    fourth = Speaking(User.objects.get(username="east_deputy3").pk, "reserved", "保留意见。")
    voices = [*speaking(city)[:2], absent, fourth]
    discuss(city, case, at=AFTER, voices=voices)
    assert Voice.objects.get(absence="外出开会").person == second
    assert Discussion.objects.filter(case=case).count() == 2, "the later one stands beside the first"
    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.filter(person=first).update(opinion="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Discussion.objects.filter(pk=kept.pk).update(days=3)


def test_a_discussion_is_one_of_heads_who_were_there_and_spoke(city: City) -> None:
    case = hearing_in(city, HearingState.HOST_NAMED)
    _first, second = build.deputies(city)
    one, two, three = speaking(city)

    def said(*voices: Speaking, code: str, field: str = "voices") -> None:
        with refused(Invalid, code, field):
            discuss(city, case, at=AFTER, voices=voices)

    said(one, two, code="voice_missing")
    said(one, two, two, code="voice_missing")
    said(one, two, replace(three, opinion=" "), code="voice_incomplete")
    said(one, two, replace(three, absence="病假"), code="voice_incomplete")
    said(one, two, replace(three, stance="loud"), code="voice_incomplete")
    said(one, two, three, Speaking(city.east_head.pk, "for", "同意"), code="not_a_head")
    said(one, two, Speaking(second.pk, absence="病假"), code="too_few_present")
    third = make_user("east_deputy3", city.east, "bureau_head")
    said(
        Speaking(city.east_director.pk, absence="病假"), two, three, Speaking(third.pk, "for", "同意"),
        code="chair_absent", field="chair",
    )  # fmt: skip
    fourth = Speaking(third.pk, absence="病假")
    for changes, code, field in (
        ({"topic": "weather"}, "unknown_choice", "topic"), ({"conclusion": "maybe"}, "unknown_choice", "conclusion"),
        ({"held_at": AFTER + timedelta(minutes=1)}, "bad_moment", "held_at"),
        ({"held_at": moment("2026-03-01")}, "bad_moment", "held_at"),
        ({"topic": "extension"}, "days_required", "days"), ({"days": 10}, "days_not_expected", "days"),
        ({"topic": "extension", "conclusion": "refuse", "days": 10}, "days_not_expected", "days"),
    ):  # fmt: skip
        with refused(Invalid, code, field):
            discuss(city, case, at=AFTER, voices=(one, two, three, fourth), **changes)
    with refused(Invalid, "not_in_authority", "recorder"):
        discuss_case(
            case_id=case.pk, topic="decision", held_at=AFTER, place="会议室", chair_id=city.east_director.pk,
            recorder_id=city.west_handler.pk, voices=(one, two, three, fourth), minutes="…", conclusion="agree",
            resolution="同意", actor=city.east_director, at=AFTER,
        )  # fmt: skip


def test_a_head_who_investigated_does_not_speak_and_others_do_not_record(city: City) -> None:
    case = hearing_in(city, HearingState.HOST_NAMED)
    discuss(city, case, at=AFTER)
    with refused(NotPermitted, "not_permitted"):
        discuss(city, case, at=AFTER, actor=city.east_handler)
    Case.objects.filter(pk=case.pk).update(second_officer=build.deputies(city)[1])
    with refused(Invalid, "not_a_head", "voices"):
        discuss(city, case, at=AFTER)
