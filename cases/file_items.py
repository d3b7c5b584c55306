"""What lies in the file of a case: issued papers and files as they are, those of its lead among them, and pages
written from the records where no paper was made.
"""

from collections.abc import Iterator
from datetime import datetime

from accounts.models import User
from cases.models import Case, MeasureItem
from cases.queries.duties import reviews_of
from cases.queries.evidence import evidence_of, with_files
from cases.queries.hearing import discussions_with_voices, hearings_of
from cases.queries.matter import moves_of
from cases.queries.measures import histories, measures_of
from cases.queries.money import payments_of
from cases.queries.papers import subjects_of
from cases.states.discussion import Topic
from cases.states.duties import ReviewHead
from cases.states.evidence import EvidenceState
from cases.states.hearing import HearingState
from cases.states.matter import CLOSE, FILE, FilingCondition
from cases.states.measures import ItemState
from cases.states.outcomes import CeasingGround, EndKind
from cases.volumes import Item, Volume, Words
from core.transitions import in_record
from deadlines.actions.clocks import local_day
from deadlines.replay import SHANGHAI
from documents.models import Paper, ServedPaper, Service
from documents.queries.files import files_of
from documents.queries.papers import papers_among
from documents.queries.service import receipts_of, services_of
from documents.service_ways import Relation, ServiceState, Way
from documents.states import PaperState
from documents.typed_fields import day_in_words

MAIN, SECONDARY = Volume.MAIN, Volume.SECONDARY
Rows = tuple[tuple[str, str], ...]


def items_of(case: Case) -> list[Item]:
    """Everything that goes into the file of a case the caller has fetched through a gate, in no particular order."""
    papers = list(papers_among(subjects_of(case)).filter(state=PaperState.ISSUED))
    forms = {paper.form for paper in papers}
    return [
        *_papers(papers, list(services_of("case", case.pk).exclude(state=ServiceState.VOID))),
        *_evidence(case),
        *_lead(case, forms),
        *_goods(case),
        *_payments(case),
        *_of_hearings(case, forms),
        *_discussions(case, forms),
        *_steps(case, forms),
    ]


def _papers(papers: list[Paper], services: list[Service]) -> Iterator[Item]:
    """Each paper, directly behind it what proves its service."""
    behind = _receipts(services)
    for paper in papers:
        kind = paper.kind
        if kind.volume:
            author = paper.issued_by.name if paper.issued_by else ""
            yield Item(kind.volume, kind.place, paper.title, paper, paper.number_text, paper.dated_on, author)
            for title, source, writer in behind.pop(paper.pk, ()):
                yield Item(kind.volume, kind.place, title, source, paper.number_text, paper.dated_on, writer)
    for title, source, writer in (each for rows in behind.values() for each in rows):
        yield Item(MAIN, 3, title, source, "", None, writer)


def _receipts(services: list[Service]) -> dict[int, list[tuple[str, object, str]]]:
    """By the first paper of each service (0 for none of the system): the receipt in words, then its files."""
    found: dict[int, list[tuple[str, object, str]]] = {}
    for service in services:
        served = list(service.papers.all())
        title = f"送达回证（{'、'.join(each.title for each in served)}）"
        rows = found.setdefault(next((each.paper_id for each in served if each.paper_id), 0), [])
        rows.append((title, _receipt(service, served), service.officer.name))
        rows += [(f"{title} {file.name}", file, service.officer.name) for file in receipts_of(service)]
    return found


def _receipt(service: Service, served: list[ServedPaper]) -> Words:
    named = ("received_by", "place", "through", "account", "witness", "record", "reason")
    labels = {field.name: in_record(field.verbose_name) for field in Service._meta.fields}
    return Words((
        ("送达文书", "\n".join(each.label for each in served)), ("受送达人", service.recipient),
        ("送达方式", in_record(Way(service.way).label)), ("送达日期", day_in_words(service.served_on)),
        *((("公告发布日期", day_in_words(service.posted_on)),) if service.posted_on else ()),
        *((("签收人与受送达人的关系", in_record(Relation(service.relation).label)),) if service.relation else ()),
        *((labels[name], getattr(service, name)) for name in named if getattr(service, name)),
        ("送达人", _both(service.officer, service.second_officer)),
    ))  # fmt: skip


