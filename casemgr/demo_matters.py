"""Leads and cases of the demo city, walked through the verbs day by day so that clocks and reminders are as in life."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction

from accounts.models import Office, User
from casemgr.demo_papers import example_report
from cases.actions import decision, filing, performance, review, term
from cases.models import Case
from cases.states import FilingCondition
from clues.actions import complaints, custody, decisions, files, intake, verification
from clues.models import Lead
from clues.queries import no_penalty_items
from clues.states import CheckKind, DeclineGround, EndGround, FilePurpose
from deadlines.actions.reminders import sweep_reminders
from deadlines.queries import current_calendar
from deadlines.replay import SHANGHAI

Step = Callable[[datetime], None]


@dataclass(frozen=True)
class Team:
    """The people of one unit who walk a matter from intake to the closed case."""

    office: Office
    clerk: User
    handlers: tuple[User, User]
    unit_head: User
    director: User
    reviewer: User


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


STORIES = (
    Story("示例一号食品经营部", "群众举报货架上有超过保质期的预包装食品在售，附照片两张。", "report", 0, "registered",
          "food-sale"),
    Story("示例二号便利店", "监督检查发现两台在用电子计价秤未经检定。", "inspection", 12, "verifying",
          "metrology-instrument"),
    Story("示例三号药房", "网络监测发现首页宣传保健食品具有治疗功效。", "data", 17, "verifying", "advertising-medical"),
    Story("示例四号商贸有限公司", "抽检的儿童玩具小零件项目不合格，附检验报告。", "sampling", 8, "verified",
          "product-quality", Decimal(3600)),
    Story("示例五号餐馆", "举报人称菜单标价与结账价格不一致。", "report", 20, "not_filed", "price-marking"),
    Story("示例六号加油站", "计量监督检查发现一台加油机铅封破损。", "inspection", 30, "investigating",
          "metrology-settlement"),
    Story("示例七号医疗器械经营部", "上级交办：涉嫌发布虚假医疗器械广告。", "assigned", 45, "suspended",
          "advertising-medical"),
    Story("示例八号物业服务公司", "特种设备检查发现使用未经定期检验的电梯。", "inspection", 40, "under_review",
          "equipment-lift"),
    Story("示例九号电子商务有限公司", "其他部门移送：涉嫌销售侵犯注册商标专用权的商品。", "transfer_in", 50, "notified",
          "ip-trademark", Decimal(48000)),
    Story("示例十号停车场", "举报人称收费高于公示标准。", "report", 60, "decided", "price-marking"),
    Story("示例十一号房地产营销中心", "广告监测发现含有升值承诺的房地产广告。", "data", 62, "served", "advertising-false"),
    Story("示例十二号超市", "监督检查发现销售未经检验检疫的猪肉制品。", "inspection", 75, "closed", "food-sale",
          Decimal(1500)),
    Story("示例十三号健身房", "投诉人要求退还预付卡余额。", "complaint", 4, "accepting", "consumer-prepaid",
          Decimal(2400)),
    Story("示例十四号家具商场", "投诉人称沙发开裂，要求更换。", "complaint", 26, "settled", "consumer-goods",
          Decimal(5600)),
    Story("示例十五号婚庆服务部", "投诉人要求退还定金，双方各执一词。", "complaint", 34, "ended", "consumer-service",
          Decimal(3000)),
)  # fmt: skip
COMPLAINANT = intake.InformantInput(name="示例投诉人", phone="13900000000", address="示例市示例路99号")
CASE_STATES = ("investigating", "suspended", "under_review", "notified", "decided", "served", "closed")


@transaction.atomic
def load_matters(*, now: datetime) -> None:
    """Walk every story for the first district's squad and the corps' first squad, sweeping reminders each morning."""
    events = sorted(
        (
            event
            for team in (_district_team(), _corps_team())
            for story in STORIES
            for event in _events(team, story, now)
        ),
        key=lambda event: event[0],
    )
    day = events[0][0]
    for at, step in events:
        while day < at:
            sweep_reminders(at=day)
            day += timedelta(days=1)
        step(at)
    sweep_reminders(at=now)


class _Days:
    """Moments counted back from now in working days; never ahead of now."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._calendar, self._tomorrow = current_calendar(), now.astimezone(SHANGHAI).date() + timedelta(days=1)

    def ago(self, days: int, hour: int = 10) -> datetime:
        at = datetime.combine(self._calendar.subtract(self._tomorrow, days + 1), time(hour), SHANGHAI)
        return min(at, self.now)


