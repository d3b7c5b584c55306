"""The day of service is one and the same, whether it is recorded with the paper or without, and goes back with it."""

from datetime import date
from decimal import Decimal
from typing import Any

from cases.actions import decision as decision_verbs
from cases.actions.decision import notify_party
from cases.actions.execution import apply_to_court
from cases.actions.papers import draft_paper, issue_paper
from cases.actions.proposal import approve_notice
from cases.actions.service import complete_announcement, void_service
from cases.models import Case, LocalHearingThreshold
from cases.states.matter import CaseState
from core.errors import Invalid, WrongState
from deadlines.queries import open_clock
from documents.models import Paper, ServedPaper
from tests.builders import City, make_approved_case, make_reviewed_case, moment
from tests.cases import hearing_builders as hearings
from tests.cases.hearing_builders import PREPARED, TOLD
from tests.cases.money_stages import COURT, URGED, served_case, urged
from tests.cases.service_builders import AT, ON, by, of, serve
from tests.documents.paper_builders import announce, issue, make_forms
from tests.refusals import refused


def origin(case: Case, rule: str) -> date | None:
    clock = open_clock(rule=rule, subject_kind="case", subject_id=case.pk)
    return clock.origin_on if clock else None


def test_the_notice_is_not_served_before_the_head_approved_it(city: City) -> None:
    case = make_reviewed_case(city, concluded="2026-03-10")
    approve_notice(case_id=case.pk, version=1, actor=city.east_director, at=moment("2026-03-12"))
    with refused(Invalid, "date_too_early", "served_on"):
        notify_party(case_id=case.pk, served_on=date(2026, 3, 11), actor=city.east_handler, at=AT)
    assert notify_party(case_id=case.pk, served_on=date(2026, 3, 12), actor=city.east_handler, at=AT).notified_on


def test_a_notice_is_not_served_without_the_hearing_that_is_due_on_that_day(city: City) -> None:
    case = make_approved_case(city, fine="5000")
    LocalHearingThreshold.objects.create(
        office=city.east, person=Decimal(2000), organisation=Decimal(5000), basis="示例省规定", starts_on=ON
    )
    with refused(Invalid, "hearing_right_required", "hearing_right"):
        notify_party(case_id=case.pk, served_on=ON, actor=city.east_handler, at=AT)
    the_day_before = date(2026, 3, 15)
    assert notify_party(case_id=case.pk, served_on=the_day_before, actor=city.east_handler, at=AT).notified_on


def test_a_day_recorded_without_the_paper_is_not_before_the_day_on_the_paper(city: City, notice: Paper) -> None:
    with refused(Invalid, "served_before_paper", "served_on"):
        notify_party(case_id=notice.subject_id, served_on=date(2026, 3, 10), actor=city.east_handler, at=AT)


def test_what_is_being_announced_is_not_served_beside_that(city: City, notice: Paper) -> None:
    case = of(notice)
    service = announce(city, case, notice, at=moment("2026-03-11"))
    with refused(WrongState, "announcement_running"):
        notify_party(case_id=case.pk, served_on=ON, actor=city.east_handler, at=AT)
    void_service(case_id=case.pk, service_id=service.pk, reason="找到当事人", actor=city.east_handler, at=AT)
    assert notify_party(case_id=case.pk, served_on=ON, actor=city.east_handler, at=AT).state == CaseState.NOTIFIED


def test_a_decision_that_is_being_announced_is_not_served_beside_that(
    city: City, decision: Paper, settings: Any
) -> None:
    settings.PAIRED_SERVICE_OFF = [of(decision).authority.code]
    announce(city, of(decision), decision, at=moment("2026-03-24"))
    with refused(WrongState, "announcement_running"):
        decision_verbs.serve_decision(
            case_id=decision.subject_id, served_on=date(2026, 3, 26), actor=city.east_handler, at=moment("2026-03-26")
        )


def test_an_announcement_does_not_end_on_another_day_than_the_case_knows(city: City, notice: Paper) -> None:
    case, at = of(notice), moment("2026-04-13")
    notify_party(case_id=case.pk, served_on=date(2026, 4, 10), actor=city.east_handler, at=at)
    with refused(Invalid, "other_day_recorded", "on"):
        announce(city, case, notice, at=at)
    service = announce(city, case, notice, at=at, on=date(2026, 3, 11))
    complete_announcement(case_id=case.pk, service_id=service.pk, actor=city.east_handler, at=at)
    assert ServedPaper.objects.get(service=service).effect == "", "thirty days after 11 March: known already"