def _evidence(case: Case) -> Iterator[Item]:
    for each, files in with_files(list(evidence_of(case))):
        is_out = each.state == EvidenceState.EXCLUDED
        place = 7 if is_out else 4
        title = f"证据{each.number} {each.title}" + ("（已排除，不作为认定案件事实的根据）" if is_out else "")
        for number, file in enumerate(files, start=1):
            name = f"{title}（{number}）" if len(files) > 1 else title
            yield Item(MAIN, place, name, file, "", each.obtained_on, each.source)
        if not files:
            words = Words((
                ("证据种类", in_record(each.get_kind_display())), ("证明什么", each.proves), ("来源、提供人", each.source),
                ("取得日期", day_in_words(each.obtained_on)), ("收集人员", _both(each.officer, each.second_officer)),
                ("存放地点", each.storage), ("复制件说明", each.copy_note),
            ))  # fmt: skip
            yield Item(MAIN, place, title, words, "", each.obtained_on, each.source)


def _lead(case: Case, forms: set[str]) -> Iterator[Item]:
    """Where the case came from, unless a paper of the lead says it already, and the files of the lead."""
    lead = case.lead
    if lead is None:
        return
    if "lead_source_register" not in forms:
        words = Words((
            ("线索编号", lead.number), ("来源渠道", in_record(lead.get_channel_display())),
            ("收到材料之日", day_in_words(lead.received_on)), ("当事人", lead.party_name), ("线索内容", lead.summary),
            ("核查情况", lead.findings),
        ))  # fmt: skip
        author = lead.owner.name if lead.owner else ""
        yield Item(SECONDARY, 1, "案源材料", words, lead.number, lead.received_on, author)
    for file in files_of("lead", lead.pk):
        yield Item(SECONDARY, 1, file.name, file, "", local_day(file.stored_at), "")


def _goods(case: Case) -> Iterator[Item]:
    for measure in measures_of(case):
        if measure.taken_at is not None:
            lines = [_line(item) for item in histories(measure.items.all())]
            title = f"{measure.label}财物清单及处理情况"
            yield Item(MAIN, 6, title, Words(tuple(lines)), "", local_day(measure.taken_at), "")


def _line(item: MeasureItem) -> tuple[str, str]:
    moves = [
        f"{day_in_words(local_day(move.at))}：{in_record(ItemState(move.target).label)} {move.reason}".rstrip()
        for move in item.moves.all()
    ]
    return f"{item.number}. {item.name} {item.spec} {item.amount}", "\n".join(moves)


def _payments(case: Case) -> Iterator[Item]:
    lines = [
        (day_in_words(each.paid_on), f"{each.amount}元 {in_record(each.get_kind_display())} {each.receipt_number} {each.reason}".strip())
        for each in payments_of(case)
    ]  # fmt: skip
    if lines:
        yield Item(MAIN, 6, "罚没款缴纳记录", Words(tuple(lines)), "", case.paid_on, "")


def _of_hearings(case: Case, forms: set[str]) -> Iterator[Item]:
    for hearing in hearings_of(case):
        head = (
            ("案由", case.cause), ("听证时间", _moment(hearing.opens_at)), ("听证地点", hearing.place),
            ("听证主持人", hearing.host.name if hearing.host else ""),
        )  # fmt: skip
        if hearing.minutes and "hearing_record" not in forms:
            rows: Rows = (*head, ("听证笔录", hearing.minutes), ("当事人最后意见", hearing.last_word_party))
            yield Item(MAIN, 5, "听证笔录", Words(rows), "", hearing.held_on, "")
        if hearing.state == HearingState.REPORTED and "hearing_report" not in forms:
            rows = (*head, ("听证的基本情况", hearing.summary), ("处理意见和建议", hearing.advice))
            rows = (*rows, ("需要报告的其他事项", hearing.remarks))
            yield Item(SECONDARY, 4, "听证报告", Words(rows), "", hearing.reported_on, "")


