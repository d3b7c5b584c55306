"""The reference pages under docs/reference, written from the tables the program runs on."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import yaml
from django.db.models import TextChoices
from django.utils import translation

from accounts.roles import Role
from casemgr.error_codes import error_codes, source_files
from cases.states import evidence as evidence_states
from cases.states import hearing as hearing_states
from cases.states import matter as case_states
from cases.states import measures as measure_states
from cases.states import money as money_states
from cases.states import remedy as remedy_states
from clues import states as lead_states
from core.transitions import Transition
from deadlines import states as clock_states
from deadlines.arithmetic import Unit
from deadlines.ladder import Step
from deadlines.rules import ExtensionStep, RuleVersion, Status, Warning_, load_files
from deadlines.yearplans import DATA
from documents import service_ways
from documents import states as paper_states
from exchange import states as import_states
from informants import states as told_states

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "accounts", "audit", "casemgr", "cases", "clues", "core", "deadlines", "documents", "drafts", "exchange", "informants",
    "notices", "routing", "search",
)  # fmt: skip
NOTE = "<!-- Written by `manage.py generate_reference`; do not edit. -->\n"
UNITS = {
    Unit.working_day: "working days",
    Unit.calendar_day: "calendar days",
    Unit.hour: "hours",
    Unit.month: "months",
    Unit.year: "years",
}
STATUSES = {
    Status.law: "law",
    Status.secondary: "second hand: the text of the article was not read",
    Status.local_default: "local default, not law",
}
ROLLS = {
    "none": "no",
    "any_non_working": "to the next working day, from any day off",
    "notice_holiday": "to the next working day, from a holiday of the notice",
}


def reference_pages() -> dict[str, str]:
    """File name under docs/reference, and the text it must have. Needs no database; the same on every machine."""
    with translation.override("zh-hans"):
        return {
            "transitions.md": _transitions(),
            "deadlines.md": _deadlines(),
            "reminders.md": _reminders(),
            "errors.md": _errors(),
        }


# ---- states -----------------------------------------------------------------

STATE_TABLES: tuple[tuple[str, str, type[TextChoices], Sequence[Transition]], ...] = (
    ("Leads 线索", "clues/states.py", lead_states.LeadState, lead_states.LEAD_TABLE),
    ("Complaints 投诉", "clues/states.py", lead_states.LeadState, lead_states.COMPLAINT_TABLE),
    ("Disputes over authority 权限争议", "clues/states.py", lead_states.DisputeState, lead_states.DISPUTE_TABLE),
    ("Reading an identity 查阅举报人身份", "informants/states.py", told_states.OpeningState, told_states.OPENING_TRANSITIONS),
    ("Rewards 举报奖励", "informants/states.py", told_states.RewardState, told_states.REWARD_TRANSITIONS),
    ("Imports 导入", "exchange/states.py", import_states.ImportState, import_states.IMPORT_TABLE),
    ("Cases 案件", "cases/states/matter.py", case_states.CaseState, case_states.TRANSITIONS),
    ("Cases on the spot 当场处罚", "cases/states/matter.py", case_states.CaseState, case_states.SUMMARY_TRANSITIONS),
    ("Hearings 听证", "cases/states/hearing.py", hearing_states.HearingState, hearing_states.HEARING_TABLE),
    ("Evidence 证据", "cases/states/evidence.py", evidence_states.EvidenceState, evidence_states.EVIDENCE_TABLE),
    ("Measures 强制措施", "cases/states/measures.py", measure_states.MeasureState, measure_states.MEASURE_TABLE),
    ("Goods 涉案物品", "cases/states/measures.py", measure_states.ItemState, measure_states.ITEM_TABLE),
    ("Money of a case 款项", "cases/states/money.py", case_states.CaseState, money_states.MONEY_TRANSITIONS),
    ("Remedies 复议和诉讼", "cases/states/remedy.py", remedy_states.RemedyState, remedy_states.REMEDY_TRANSITIONS),
    ("Enforcement 强制执行", "cases/states/remedy.py", remedy_states.CourtState, remedy_states.COURT_TRANSITIONS),
    ("Papers 文书", "documents/states.py", paper_states.PaperState, paper_states.PAPER_TABLE),
    ("Service 送达", "documents/service_ways.py", service_ways.ServiceState, service_ways.SERVICE_TABLE),
    ("Clocks 期限", "deadlines/states.py", clock_states.ClockState, clock_states.TRANSITIONS),
)  # fmt: skip


def _transitions() -> str:
    parts = [
        "# Moves between states\n",
        NOTE,
        "Each table is the state table the program runs on: a move that is not here is refused with 409 `wrong_state` "
        "and not offered as a button. “—” under *to*: the state stays. Roles are those of a post that answers for the "
        "matter's office; more about who may what is in the policies beside the table.\n",
    ]
    for title, module, states, table in STATE_TABLES:
        parts += [f"## {title}\n", f"`{module}`\n"]
        parts.append(
            _table(("state", "名称"), [(f"`{state.value}`", str(state.label)) for state in _used(states, table)])
        )
        labels = {state.value: str(state.label) for state in states}
        parts.append(
            _table(("verb", "办理", "from", "to", "who", "basis"), [_transition_row(row, labels) for row in table])
        )
    parts.append("## Roles\n")
    parts.append(_table(("role", "名称"), [(f"`{role.value}`", str(role.label)) for role in Role]))
    return "\n".join(parts)


def _used(states: type[TextChoices], table: Sequence[Transition]) -> list[TextChoices]:
    """The states a table speaks of: leads have two tables over one list of states."""
    named = {state for row in table for state in (*row.sources, row.target)}
    return [state for state in states if state.value in named]


def _transition_row(row: Transition, labels: dict[str, str]) -> tuple[str, ...]:
    sources = "、".join(label for state, label in labels.items() if state in row.sources) or "(new)"
    target = labels[row.target] if row.target else "—"
    roles = "、".join(str(role.label) for role in Role if role in row.roles) or "(follows from another verb)"
    return f"`{row.name}`", str(row.label), sources, target, roles, str(row.basis)


# ---- statutory periods ------------------------------------------------------


def _deadlines() -> str:
    _calendar, book = load_files()
    families = book.families()
    count = len(book.versions())
    parts = [
        "# Statutory periods\n",
        NOTE,
        f"{count} versions in {len(families)} families, from `data/law/deadline_rules.yaml`. The version in force on "
        "the day of the trigger applies. The start day is never counted. Warnings are reminders of this system, not "
        "of the law. A period whose status is not *law* says so on the screen too.\n",
        _table(
            ("family", "名称", "length", "basis"),
            [
                (f"[`{key}`](#{key})", rows[-1].name_zh, _length(rows[-1]), _basis(rows[-1]))
                for key, rows in families.items()
            ],
        ),
    ]
    for key, rows in families.items():
        parts.append(f"## {key}\n")
        parts += [_rule(row) for row in rows]
    return "\n".join(parts)


def _rule(rule: RuleVersion) -> str:
    facts = [
        ("length", _length(rule)),
        ("from", rule.trigger),
        ("basis", f"{_basis(rule)}{f'（{rule.instrument_version}）' if rule.instrument_version else ''}"),
        ("in force", _span(rule.effective_from, rule.effective_to)),
        ("status", STATUSES[rule.status]),
        ("if the last day is a day off", ROLLS[rule.roll.value] if rule.direction == "after" else ""),
        ("extensions", "；".join(_extension(step) for step in rule.extensions)),
        ("not counted", "、".join(rule.excluded_grounds)),
        ("recurring", "yes" if rule.recurring else ""),
        ("reminders before", "、".join(_warning(warning) for warning in rule.warnings)),
        ("note", rule.note),
    ]
    lines = [f"**`{rule.id}`** {rule.name_zh} · {rule.name_en}\n"]
    lines += [f"- {name}: {value}" for name, value in facts if value]
    return "\n".join(lines) + "\n"


def _length(rule: RuleVersion) -> str:
    if rule.duration_kind == "open_ended":
        return "no fixed length"
    if rule.duration_kind == "immediately":
        return "at once"
    length = f"{rule.amount} {_unit(rule.amount, rule.unit)}"
    return f"{length} before, all clear" if rule.direction == "before" else length


def _unit(amount: int, unit: Unit) -> str:
    return UNITS[unit].removesuffix("s") if amount == 1 else UNITS[unit]


def _warning(warning: Warning_) -> str:
    return f"{warning.amount} {_unit(warning.amount, warning.unit)}"


def _extension(step: ExtensionStep) -> str:
    length = f"{step.amount} {_unit(step.amount, step.unit)}" if step.amount and step.unit else "length as decided"
    return "，".join(filter(None, (f"{step.reason}: {length}", step.approver, step.note)))


def _basis(rule: RuleVersion) -> str:
    return f"{rule.instrument}{rule.article}"


def _span(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return "always"
    return f"{first or '…'} to {last or 'now'}"


# ---- reminders --------------------------------------------------------------


def _reminders() -> str:
    steps = yaml.safe_load((DATA / "reminder_ladder.yaml").read_text(encoding="utf-8"))["steps"]
    ladder = [(str(row["counted_in"]), Step(row["name"], row["audience"], row["amount"])) for row in steps]
    return "\n".join(
        (
            "# Reminders\n",
            NOTE,
            "Before the due day each period warns its owner as its rule says ([deadlines.md](deadlines.md)); on the due "
            "day the owner is told once more. After that this ladder climbs, from `data/reminder_ladder.yaml`. It is a "
            "local default and not law: `manage.py load_law --ladder FILE` replaces it.\n",
            "A period whose end has effects of its own (a right lapses, a gate opens) is announced to its owner and "
            "not escalated. Periods in days speak on working days when sending hours open; periods in hours at the "
            "exact moment.\n",
            _table(("periods in", "rung", "told", "when"), [_rung(counted_in, step) for counted_in, step in ladder]),
            _table(("told", "who that is"), AUDIENCES),
        )
    )


AUDIENCES = (
    ("`owner`", "the officer who owns the matter; if the account is closed, the head"),
    ("`unit_head`", "the nearest head above the owner, else the supervisors"),
    ("`supervising_office`", "the supervisors of the nearest office above"),
)


def _rung(counted_in: str, step: Step) -> tuple[str, ...]:
    if counted_in == "hours":
        when = f"{step.amount} {_unit(step.amount, Unit.hour)} after it" if step.amount else "at the due moment"
    else:
        later = f"{step.amount} {_unit(step.amount, Unit.working_day)} after that"
        when = later if step.amount else "the first working day after the due day"
    return counted_in, f"`{step.name}`", f"`{step.audience}`", when


# ---- errors -----------------------------------------------------------------


def _errors() -> str:
    raised = error_codes(source_files(ROOT, APPS))
    where: dict[tuple[int, str], list[str]] = {}
    for row in raised:
        where.setdefault((row.status, row.code), []).append(f"`{row.module}`")
    return "\n".join(
        (
            "# Error codes\n",
            NOTE,
            "A refused request changes nothing. Its `code` is stable; its `detail` is a sentence for people and may "
            "change. The API answers `application/problem+json` with `errors[].pointer` naming each wrong field; a "
            "part in angle brackets stands for the field's name. Codes of the web framework itself (`parse_error`, "
            "`method_not_allowed`, `throttled` …) keep their names.\n",
            _table(
                ("status", "code", "raised in"),
                [(str(status), f"`{code}`", "、".join(modules)) for (status, code), modules in sorted(where.items())],
            ),
        )
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace('|', '∣') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
