"""Cases of the demo city that show the whole procedure: evidence and a seizure, papers and their service, a hearing ahead,
instalments, no penalty, the bound file, a decision on the spot.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from accounts.models import User
from casemgr.demo_papers import example_report
from casemgr.demo_steps import Days, Events, Story, Team, Walk, first_events
from cases.actions import (
    casefile,
    defence,
    evidence,
    hearing,
    measures,
    on_spot,
    outcomes,
    papers,
    performance,
    plans,
    proposal,
    service,
)
from cases.actions.evidence import Described
from cases.actions.measures import Listed, Taking
from cases.queries.evidence import adoptable
from cases.states.decision import Adoption, DefenceWay, PenaltyKind
from cases.states.evidence import EvidenceKind
from cases.states.hearing import RequestWay, Told
from cases.states.matter import Outcome, PartyKind
from cases.states.measures import MeasureKind
from cases.states.outcomes import SpareGround
from deadlines.actions.clocks import local_day
from documents.models import Paper
from documents.service_ways import Delivery, Relation, Way
from documents.typed_fields import day_in_words

LAW = "示例法第一条、第二条（演示数据，不是真实条款）"
REMEDY = "可以自收到之日起六十日内申请行政复议，或者六个月内提起行政诉讼。"
FORMS = (
    "scene_record", "inquiry_notice", "conclusion_report", "case_review", "penalty_notice", "hearing_notice",
    "penalty_decision", "no_penalty_decision", "spot_penalty_decision", "closing_approval", "case_file_cover",
    "case_file_catalogue", "case_file_note", "filing_approval", "complaint_acceptance_notice",
)  # fmt: skip
COMPANIONS = {"penalty_decision": ("credit_repair_notice",)}
SEIZED_FOR = 27  # calendar days ago, of the thirty
DRAFT = {"调查事项": "进货来源", "询问时间": "明日上午九时三十分", "询问地点": "大队询问室"}


def case_stories(team: Team, days: Days) -> Events:
    """The dated steps of every story of this module."""
    for story, plan in PLANS:
        walk = CaseWalk(team, story)
        yield from first_events(walk, days)
        yield from plan(walk, days, story.received)
    yield days.ago(3), partial(_decide_on_spot, team)


class CaseWalk(Walk):
    """The steps of a case that :class:`casemgr.demo_steps.Walk` does not know."""

    fine, outcome = Decimal(20000), Outcome.PENALTY
    paper: Paper

    @property
    def officer(self) -> User:
        return self.team.handlers[0]

    def issue(self, at: datetime, *, form: str, fields: Mapping[str, object], by: User | None = None) -> None:
        drafted = papers.draft_paper(case_id=self.case_id, form=form, fields=fields, actor=by or self.officer, at=at)
        self.paper = papers.issue_paper(
            case_id=self.case_id, paper_id=drafted.pk, dated_on=local_day(at), actor=by or self.officer, at=at
        )

    def hand_over(self, at: datetime) -> None:
        """Serve the newest paper by hand, with what goes along."""
        by_hand = Delivery(
            Way.DIRECT, self.story.party, local_day(at), received_by="张某某", relation=Relation.PARTY,
            place="示例路1号",
        )  # fmt: skip
        service.serve_papers(
            case_id=self.case_id, paper_ids=[self.paper.pk], delivery=by_hand,
            companions=COMPANIONS.get(self.paper.form, ()), actor=self.officer, at=at,
        )  # fmt: skip

    def collect(self, at: datetime) -> None:
        """The check of the lead, the record of the scene and a document with its scan."""
        assert self.case is not None  # noqa: S101 - events run in order
        check = next(iter(adoptable(self.case)[1]))
        evidence.adopt_evidence(
            case_id=self.case_id, described=self._described(at, EvidenceKind.INSPECTION, "现场检查记录"),
            check_id=check.pk, actor=self.officer, at=at,
        )  # fmt: skip
        evidence.add_evidence(
            case_id=self.case_id, described=self._described(at, EvidenceKind.DOCUMENT, "进货票据"),
            upload=[example_report("进货票据（示例）.pdf")], actor=self.officer, at=at,
        )  # fmt: skip
        day = day_in_words(local_day(at))
        fields = {
            "检查开始时间": f"{day}9时", "检查结束时间": f"{day}10时", "检查地点": "示例路1号", "当事人到场情况": "负责人张某某在场。",
            "检查事项": self.story.summary, "现场情况": "两名执法人员出示执法证件，检查经营场所，拍照并调取票据。",
        }  # fmt: skip
        self.issue(at, form="scene_record", fields=fields)

    def _described(self, at: datetime, kind: str, title: str) -> Described:
        return Described(
            kind=kind, title=title, proves="违法行为的时间、数量和金额", source=self.story.party, obtained_on=local_day(at),
            officer_id=self.officer.pk, second_officer_id=self.team.handlers[1].pk, storage="证物室一号柜", pages=1,
        )  # fmt: skip

    def seize(self, at: datetime) -> None:
        ordered = measures.order_measure(
            case_id=self.case_id, kind=MeasureKind.SEIZURE, reason="涉案货物可能转移", basis=LAW, actor=self.team.director,
            at=at - timedelta(hours=1),
        )  # fmt: skip
        goods = [
            Listed("无标签散装白酒", Decimal(40), "桶", spec="20升", seal_number="示封001", value=Decimal(8000)),
            Listed("空白标签", Decimal(3), "箱", seal_number="示封002", value=Decimal(150)),
        ]
        taking = Taking(
            self.officer.pk, self.team.handlers[1].pk, at, "示例路1号仓库", "当事人到场，清单已签名。", goods
        )
        measures.take_measure(measure_id=ordered.pk, taking=taking, actor=self.officer, at=at)

    def draft(self, at: datetime) -> None:
        papers.draft_paper(case_id=self.case_id, form="inquiry_notice", fields=DRAFT, actor=self.officer, at=at)

    def propose(self, at: datetime) -> None:
        is_penalty = self.outcome == Outcome.PENALTY
        proposal.propose(
            case_id=self.case_id, facts=f"{self.story.summary}经调查，违法事实清楚。", basis=LAW, outcome=self.outcome,
            penalties=[PenaltyKind.FINE] if is_penalty else [], fine=self.fine if is_penalty else Decimal(),
            hearing_right=self.fine >= 100_000, actor=self.officer, at=at,
        )  # fmt: skip
        fields = {
            "当事人基本情况": f"{self.story.party}，住所示例路1号。", "调查经过": "经现场检查、询问和调取票据。", "认定事实": self.story.summary,
            "案件性质": "违反示例法第一条。", "处理意见": f"罚款{self.fine}元。" if is_penalty else "不予行政处罚。",
        }  # fmt: skip
        self.issue(at, form="conclusion_report", fields=fields)

    def review(self, at: datetime) -> None:
        super().review(at)
        self.issue(at, form="case_review", fields={"送审日期": local_day(at)}, by=self.team.reviewer)

    def notice(self, at: datetime) -> None:
        offered = self.fine >= 100_000
        self.issue(at, form="penalty_notice", fields={"告知陈述申辩": not offered, "告知听证": offered})

    def answer(self, at: datetime) -> None:
        defence.record_defence(
            case_id=self.case_id, made_on=local_day(at), way=DefenceWay.WRITTEN, content="已经整改，请求从轻处罚。",
            adopted=Adoption.NONE, reply="整改情况在拟处罚时已经考虑。", actor=self.officer, at=at,
        )  # fmt: skip

    def decide(self, at: datetime) -> None:
        self.conclude_penalty(at, self.fine, Decimal())
        fields = {
            "调查经过": "经立案调查。", "定性和依据": "违反示例法第一条。", "裁量理由": "情节一般。", "违反条款": LAW, "处罚依据": LAW,
            "履行方式和期限": "自收到本决定书之日起十五日内缴纳。", "救济途径和期限": REMEDY,
        }  # fmt: skip
        self.issue(at, form="penalty_decision", fields=fields)

    def spare(self, at: datetime) -> None:
        outcomes.spare_party(
            case_id=self.case_id, ground=SpareGround.MINOR, reason="违法行为轻微并及时改正，没有造成危害后果。",
            education="已当面讲解有关规定，发给提示书。", actor=self.team.director, at=at,
        )  # fmt: skip
        fields = {"调查经过": "经立案调查。", "不予处罚理由": "违法行为轻微并及时改正。", "救济途径和期限": REMEDY}
        self.issue(at, form="no_penalty_decision", fields=fields)

    def ask_hearing(self, at: datetime) -> None:
        hearing.request_hearing(
            case_id=self.case_id, requested_on=local_day(at), way=RequestWay.WRITING, request="认为拟罚款数额过高。",
            actor=self.officer, at=at,
        )  # fmt: skip

    def name_host(self, at: datetime) -> None:
        hearing.name_host(case_id=self.case_id, host_id=self.team.host.pk, actor=self.team.director, at=at)

    def hand_materials(self, at: datetime) -> None:
        hearing.hand_materials(case_id=self.case_id, handed_on=local_day(at), actor=self.officer, at=at)

    def schedule(self, at: datetime, *, opens_at: datetime) -> None:
        host = self.team.host
        hearing.schedule_hearing(
            case_id=self.case_id, opens_at=opens_at, place="三楼听证室", recorder_id=self.team.unit_head.pk,
            actor=host, at=at,
        )  # fmt: skip
        self.issue(at, form="hearing_notice", fields={"记录员": self.team.unit_head.name}, by=host)

    def tell_of_hearing(self, at: datetime) -> None:
        self.hand_over(at)
        hearing.record_hearing_notice(
            case_id=self.case_id, told=Told.OFFICERS, told_on=local_day(at), actor=self.officer, at=at
        )
        hearing.announce_hearing(
            case_id=self.case_id, announced_on=local_day(at), where="本局公告栏", actor=self.team.host, at=at
        )

    def allow_parts(self, at: datetime, *, parts: list[tuple[datetime, Decimal]]) -> None:
        plans.defer_payment(
            case_id=self.case_id, applied_on=local_day(at), reason="资金周转困难，附财务报表。",
            instalments=[(local_day(due), amount) for due, amount in parts], actor=self.team.director, at=at,
        )  # fmt: skip

    def pay_part(self, at: datetime, *, amount: Decimal) -> None:
        performance.record_payment(
            case_id=self.case_id, amount=amount, paid_on=local_day(at), receipt_number=f"示票{self.case_id:06}",
            actor=self.officer, at=at,
        )  # fmt: skip

    def close(self, at: datetime) -> None:
        self.issue(at, form="closing_approval", fields={"办案人员意见": "建议结案。"})
        super().close(at)

    def bind(self, at: datetime) -> None:
        casefile.request_file(case_id=self.case_id, actor=self.officer, at=at)
        casefile.bind_files(clock=lambda: at)


def _until_told(walk: CaseWalk, days: Days, received: int, *, waits: int = 2) -> Events:
    """From the proposal to the approved notice; ``waits`` days later it is issued."""
    ago = days.ago
    yield ago(received - 24), walk.propose
    yield ago(received - 25), walk.conclude
    yield ago(received - 30), walk.review
    yield ago(received - 31), walk.approve
    yield ago(received - 31 - waits), walk.notice


def _seized(walk: CaseWalk, days: Days, received: int) -> Events:
    yield days.ago(received - 7), walk.collect
    yield days.before(SEIZED_FOR, 11), walk.seize
    yield days.ago(1), walk.draft


def _approved(walk: CaseWalk, days: Days, received: int) -> Events:
    yield days.ago(received - 7), walk.collect
    yield from _until_told(walk, days, received)


def _before_hearing(walk: CaseWalk, days: Days, received: int) -> Events:
    walk.fine, ago = Decimal(180_000), days.ago
    yield ago(received - 7), walk.collect
    yield from _until_told(walk, days, received)
    yield ago(received - 34), walk.hand_over
    yield ago(received - 37), walk.ask_hearing
    yield ago(received - 38), walk.name_host
    yield ago(received - 39), walk.hand_materials
    yield ago(received - 41), partial(walk.schedule, opens_at=days.ahead(7, 9))
    yield ago(received - 42), walk.tell_of_hearing


def _in_parts(walk: CaseWalk, days: Days, received: int) -> Events:
    walk.fine, ago, part = Decimal(60_000), days.ago, Decimal(20_000)
    yield from _until_told(walk, days, received)
    yield ago(received - 34), walk.hand_over
    yield ago(received - 46), walk.decide
    yield ago(received - 48), walk.hand_over
    dues = [ago(received - 65), days.ahead(6), days.ahead(28)]
    yield ago(received - 55), partial(walk.allow_parts, parts=[(due, part) for due in dues])
    yield ago(received - 64), partial(walk.pay_part, amount=part)


def _spared(walk: CaseWalk, days: Days, received: int) -> Events:
    walk.outcome, ago = Outcome.EXEMPT, days.ago
    yield ago(received - 24), walk.propose
    yield ago(received - 25), walk.conclude
    yield ago(received - 30), walk.review
    yield ago(received - 36), walk.spare
    yield ago(received - 37), walk.hand_over
    yield ago(received - 40), walk.close


def _bound(walk: CaseWalk, days: Days, received: int) -> Events:
    ago = days.ago
    yield ago(received - 6, 15), walk.print_filing
    yield ago(received - 7), walk.collect
    yield from _until_told(walk, days, received)
    yield ago(received - 34), walk.hand_over
    yield ago(received - 37), walk.answer
    yield ago(received - 46), walk.decide
    yield ago(received - 48), walk.hand_over
    yield ago(received - 54), partial(walk.pay_part, amount=walk.fine)
    yield ago(received - 58), walk.close
    yield ago(received - 58, 16), walk.bind


def _decide_on_spot(team: Team, at: datetime) -> None:
    officer, second = team.handlers
    case = on_spot.decide_on_spot(
        office_id=team.office.pk, second_officer_id=second.pk, party_name="示例二十二号水果店",
        party_kind=PartyKind.ORGANISATION, cause="未按规定明码标价", decided_at=at, place="示例路1号店内", facts="货架商品没有标价，现场拍照。",
        basis=LAW, penalties=[PenaltyKind.WARNING, PenaltyKind.FINE], fine=Decimal(200), is_informed=True,
        said="没有意见。", actor=officer, at=at,
    )  # fmt: skip
    fields = {
        "违法行为": "货架商品没有标价", "违反条款": LAW, "处罚依据": LAW, "警告": True, "罚款": True, "限期缴纳": True, "处罚地点": "示例路1号店内",
        "复议期限": "六十日", "复议机关": "示例市人民政府", "管辖法院": "示例市示例区",
    }  # fmt: skip
    drafted = papers.draft_paper(case_id=case.pk, form="spot_penalty_decision", fields=fields, actor=officer, at=at)
    papers.issue_paper(case_id=case.pk, paper_id=drafted.pk, dated_on=local_day(at), actor=officer, at=at)


Plan = Callable[[CaseWalk, Days, int], Events]
PLANS: tuple[tuple[Story, Plan], ...] = (
    (Story("示例十六号酒类批发部", "监督检查发现仓库存放无标签散装白酒，现场不能提供进货票据。", "inspection", 30, "investigating",
           "food-sale", Decimal(8150)), _seized),
    (Story("示例十七号五金店", "监督检查发现销售未经强制性认证的电线插座。", "inspection", 38, "approved", "product-quality",
           Decimal(2600)), _approved),
    (Story("示例十八号停车管理公司", "监督检查发现多个停车场收费高于公示标准。", "inspection", 45, "hearing", "price-marking",
           Decimal(36000)), _before_hearing),
    (Story("示例十九号建材有限公司", "抽查发现销售的电缆导体电阻不合格。", "inspection", 72, "served", "product-quality",
           Decimal(52000)), _in_parts),
    (Story("示例二十号面馆", "监督检查发现食品贮存未按规定分区存放，当场改正。", "inspection", 48, "spared", "food-sale"), _spared),
    (Story("示例二十一号粮油店", "监督检查发现一批次食用油标签不符合规定。", "inspection", 90, "bound", "food-sale",
           Decimal(1800)), _bound),
)  # fmt: skip
