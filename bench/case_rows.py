"""A city's register of cases beside its leads, written by set, and one case that has grown very large."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, DecimalField, Field, JSONField, TextField

from bench.fill import NOW, TODAY, run_sql, vacuum, without_indexes, without_key_checks
from cases.models import Case, CaseMove, Evidence, Payment
from cases.states.evidence import EvidenceKind

GIVEN = {
    "number", "procedure", "cause", "party_kind", "party_name", "normal_name", "state", "flags", "filing_conditions",
}  # fmt: skip
YEARS = 3
LARGE = {"moves": 300, "evidence": 200, "payments": 60}


def add_cases(first: int, count: int) -> None:
    """``count`` cases numbered from ``first``, each of the lead with its number, a twenty-fifth of them open; then VACUUM."""
    last = first + count - 1
    run_sql(
        """
        CREATE TEMPORARY TABLE bench_pair AS
        SELECT row_number() OVER (ORDER BY o.id) AS n, o.id AS office_id, o.bureau_id, min(u.id) AS owner_id,
               max(u.id) AS second_officer_id,
               CASE WHEN b.kind = 'district' THEN b.id ELSE b.parent_id END AS authority_id
        FROM accounts_post p JOIN accounts_office o ON o.id = p.office_id JOIN accounts_user u ON u.id = p.user_id
        JOIN accounts_office b ON b.id = o.bureau_id
        WHERE p.role = 'handler' AND o.level = 3 GROUP BY o.id, b.id HAVING count(*) > 1
        """
    )
    run_sql("ANALYZE bench_pair")
    with without_key_checks(), without_indexes("cases_case"):
        empty = _empty()
        cases = _CASES.format(empty=", ".join(empty), nothing=", ".join(empty.values()))
        run_sql(cases, [TODAY, TODAY, YEARS * 365, first, last])
    run_sql(_CLOCKS, [NOW, first, last])
    run_sql("SELECT setval(pg_get_serial_sequence('cases_case', 'id'), (SELECT max(id) FROM cases_case))")
    run_sql("DROP TABLE bench_pair")
    vacuum()


def enlarge(case: Case) -> None:
    """Give an open case a history, evidence and payments by the hundred."""
    CaseMove.objects.bulk_create(
        CaseMove(
            case=case, at=NOW - timedelta(hours=n), actor=case.owner, name="exclude", source=case.state,
            target=case.state, reason=f"第{n}次送检",
        )
        for n in range(LARGE["moves"])
    )  # fmt: skip
    Evidence.objects.bulk_create(
        Evidence(
            case=case, number=n, kind=EvidenceKind.values[n % len(EvidenceKind.values)], title=f"进货票据{n}",
            proves="进货的时间和数量", source="当事人提供", obtained_on=TODAY, officer=case.owner,
            second_officer=case.second_officer, storage="物证室", recorded_by=case.owner, recorded_at=NOW,
        )
        for n in range(1, LARGE["evidence"] + 1)
    )  # fmt: skip
    Payment.objects.bulk_create(
        Payment(case=case, amount=1, to_fine=1, paid_on=TODAY, recorded_by=case.owner, recorded_at=NOW)
        for _ in range(LARGE["payments"])
    )


def _empty() -> dict[str, str]:
    """The columns of texts, lists and sums that are not given here, with nothing written in them."""
    fields = [field for field in Case._meta.concrete_fields if not field.null and field.column not in GIVEN]
    nothing: dict[type[Field[Any, Any]], str] = {CharField: "''", TextField: "''", JSONField: "'[]'", DecimalField: "0"}
    return {str(field.column): nothing[type(field)] for field in fields if type(field) in nothing}


_CASES = """
WITH drawn AS MATERIALIZED (
    SELECT n, 1 + floor(random() * (SELECT count(*) FROM bench_pair))::int AS pair, n %% 25 = 0 AS is_open,
           CASE WHEN n %% 25 = 0 THEN %s::date - floor(random() * 80)::int
                ELSE %s::date - 100 - floor(random() * %s)::int END AS filed_on
    FROM generate_series(%s::int, %s::int) n
)
INSERT INTO cases_case (
    id, number, procedure, lead_id, cause, flags, filing_conditions, party_kind, party_name, normal_name, office_id,
    bureau_id, authority_id, owner_id, second_officer_id, state, filed_on, closed_on, created_at, {empty}
)
OVERRIDING SYSTEM VALUE
SELECT d.n + 10000000, '示市监立案〔2026〕' || d.n || '号', 'ordinary', d.n + 10000000, '涉嫌经营超过保质期的食品案',
       '[]', '[]', 'organisation', l.party_name, l.normal_name, h.office_id, h.bureau_id, h.authority_id, h.owner_id,
       h.second_officer_id, CASE WHEN d.is_open THEN 'investigating' ELSE 'closed' END, d.filed_on,
       CASE WHEN d.is_open THEN NULL ELSE d.filed_on + 90 END, d.filed_on, {nothing}
FROM drawn d JOIN bench_pair h ON h.n = d.pair JOIN clues_lead l ON l.id = d.n + 10000000
"""
_CLOCKS = """
INSERT INTO deadlines_clock (
    rule, rule_version, subject_kind, subject_id, subject_label, subject_number, office_id, bureau_id, owner_id, state,
    origin_on, calendar_version, due_on, due_nominal_on, due_at, is_provisional, started_at
)
SELECT 'case_handling', (SELECT min(rule_version) FROM deadlines_clock WHERE rule = 'case_handling'), 'case', c.id,
       c.number || ' · ' || c.party_name, c.number, c.office_id, c.bureau_id, c.owner_id, 'running', c.filed_on,
       (SELECT max(id) FROM deadlines_calendarnotice), c.filed_on + 90, c.filed_on + 90,
       (c.filed_on + 91)::timestamp AT TIME ZONE 'Asia/Shanghai', false, %s
FROM cases_case c WHERE c.state = 'investigating' AND c.id BETWEEN %s + 10000000 AND %s + 10000000
"""
