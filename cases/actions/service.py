"""Papers of a case are served: the row, and in the same transaction what the service starts (程序规定第五章、第六章)."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import SystemActor, User
from accounts.queries import user_named
from audit.actions import Actor
from cases.actions.decision import decision_served, notice_served
from cases.actions.execution import demand_served
from cases.actions.hearing import notice_of_hearing_served, take_back_hearing_notice
from cases.actions.moves import (
    DEFENCE,
    HEARING_REQUEST,
    KIND,
    PAYMENT,
    SERVICE,
    cancel_open,
    move,
    subject_of,
    write_move,
)
from cases.models import Case
from cases.queries.hearing import day_told, hearing_for_step
from cases.queries.matter import hold_case, lock_case, require_row
from cases.queries.remedy import URGING_RULE, urgings_of
from cases.queries.service import (
    ANNOUNCEMENT,
    HEARING_NOTICE,
    announcements_over,
    effect_of,
    is_recorded,
    require_nothing_followed,
    require_relation,
    require_service,
    whom_told,
)
from cases.states import matter as states
from cases.states.hearing import TELL, UNTELL
from core.errors import Refusal, WrongState
from core.transitions import in_record
from deadlines.actions.clocks import local_day, meet_clock, start_clock
from deadlines.queries import open_clock
from documents.actions import service as documents
from documents.actions.files import Upload
from documents.models import AddressConfirmation, ServedPaper, Service
from documents.queries.papers import paper_of
from documents.queries.service import service_of
from documents.service_ways import (
    ANNOUNCE_SERVICE,
    COMPLETE_ANNOUNCEMENT,
    CONFIRM_ADDRESS,
    SERVE_PAPERS,
    VOID_SERVICE,
    Delivery,
    ServiceState,
    Way,
)
from notices.actions import NewNotice, post_notices

BELL = SystemActor("complete_announcements")
AT_ONCE = 500
TAKEN_BACK = "送达登记已撤销"
log = logging.getLogger(__name__)


@transaction.atomic
def serve_papers(
    *,
    case_id: int,
    paper_ids: Sequence[int],
    delivery: Delivery,
    actor: User,
    at: datetime,
    companions: Sequence[str] = (),
    officer_id: int | None = None,
    second_officer_id: int | None = None,
    upload: Sequence[Upload] = (),
) -> Service:
    """Record how papers were served, and carry out what that starts: the notice lets the terms of defence and hearing run,
    the decision those of payment and remedies, the demand letter its ten working days (程序规定第五十七条、第八十一条至第八十三条).

    :param officer_id: and ``second_officer_id``: who served; left out, the officers of the case.
    :raises NotFound, NotPermitted: :raises WrongState: also ``announcement_running`` and what the verbs of the case
        refuse. :raises Invalid: ``relation_of_other_party``, ``other_day_recorded``, and as
        ``documents.actions.service.record_service``.
    """
    case = lock_case(actor, case_id)
    is_announced = delivery.way == Way.ANNOUNCEMENT
    require_service(actor, case, ANNOUNCE_SERVICE if is_announced else SERVE_PAPERS)
    require_relation(case, delivery)
    service = documents.record_service(
        subject_kind=KIND, subject_id=case.pk, office=case.authority,
        papers=[paper_of(KIND, case.pk, paper_id) for paper_id in dict.fromkeys(paper_ids)],
        companions=list(dict.fromkeys(companions)), delivery=delivery,
        officer=user_named(officer_id, field="officer") if officer_id else case.owner,
        second_officer=(
            user_named(second_officer_id, field="second_officer") if second_officer_id else case.second_officer
        ),
        actor=actor, at=at, upload=upload,
    )  # fmt: skip
    if is_announced:
        _start_term(case, service, actor, at)
    else:
        _carry_out(case, service, actor, at)
    return service


def _start_term(case: Case, service: Service, actor: User, at: datetime) -> None:
    if open_clock(rule=ANNOUNCEMENT, subject_kind=KIND, subject_id=case.pk) is not None:
        raise WrongState(
            _("本案已有公告送达在计时，期满以后再公告；同时公告的文书请一并登记。"), code="announcement_running"
        )
    term = start_clock(rule=ANNOUNCEMENT, subject=subject_of(case), origin_on=_day(service), actor=actor, at=at)
    for served in service.papers.order_by("id"):
        effect_of(case, served, term.due_on or _day(service))
    write_move(case, ANNOUNCE_SERVICE, case.state, actor, at, _said(service))


def _carry_out(case: Case, service: Service, actor: User, at: datetime) -> None:
    """The row in the history, and what the service of each paper starts."""
    write_move(case, SERVE_PAPERS, case.state, actor, at, _said(service))
    for served in service.papers.order_by("id"):
        _take_effect(case, served, _day(service), actor, at)


def _take_effect(case: Case, served: ServedPaper, on: date, actor: Actor, at: datetime) -> None:
    if served.key == HEARING_NOTICE:
        heard, told = case.latest_hearing, whom_told(case, served.service)
        if is_recorded(day_told(heard, told) if heard is not None else None, on):
            return
        notice_of_hearing_served(case, hearing_for_step(case, TELL), told, on, actor, at)
        served.effect = TELL.name
    else:
        row = effect_of(case, served, on)
        if row is None:
            return
        require_row(case, row)
        {states.NOTIFY: notice_served, states.SERVE: decision_served, states.URGE: demand_served}[row](
            case, on, actor, at
        )
        served.effect = row.name
    served.save(update_fields=["effect"])


@transaction.atomic
def complete_announcement(*, case_id: int, service_id: int, actor: User, at: datetime) -> Service:
    """An announcement has run its term: the papers count as served on its last day, and what that starts begins (程序规定第八十二条第五项).

    :raises NotFound, NotPermitted: :raises WrongState: ``announcement_term_running``, no announcement that runs, and
        what the verbs of the case refuse. :raises Invalid:
    """
    case = lock_case(actor, case_id)
    require_service(actor, case, COMPLETE_ANNOUNCEMENT)
    service = service_of(KIND, case.pk, service_id)
    _complete(case, service, actor, at)
    return service


def _complete(case: Case, service: Service, actor: Actor, at: datetime) -> None:
    term = open_clock(rule=ANNOUNCEMENT, subject_kind=KIND, subject_id=case.pk)
    if service.state == ServiceState.RUNNING and term is not None and term.due_on is not None:
        if local_day(at) <= term.due_on:
            raise WrongState(
                _("公告期至%(day)s届满，届满以后才视为送达（程序规定第八十二条第五项）。") % {"day": term.due_on},
                code="announcement_term_running",
            )
        meet_clock(clock_id=term.pk, on=term.due_on, actor=actor, at=at)
        documents.complete_service(service=service, served_on=term.due_on, actor=actor, at=at)
        write_move(case, COMPLETE_ANNOUNCEMENT, case.state, actor, at, f"{term.due_on}公告期满，视为送达")
        for served in service.papers.order_by("id"):
            _take_effect(case, served, term.due_on, actor, at)
        return
    raise WrongState(_("这次送达不是正在公告的公告送达。"), code="not_running")


def complete_announcements(*, at: datetime) -> int:
    """Complete every announcement whose term is over and tell the officer once; how many were completed.

    May run late, twice or beside another: each is looked at again under the lock of its case, in a transaction of its
    own, by the system and in nobody's name. The papers count as served on the last day of the term, whenever this runs. What the case does not allow any more
    is left for the officer, who is told.

    :raises Refusal: never; it is told to the officer.
    """
    done = 0
    for case_id, service_id in announcements_over(local_day(at))[:AT_ONCE]:
        try:
            done += _complete_due(service_id, case_id, at)
        except Refusal as refusal:
            log.warning("announcement not completed", extra={"service": service_id, "code": refusal.code})
            _tell(Case.objects.get(pk=case_id), service_id, "stuck", refusal.detail, at)
    return done


@transaction.atomic
def _complete_due(service_id: int, case_id: int, at: datetime) -> bool:
    case = hold_case(case_id)
    service = service_of(KIND, case_id, service_id)
    term = open_clock(rule=ANNOUNCEMENT, subject_kind=KIND, subject_id=case_id)
    if service.state != ServiceState.RUNNING or term is None or term.due_on is None or local_day(at) <= term.due_on:
        return False
    _complete(case, service, BELL, at)
    _tell(case, service.pk, "completed", _said(service), at)
    return True


def _tell(case: Case, service_id: int, what: str, body: str, at: datetime) -> None:
    title = "公告期满，已视为送达" if what == "completed" else "公告期满，系统不能自动登记送达，请办理"
    people = sorted({case.owner_id, case.second_officer_id})
    notices = [
        NewNotice(
            recipient_id=person, kind=f"announcement_{what}", key=f"service:{service_id}:{what}", subject_kind=KIND,
            subject_id=case.pk, title=f"{case.number} {title}", body=body, outside=f"{case.number} {title}",
        )
        for person in people
    ]  # fmt: skip
    post_notices(notices, at=at)


@transaction.atomic
def void_service(*, case_id: int, service_id: int, reason: str, actor: User, at: datetime) -> Service:
    """Take back a service that was recorded wrongly, with what it started, unless something has followed.

    :raises NotFound, NotPermitted: :raises WrongState: ``service_followed``, void already. :raises Invalid: no reason.
    """
    case = lock_case(actor, case_id)
    require_service(actor, case, VOID_SERVICE)
    service = service_of(KIND, case.pk, service_id)
    was_running = service.state == ServiceState.RUNNING
    rows = require_nothing_followed(case, service) if service.state == ServiceState.SERVED else []
    documents.void_service(service=service, reason=reason, actor=actor, at=at)
    write_move(case, VOID_SERVICE, case.state, actor, at, f"{_said(service)}：{service.void_reason}")
    if was_running:
        cancel_open(case, ANNOUNCEMENT, TAKEN_BACK, actor, at)
    for row in rows:
        if row is TELL:
            take_back_hearing_notice(case, hearing_for_step(case, UNTELL), whom_told(case, service), actor, at)
        else:
            {states.NOTIFY: _unnotify, states.SERVE: _unserve, states.URGE: _unurge}[row](case, actor, at)
    return service


def _unnotify(case: Case, actor: User, at: datetime) -> None:
    case.notified_on, case.notified_proposal = None, None
    move(case, states.UNNOTIFY, actor, at, "")
    for rule in (DEFENCE, HEARING_REQUEST):
        cancel_open(case, rule, TAKEN_BACK, actor, at)


def _unurge(case: Case, actor: User, at: datetime) -> None:
    case.urgings.filter(pk__in=urgings_of(case).values("pk")[:1]).update(is_void=True)
    move(case, states.UNURGE, actor, at, "")
    cancel_open(case, URGING_RULE, TAKEN_BACK, actor, at)


def _unserve(case: Case, actor: User, at: datetime) -> None:
    case.served_on = None
    move(case, states.UNSERVE, actor, at, "")
    cancel_open(case, PAYMENT, TAKEN_BACK, actor, at)
    start_clock(rule=SERVICE, subject=subject_of(case), origin_on=case.decided_on, actor=actor, at=at)


@transaction.atomic
def confirm_address(
    *,
    case_id: int,
    recipient: str,
    address: str,
    signed_on: date,
    actor: User,
    at: datetime,
    receiver: str = "",
    phone: str = "",
    accepts_electronic: bool = False,
    account: str = "",
    upload: Sequence[Upload] = (),
) -> AddressConfirmation:
    """Record a signed confirmation of the address for service (程序规定第八十三条第一款).

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: as ``documents.actions.service.confirm_address``.
    """
    case = lock_case(actor, case_id)
    require_service(actor, case, CONFIRM_ADDRESS)
    found = documents.confirm_address(
        subject_kind=KIND, subject_id=case.pk, recipient=recipient, address=address, signed_on=signed_on,
        receiver=receiver, phone=phone, accepts_electronic=accepts_electronic, account=account, upload=upload,
        actor=actor, at=at,
    )  # fmt: skip
    write_move(case, CONFIRM_ADDRESS, case.state, actor, at, f"{found.recipient}，{found.signed_on}签署")
    return found


def _said(service: Service) -> str:
    """直接送达 示例商店 2026-03-16：《行政处罚告知书》（某市监罚告〔2026〕1号）."""
    papers = "、".join(served.label for served in service.papers.order_by("id"))
    return f"{in_record(Way(service.way).label)} {service.recipient} {_day(service)}：{papers}"


def _day(service: Service) -> date:
    """The day of service, of an announcement that runs the day it was published."""
    day = service.served_on or service.posted_on
    assert day is not None  # noqa: S101 - a constraint: one of the two is there
    return day