def scheduled(city: City) -> tuple[Case, Paper]:
    """A hearing with its day, and the notice of it."""
    make_forms("hearing_notice")
    case = hearings.hearing_in(city, "materials_received")
    hearings.schedule(city, case, third_party="示例供货商")
    paper = draft_paper(
        case_id=case.pk, form="hearing_notice", fields={"记录员": "张某"}, actor=city.east_head, at=PREPARED
    )
    issued = issue_paper(
        case_id=case.pk, paper_id=paper.pk, dated_on=PREPARED.date(), actor=city.east_head, at=PREPARED
    )
    return case, issued


def test_a_party_is_told_of_its_hearing_once_with_or_without_the_paper(city: City) -> None:
    case, paper = scheduled(city)
    hearings.tell(city, case, "party")
    with refused(WrongState, "already_told"):
        hearings.tell(city, case, "party")
    with refused(Invalid, "other_day_recorded", "on"):
        serve(city, case, paper, by("direct", date(2026, 3, 23)), at=TOLD)
    service = serve(city, case, paper, by("direct", TOLD.date()), at=TOLD)
    assert ServedPaper.objects.get(service=service).effect == "", "the row alone is added"


def test_the_service_of_a_hearing_notice_is_taken_back_while_the_hearing_is_ahead(city: City) -> None:
    case, paper = scheduled(city)
    first = serve(city, case, paper, by("direct", TOLD.date()), at=TOLD)
    hearings.tell(city, case, "officers")
    assert origin(case, "hearing_notice_before") is None
    void_service(case_id=case.pk, service_id=first.pk, reason="日期有误", actor=city.east_handler, at=TOLD)
    heard = Case.objects.get(pk=case.pk).latest_hearing
    assert heard is not None and (heard.party_told_on, heard.officers_told_on) == (None, TOLD.date())
    assert origin(case, "hearing_notice_before") == date(2026, 4, 3), "to be told again, in time for the day"
    assert case.moves.order_by("id").last().name == "take_back_hearing_notice"  # type: ignore[union-attr]  # just made
    second = serve(city, case, paper, by("direct", date(2026, 3, 23)), at=TOLD)
    for told in ("third_party",):
        hearings.tell(city, case, told)
    hearings.announce(city, case)
    hearings.hold(city, case)
    with refused(WrongState, "service_followed"):
        void_service(case_id=case.pk, service_id=second.pk, reason="有误", actor=city.east_handler, at=hearings.HELD)


def demand_of(city: City, case: Case) -> Paper:
    make_forms("performance_demand")
    return issue(city, case, "performance_demand", {"未履行义务": "缴纳罚款"}, at=URGED)


def test_a_demand_letter_is_recorded_once_with_or_without_the_paper(city: City) -> None:
    case = served_case(city)
    paper = demand_of(city, case)
    with refused(Invalid, "served_before_paper", "served_on"):
        urged(city, case, at=moment("2026-09-04"))
    urged(city, case)
    with refused(Invalid, "other_day_recorded", "on"):
        serve(city, case, paper, by("direct", date(2026, 9, 8)), at=moment("2026-09-08"))
    service = serve(city, case, paper, by("direct", URGED.date()), at=moment("2026-09-08"))
    assert ServedPaper.objects.get(service=service).effect == ""
    assert case.urgings.count() == 1


def test_the_service_of_a_demand_letter_is_taken_back_until_something_follows(city: City) -> None:
    case = served_case(city)
    paper = demand_of(city, case)
    first = serve(city, case, paper, by("direct", URGED.date()), at=URGED)
    void_service(case_id=case.pk, service_id=first.pk, reason="没有送到", actor=city.east_handler, at=URGED)
    assert origin(case, "urging_period") is None
    assert [(each.is_void, each.served_on) for each in case.urgings.all()] == [(True, URGED.date())]
    with refused(WrongState, "not_urged"):
        apply_to_court(case_id=case.pk, court="示例法院", applied_on=COURT.date(), actor=city.east_director, at=COURT)
    second = serve(city, case, paper, by("direct", date(2026, 9, 8)), at=moment("2026-09-08"))
    assert origin(case, "urging_period") == date(2026, 9, 8)
    apply_to_court(case_id=case.pk, court="示例法院", applied_on=COURT.date(), actor=city.east_director, at=COURT)
    with refused(WrongState, "service_followed"):
        void_service(case_id=case.pk, service_id=second.pk, reason="有误", actor=city.east_handler, at=COURT)