def _discussions(case: Case, forms: set[str]) -> Iterator[Item]:
    if "collective_discussion_record" in forms:
        return
    for each in discussions_with_voices(case, most=100):
        voices = [(voice.person.name, voice.opinion or "") for voice in each.voices.all()]
        words = Words((
            ("讨论事项", in_record(Topic(each.topic).label)), ("时间、地点", f"{_moment(each.held_at)} {each.place}"),
            ("主持人", each.chair.name), ("记录人", each.recorder.name), ("讨论记录", each.minutes), *voices,
            ("处理意见", f"{in_record(each.get_conclusion_display())} {each.resolution}"),
        ))  # fmt: skip
        yield Item(SECONDARY, 6, "集体讨论记录", words, "", local_day(each.held_at), each.chair.name)


def _steps(case: Case, forms: set[str]) -> Iterator[Item]:
    """Filing, report, reviews, defences and closing, each unless a paper says it already."""
    party = (("当事人", case.party_name), ("案由", case.cause))
    moves = {move.name: move for move in moves_of(case)}
    if "filing_approval" not in forms and (filed := moves.get(FILE.name)) is not None:
        conditions = "\n".join(in_record(FilingCondition(each).label) for each in case.filing_conditions)
        words = Words((
            *party, ("立案号", case.number), ("符合的立案条件", conditions), ("审批意见", filed.reason or "同意立案"),
            ("办案人员", _both(case.owner, case.second_officer)), ("批准人、时间", f"{_name(filed.actor)} {_moment(filed.at)}"),
        ))  # fmt: skip
        yield Item(MAIN, 1, "立案审批表", words, case.number, case.filed_on, _name(filed.actor))
    if case.conclusion and "conclusion_report" not in forms:
        words = Words((*party, ("调查终结报告", case.conclusion)))
        yield Item(SECONDARY, 2, "案件调查终结报告", words, "", None, case.owner.name)
    if "case_review" not in forms:
        yield from _reviews(case)
    if "defence_record" not in forms:
        for each in case.defences.order_by("id"):
            words = Words((
                ("提出日期", day_in_words(each.made_on)), ("陈述申辩内容", each.content), ("提供的证据", each.evidence),
                ("复核意见", f"{in_record(each.get_adopted_display())}：{each.reply}"),
            ))  # fmt: skip
            yield Item(MAIN, 7, "陈述申辩及复核记录", words, "", each.made_on, "")
    for ending in case.endings.filter(kind=EndKind.CEASED).select_related("decided_by"):
        words = Words((
            *party, ("决定书文号", case.decision_number), ("执行情况", f"应缴{case.owed_amount}元，已缴{case.paid}元"),
            ("终结执行的情形", in_record(CeasingGround(ending.ground).label)), ("理由", ending.reason),
            ("批准人、时间", f"{ending.decided_by.name} {_moment(ending.recorded_at)}"),
        ))  # fmt: skip
        yield Item(SECONDARY, 6, "终结执行审批表", words, "", ending.happened_on, ending.decided_by.name)
    if "closing_approval" not in forms and (closed := moves.get(CLOSE.name)) is not None:
        words = Words((
            *party, ("处理结果", in_record(case.get_outcome_display()) or case.decision), ("决定书文号", case.decision_number),
            ("执行情况", f"应缴{case.due_amount}元，已缴{case.paid}元"), ("审批意见", closed.reason or "同意结案"),
            ("批准人、时间", f"{_name(closed.actor)} {_moment(closed.at)}"),
        ))  # fmt: skip
        yield Item(SECONDARY, 5, "结案审批表", words, "", case.closed_on, _name(closed.actor))


def _reviews(case: Case) -> Iterator[Item]:
    for each in reviews_of(case):
        if each.ended_at is None:
            continue
        heads = [(in_record(ReviewHead(head["head"]).label), head["note"] or "无异议") for head in each.heads]
        words = Words((
            ("审核种类", in_record(each.get_kind_display())), ("审核人员", each.reviewer.name), *heads,
            ("书面意见", each.opinion), ("结论", in_record(each.get_outcome_display())), ("完成时间", _moment(each.ended_at)),
        ))  # fmt: skip
        title = f"{in_record(each.get_kind_display())}意见"
        yield Item(SECONDARY, 3, title, words, "", local_day(each.ended_at), each.reviewer.name)


def _name(user: User | None) -> str:
    return user.name if user else "系统"


def _both(first: User, second: User) -> str:
    return f"{first.name}、{second.name}"


def _moment(at: datetime | None) -> str:
    return f"{day_in_words(local_day(at))}{at.astimezone(SHANGHAI):%H:%M}" if at else ""
