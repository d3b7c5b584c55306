"""Standards of discretion: versions from a file, the tier of a proposal, like cases, and the pages that show them."""

from datetime import date
from decimal import Decimal
from typing import Any

import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.actions import discretion
from cases.models import Case, DiscretionTier, Proposal, ProposalApproval
from cases.queries.decision import current_proposal
from cases.queries.discretion import like_cases, standards_of
from core.errors import Invalid
from tests.api_client import Caller
from tests.browsing import as_
from tests.builders import KINDS, SYSTEM, City, decide, make_case, make_notified_case, moment
from tests.cases.stages import VERBS
from tests.cases.test_decision import AFTER, AT, approved, proposed
from tests.refusals import refused

STANDARDS = """
standards:
  - key: expired_food
    title: 经营超过保质期的食品
    basis: 示例市裁量基准第一条
    base: 货值金额
    office: east
    effective_from: 2026-01-01
    tiers:
      - {kind: none, factors: 轻微并及时改正}
      - {kind: lighter, factors: 初次, least: "1000", most: "5000"}
      - {kind: heavier, factors: 再犯, is_multiple: true, least: "2", most: "5"}
hearing_thresholds:
  - {office: city, person: 5000, organisation: 50000, basis: 示例省规定第一条, effective_from: 2026-01-01}
"""


def load(text: str = STANDARDS) -> int:
    return discretion.load_discretion(text=text, source="tests", actor=SYSTEM, at=AT)


def tier(kind: str) -> int:
    return DiscretionTier.objects.get(kind=kind, standard__ends_on__isnull=True).pk


def test_standards_come_in_as_versions_once(city: City) -> None:
    assert (load(), load()) == (2, 0)
    for old, new in (("初次", "初犯"), ("organisation: 50000", "organisation: 60000")):
        with refused(Invalid, "standard_changed"):
            load(STANDARDS.replace(old, new))
    assert (
        load(STANDARDS.replace("effective_from: 2026-01-01\n    tiers", "effective_from: 2026-03-01\n    tiers")) == 1
    )
    on = {day: [str(each.starts_on) for each in standards_of(city.east, "", date.fromisoformat(day))]
          for day in ("2026-02-28", "2026-03-01")}  # fmt: skip
    assert on == {"2026-02-28": ["2026-01-01"], "2026-03-01": ["2026-03-01"]}
    assert not standards_of(city.west, "", date(2026, 3, 1)).exists()
    with refused(Invalid, "unknown_office", "office"):
        load(STANDARDS.replace("office: east", "office: nowhere").replace("key: expired_food", "key: other"))
    with refused(Invalid, "bad_value"):
        load(STANDARDS.replace('most: "5000"', 'most: "500"'))
    with refused(Invalid, "standard_overlaps"):
        load(STANDARDS.replace("effective_from: 2026-01-01\n    tiers", "effective_from: 2026-02-01\n    tiers"))


def test_a_fine_outside_its_tier_needs_a_reason_and_a_head_who_says_so(city: City) -> None:
    load()
    case, lighter = make_case(city), tier("lighter")
    with refused(Invalid, "required", "discretion_reason"):
        proposed(case, tier_id=lighter)
    for fine in ("999.99", "5000.01"):
        with refused(Invalid, "deviation_without_reason", "deviation_reason"):
            proposed(case, tier_id=lighter, discretion_reason="初次违法", fine=Decimal(fine))
    for fine in ("1000", "5000"):
        proposed(case, tier_id=lighter, discretion_reason="初次违法", fine=Decimal(fine))
    proposed(case, tier_id=lighter, discretion_reason="初次违法", fine=Decimal(800), deviation_reason="经营特别困难")
    newest = current_proposal(case)
    assert newest is not None
    assert (newest.is_deviation, newest.deviation_reason) == (True, "经营特别困难")
    VERBS["conclude"](city, case, city.east_handler, AT)
    VERBS["pass_review"](city, case, city.east_reviewer, AT)
    with refused(Invalid, "deviation_not_approved", "allows_deviation"):
        approved(case, city.east_director, version=3)
    approved(case, city.east_director, version=3, allows_deviation=True)
    assert ProposalApproval.objects.get().allows_deviation


def test_multiples_are_of_a_base_and_a_tier_without_a_fine_has_none(city: City) -> None:
    load()
    case, heavier = make_case(city), tier("heavier")
    with refused(Invalid, "base_missing", "base_amount"):
        proposed(case, tier_id=heavier, discretion_reason="再犯")
    with refused(Invalid, "negative_amount", "base_amount"):
        proposed(case, tier_id=heavier, discretion_reason="再犯", base_amount=Decimal(-1))
    proposed(case, tier_id=heavier, discretion_reason="再犯", base_amount=Decimal(1000), fine=Decimal(2000))
    with refused(Invalid, "deviation_without_reason"):
        proposed(case, tier_id=heavier, discretion_reason="再犯", base_amount=Decimal(1000), fine=Decimal("1999.99"))
    with refused(Invalid, "deviation_without_reason"):
        proposed(case, tier_id=tier("none"), discretion_reason="轻微")


