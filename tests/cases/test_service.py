"""Service of the papers of a case: the day of each way, what it starts, pairs, announcements, and what is taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import deactivate_user
from audit.models import Entry
from cases.actions import papers as paper_verbs
from cases.actions.decision import notify_party
from cases.actions.performance import record_payment
from cases.actions.proposal import revise_proposal
from cases.actions.service import (
    complete_announcement,
    complete_announcements,
    serve_papers,
    void_service,
)
from cases.file_items import items_of
from cases.models import Case, CaseMove
from cases.pages.history import history_of
from cases.queries.matter import case_for
from cases.states.matter import CaseState
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from deadlines.models import Clock
from deadlines.queries import open_clock
from documents.models import Paper, ServedPaper, Service
from documents.queries.service import unserved_papers
from documents.service_ways import Delivery, ServiceState
from notices.models import Notice
from tests.builders import SYSTEM, City, make_case, moment
from tests.cases.service_builders import AT, FACTS, ON, by, consent, of, serve
from tests.documents.made_files import PDF, upload
from tests.documents.paper_builders import announce, issue, make_forms
from tests.refusals import refused


@pytest.mark.parametrize("way", [way for way in FACTS if way != "announcement"])
def test_each_way_has_its_day_and_starts_the_terms_of_the_notice(city: City, notice: Paper, way: str) -> None:
    case = of(notice)
    consent(city, case)
    service = serve(city, case, notice, by(way))
    assert (service.state, service.served_on, service.posted_on) == ("served", ON, None)
    case = of(notice)
    assert (case.state, case.notified_on) == (CaseState.NOTIFIED, ON)
    for rule in ("statement_defence", "hearing_request"):
        clock = open_clock(rule=rule, subject_kind="case", subject_id=case.pk)
        assert clock is not None and clock.origin_on == ON
    assert ServedPaper.objects.get(paper=notice).effect == "notify"
    assert unserved_papers("case", case.pk) == []
    with refused(WrongState, "already_served"):
        serve(city, case, notice, by(way))
    with refused(WrongState, "paper_served"):
        paper_verbs.void_paper(case_id=case.pk, paper_id=notice.pk, reason="写错", actor=city.east_handler, at=AT)


@pytest.mark.parametrize(
    ("delivery", "code", "field"),
    [
        (by("direct", date(2026, 3, 10)), "served_before_paper", "on"),
        (by("direct", date(2026, 3, 21)), "future_date", "on"),
        (by("direct", received_by=" "), "required", "received_by"),
        (by("direct", relation="cousin"), "unknown_relation", "relation"),
        (by("direct", relation="family"), "relation_of_other_party", "relation"),
        (by("left", witness=""), "not_witnessed", "witness"),
        (by("left", reason=""), "required", "reason"),
        (by("electronic"), "no_electronic_consent", "way"),
        (by("electronic", record=""), "required", "record"),
        (by("mail", received_by=""), "required", "received_by"),
        (by("mail", is_returned=True), "required", "reason"),
        (by("mail", is_returned=True, reason="查无此人"), "no_confirmed_address", "is_returned"),
        (by("mail", through="x" * 121), "too_long", "through"),
        (by("entrusted", through=""), "required", "through"),
        (by("announcement", reason=""), "required", "reason"),
        (by("announcement", posting="radio"), "unknown_posting", "posting"),
        (by("announcement", posting="board"), "not_recorded", "record"),
        (Delivery("pigeon", "示例商店", ON), "unknown_way", "way"),
    ],
)
def test_what_a_way_demands_is_asked_for(city: City, notice: Paper, delivery: Delivery, code: str, field: str) -> None:
    with refused(Invalid, code, field):
        serve(city, of(notice), notice, delivery)


def test_electronic_service_needs_consent_and_goes_to_the_account_agreed(city: City, notice: Paper) -> None:
    case = of(notice)
    for wrong, code in (
        ({"account": ""}, "consent_without_account"), ({"accepts_electronic": False}, "account_without_consent"),
        ({"signed_on": date(2026, 3, 21)}, "future_date"),
    ):  # fmt: skip
        with refused(Invalid, code):
            consent(city, case, **wrong)
    consent(city, case, signed_on=date(2026, 3, 17))
    with refused(Invalid, "no_electronic_consent"):  # agreed after the day of service
        serve(city, case, notice, by("electronic"))
    consent(city, case)
    with refused(Invalid, "not_the_confirmed_account", "account"):
        serve(city, case, notice, by("electronic", account="13900000000"))
    consent(city, case, signed_on=date(2026, 3, 15), accepts_electronic=False, account="")
    with refused(Invalid, "no_electronic_consent"):  # taken back by the later confirmation
        serve(city, case, notice, by("electronic"))
    assert serve(city, case, notice, by("electronic", date(2026, 3, 12))).confirmation is not None


def test_mail_returned_from_the_confirmed_address_is_served_on_the_day_it_came_back(city: City, notice: Paper) -> None:
    case = of(notice)
    consent(city, case, accepts_electronic=False, account="")
    returned = by("mail", date(2026, 3, 18), is_returned=True, reason="查无此人", received_by="")
    with refused(Invalid, "no_confirmed_address"):
        serve(city, case, notice, by("mail", is_returned=True, reason="查无此人", place="别的地址"))
    service = serve(city, case, notice, returned)
    assert service.served_on == of(notice).notified_on == date(2026, 3, 18)


def test_two_officers_with_certificates_serve_and_only_those_of_the_case_record_it(city: City, notice: Paper) -> None:
    case = of(notice)
    with refused(Invalid, "same_officer", "second_officer"):
        serve(city, case, notice, by("direct"), second_officer_id=city.east_handler.pk)
    with refused(Invalid, "no_certificate", "officer"):
        serve(city, case, notice, by("direct"), officer_id=city.east_clerk.pk)
    with refused(NotPermitted, "not_permitted"):
        serve(city, case, notice, by("direct"), actor=city.east_head)
    with refused(NotFound):
        serve(city, case, notice, by("direct"), actor=city.west_handler)
    other = make_case(city)
    with refused(NotFound):
        serve(city, other, notice, by("direct"))
    with refused(Invalid, "nothing_to_serve"):
        serve_papers(case_id=case.pk, paper_ids=[], delivery=by("direct"), actor=city.east_handler, at=AT)
    Case.objects.filter(pk=case.pk).update(state="archived", closed_on=ON, archived_on=ON)
    with refused(WrongState, "file_is_closed"):
        serve(city, case, notice, by("direct"))


def test_a_draft_and_an_internal_paper_are_not_served(city: City, notice: Paper) -> None:
    case = of(notice)
    fields = {"调查事项": "询问", "询问时间": "3月5日", "询问地点": "大队"}
    draft = paper_verbs.draft_paper(
        case_id=case.pk, form="inquiry_notice", fields=fields, actor=city.east_handler, at=AT
    )
    with refused(WrongState, "paper_not_issued"):
        serve(city, case, draft, by("direct"))
    internal = paper_verbs.draft_paper(case_id=case.pk, form="scene_record", fields={}, actor=city.east_handler, at=AT)
    with refused(Invalid, "not_for_service", "paper_ids"):
        serve(city, case, internal, by("direct"))


def test_a_decision_is_served_with_its_repair_notice_or_not_at_all(city: City, decision: Paper, settings: Any) -> None:
    case, on, at = of(decision), date(2026, 3, 26), moment("2026-03-26")
    with refused(Invalid, "served_before_paper"):  # before the decision
        serve(city, case, decision, by("direct", date(2026, 3, 23)), companions=["credit_repair_notice"], at=at)
    with refused(Invalid, "pair_incomplete", "companions"):
        serve(city, case, decision, by("direct", on), at=at)
    for half in (["credit_repair_notice"], ["enforcement_task"]):
        with refused(Invalid, "pair_incomplete"):
            serve_papers(
                case_id=case.pk,
                paper_ids=[],
                companions=half,
                delivery=by("direct", on),
                actor=city.east_handler,
                at=at,
            )
    with refused(Invalid, "unknown_companion"):
        serve(city, case, decision, by("direct", on), companions=["love_letter"], at=at)
    service = serve(city, case, decision, by("direct", on), companions=["credit_repair_notice"], at=at)
    assert [(each.title, each.effect) for each in service.papers.order_by("id")] == [
        ("行政处罚决定书", "serve"), ("信用修复告知书", ""),
    ]  # fmt: skip
    case = of(decision)
    payment = open_clock(rule="fine_payment", subject_kind="case", subject_id=case.pk)
    assert (case.state, case.served_on) == (CaseState.SERVED, on) and payment is not None
    assert open_clock(rule="decision_service", subject_kind="case", subject_id=case.pk) is None

    void_service(case_id=case.pk, service_id=service.pk, reason="日期有误", actor=city.east_handler, at=at)
    assert of(decision).state == CaseState.DECIDED and of(decision).served_on is None
    assert open_clock(rule="fine_payment", subject_kind="case", subject_id=case.pk) is None
    again = open_clock(rule="decision_service", subject_kind="case", subject_id=case.pk)
    assert again is not None and again.origin_on == case.decided_on
    settings.PAIRED_SERVICE_OFF = [case.authority.code]
    second = serve(city, case, decision, by("direct", on), at=at)
    assert of(decision).state == CaseState.SERVED

    record_payment(case_id=case.pk, amount=case.due_amount, paid_on=on, actor=city.east_handler, at=at)
    with refused(WrongState, "service_followed"):
        void_service(case_id=case.pk, service_id=second.pk, reason="有误", actor=city.east_handler, at=at)


def test_a_service_is_taken_back_with_its_terms_until_something_follows(city: City, notice: Paper) -> None:
    case = of(notice)
    service = serve(city, case, notice, by("direct"), upload=[upload(PDF, "回证.pdf")])
    with refused(Invalid, "required", "reason"):
        void_service(case_id=case.pk, service_id=service.pk, reason=" ", actor=city.east_handler, at=AT)
    with refused(NotPermitted, "not_permitted"):
        void_service(case_id=case.pk, service_id=service.pk, reason="x", actor=city.east_director, at=AT)
    void_service(case_id=case.pk, service_id=service.pk, reason="日期有误", actor=city.east_handler, at=AT)
    case = of(notice)
    assert (case.state, case.notified_on, case.notified_proposal) == (CaseState.APPROVED, None, None)
    assert not Clock.objects.filter(rule__in=["statement_defence", "hearing_request"], state="running").exists()
    with refused(WrongState, "wrong_state"):
        void_service(case_id=case.pk, service_id=service.pk, reason="x", actor=city.east_handler, at=AT)
    second = serve(city, case, notice, by("direct", date(2026, 3, 17)))
    assert of(notice).notified_on == date(2026, 3, 17)
    CaseMove.objects.create(
        case=case, at=AT, actor=case.owner, name="record_defence", source="notified", target="notified"
    )
    with refused(WrongState, "service_followed"):
        void_service(case_id=case.pk, service_id=second.pk, reason="x", actor=city.east_handler, at=AT)


def test_the_row_alone_is_added_where_the_case_knows_the_day_already(city: City, notice: Paper) -> None:
    case = of(notice)
    notify_party(case_id=case.pk, served_on=ON, actor=city.east_handler, at=AT)
    with refused(Invalid, "other_day_recorded", "on"):
        serve(city, case, notice, by("direct", date(2026, 3, 17)))
    assert ServedPaper.objects.get(service=serve(city, case, notice, by("direct"))).effect == ""


@pytest.mark.parametrize(("posted", "days"), [("2022-10-31", 60), ("2022-11-01", 30)])
def test_an_announcement_runs_sixty_days_until_october_2022_and_thirty_since(
    city: City, posted: str, days: int
) -> None:
    make_forms("inquiry_notice")
    at = moment(posted)
    case = make_case(city, at=at - timedelta(days=3))
    service = announce(city, case, issue(city, case, at=at), at=at)
    last = at.date() + timedelta(days=days)
    clock = open_clock(rule="service_by_announcement", subject_kind="case", subject_id=case.pk)
    assert clock is not None and clock.due_on == last
    assert (service.state, service.served_on, service.posted_on) == ("running", None, at.date())
    with refused(WrongState, "announcement_term_running"):
        complete_announcement(case_id=case.pk, service_id=service.pk, actor=city.east_handler, at=moment(f"{last}"))
    done = complete_announcement(
        case_id=case.pk, service_id=service.pk, actor=city.east_handler, at=moment(f"{last + timedelta(days=1)}")
    )
    assert (done.state, done.served_on) == ("served", last)
    with refused(WrongState, "not_running"):
        complete_announcement(
            case_id=case.pk, service_id=service.pk, actor=city.east_handler, at=moment(f"{last + timedelta(days=2)}")
        )


def test_the_bell_completes_an_announcement_once_and_starts_what_follows(city: City, notice: Paper) -> None:
    case = of(notice)
    service = announce(city, case, notice, at=moment("2026-03-11"))
    assert of(notice).state == CaseState.APPROVED
    other = issue(city, case, at=moment("2026-03-12"))
    with refused(WrongState, "announcement_running"):
        announce(city, case, other, at=moment("2026-03-12"))
    assert complete_announcements(at=moment("2026-04-10")) == 0
    for count in (1, 0):
        assert complete_announcements(at=moment("2026-04-13")) == count
        assert Notice.objects.filter(kind="announcement_completed").count() == 2, "both officers, once"
    case = of(notice)
    assert (case.state, case.notified_on) == (CaseState.NOTIFIED, date(2026, 4, 10))
    assert Service.objects.get(pk=service.pk).served_on == date(2026, 4, 10)
    announce(city, case, other, at=moment("2026-04-13"))
    deactivate_user(user_id=city.east_handler.pk, actor=SYSTEM, at=moment("2026-04-14"))
    assert complete_announcements(at=moment("2026-06-01")) == 1, "whether or not its officer is still in service"


def test_the_bell_acts_in_nobodys_name(city: City, notice: Paper) -> None:
    announce(city, of(notice), notice, at=moment("2026-03-11"))
    complete_announcements(at=moment("2026-04-13"))
    by_itself = of(notice).moves.filter(name__in=["complete_announcement", "notify"]).order_by("id")
    assert [(move.name, move.actor, move.on_behalf_of) for move in by_itself] == [
        ("complete_announcement", None, None), ("notify", None, None),
    ]  # fmt: skip
    assert {line.who for line in history_of(list(by_itself), [])} == {"系统"}
    entry = Entry.objects.get(verb="cases.notify")
    assert (entry.actor_id, entry.actor_label) == (None, "complete_announcements")


def test_an_announcement_the_case_does_not_allow_any_more_is_left_to_its_officers(city: City, notice: Paper) -> None:
    case = of(notice)
    service = announce(city, case, notice, at=moment("2026-03-11"))
    revise_proposal(case_id=case.pk, reason="发现新的事实", actor=city.east_handler, at=moment("2026-03-12"))
    for _ring in range(2):
        assert complete_announcements(at=moment("2026-04-13")) == 0
        assert Notice.objects.filter(kind="announcement_stuck").count() == 2, "both officers, once"
    assert Service.objects.get(pk=service.pk).state == ServiceState.RUNNING


def test_announcements_that_still_run_do_not_hold_up_those_that_are_over(
    city: City, notice: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.actions.service.AT_ONCE", 1)
    other = make_case(city, at=moment("2026-03-02"))
    announce(city, other, issue(city, other, at=moment("2026-03-03")), at=moment("2026-03-20"))
    announce(city, of(notice), notice, at=moment("2026-03-11"))
    assert complete_announcements(at=moment("2026-04-13")) == 1
    assert of(notice).state == CaseState.NOTIFIED


def test_an_announcement_that_runs_is_taken_back_with_its_term(city: City, notice: Paper) -> None:
    case = of(notice)
    service = announce(city, case, notice, at=moment("2026-03-11"))
    void_service(case_id=case.pk, service_id=service.pk, reason="找到当事人", actor=city.east_handler, at=AT)
    assert open_clock(rule="service_by_announcement", subject_kind="case", subject_id=case.pk) is None
    assert serve(city, case, notice, by("direct")).state == ServiceState.SERVED


def test_a_paper_is_in_one_service_that_counts_and_a_row_is_whole(city: City, notice: Paper) -> None:
    service = serve(city, of(notice), notice, by("direct"))
    with pytest.raises(IntegrityError, match=r"(?i)served_?paper"), transaction.atomic():
        ServedPaper.objects.create(service=service, paper=notice, key="penalty_notice", title="x")
    for wrong in (
        {"second_officer": service.officer_id}, {"posted_on": ON}, {"served_on": None}, {"state": "void"},
        {"way": "electronic"}, {"is_returned": True},
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match="service_"), transaction.atomic():
            Service.objects.filter(pk=service.pk).update(**wrong)


def test_the_receipt_lies_directly_behind_its_paper_in_the_file(city: City, notice: Paper) -> None:
    case = of(notice)
    gone = serve(city, case, notice, by("direct"))
    void_service(case_id=case.pk, service_id=gone.pk, reason="有误", actor=city.east_handler, at=AT)
    serve(city, case, notice, by("direct"), upload=[upload(PDF, "回证.pdf")])
    items = items_of(case_for(city.east_handler, case.pk))
    at = next(place for place, item in enumerate(items) if item.source == notice)
    behind = items[at + 1 : at + 3]
    assert [item.title for item in behind] == ["送达回证（行政处罚告知书）", "送达回证（行政处罚告知书） 回证.pdf"]
    assert {(item.volume, item.place, item.on) for item in behind} == {
        (items[at].volume, items[at].place, items[at].on)
    }
    assert sum(item.title.startswith("送达回证") for item in items) == 2
