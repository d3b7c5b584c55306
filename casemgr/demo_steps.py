"""How matters of the demo city go on: who acts, when, and a step for each verb."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from accounts.models import Office, User
from casemgr.demo_papers import example_report
from cases.actions import decision, duties, filing, performance, proposal, review, term
from cases.models import Case
from cases.states.decision import PenaltyKind
from cases.states.matter import FilingCondition
from clues.actions import complaints, custody, decisions, files, intake, papers, verification
from clues.models import Lead
from clues.papers import fits
from clues.queries import lead_for, no_penalty_items
from clues.states import CheckKind, DeclineGround, EndGround, FilePurpose
from deadlines.queries import current_calendar
from deadlines.replay import SHANGHAI

Step = Callable[[datetime], None]
Events = Iterator[tuple[datetime, Step]]
COMPLAINANT = intake.InformantInput(name="示例投诉人", phone="13900000000", address="示例市示例路99号")


@dataclass(frozen=True)
class Team:
    """The people of one unit who walk a matter from intake to the closed case."""

    office: Office
    clerk: User
    handlers: tuple[User, User]
    unit_head: User
    director: User
    reviewer: User
    host: User


@dataclass(frozen=True)
class Story:
    """A matter: when it came in (working days ago) and how far it went."""

    party: str
    summary: str
    channel: str
    received: int
    reaches: str
    category: str
    amount: Decimal | None = None


class Days:
    """Moments counted from now in working days."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._calendar, self._tomorrow = current_calendar(), now.astimezone(SHANGHAI).date() + timedelta(days=1)

    def ago(self, days: int, hour: int = 10) -> datetime:
        """Never ahead of now."""
        at = datetime.combine(self._calendar.subtract(self._tomorrow, days + 1), time(hour), SHANGHAI)
        return min(at, self.now)

    def ahead(self, days: int, hour: int = 10) -> datetime:
        return datetime.combine(self._calendar.add(self.now.astimezone(SHANGHAI).date(), days), time(hour), SHANGHAI)

    def before(self, days: int, hour: int = 10) -> datetime:
        """So many calendar days ago."""
        return datetime.combine(self._tomorrow - timedelta(days=days + 1), time(hour), SHANGHAI)


def first_events(walk: "Walk", days: Days) -> Events:
    """The dated steps of a lead up to the case. A step only knows the matter once the step before it has run."""
    received, ago = walk.story.received, days.ago
    yield ago(received, 9), partial(walk.log, received_on=ago(received).date())
    yield ago(received, 11), walk.assign
    yield ago(received, 14), walk.sign
    yield ago(received - 3), walk.check
    yield ago(received - 5), walk.report
    yield ago(received - 6), walk.decline if walk.story.reaches == "not_filed" else walk.file


def _facts(channel: str, received_on: date) -> dict[str, str]:
    """What each channel asks for, true on the day of receipt."""
    day, year = received_on.isoformat(), received_on.year
    return {
        "complaint": {"claim": "退款或者更换", "purchased_on": (received_on - timedelta(days=30)).isoformat()},
        "report": {"evidence": "照片两张"},
        "inspection": {"inspected_on": day},
        "data": {"system": "网络交易监测系统"},
        "sampling": {
            "report_no": f"示检{year}-001", "product": "儿童玩具", "failed_items": "小零件",
            "laboratory": "示例市产品质量检验所", "reported_on": day,
        },
        "assigned": {"from_body": "示例省市场监督管理局", "letter_on": day},
        "transfer_in": {"from_body": "示例市公安局", "letter_no": f"示公移〔{year}〕1号", "letter_on": day},
    }[channel]  # fmt: skip


