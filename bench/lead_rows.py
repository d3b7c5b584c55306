"""A city's register of leads, as many as asked for, written by set, with its full-text index and running periods."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import CharField, TextField

from bench.fill import NOW, TODAY, copy_rows, run_sql, vacuum, without_indexes, without_key_checks
from clues.channels import VERIFICATION
from clues.models import Lead
from clues.parties import normal_name
from deadlines.queries import current_calendar, rule_book
from deadlines.replay import ClockFacts, due_of
from search.words import postgresql_vector, tokens_of

GIVEN = {
    "number", "channel", "party_name", "normal_name", "region_code", "summary", "informant_key", "state",
    "decline_ground",
}  # fmt: skip
YEARS = 3
OPEN_DAYS = 30  # younger leads are still being verified
TEXTS = 2000
PLACES = ("甲区", "乙区", "丙区", "丁区", "戊区", "己区", "庚区", "辛区", "壬区", "癸区")
WHAT = (
    "货架上有超过保质期的预包装食品在售", "菜单标价与结账价格不一致", "在用电子计价秤未经检定", "网页宣传普通食品具有治疗功效",
    "加油机铅封破损", "使用未经定期检验的电梯", "抽检的儿童玩具小零件项目不合格", "销售侵犯注册商标专用权的商品",
    "停车收费高于公示标准", "房地产广告含有升值承诺", "后厨卫生条件不符合要求", "未明码标价", "药品未按说明书要求储存",
    "化妆品标签缺少备案号", "产品能效标识与实测不符", "以直播方式虚假宣传商品性能",
)  # fmt: skip
HOW = (
    "附照片两张", "附购物小票", "要求依法查处并告知结果", "已与商家协商未果", "现场工作人员拒绝说明", "此前曾有类似反映",
    "位于地铁站附近", "多次发生", "附检验报告", "当事人承认事实",
)  # fmt: skip
RARE = "磁悬浮制冷机组"  # in one text of two thousand
COMMON = "食品"


def texts() -> list[str]:
    """What is reported, in two thousand wordings; one of them names something nobody else does."""
    found = []
    for number in range(TEXTS):
        what, how = WHAT[number % len(WHAT)], HOW[number // len(WHAT) % len(HOW)]
        where = f"{PLACES[number % len(PLACES)]}第{number % 97}街{number % 31}号"
        found.append(f"反映{where}经营者{what}，{how}，编次{number}。")
    found[0] += f"涉及{RARE}。"
    return found


def parties() -> Iterator[tuple[str, str]]:
    """Names and normal names: the short names of the corpus in each place."""
    corpus = (Path(settings.BASE_DIR) / "data" / "company_short_names.txt").read_text(encoding="utf-8").split()
    for place in PLACES:
        for short in corpus:
            name = f"{place}{short}有限公司"
            yield name, normal_name(name)


def add_leads(first: int, count: int) -> None:
    """``count`` leads numbered from ``first`` with their index and, where they are open, their period; then VACUUM."""
    last = first + count - 1
    run_sql("SET maintenance_work_mem = '256MB'")
    _load_words()
    _load_dues()
    with without_key_checks(), without_indexes("clues_lead", "search_text"):
        empty = _empty_texts()
        leads = _LEADS.format(empty=", ".join(empty), nothing=", ".join("''" for _column in empty))
        run_sql(leads, [TODAY, OPEN_DAYS, TODAY, YEARS * 365, first, last])
        run_sql(_INDEX, [first, last])
    run_sql(_CLOCKS, [NOW, first, last])
    # Rows were written under numbers of their own: the next lead must not be given one of them.
    run_sql("SELECT setval(pg_get_serial_sequence('clues_lead', 'id'), (SELECT max(id) FROM clues_lead))")
    run_sql("DROP TABLE bench_text, bench_party, bench_due, bench_holder")
    vacuum()


def _empty_texts() -> list[str]:
    """The texts of a lead that are not given here: nothing was written in them."""
    texts = (field for field in Lead._meta.concrete_fields if isinstance(field, CharField | TextField))
    return [str(field.column) for field in texts if not field.null and field.column not in GIVEN]


def _load_words() -> None:
    run_sql("CREATE TEMPORARY TABLE bench_text (n int PRIMARY KEY, summary text, vector tsvector)")
    copy_rows(
        "COPY bench_text FROM STDIN",
        [(n, text, postgresql_vector(tokens_of([text]), ())) for n, text in enumerate(texts())],
    )
    run_sql("CREATE TEMPORARY TABLE bench_party (n int PRIMARY KEY, name text, normal_name text, vector tsvector)")
    copy_rows(
        "COPY bench_party FROM STDIN",
        [
            (n, name, normal, postgresql_vector(tokens_of([name]), ()))
            for n, (name, normal) in enumerate(parties())
        ],
    )  # fmt: skip
    run_sql(
        """
        CREATE TEMPORARY TABLE bench_holder AS
        SELECT row_number() OVER (ORDER BY u.id) AS n, u.id AS owner_id, o.id AS office_id, o.bureau_id, o.region_code
        FROM accounts_post p JOIN accounts_office o ON o.id = p.office_id JOIN accounts_user u ON u.id = p.user_id
        WHERE p.role = 'handler' AND o.level = 3
        """
    )
    run_sql("ANALYZE bench_text, bench_party, bench_holder")


def _load_dues() -> None:
    """The end of verification for every day an open lead can have come in."""
    run_sql(
        "CREATE TEMPORARY TABLE bench_due (origin_on date PRIMARY KEY, version text, due_on date, due_at timestamptz)"
    )
    rows = []
    for age in range(OPEN_DAYS + 1):
        origin = TODAY - timedelta(days=age)
        version = rule_book().version_on(VERIFICATION, origin)
        due = due_of(ClockFacts(origin), version, current_calendar())
        assert due is not None  # noqa: S101 - only an open suspension leaves the due open
        rows.append((origin, version.id, due.on, due.at))
    copy_rows("COPY bench_due FROM STDIN", rows)


_LEADS = """
WITH drawn AS MATERIALIZED (
    SELECT n, 1 + floor(random() * (SELECT count(*) FROM bench_holder))::int AS holder,
           floor(random() * (SELECT count(*) FROM bench_text))::int AS text,
           floor(random() * (SELECT count(*) FROM bench_party))::int AS party,
           CASE WHEN n %% 25 = 0 THEN %s::date - floor(random() * %s)::int
                ELSE %s::date - 31 - floor(random() * %s)::int END AS received_on
    FROM generate_series(%s::int, %s::int) n
)
INSERT INTO clues_lead (
    id, number, channel, channel_facts, received_on, party_name, normal_name, has_party_code_doubt, region_code, flags,
    summary, is_anonymous, informant_key, office_id, bureau_id, owner_id, state, decline_ground, decided_on, created_at,
    {empty}
)
OVERRIDING SYSTEM VALUE
SELECT d.n + 10000000, '示市监线索〔2026〕' || d.n || '号', 'report', '{{}}', d.received_on, p.name, p.normal_name, false,
       h.region_code, '[]', t.summary, false, CASE WHEN d.n %% 3 = 0 THEN md5((d.n %% 5000)::text) ELSE '' END,
       h.office_id, h.bureau_id, h.owner_id, CASE WHEN d.n %% 25 = 0 THEN 'verifying' ELSE 'not_filed' END,
       CASE WHEN d.n %% 25 = 0 THEN '' ELSE 'minor' END,
       CASE WHEN d.n %% 25 = 0 THEN NULL ELSE d.received_on + 20 END, d.received_on, {nothing}
