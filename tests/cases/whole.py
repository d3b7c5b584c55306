"""Three published cases (``data/cases/published_cases.json``) walked through every verb from the lead to the closed file.

Party, violation and sums are as published, and so are the days of 企业F. What the source does not say is made up and
plausible: the days of 企业K, of which none is published; those of 企业D, three years after the published ones; goods,
papers, evidence, words, and all who act.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from accounts.models import User
from cases.actions import (
    decision,
    defence,
    evidence,
    filing,
    goods,
    measure_ends,
    measures,
    money,
    outcomes,
    papers,
    performance,
    plans,
    proposal,
    refund_orders,
    review,
    service,
)
from cases.actions.measures import Listed
from cases.models import Beneficiary, Case, Measure
from cases.states.decision import PenaltyKind
from cases.states.hearing import Told
from cases.states.matter import FilingCondition
from clues.actions import custody, intake, verification
from deadlines.yearplans import DATA
from documents.models import Paper
from documents.service_ways import Delivery, Relation, Way
from documents.typed_fields import day_in_words
from tests.builders import City, declared, moment
from tests.cases import hearing_builders
from tests.cases.evidence_builders import described, taking
from tests.documents.made_files import upload

FORMS = (
    "scene_record", "refund_order", "conclusion_report", "case_review", "penalty_notice", "defence_record",
    "hearing_notice", "hearing_record", "hearing_report", "collective_discussion_record", "penalty_decision",
    "payment_deferral_notice", "crime_referral", "closing_approval", "case_file_cover", "case_file_catalogue",
    "case_file_note",
)  # fmt: skip
LAWS = "（所依条款见公开信息）"
Fields = Mapping[str, object]


@cache
def published(party: str) -> dict[str, Any]:
    """The published facts of this party's case, sums in yuan."""
    file = json.loads((DATA / "cases/published_cases.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(each for each in file["cases"] if each["party"] == party)
    return found


def yuan(party: str, name: str) -> Decimal:
    return Decimal(published(party)[name])


def scan(*words: str) -> bytes:
    """A PDF with a page for each of these (ASCII) words."""
    to = BytesIO()
    canvas = Canvas(to, invariant=True)
    for word in words:
        canvas.drawString(72, 720, word)
        canvas.showPage()
    canvas.save()
    return to.getvalue()


class Walk:
    """One case and who acts in it; every step names its day and takes place at ten unless it says otherwise."""

    def __init__(self, city: City, party: str, found: str, filed: str) -> None:
        self.city, self.party = city, party
        self.officer, self.head, self.reviewer = city.east_handler, city.east_director, city.east_reviewer
        violation, at = published(party)["violation"], moment(found)
        lead = intake.log_lead(
            channel="inspection", received_on=at.date(), party_name=party, summary=f"监督检查发现涉嫌{violation}。",
            address="示例路1号", facts={"inspected_on": at.date().isoformat()}, office_id=city.east_squad.pk,
            actor=self.officer, at=at,
        )  # fmt: skip
        custody.assign_lead(
            lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=self.officer.pk, actor=city.east_head, at=at
        )
        custody.sign_lead(lead_id=lead.pk, actor=self.officer, at=at)
        verification.report_findings(
            lead_id=lead.pk, findings="核查属实。", proposal="filed", actor=self.officer, at=moment(filed)
        )
        self.case = filing.file_case(
            lead_id=lead.pk, cause=f"涉嫌{violation}", owner_id=self.officer.pk,
            second_officer_id=city.east_handler2.pk, conditions=FilingCondition.values, actor=self.head,
            at=moment(filed),
        )  # fmt: skip
        declared(self.case, at=moment(filed))

    @property
    def pk(self) -> int:
        return self.case.pk

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.pk)

    def issue(self, form: str, fields: Fields, on: str, *, by: User | None = None, dated: str = "") -> Paper:
        """A paper drafted and issued at once; ``dated`` where that is another day than ``on``."""
        who, at = by or self.officer, moment(on)
        drafted = papers.draft_paper(case_id=self.pk, form=form, fields=fields, actor=who, at=at)
        day = date.fromisoformat(dated or on[:10])
        return papers.issue_paper(case_id=self.pk, paper_id=drafted.pk, dated_on=day, actor=who, at=at)

    def serve(self, paper: Paper, on: str, *companions: str, to: str = "") -> None:
        """By hand on the party, or on somebody else, with what has to go along."""
        by_hand = Delivery(
            Way.DIRECT, to or self.party, date.fromisoformat(on), received_by="张某某", relation=Relation.PARTY,
            place="示例路1号",
        )  # fmt: skip
        service.serve_papers(
            case_id=self.pk, paper_ids=[paper.pk], delivery=by_hand, companions=companions, actor=self.officer,
            at=moment(f"{on}T16:30"),
        )  # fmt: skip

    def collect(self, title: str, on: str, content: bytes, name: str, **more: Any) -> None:
        """A piece of evidence with one file."""
        evidence.add_evidence(
            case_id=self.pk,
            described=described(self.city, title=title, proves="证明违法事实", obtained_on=date.fromisoformat(on), source=self.party, **more),
            upload=[upload(content, name)], actor=self.officer, at=moment(on),
        )  # fmt: skip

    def take(self, kind: str, listed: Listed, on: str) -> Measure:
        """A measure on goods, ordered by the head and carried out an hour later."""
        at = moment(on)
        ordered = measures.order_measure(
            case_id=self.pk, kind=kind, reason="可能转移或者灭失", basis=LAWS, actor=self.head, at=at
        )
        later = at + timedelta(hours=1)
        done = taking(self.city, later, items=[listed], place="示例路1号")
        return measures.take_measure(measure_id=ordered.pk, taking=done, actor=self.officer, at=later)

    def inspect(self, on: str) -> None:
        """The record of the scene."""
        said = day_in_words(date.fromisoformat(on))
        fields = {
            "检查开始时间": f"{said}9时", "检查结束时间": f"{said}11时", "检查地点": "示例路1号", "当事人到场情况": "负责人张某某在场。",
            "检查事项": self.case.cause, "现场情况": "两名执法人员出示证件，检查经营场所，拍照并调取资料。",
        }  # fmt: skip
        self.issue("scene_record", fields, on)

    def propose(self, on: str, *, hearing_right: bool = False) -> None:
        """The fine that was published, with the report of the investigation."""
        at, fine = moment(on), yuan(self.party, "fine_cny")
        self.case = proposal.propose(
            case_id=self.pk, facts=f"当事人{published(self.party)['violation']}。", basis=f"依据有关法律{LAWS}。",
            penalties=[PenaltyKind.FINE], fine=fine, hearing_right=hearing_right, actor=self.officer, at=at,
        )  # fmt: skip
        fields = {
            "当事人基本情况": f"{self.party}，住所示例路1号。", "调查经过": "经现场检查、询问和调取资料。", "认定事实": "违法事实清楚。",
            "案件性质": published(self.party)["violation"], "处理意见": f"建议罚款{fine}元。",
        }  # fmt: skip
        self.issue("conclusion_report", fields, on)

    def review(self, sent: str, passed: str) -> None:
        review.conclude_case(
            case_id=self.pk, conclusion="违法事实清楚，证据确凿。", reviewer_id=self.reviewer.pk, actor=self.officer,
            at=moment(sent),
        )  # fmt: skip
        review.pass_review(
            case_id=self.pk, opinion="事实清楚，证据充分，同意。", actor=self.reviewer, at=moment(passed)
        )
        self.issue("case_review", {"送审日期": date.fromisoformat(sent)}, passed, by=self.reviewer)

    def tell(self, approved: str, served: str) -> None:
        """The notice is approved, issued and served."""
        proposal.approve_notice(case_id=self.pk, version=1, opinion="同意告知。", actor=self.head, at=moment(approved))
        offered = self.fresh().proposals.get().hearing_right
        notice = self.issue("penalty_notice", {"告知陈述申辩": not offered, "告知听证": offered}, approved)
        self.serve(notice, served)

    def answer(self, on: str) -> None:
        """What the party says to the notice, on record and weighed."""
        said, day = "没有主观故意，已经整改，请求从轻。", day_in_words(date.fromisoformat(on))
        fields = {
            "陈述开始时间": f"{day}9时", "陈述结束时间": f"{day}10时", "陈述地点": "大队询问室", "记录人": "示例记录人",
            "陈述申辩请求": "从轻处罚", "陈述申辩内容": said,
        }  # fmt: skip
        self.issue("defence_record", fields, on)
        defence.record_defence(
            case_id=self.pk, made_on=date.fromisoformat(on), way="oral", content=said, adopted="none",
            reply="整改情况在拟处罚时已经考虑。", actor=self.officer, at=moment(on),
        )  # fmt: skip

    def decide(self, on: str, served: str) -> None:
        fine = yuan(self.party, "fine_cny")
        self.case = decision.decide_case(
            case_id=self.pk, decision=f"罚款{fine}元。依据有关法律{LAWS}。", fine=fine, confiscated=Decimal(),
            defence="当事人请求从轻，经复核不予采纳。", actor=self.head, at=moment(on),
        )  # fmt: skip
        fields = {
            "调查经过": "经立案调查。", "定性和依据": published(self.party)["violation"], "裁量理由": "一般情节。", "违反条款": LAWS,
            "处罚依据": LAWS, "履行方式和期限": "收到之日起十五日内缴纳。", "救济途径和期限": "可以申请复议或者提起诉讼。",
        }  # fmt: skip
        self.serve(self.issue("penalty_decision", fields, on), served, "credit_repair_notice")

    def pay(self, amount: Decimal, on: str) -> None:
        performance.record_payment(
            case_id=self.pk, amount=amount, paid_on=date.fromisoformat(on), receipt_number=f"示票{on}",
            actor=self.officer, at=moment(on),
        )  # fmt: skip

    def close(self, on: str) -> Case:
        self.issue("closing_approval", {"办案人员意见": "建议结案。"}, on)
        self.case = performance.close_case(case_id=self.pk, reason="同意结案。", actor=self.head, at=moment(on))
        return self.case


def overcharging(city: City) -> Case:
    """企业K: 63 800 yuan charged too much and refunded, 319 000 yuan of fine; heard, discussed, paid in three parts."""
    walk = Walk(city, "企业K", "2026-03-02", "2026-03-04")
    ledgers = Listed("收费台账", Decimal(3), "本", value=Decimal(1))
    books = walk.take("registration", ledgers, "2026-03-05")
    walk.inspect("2026-03-05")
    walk.collect(
        "收费台账", "2026-03-06", scan("ledger page one", "ledger page two", "ledger page three"), "收费台账.pdf"
    )
    walk.collect("收费数据导出", "2026-03-06", b"month,amount\n2025-11,63800\n", "收费数据.csv", kind="data")
    measure_ends.handle_registered(
        measure_id=books.pk, handling="preserve", reason="已复制台账，原件退还。", actor=walk.officer,
        at=moment("2026-03-10"),
    )  # fmt: skip
    goods.return_items(
        measure_id=books.pk, received_by="张某某", returned_on=date(2026, 3, 10), actor=walk.officer,
        at=moment("2026-03-10T15:00"),
    )  # fmt: skip
    _refund(walk)
    walk.propose("2026-03-24", hearing_right=True)
    walk.review("2026-03-24", "2026-03-26")
    hearing_builders.clerk_of_hearing(city)
    walk.tell("2026-03-27", "2026-03-30")
    walk.answer("2026-04-01")
    _hear(walk)
    _discuss(walk)
    walk.decide("2026-04-29", "2026-04-30")
    _pay_in_parts(walk)
    return walk.close("2026-08-12")


def _refund(walk: Walk) -> None:
    whole, at = yuan("企业K", "refunded_cny"), moment("2026-03-12")
    fields = {
        "违法行为": "高于规定标准收费", "违反条款": LAWS, "处罚规定条款": LAWS, "退款期限": 30, "退款金额": whole,
    }  # fmt: skip
    walk.serve(walk.issue("refund_order", fields, "2026-03-12"), "2026-03-12")
    refund_orders.order_refund(
        case_id=walk.pk, heard="当事人无异议。", due_on=date(2026, 4, 10), amount=whole,
        beneficiaries=[("示例用户甲", Decimal(23800)), ("示例用户乙", whole - 23800)], actor=walk.head, at=at,
    )  # fmt: skip
    for each in Beneficiary.objects.order_by("id"):
        refund_orders.record_refund(
            case_id=walk.pk, beneficiary_id=each.pk, amount=each.amount, refunded_on=date(2026, 3, 20), voucher="转账回单",
            actor=walk.officer, at=moment("2026-03-20"),
        )  # fmt: skip
    refund_orders.end_refund(case_id=walk.pk, remark="全部退还。", actor=walk.officer, at=moment("2026-03-23"))


def _hear(walk: Walk) -> None:
    """Seven clear working days lie between the notice of 8 April and the hearing of 21 April."""
    city, case, host, told = walk.city, walk.case, walk.city.east_head, moment("2026-04-08")
    day, recorder = moment("2026-04-21T09:30"), hearing_builders.clerk_of_hearing(walk.city)
    hearing_builders.request(city, case, on=date(2026, 4, 2), at=moment("2026-04-02"))
    hearing_builders.name_host(city, case, at=moment("2026-04-03"))
    hearing_builders.hand_over(city, case, at=moment("2026-04-07"))
    hearing_builders.schedule(city, case, opens_at=day, at=told)
    notice = walk.issue("hearing_notice", {"记录员": recorder.name}, "2026-04-08", by=host)
    walk.serve(notice, "2026-04-08")
    hearing_builders.tell(city, case, Told.OFFICERS, at=told)
    hearing_builders.announce(city, case, at=told)
    hearing_builders.hold(city, case, at=day + timedelta(hours=2))
    kept = {"听证结束时间": "2026年4月21日11时30分", "记录员": recorder.name}
    there = {"到场人员": "张某某、李某某", "通知送达日期": told.date(), "听证通知书文号": notice.number_text}
    walk.issue("hearing_record", {**kept, **there}, "2026-04-21T15:00", by=host)
    said = {"听证基本情况": "各方充分发表意见。", "听证意见": "建议维持拟处罚意见。"}
    walk.issue("hearing_report", {**kept, **said}, "2026-04-23", by=host)
    hearing_builders.report(city, case, at=moment("2026-04-23"))
    hearing_builders.submit(city, case, at=moment("2026-04-24"))
    hearing_builders.pass_legal(city, case, at=moment("2026-04-27"))


def _discuss(walk: Walk) -> None:
    hearing_builders.discuss(walk.city, walk.case, at=moment("2026-04-28"))
    fields = {
        "讨论日期": date(2026, 4, 28), "讨论地点": "局党组会议室", "主持人": walk.head.name, "出席人员": "部门负责人三人",
        "记录人": "示例记录人", "讨论记录": "逐一发表意见，一人不同意。", "处理意见": "按拟处罚意见作出决定。",
    }  # fmt: skip
    walk.issue("collective_discussion_record", fields, "2026-04-28T16:00")


def _pay_in_parts(walk: Walk) -> None:
    parts = [("2026-06-08", Decimal(119000)), ("2026-07-08", Decimal(100000)), ("2026-08-07", Decimal(100000))]
    plans.defer_payment(
        case_id=walk.pk, applied_on=date(2026, 5, 8), reason="资金周转困难，附财务报表。",
        instalments=[(date.fromisoformat(on), amount) for on, amount in parts], actor=walk.head,
        at=moment("2026-05-11"),
    )  # fmt: skip
    fields = {
        "申请日期": date(2026, 5, 8), "分期": True, "分期期次": "1\n2\n3", "分期时间": "\n".join(f"{on}前" for on, _ in parts),
        "分期数额": "\n".join(str(amount) for _, amount in parts), "逾期措施": "加处罚款",
    }  # fmt: skip
    walk.serve(walk.issue("payment_deferral_notice", fields, "2026-05-11"), "2026-05-12")
    for on, amount in parts:
        walk.pay(amount, on)


def lift(city: City) -> Case:
    """企业D: a lift that failed its inspection, 50 000 yuan, no hearing; paid a week late with the extra fine."""
    walk = Walk(city, "企业D", "2026-03-16", "2026-03-18")
    walk.inspect("2026-03-18")
    walk.collect("电梯检验报告", "2026-03-20", scan("inspection report: not passed"), "检验报告.pdf", kind="appraisal")
    walk.propose("2026-04-07")
    walk.review("2026-04-07", "2026-04-10")
    walk.tell("2026-04-13", "2026-04-14")
    walk.answer("2026-04-17")
    walk.decide("2026-05-06", "2026-05-08")
    late = "2026-06-01"
    money.charge_late_fine(case_id=walk.pk, reason="逾期未缴。", actor=walk.head, at=moment(late))
    walk.pay(walk.fresh().left_amount, late)
    return walk.close("2026-06-08")


def counterfeits(city: City) -> Case:
    """企业F: goods under another's trademark, worth 565 800 yuan: seized, and the case referred to the police."""
    walk = Walk(city, "企业F", "2025-01-16", "2025-01-20")
    wares = Listed("标注他人注册商标的商品", Decimal(1200), "件", value=yuan("企业F", "goods_value_cny"))
    seized = walk.take("seizure", wares, "2025-01-24")
    walk.inspect("2025-01-20")
    walk.collect("商品照片和价格标签", "2025-01-20", scan("price tags"), "价格标签.pdf", kind="object")
    to, handed = "示例市公安局", "案卷一册，扣押商品及清单。"
    goods.hand_over_items(
        measure_id=seized.pk, receiver=to, reason="随案移送，已书面告知当事人。", actor=walk.head,
        at=moment("2025-02-21"),
    )  # fmt: skip
    outcomes.refer_case(
        case_id=walk.pk, recipient=to, handed_over=handed, reason="涉案金额达到刑事立案追诉标准，涉嫌犯罪。", actor=walk.head,
        at=moment("2025-02-21T15:00"),
    )  # fmt: skip
    walk.serve(walk.issue("crime_referral", {"受送机关": to}, "2025-02-21T16:00"), "2025-02-21", to=to)
    assert not Measure.objects.get(pk=seized.pk).items.filter(state="held").exists()
    return walk.close("2025-03-03")
