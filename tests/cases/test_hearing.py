"""A hearing from the request to the report: its terms, its people, and the ninety days that stand still."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from cases.actions import filing, term
from cases.actions import hearing as verbs
from cases.actions import hearing_session as session
from cases.actions.hearing_clocks import uncovered
from cases.actions.hearing_session import Attending
from cases.models import Case, Hearing
from cases.states.hearing import HearingState
from cases.states.matter import CaseState
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from deadlines.models import Clock
from deadlines.workdays import Interval
from tests.builders import City, decide, make_notified_case, make_user, moment
from tests.cases import hearing_builders as build
from tests.cases.hearing_builders import HELD, OPENS, PREPARED, REPORTED, TOLD, hearing_in, make_told_case
from tests.refusals import refused


def the(case: Case) -> Hearing:
    return Hearing.objects.filter(case=case).latest("id")


def due(case: Case, rule: str) -> date | None:
    return Clock.objects.filter(subject_kind="case", subject_id=case.pk, rule=rule).latest("id").due_on


def open_rules(case: Case) -> set[str]:
    clocks = Clock.objects.filter(subject_kind="case", subject_id=case.pk, state__in=["running", "suspended"])
    return set(clocks.values_list("rule", flat=True))


def test_a_hearing_goes_from_the_request_to_the_report_under_its_own_terms(city: City) -> None:
    case = make_told_case(city)
    case = build.request(city, case)
    assert case.state == CaseState.HEARING
    assert due(case, "hearing_host_assign") == date(2026, 3, 25)
    assert "hearing_request" not in open_rules(case)
    assert due(case, "case_handling") is None, "nobody knows the day while the party waits to be heard"
    build.name_host(city, case)
    assert due(case, "hearing_case_transfer") == date(2026, 3, 25)
    build.hand_over(city, case)
    assert due(case, "hearing_schedule") == date(2026, 3, 27)
    build.schedule(city, case)
    assert due(case, "hearing_notice_before") == TOLD.date(), "seven clear working days before 3 April"
    assert due(case, "hearing_public_announcement_before") == date(2026, 3, 30)
    build.tell_all(city, case)
    build.hold(city, case)
    assert due(case, "hearing_report") == date(2026, 4, 13), "five working days, the holiday of 4 to 6 April between"
    case = build.report(city, case)
    assert case.state == CaseState.HEARD
    heard = the(case)
    assert (heard.state, heard.reported_on, heard.refused_to_sign) == ("reported", REPORTED.date(), "当事人拒绝签名。")
    assert [(each.part, each.is_present) for each in heard.attendees.order_by("id")][-1] == ("witness", False)
    taken = (REPORTED.date() - date(2026, 3, 20)).days
    assert due(case, "case_handling") == date(2026, 5, 31) + timedelta(days=taken), "20 March to 6 April do not count"
    assert open_rules(case) == {"case_handling", "statement_defence"}


def test_the_party_asks_within_five_working_days_or_not_at_all(city: City) -> None:
    case = make_told_case(city)
    with refused(Invalid, "hearing_request_late", "requested_on"):
        build.request(city, case, on=date(2026, 3, 24), at=TOLD)
    with refused(Invalid, "date_too_early", "requested_on"):
        build.request(city, case, on=date(2026, 3, 15))
    with refused(Invalid, "future_date", "requested_on"):
        build.request(city, case, on=date(2026, 3, 23))
    with refused(Invalid, "required", "request"):
        verbs.request_hearing(
            case_id=case.pk, requested_on=date(2026, 3, 20), way="oral", actor=city.east_handler, at=PREPARED
        )
    with refused(Invalid, "unknown_way", "way"):
        verbs.request_hearing(
            case_id=case.pk, requested_on=date(2026, 3, 20), way="telepathy", actor=city.east_handler, at=PREPARED
        )
    assert build.request(city, case, on=date(2026, 3, 23), at=TOLD).state == CaseState.HEARING, "recorded a day later"


def test_where_the_notice_offered_none_only_a_head_lets_the_party_be_heard(city: City) -> None:
    case = make_notified_case(city)
    with refused(NotPermitted, "hearing_not_offered"):
        build.request(city, case)
    case = verbs.request_hearing(
        case_id=case.pk, requested_on=date(2026, 3, 20), way="receipt", actor=city.east_director, at=PREPARED
    )
    assert case.state == CaseState.HEARING


def test_nobody_hosts_who_investigated_reviewed_or_names_themself(city: City) -> None:
    case = hearing_in(city, HearingState.REQUESTED)

    def name(user_id: int, **members: int) -> None:
        verbs.name_host(case_id=case.pk, host_id=user_id, actor=city.east_director, at=PREPARED, **members)

    for user, code in (
        (city.east_handler2, "host_investigated"), (city.east_reviewer, "host_reviewed"),
        (city.east_director, "named_self"), (city.west_head, "not_in_authority"), (city.handler, "not_in_authority"),
    ):  # fmt: skip
        with refused(Invalid, code, "host"):
            name(user.pk)
    with refused(Invalid, "host_investigated", "member"):
        name(city.east_head.pk, member_id=city.east_handler.pk)
    with refused(Invalid, "one_part_each", "member"):
        name(city.east_head.pk, member_id=city.east_head.pk)
    recorder = build.clerk_of_hearing(city)
    name(city.east_head.pk, second_member_id=recorder.pk)
    assert (the(case).member, the(case).second_member) == (recorder, None)
    build.hand_over(city, case)
    with refused(Invalid, "one_part_each", "recorder"):
        build.schedule(city, case)
    for column in ("host", "member", "recorder"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hearing.objects.filter(case=case).update(**{column: city.east_handler})


def test_the_notice_leaves_seven_clear_working_days_with_a_holiday_between(city: City) -> None:
    case = hearing_in(city, HearingState.MATERIALS_RECEIVED)
    late = moment("2026-03-30")
    with refused(Invalid, "hearing_too_soon", "opens_at"):
        build.schedule(city, case, opens_at=moment("2026-04-09T09:00"), at=late)
    build.schedule(city, case, opens_at=moment("2026-04-10T09:00"), at=late)
    with refused(Invalid, "hearing_notice_late", "told_on"):
        build.tell(city, case, "party", at=moment("2026-03-31"))
    build.tell(city, case, "party", at=late)
    with refused(Invalid, "hearing_notice_late", "announced_on"):
        build.announce(city, case, at=moment("2026-04-07"))
    build.announce(city, case, at=moment("2026-04-03"))
    with refused(WrongState, "already_announced"):
        build.announce(city, case, at=moment("2026-04-03"))


def test_a_secret_hearing_is_not_announced_and_a_third_party_is_told(city: City) -> None:
    case = hearing_in(city, HearingState.MATERIALS_RECEIVED)
    with refused(Invalid, "unknown_ground", "secrecy"):
        build.schedule(city, case, secrecy="shyness")
    build.schedule(city, case, secrecy="trade_secret", third_party="示例供货商")
    assert "hearing_public_announcement_before" not in open_rules(case)
    assert "hearing_third_party_notice_before" in open_rules(case)
    with refused(Invalid, "not_public"):
        build.announce(city, case)
    for told in ("party", "handler", "officers"):
        if told == "handler":
            with refused(Invalid, "unknown_recipient", "told"):
                build.tell(city, case, told)
        else:
            build.tell(city, case, told)
    with refused(WrongState, "hearing_not_noticed"):
        build.hold(city, case)
    build.tell(city, case, "third_party")
    third = Attending("third_party", "示例供货商")
    with refused(Invalid, "required", "last_word_third_party"):
        build.hold(city, case, attendance=(*build.EVERYBODY, third))
    build.hold(city, case, attendance=(*build.EVERYBODY, replace(third, is_present=False)))
    assert the(case).state == HearingState.HELD


def test_another_day_is_told_anew(city: City) -> None:
    case = hearing_in(city, HearingState.SCHEDULED)
    at = TOLD + timedelta(days=1)
    with refused(Invalid, "hearing_too_soon", "opens_at"):
        verbs.reschedule_hearing(
            case_id=case.pk,
            opens_at=moment("2026-04-03T15:00"),
            place="一楼",
            reason="冲突",
            actor=city.east_head,
            at=at,
        )
    with refused(Invalid, "past_moment", "opens_at"):
        verbs.reschedule_hearing(
            case_id=case.pk, opens_at=PREPARED, place="一楼", reason="冲突", actor=city.east_head, at=at
        )
    verbs.reschedule_hearing(
        case_id=case.pk, opens_at=moment("2026-04-20T09:00"), place="一楼", reason="冲突", actor=city.east_head, at=at
    )
    assert the(case).party_told_on is None
    with refused(WrongState, "hearing_not_noticed"):
        build.hold(city, case, at=moment("2026-04-20T11:00"))
    build.tell_all(city, case, at=at)
    build.hold(city, case, at=moment("2026-04-20T11:00"))


def test_a_hearing_is_held_in_its_time_with_those_who_must_be_there(city: City) -> None:
    case = hearing_in(city, HearingState.SCHEDULED)
    with refused(WrongState, "hearing_ahead"):
        build.hold(city, case, at=OPENS - timedelta(minutes=1))
    party, agent, officer, _witness = build.EVERYBODY
    for people, code in (
        ([officer], "party_absent"),
        ([replace(party, is_present=False), officer], "party_absent"),
        ([party], "officer_absent"),
        ([party, officer, replace(agent, mandate=" ")], "mandate_required"),
        ([party, officer, agent, replace(agent, name="甲"), replace(agent, name="乙")], "too_many_agents"),
        ([party, officer, officer], "attendee_twice"),
        ([party, officer, replace(officer, part="ghost")], "unknown_part"),
        ([party, officer, *(Attending("other", f"旁听{n}") for n in range(40))], "too_many"),
    ):
        with refused(Invalid, code, "attendance"):
            build.hold(city, case, attendance=people)
    build.hold(city, case, attendance=[agent, officer])
    with refused(WrongState, "wrong_state"):
        build.hold(city, case)
    with refused(Invalid, "required", "advice"):
        session.report_hearing(case_id=case.pk, summary="充分", advice=" ", actor=city.east_head, at=REPORTED)
    with refused(NotPermitted, "separation_of_duties"):
        session.report_hearing(case_id=case.pk, summary="充分", advice="维持", actor=city.east_reviewer, at=REPORTED)


def test_whose_withdrawal_is_asked_for_is_decided_by_rank_before_the_hearing_goes_on(city: City) -> None:
    case = hearing_in(city, HearingState.SCHEDULED)
    recorder = build.clerk_of_hearing(city)

    def decide_on(person_id: int, actor_is_host: bool, *, granted: bool) -> None:
        session.decide_hearing_recusal(
            case_id=case.pk, person_id=person_id, is_granted=granted, opinion="有近亲属关系。",
            actor=city.east_head if actor_is_host else city.east_director, at=HELD,
        )  # fmt: skip

    def resume(recorder_id: int | None = None) -> None:
        session.resume_hearing(
            case_id=case.pk, opens_at=OPENS, place="三楼会议室", reason="已决定", recorder_id=recorder_id,
            actor=the(case).host or city.east_head, at=HELD,
        )  # fmt: skip

    def ask(person_id: int) -> None:
        session.ask_hearing_recusal(
            case_id=case.pk, person_id=person_id, reason="是举报人的亲属。", actor=the(case).host or recorder, at=HELD
        )

    with refused(Invalid, "not_at_hearing", "person"):
        ask(city.east_handler.pk)
    ask(recorder.pk)
    assert (the(case).state, the(case).has_begun) == ("suspended", True)
    with refused(WrongState, "recusal_open"):
        resume()
    with refused(NotPermitted, "not_recusal_decider"):
        decide_on(recorder.pk, actor_is_host=False, granted=True)
    decide_on(recorder.pk, actor_is_host=True, granted=True)
    with refused(WrongState, "recused"):
        resume()
    with refused(Invalid, "no_recusal_asked", "person"):
        decide_on(recorder.pk, actor_is_host=True, granted=False)
    another = make_user("east_recorder2", city.east)
    resume(another.pk)
    assert (the(case).state, the(case).recorder) == ("scheduled", another)
    ask(city.east_head.pk)
    with refused(NotPermitted, "not_recusal_decider"):
        decide_on(city.east_head.pk, actor_is_host=True, granted=False)
    decide_on(city.east_head.pk, actor_is_host=False, granted=True)
    with refused(Invalid, "recused", "host"):
        verbs.change_hosts(case_id=case.pk, host_id=city.east_head.pk, reason="回避", actor=city.east_director, at=HELD)
    with refused(NotPermitted, "not_your_part"):
        verbs.change_hosts(case_id=case.pk, host_id=recorder.pk, reason="回避", actor=city.east_head, at=HELD)
    deputy_head = make_user("east_head2", city.east_squad, Role.UNIT_HEAD)
    verbs.change_hosts(case_id=case.pk, host_id=deputy_head.pk, reason="回避", actor=city.east_director, at=HELD)
    resume()
    with refused(NotPermitted, "not_your_part"):
        build.hold(city, case)
    assert the(case).host == deputy_head


def test_a_hearing_stops_on_its_grounds_and_begins_anew_with_its_notices(city: City) -> None:
    case = hearing_in(city, HearingState.SCHEDULED)
    at = TOLD + timedelta(days=1)
    for ground in ("recusal_asked", "rain"):
        with refused(Invalid, "unknown_ground", "ground"):
            session.suspend_hearing(case_id=case.pk, ground=ground, reason="…", actor=city.east_head, at=at)
    session.suspend_hearing(case_id=case.pk, ground="new_evidence", reason="鉴定", actor=city.east_head, at=at)
    assert open_rules(case) == {"case_handling", "statement_defence"}

    def resume(opens_at: datetime) -> None:
        session.resume_hearing(
            case_id=case.pk, opens_at=opens_at, place="三楼会议室", reason="鉴定完成", actor=city.east_head, at=at
        )

    with refused(Invalid, "hearing_too_soon", "opens_at"):
        resume(moment("2026-04-03T10:00"))
    resume(moment("2026-04-20T09:00"))
    assert {"hearing_notice_before", "hearing_public_announcement_before"} <= open_rules(case)
    build.tell_all(city, case, at=at)
    begun = moment("2026-04-20T09:30")
    session.suspend_hearing(case_id=case.pk, ground="other", reason="停电", actor=city.east_head, at=begun)
    session.resume_hearing(
        case_id=case.pk,
        opens_at=moment("2026-04-22T09:00"),
        place="一楼",
        reason="来电",
        actor=city.east_head,
        at=begun,
    )
    build.hold(city, case, at=moment("2026-04-22T11:00"))
    assert the(case).held_on == date(2026, 4, 22), "one that had begun goes on without seven days"


def test_a_hearing_ends_early_on_its_grounds_and_the_ninety_days_go_on(city: City) -> None:
    case = hearing_in(city, HearingState.REQUESTED)
    with refused(NotPermitted, "separation_of_duties"):
        build.end(city, case, at=PREPARED)
    with refused(NotPermitted, "not_permitted"):
        session.end_hearing(
            case_id=case.pk, ground="request_withdrawn", reason="撤回", actor=city.east_handler, at=PREPARED
        )
    for ground, code in (("party_absent", "hearing_ahead"), ("bored", "unknown_ground")):
        with refused(Invalid, code, "ground"):
            session.end_hearing(case_id=case.pk, ground=ground, reason="…", actor=city.east_director, at=TOLD)
    case = session.end_hearing(
        case_id=case.pk, ground="request_withdrawn", reason="撤回", actor=city.east_director, at=TOLD
    )
    assert (case.state, the(case).state) == (CaseState.NOTIFIED, "ended")
    assert open_rules(case) == {"case_handling", "statement_defence"}
    assert due(case, "case_handling") == date(2026, 6, 4), "20 to 23 March do not count"
    assert decide(city, case, at=moment("2026-03-25")).state == CaseState.DECIDED


def test_nobody_decides_while_a_hearing_is_open_nor_hears_twice_or_unseen(city: City) -> None:
    case = hearing_in(city, HearingState.SCHEDULED)
    with refused(WrongState, "wrong_state"):
        decide(city, case, at=OPENS)
    with refused(WrongState, "wrong_state"):
        build.request(city, case)
    with refused(NotFound, "not_found"):
        verbs.name_host(case_id=case.pk, host_id=city.east_head.pk, actor=city.west_head, at=OPENS)
    build.end(city, case, at=TOLD)
    with refused(WrongState, "no_hearing"):
        build.name_host(city, case)
    again = the(case)
    again.pk, again.state, again.ended_on, again.end_ground = None, "requested", None, ""
    again.save(force_insert=True)
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_who_hears_a_case_does_not_investigate_it(city: City) -> None:
    case = hearing_in(city, HearingState.MATERIALS_RECEIVED)
    helper = make_user("east_handler3", city.east_squad)
    verbs.change_hosts(
        case_id=case.pk, host_id=city.east_head.pk, member_id=helper.pk, reason="增加听证员", actor=city.east_director,
        at=PREPARED,
    )  # fmt: skip
    with refused(Invalid, "host_investigated", "owner"):
        filing.reassign_case(
            case_id=case.pk, owner_id=helper.pk, second_officer_id=city.east_handler.pk, reason="调岗",
            actor=city.east_director, at=PREPARED,
        )  # fmt: skip


def test_days_left_out_before_a_hearing_are_not_left_out_twice(city: City) -> None:
    case = make_told_case(city)
    term.exclude_case_days(
        case_id=case.pk, ground="检验", first_day=date(2026, 3, 19), last_day=date(2026, 3, 22), reason="送检",
        actor=city.east_director, at=PREPARED,
    )  # fmt: skip
    build.request(city, case)
    assert due(case, "case_handling") is not None, "days are left out ahead: it cannot stand still without end"
    build.name_host(city, case)
    build.end(city, case, at=TOLD)
    left_out = Clock.objects.get(subject_id=case.pk, rule="case_handling").suspensions.order_by("starts_on")
    assert [(each.ground, each.starts_on, each.stops_on) for each in left_out] == [
        ("检验", date(2026, 3, 19), date(2026, 3, 23)), ("听证", date(2026, 3, 23), date(2026, 3, 24)),
    ]  # fmt: skip


def test_what_is_not_left_out_yet() -> None:
    day = {n: date(2026, 3, n) for n in range(1, 12)}
    assert uncovered(day[2], day[10], []) == [Interval(day[2], day[10])]
    assert uncovered(day[2], day[10], [(day[4], day[6]), (day[1], day[3]), (day[8], None)]) == [
        Interval(day[3], day[4]), Interval(day[6], day[8]),
    ]  # fmt: skip
    assert uncovered(day[2], day[2], []) == []
    assert uncovered(day[2], day[5], [(day[1], day[9])]) == []