FROM drawn d
JOIN bench_holder h ON h.n = d.holder JOIN bench_text t ON t.n = d.text JOIN bench_party p ON p.n = d.party
"""
_INDEX = """
INSERT INTO search_text (kind, subject_id, office_id, bureau_id, newest_on, vector)
SELECT 'lead', l.id, l.office_id, l.bureau_id, l.received_on,
       t.vector || p.vector || array_to_tsvector(ARRAY['§lead', '§lead§o' || l.office_id, '§lead§b' || l.bureau_id])
FROM clues_lead l JOIN bench_text t ON t.summary = l.summary JOIN bench_party p ON p.name = l.party_name
WHERE l.id BETWEEN %s + 10000000 AND %s + 10000000
"""
_CLOCKS = """
INSERT INTO deadlines_clock (
    rule, rule_version, subject_kind, subject_id, subject_label, subject_number, office_id, bureau_id, owner_id, state,
    origin_on, calendar_version, due_on, due_nominal_on, due_at, is_provisional, started_at
)
SELECT 'lead_verification', d.version, 'lead', l.id, l.number || ' · ' || l.party_name, l.number, l.office_id, l.bureau_id,
       l.owner_id, 'running', l.received_on, (SELECT max(id) FROM deadlines_calendarnotice), d.due_on, d.due_on, d.due_at,
       false, %s
FROM clues_lead l JOIN bench_due d ON d.origin_on = l.received_on
WHERE l.state = 'verifying' AND l.id BETWEEN %s + 10000000 AND %s + 10000000
"""