def _events(team: Team, story: Story, now: datetime) -> Iterator[tuple[datetime, Step]]:
    """The dated steps of one story. A step only knows the matter once the step before it has run."""
    ago, walk, received = _Days(now).ago, _Walk(team, story), story.received
    yield ago(received, 9), partial(walk.log, received_on=ago(received).date())
    if story.reaches == "registered":
        return
    yield ago(received, 11), walk.assign
    yield ago(received, 14), walk.sign
    if story.channel == "complaint":
        yield from _complaint_events(walk, story, ago)
        return
    yield ago(received - 3), walk.check
    if story.reaches == "verifying":
        return
    yield ago(received - 5), walk.report
    if story.reaches == "verified":
        return
    yield ago(received - 6), walk.file if story.reaches in CASE_STATES else walk.decline
    if story.reaches in CASE_STATES:
        yield from _case_events(walk, story, ago)


def _complaint_events(walk: "_Walk", story: Story, ago: Callable[[int], datetime]) -> Iterator[tuple[datetime, Step]]:
    if story.reaches == "accepting":
        return
    received = story.received
    yield ago(received - 4), partial(walk.accept, on=ago(received - 4).date())
    day = ago(received - 14).date()
    if story.reaches == "settled":
        yield ago(received - 14), partial(walk.settle, on=day)
    else:
        yield ago(received - 14), partial(walk.end, on=day)
        yield ago(received - 15), partial(walk.tell, on=ago(received - 15).date())


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


def _case_events(walk: "_Walk", story: Story, ago: Callable[[int], datetime]) -> Iterator[tuple[datetime, Step]]:
    received = story.received
    if story.reaches == "suspended":
        yield ago(received - 20), partial(walk.suspend, on=ago(received - 20).date())
    if story.reaches in CASE_STATES[2:]:
        yield ago(received - 25), walk.conclude
    if story.reaches in CASE_STATES[3:]:
        yield ago(received - 30), walk.review
        served = 2 if story.reaches == "notified" else received - 33
        yield ago(served), partial(walk.notify, on=ago(served).date())
    if story.reaches in CASE_STATES[4:]:
        yield ago(2 if story.reaches == "decided" else received - 45), walk.decide
    if story.reaches in CASE_STATES[5:]:
        yield ago(received - 47), partial(walk.serve, on=ago(received - 47).date())
    if story.reaches == "closed":
        yield ago(received - 52), partial(walk.pay, on=ago(received - 52).date())
        yield ago(received - 56), walk.close


class _Walk:
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

    def suspend(self, at: datetime, *, on: date) -> None:
        term.suspend_case(
            case_id=self.case_id, ground="interpretation", starts_on=on, reason="广告用语定性已送请上级机关解释。",
            actor=self.team.director, at=at,
        )  # fmt: skip

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
        decision.decide_case(
            case_id=self.case_id, decision="责令改正违法行为；罚款20000元；没收违法所得1500元。", fine=Decimal(20000),
            confiscated=Decimal(1500), defence="当事人逾期未陈述申辩，视为放弃。", actor=self.team.director, at=at,
        )  # fmt: skip

    def serve(self, at: datetime, *, on: date) -> None:
        decision.serve_decision(case_id=self.case_id, served_on=on, actor=self.team.handlers[1], at=at)

    def pay(self, at: datetime, *, on: date) -> None:
        performance.record_payment(
            case_id=self.case_id, amount=Decimal(21500), paid_on=on, actor=self.team.handlers[0], at=at
        )

    def close(self, at: datetime) -> None:
        performance.close_case(case_id=self.case_id, reason="处罚决定执行完毕。", actor=self.team.director, at=at)


def _team(office: str, clerk: str, handlers: tuple[str, str], unit_head: str, director: str, reviewer: str) -> Team:
    people = {
        user.username: user
        for user in User.objects.filter(username__in=[clerk, *handlers, unit_head, director, reviewer])
    }
    return Team(
        Office.objects.get(code=office), people[clerk], (people[handlers[0]], people[handlers[1]]), people[unit_head],
        people[director], people[reviewer],
    )  # fmt: skip


def _district_team() -> Team:
    return _team("district-a-squad", "a-clerk", ("a-handler1", "a-handler2"), "a-unithead", "a-director", "a-reviewer")


def _corps_team() -> Team:
    return _team("corps-1", "clerk", ("handler1", "handler2"), "unithead", "director", "reviewer")
