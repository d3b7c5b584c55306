"""Typed builders: a small city and matters at any stage, made through the verbs."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from accounts.actions import create_user, give_post, issue_certificate, open_office
from accounts.models import Certificate, Office, SystemActor, User
from accounts.roles import Role
from cases.actions import decision, duties, filing, proposal, review
from cases.models import Case
from cases.states.decision import PenaltyKind
from cases.states.matter import FilingCondition
from clues.actions import custody, intake, verification
from clues.models import Lead
from deadlines.replay import SHANGHAI
from documents.models import NumberFormat
from routing.actions import load_rules
from routing.models import RuleSet
from tests.kept import kept

SYSTEM = SystemActor("tests")
SINCE = date(2024, 1, 1)


def moment(text: str) -> datetime:
    """``2026-03-02`` (ten in the morning) or ``2026-03-02T15:30``, in Shanghai."""
    naive = datetime.fromisoformat(text if "T" in text else f"{text}T10:00")
    return naive.replace(tzinfo=SHANGHAI)


NOW = moment("2026-03-02")


@dataclass(frozen=True)
class City:
    """One city with a corps squad, a legal department, an inspection department and two districts."""

    root: Office
    corps: Office
    squad: Office
    legal: Office
    inspection: Office
    east: Office
    east_squad: Office
    west: Office
    west_squad: Office
    director: User
    reviewer: User
    supervisor: User
    leader: User
    clerk: User
    squad_head: User
    handler: User
    handler2: User
    east_clerk: User
    east_director: User
    east_reviewer: User
    east_head: User
    east_handler: User
    east_handler2: User
    west_handler: User
    west_head: User


def make_user(username: str, office: Office | None = None, role: str = Role.HANDLER, email: str = "") -> User:
    user = create_user(
        username=username,
        name=username.replace("_", " ").title(),
        password="Correct-Horse-7",
        actor=SYSTEM,
        at=NOW,
        email=email,
    )
    if office is not None:
        give_post(user=user, office=office, role=role, starts_on=SINCE, actor=SYSTEM, at=NOW)
        if role == Role.HANDLER:
            certify(user)
    return user


def certify(user: User, *, starts_on: date = date(2015, 1, 1), ends_on: date = date(2099, 12, 31)) -> Certificate:
    """An enforcement certificate, without which nobody investigates."""
    return issue_certificate(
        user=user, number=f"示执-{user.pk}-{starts_on:%Y%m%d}", issued_by="示例省人民政府", starts_on=starts_on,
        ends_on=ends_on, actor=SYSTEM, at=NOW,
    )  # fmt: skip


def make_office(code: str, kind: str, parent: Office | None) -> Office:
    return open_office(
        code=code,
        name=f"{code}局",
        short_name=code[:6],
        kind=kind,
        parent=parent,
        region_code="370202",
        actor=SYSTEM,
        at=NOW,
    )


def make_formats() -> None:
    for kind, ascend in (
        ("lead", False), ("case", False), ("penalty_decision", True), ("no_penalty_decision", True),
        ("spot_penalty_decision", True),
    ):  # fmt: skip
        NumberFormat.objects.create(kind=kind, kind_word=kind[:20], office_word="", width=1, dates_ascend=ascend)


@kept
def make_city() -> City:
    make_formats()
    root = make_office("city", "city", None)
    corps = make_office("corps", "corps", root)
    squad = make_office("squad", "squad", corps)
    legal = make_office("legal", "department", root)
    inspection = make_office("inspection", "department", root)
    east = make_office("east", "district", root)
    east_squad = make_office("east-squad", "squad", east)
    west = make_office("west", "district", root)
    west_squad = make_office("west-squad", "squad", west)
    return City(
        root=root, corps=corps, squad=squad, legal=legal, inspection=inspection, east=east, east_squad=east_squad,
        west=west, west_squad=west_squad,
        director=make_user("director", root, Role.BUREAU_HEAD),
        reviewer=make_user("reviewer", legal, Role.LEGAL_REVIEWER),
        supervisor=make_user("supervisor", inspection, Role.SUPERVISOR),
        leader=make_user("leader", root, Role.LEADER),
        clerk=make_user("clerk", inspection, Role.INTAKE_CLERK),
        squad_head=make_user("squad_head", squad, Role.UNIT_HEAD),
        handler=make_user("handler", squad),
        handler2=make_user("handler2", squad),
        east_clerk=make_user("east_clerk", east, Role.INTAKE_CLERK),
        east_director=make_user("east_director", east, Role.BUREAU_HEAD),
        east_reviewer=make_user("east_reviewer", east, Role.LEGAL_REVIEWER),
        east_head=make_user("east_head", east_squad, Role.UNIT_HEAD),
        east_handler=make_user("east_handler", east_squad),
        east_handler2=make_user("east_handler2", east_squad),
        west_handler=make_user("west_handler", west_squad),
        west_head=make_user("west_head", west_squad, Role.UNIT_HEAD),
    )  # fmt: skip


ROUTING = """
version: tests-1
name: 测试市权力划分
effective_on: 2020-01-01
city: "370200"
returns_allowed: 2
rules:
  - {key: squad_antitrust, order: 10, name: 反垄断由支队承办, categories: [antitrust], office: squad}
  - {key: squad_large, order: 20, name: 一百万元以上由支队承办, amount_from: "1000000", office: squad}
  - {key: west_region, order: 30, name: 市北区由西区局承办, regions: ["370203"], office: west}
  - {key: east_rest, order: 90, name: 其余由东区局承办, office: east}
