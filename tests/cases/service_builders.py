"""Papers to serve and how they are served, made through the verbs."""

from datetime import date
from typing import Any

import pytest

from cases.actions.service import (
    confirm_address,
    serve_papers,
)
from cases.models import Case
from documents.models import Paper, Service
from documents.service_ways import Delivery
from tests.builders import City, decide, make_approved_case, make_notified_case, moment
from tests.cases.test_case_papers import DECISION, NOTICE
from tests.documents.paper_builders import issue, make_forms

ON = date(2026, 3, 16)
AT = moment("2026-03-20")
RECEIVED = {"received_by": "李某", "relation": "agent", "place": "示例路1号"}
FACTS: dict[str, dict[str, Any]] = {
    "direct": RECEIVED,
    "left": {"reason": "拒绝签收", "place": "示例路1号", "witness": "社区居委会张某某"},
    "electronic": {"account": "13800000000", "record": "已截屏"},
    "mail": {"through": "EMS001", "place": "示例路1号", "received_by": "李某"},
    "entrusted": {"through": "示例县市场监督管理局", **RECEIVED},
    "relayed": {"through": "示例监狱", **RECEIVED},
    "announcement": {"posting": "media", "through": "示例日报", "reason": "下落不明"},
}


def by(way: str, on: date = ON, **facts: Any) -> Delivery:
    return Delivery(way=way, recipient="示例商店", on=on, **{**FACTS[way], **facts})


def serve(city: City, case: Case, paper: Paper, delivery: Delivery, **more: Any) -> Service:
    given = {"at": AT, "actor": city.east_handler, **more}
    return serve_papers(case_id=case.pk, paper_ids=[paper.pk], delivery=delivery, **given)


def consent(city: City, case: Case, **more: Any) -> None:
    given = {"accepts_electronic": True, "account": "13800000000", "signed_on": date(2026, 3, 10), **more}
    confirm_address(case_id=case.pk, recipient="示例商店", address="示例路1号", actor=city.east_handler, at=AT, **given)


@pytest.fixture
def notice(city: City) -> Paper:
    """The issued notice of an approved proposal with the right to a hearing."""
    make_forms("penalty_notice", "penalty_decision", "inquiry_notice")
    case = make_approved_case(city, hearing_right=True)
    return issue(city, case, "penalty_notice", NOTICE, at=moment("2026-03-11"))


@pytest.fixture
def decision(city: City) -> Paper:
    make_forms("penalty_decision", "inquiry_notice")
    case = decide(city, make_notified_case(city), at=moment("2026-03-24"))
    return issue(city, case, "penalty_decision", DECISION, at=moment("2026-03-24"))


def status_of(answer: Any) -> int:
    """The status, once a file that is being served has been read to its end and closed."""
    if answer.streaming:
        b"".join(answer)
    status: int = answer.status_code
    return status


def of(paper: Paper) -> Case:
    return Case.objects.get(pk=paper.subject_id)