def test_the_sums_of_the_province_decide_who_may_ask_for_a_hearing(city: City) -> None:
    load()
    case = make_case(city)
    proposed(case, fine=Decimal("49999.99"))
    with refused(Invalid, "hearing_right_required", "hearing_right"):
        proposed(case, fine=Decimal(50_000))


def test_like_cases_are_those_decided_in_three_years_that_the_reader_may_see(city: City) -> None:
    old = decide(city, make_notified_case(city), at=AFTER)
    decide(city, make_notified_case(city), at=AFTER)
    case = make_case(city, at=AFTER)
    on = AFTER.date()
    assert {each.pk for each in like_cases(city.east_handler, case, on)} == set(
        Case.objects.filter(decided_on__isnull=False).values_list("pk", flat=True)
    )
    Case.objects.filter(pk=old.pk).update(decided_on=date(2023, 3, 23))
    assert old.pk not in {each.pk for each in like_cases(city.east_handler, case, on)}
    assert not like_cases(city.west_handler, case, on)


# ---- pages and API ------------------------------------------------------------------------------


def test_the_pages_show_tiers_like_cases_changes_and_what_was_told(
    city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    load()
    earlier = decide(city, make_notified_case(city), at=AFTER)
    case = make_case(city, at=AFTER)
    officer, head = as_(city.east_handler), as_(city.east_director)
    typed: dict[str, Any] = {
        "facts": "货架上有过期食品。", "basis": "依据示例法第一条。", "outcome": "penalty", "penalties": ["fine"],
        "fine": "800", "party_kind": "organisation", "tier": str(tier("lighter")), "discretion_reason": "初次违法",
    }  # fmt: skip

    def url(name: str) -> str:
        return reverse(f"case_{name}", args=[case.pk])

    with time_machine.travel(AFTER, tick=False):
        with django_assert_max_num_queries(25):
            form = officer.get(url("propose")).content.decode()
        assert "1,000.00至5,000.00元" in form
        assert "货值金额的2.00至5.00倍" in form
        assert earlier.decision_number in form
        answer = officer.post(url("propose"), typed)
        assert answer.status_code == 400
        assert "偏离裁量基准的理由" in answer.content.decode()
        officer.post(url("propose"), {**typed, "fine": "2000"})
        officer.post(url("propose"), {**typed, "deviation_reason": "经营特别困难"})
        assert "第 2 版" in officer.get(url("page")).content.decode()
        VERBS["conclude"](city, case, city.east_handler, AFTER)
        VERBS["pass_review"](city, case, city.east_reviewer, AFTER)
        with django_assert_max_num_queries(25):
            form = head.get(url("approve_notice")).content.decode()
        assert "与上一版的不同" in form
        assert "2,000.00 元" in form
        assert "须由您明确批准" in form
        sent = {"version": "2", "confirmed": "on"}
        assert head.post(url("approve_notice"), sent).status_code == 400
        assert head.post(url("approve_notice"), {**sent, "allows_deviation": "on"}).status_code == 302
        officer.post(url("notify"), {"served_on": "2026-03-24", "confirmed": "on"})
        officer.post(
            url("record_defence"),
            {"made_on": "2026-03-24", "way": "oral", "content": "无力承担。", "adopted": "none", "reply": "不成立。"},
        )
        assert "无力承担。" in officer.get(url("page")).content.decode()
    with time_machine.travel(moment("2026-04-01"), tick=False):
        form = head.get(url("decide")).content.decode()
        assert "罚款800.00元（大写：捌佰元整）" in form
        assert "复核意见：不采纳。不成立。" in form
        with django_assert_max_num_queries(25):
            page = head.get(url("proposals")).content.decode()
        assert "批准偏离裁量基准" in page
        assert Proposal.objects.get(version=2, case=case).sha256 in page
        assert as_(city.west_handler).get(url("proposals")).status_code == 404


def test_the_api_tells_every_version_with_its_approvals_and_the_tiers(city: City) -> None:
    load()
    case = make_notified_case(city)
    VERBS["revise"](city, case, city.east_director, moment("2026-03-18"))
    heard_of = Caller(city.east_handler)
    (version,) = heard_of.get(f"/cases/{case.pk}/proposals/").json()
    assert (version["version"], version["fine"], version["penalties"]) == (1, "5000.00", list(KINDS))
    assert [(each["is_void"], each["void_reason"]) for each in version["approvals"]] == [(True, "补充证据后改变定性")]
    with time_machine.travel(AFTER, tick=False):
        told = heard_of.get(f"/cases/{case.pk}/discretion/").json()
    assert [each["kind"] for each in told["tiers"]] == ["none", "lighter", "heavier"]
    assert heard_of.get(f"/cases/{case.pk}/defences/").json() == []
    for name in ("proposals", "discretion", "defences"):
        assert Caller(city.west_handler).get(f"/cases/{case.pk}/{name}/").status_code == 404