class Walk:
    def __init__(self, team: Team, story: Story) -> None:
        self.team, self.story = team, story
        self.lead: Lead | None = None
        self.case: Case | None = None

    @property
    def lead_id(self) -> int:
        assert self.lead is not None  # noqa: S101 - events run in order
        return self.lead.pk

    @property
    def case_id(self) -> int:
        assert self.case is not None  # noqa: S101 - events run in order
        return self.case.pk

    def log(self, at: datetime, *, received_on: date) -> None:
        story = self.story
        self.lead = intake.log_lead(
            channel=story.channel, received_on=received_on, party_name=story.party, summary=story.summary,
            address="示例路1号", category=story.category, amount=story.amount, facts=_facts(story.channel, received_on),
            informant=COMPLAINANT if story.channel == "complaint" else intake.NOBODY, office_id=self.team.office.pk,
            route_reason="演示数据在承办大队登记", actor=self.team.unit_head, at=at,
        )  # fmt: skip
        if story.channel == "sampling":
            files.attach_files(
                lead_id=self.lead_id, upload=[example_report()], purpose=FilePurpose.TEST_REPORT,
                actor=self.team.unit_head, at=at,
            )  # fmt: skip

    def assign(self, at: datetime) -> None:
        custody.assign_lead(
            lead_id=self.lead_id, office_id=self.team.office.pk, owner_id=self.team.handlers[0].pk,
            actor=self.team.clerk, at=at,
        )  # fmt: skip

    def sign(self, at: datetime) -> None:
        custody.sign_lead(lead_id=self.lead_id, actor=self.team.handlers[0], at=at)

    def check(self, at: datetime) -> None:
        verification.record_check(
            lead_id=self.lead_id, kind=CheckKind.SITE, checked_at=at - timedelta(minutes=30), place="示例路1号",
            content="两名执法人员出示执法证件，现场检查并制作笔录，调取购销票据。",
            second_officer_id=self.team.handlers[1].pk, actor=self.team.handlers[0], at=at,
        )  # fmt: skip

    def accept(self, at: datetime, *, on: date) -> None:
        complaints.accept_complaint(lead_id=self.lead_id, told_on=on, actor=self.team.handlers[0], at=at)

    def print_acceptance(self, at: datetime) -> None:
        self.make_paper(at, "complaint_acceptance_notice", {"事项": self.story.summary.removesuffix("。")})

    def print_filing(self, at: datetime) -> None:
        fields = {
            "案由": f"{self.story.party}涉嫌违法", "核查人员": "、".join(each.name for each in self.team.handlers),
            "部门负责人意见": "同意立案。", "部门负责人": self.team.director.name,
        }  # fmt: skip
        self.make_paper(at, "filing_approval", fields)

    def make_paper(self, at: datetime, form: str, fields: Mapping[str, object]) -> None:
        """Issue a paper of the lead; the forms of complaints are those of now, a city of earlier days has none."""
        officer = self.team.handlers[0]
        if not fits(lead_for(officer, self.lead_id), form):
            return
        drafted = papers.draft_paper(lead_id=self.lead_id, form=form, fields=fields, actor=officer, at=at)
        papers.issue_paper(lead_id=self.lead_id, paper_id=drafted.pk, dated_on=at.date(), actor=officer, at=at)

    def settle(self, at: datetime, *, on: date) -> None:
        complaints.settle_mediation(
            lead_id=self.lead_id, settled_on=on, agreement="被投诉人七日内更换同款商品，双方再无争议。",
            made_document=True, actor=self.team.handlers[0], at=at,
        )  # fmt: skip

    def end(self, at: datetime, *, on: date) -> None:
        complaints.end_mediation(
            lead_id=self.lead_id, ended_on=on, ground=EndGround.NO_AGREEMENT,
            reason="经两次调解，被投诉人不同意退还定金。", actor=self.team.handlers[0], at=at,
        )  # fmt: skip

    def tell(self, at: datetime, *, on: date) -> None:
        complaints.tell_parties(
            lead_id=self.lead_id, told_on=on, way="书面告知双方，并告知可以申请仲裁或者提起诉讼。",
            actor=self.team.handlers[0], at=at,
        )  # fmt: skip

    def report(self, at: datetime) -> None:
        proposal = "not_filed" if self.story.reaches == "not_filed" else "filed"
        verification.report_findings(
            lead_id=self.lead_id, findings="现场核查，制作现场笔录，调取购销票据。", proposal=proposal,
            actor=self.team.handlers[0], at=at,
        )  # fmt: skip

    def decline(self, at: datetime) -> None:
        item = no_penalty_items(self.team.office, at.date()).filter(kind=DeclineGround.MINOR).first()
        decisions.decline_lead(
            lead_id=self.lead_id, ground=DeclineGround.MINOR, item_id=item.pk if item else None,
            reason="已当场改正并退还差价，没有造成危害后果。", actor=self.team.director, at=at,
        )  # fmt: skip

    def file(self, at: datetime) -> None:
        self.case = filing.file_case(
            lead_id=self.lead_id, cause=f"{self.story.party}涉嫌违法案", owner_id=self.team.handlers[0].pk,
            second_officer_id=self.team.handlers[1].pk, conditions=FilingCondition.values,
            actor=self.team.director, at=at,
        )  # fmt: skip
        for officer in self.team.handlers:
            duties.declare(case_id=self.case_id, actor=officer, at=at)

    def suspend(self, at: datetime, *, on: date) -> None:
        term.suspend_case(
            case_id=self.case_id, ground="interpretation", starts_on=on, reason="广告用语定性已送请上级机关解释。",
            actor=self.team.director, at=at,
        )  # fmt: skip

    def propose(self, at: datetime) -> None:
        proposal.propose(
            case_id=self.case_id, facts=f"{self.story.summary}经现场检查、询问和调取购销票据，违法事实清楚。",
            basis="违反示例法第一条，依据示例法第二条。", penalties=[PenaltyKind.FINE, PenaltyKind.CONFISCATE_INCOME],
            fine=Decimal(20000), confiscated=Decimal(1500), content="责令改正违法行为。", actor=self.team.handlers[0], at=at,
        )  # fmt: skip

    def approve(self, at: datetime) -> None:
        proposal.approve_notice(case_id=self.case_id, version=1, opinion="同意告知。", actor=self.team.director, at=at)

    def conclude(self, at: datetime) -> None:
        review.conclude_case(
            case_id=self.case_id, conclusion="违法事实清楚，证据确凿，建议依法给予行政处罚。",
            reviewer_id=self.team.reviewer.pk, actor=self.team.handlers[0], at=at,
        )  # fmt: skip

    def review(self, at: datetime) -> None:
        review.pass_review(
            case_id=self.case_id,
            opinion="事实清楚，证据充分，定性准确，程序合法，同意。",
            actor=self.team.reviewer,
            at=at,
        )

    def notify(self, at: datetime, *, on: date) -> None:
        decision.notify_party(case_id=self.case_id, served_on=on, actor=self.team.handlers[0], at=at)

    def decide(self, at: datetime) -> None:
        self.conclude_penalty(at, Decimal(20000), Decimal(1500))

    def conclude_penalty(self, at: datetime, fine: Decimal, confiscated: Decimal) -> None:
        also = f"没收违法所得{confiscated}元；" if confiscated else ""
        decision.decide_case(
            case_id=self.case_id, decision=f"责令改正违法行为；{also}罚款{fine}元。", fine=fine, confiscated=confiscated,
            defence="当事人逾期未陈述申辩，视为放弃。", actor=self.team.director, at=at,
        )  # fmt: skip

    def serve(self, at: datetime, *, on: date) -> None:
        decision.serve_decision(case_id=self.case_id, served_on=on, actor=self.team.handlers[1], at=at)

    def pay(self, at: datetime, *, on: date) -> None:
        performance.record_payment(
            case_id=self.case_id, amount=Decimal(21500), paid_on=on, actor=self.team.handlers[0], at=at
        )

    def close(self, at: datetime) -> None:
        performance.close_case(case_id=self.case_id, reason="处罚决定执行完毕。", actor=self.team.director, at=at)


def district_team() -> Team:
    return _team("district-a-squad", "a-", ("a-handler1", "a-handler2"))


def corps_team() -> Team:
    return _team("corps-1", "", ("handler1", "handler2"))


def _team(office: str, prefix: str, handlers: tuple[str, str]) -> Team:
    people = {user.username: user for user in User.objects.all()}
    one, two = (people[name] for name in handlers)
    others = ("clerk", "unithead", "director", "reviewer", "reviewer2")
    clerk, unit_head, director, reviewer, host = (people[prefix + name] for name in others)
    return Team(Office.objects.get(code=office), clerk, (one, two), unit_head, director, reviewer, host)