"""


def make_routing(city: City, text: str = ROUTING, *, allow_gaps: bool = False) -> RuleSet:
    """A division of powers in effect since 2020 between the squad, the east and the west."""
    loaded = load_rules(text=text, source="tests", actor=SYSTEM, at=NOW, allow_gaps=allow_gaps)
    assert loaded is not None
    return loaded


@kept
def make_lead(city: City, *, at: datetime = NOW, received_on: date | None = None, party: str = "示例商店") -> Lead:
    """A lead logged in the east squad, not yet assigned."""
    return intake.log_lead(
        channel="self_found", received_on=received_on or at.date(), party_name=party, summary="货架上有过期食品。",
        office_id=city.east_squad.pk, actor=city.east_handler, at=at,
    )  # fmt: skip


@kept
def make_signed_lead(
    city: City, *, at: datetime = NOW, received_on: date | None = None, party: str = "示例商店"
) -> Lead:
    """A lead of the east handler, assigned and signed for: nothing but verification runs."""
    lead = make_lead(city, at=at, received_on=received_on, party=party)
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler.pk, actor=city.east_head, at=at
    )
    return custody.sign_lead(lead_id=lead.pk, actor=city.east_handler, at=at)


@kept
def make_verified_lead(city: City, *, at: datetime = NOW, received_on: date | None = None) -> Lead:
    lead = make_signed_lead(city, at=at, received_on=received_on)
    return verification.report_findings(
        lead_id=lead.pk, findings="核查属实。", proposal="filed", actor=city.east_handler, at=at
    )


@kept
def make_case(city: City, *, at: datetime = NOW, received_on: date | None = None) -> Case:
    """A case under investigation in the east squad, filed at ``at``."""
    lead = make_verified_lead(city, at=at, received_on=received_on)
    case = filing.file_case(
        lead_id=lead.pk, cause="经营超过保质期食品", owner_id=city.east_handler.pk,
        second_officer_id=city.east_handler2.pk, conditions=FilingCondition.values, actor=city.east_director, at=at,
    )  # fmt: skip
    return declared(case, at=at)


def lead_of(case: Case) -> Lead:
    """The lead the case was opened from; a case that was split off has none."""
    assert case.lead is not None
    return case.lead


def declared(case: Case, *, at: datetime) -> Case:
    """Both officers have said that there is no reason to withdraw."""
    for officer in (case.owner, case.second_officer):
        duties.declare(case_id=case.pk, actor=officer, at=at)
    return case


KINDS = [PenaltyKind.WARNING, PenaltyKind.FINE, PenaltyKind.CONFISCATE_INCOME]


def make_proposal(
    case: Case, *, at: datetime = NOW, fine: str = "5000", confiscated: str = "300", hearing_right: bool = False
) -> Case:
    """One more version of the proposed handling, by the officer who leads the case; a large sum brings the right along."""
    hearing_right = hearing_right or max(Decimal(fine), Decimal(confiscated)) >= 100_000
    return proposal.propose(
        case_id=case.pk, facts="货架上有超过保质期的食品在售。", basis="依据示例法第一条。", penalties=KINDS,
        fine=Decimal(fine), confiscated=Decimal(confiscated), hearing_right=hearing_right, actor=case.owner, at=at,
    )  # fmt: skip


@kept
def make_reviewed_case(
    city: City, *, filed: str = "2026-03-02", concluded: str = "2026-03-10", fine: str = "5000", confiscated: str = "300",
    hearing_right: bool = False,
) -> Case:  # fmt: skip
    """A case whose proposed penalty passed review."""
    case, at = make_case(city, at=moment(filed)), moment(concluded)
    make_proposal(case, at=at, fine=fine, confiscated=confiscated, hearing_right=hearing_right)
    review.conclude_case(
        case_id=case.pk, conclusion="事实清楚。", reviewer_id=city.east_reviewer.pk, actor=city.east_handler, at=at
    )
    return review.pass_review(case_id=case.pk, opinion="同意。", actor=city.east_reviewer, at=at)


@kept
def make_approved_case(
    city: City, *, filed: str = "2026-03-02", concluded: str = "2026-03-10", fine: str = "5000", confiscated: str = "300",
    hearing_right: bool = False,
) -> Case:  # fmt: skip
    """A case whose proposed penalty a head approved for the notice."""
    case = make_reviewed_case(
        city, filed=filed, concluded=concluded, fine=fine, confiscated=confiscated, hearing_right=hearing_right
    )
    return proposal.approve_notice(case_id=case.pk, version=1, actor=city.east_director, at=moment(concluded))


@kept
def make_notified_case(
    city: City, *, filed: str = "2026-03-02", concluded: str = "2026-03-10", served: str = "2026-03-16",
    fine: str = "5000", confiscated: str = "300", hearing_right: bool = False,
) -> Case:  # fmt: skip
    """A case whose penalty notice has been served; the defence term runs."""
    case = make_approved_case(
        city, filed=filed, concluded=concluded, fine=fine, confiscated=confiscated, hearing_right=hearing_right
    )
    return decision.notify_party(
        case_id=case.pk, served_on=date.fromisoformat(served), actor=city.east_handler, at=moment(served)
    )


def decide(city: City, case: Case, *, at: datetime, fine: str = "5000", confiscated: str = "300") -> Case:
    return decision.decide_case(
        case_id=case.pk, decision="罚款并没收违法所得。", fine=Decimal(fine), confiscated=Decimal(confiscated),
        defence="逾期未提出，视为放弃。", actor=city.east_director, at=at,
    )  # fmt: skip
