"""A made-up city for trying the product: one bureau, ten districts, people named by their posts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.actions import create_user, give_post, issue_certificate, open_office
from accounts.models import Office, SystemActor
from accounts.roles import Role
from cases.actions.discretion import load_discretion
from clues.actions.no_penalty import load_no_penalty_items
from deadlines.actions.clocks import local_day
from deadlines.yearplans import DATA
from documents.actions.numbers import set_number_format
from documents.actions.templates import set_form_numbers
from routing.actions import load_rules

PASSWORD = "casemgr-demo-2026"  # noqa: S105 - the demo city's public password, printed at start
DISTRICTS = "甲乙丙丁戊己庚辛壬癸"
REGIONS = ("370202", "370203", "370211", "370212", "370213", "370214", "370215", "370281", "370283", "370285")
ACTOR = SystemActor("load_demo_city")
CERTIFICATE_RUNS = timedelta(days=4 * 365)


@dataclass(frozen=True)
class Account:
    username: str
    name: str
    office_code: str
    role: str
    is_main: bool = False


def demo_accounts() -> list[Account]:
    """The accounts worth trying first: the city's, and those of the first district."""
    city = [
        Account("clerk", "市局登记员", "city-inspection", Role.INTAKE_CLERK),
        Account("handler1", "一大队办案员甲", "corps-1", Role.HANDLER),
        Account("handler2", "一大队办案员乙", "corps-1", Role.HANDLER),
        Account("unithead", "一大队负责人", "corps-1", Role.UNIT_HEAD),
        Account("handler3", "二大队办案员甲", "corps-2", Role.HANDLER),
        Account("handler4", "二大队办案员乙", "corps-2", Role.HANDLER),
        Account("unithead2", "二大队负责人", "corps-2", Role.UNIT_HEAD),
        Account("director", "市局分管负责人", "city", Role.BUREAU_HEAD),
        Account("mainhead", "市局主要负责人", "city", Role.BUREAU_HEAD, is_main=True),
        Account("deputy", "市局分管负责人乙", "city", Role.BUREAU_HEAD),
        Account("reviewer", "市局法制审核员", "city-legal", Role.LEGAL_REVIEWER),
        Account("reviewer2", "市局法制审核员乙", "city-legal", Role.LEGAL_REVIEWER),
        Account("supervisor", "市局执法监督员", "city-inspection", Role.SUPERVISOR),
        Account("leader", "市局领导", "city", Role.LEADER),
    ]
    return city + _district_accounts(0)


def _district_accounts(index: int) -> list[Account]:
    letter, word = "abcdefghij"[index], DISTRICTS[index]
    bureau, squad, station = f"district-{letter}", f"district-{letter}-squad", f"district-{letter}-station"
    return [
        Account(f"{letter}-clerk", f"{word}区登记员", bureau, Role.INTAKE_CLERK),
        Account(f"{letter}-handler1", f"{word}区大队办案员甲", squad, Role.HANDLER),
        Account(f"{letter}-handler2", f"{word}区大队办案员乙", squad, Role.HANDLER),
        Account(f"{letter}-unithead", f"{word}区大队负责人", squad, Role.UNIT_HEAD),
        Account(f"{letter}-station1", f"{word}区一所办案员甲", station, Role.HANDLER),
        Account(f"{letter}-station2", f"{word}区一所办案员乙", station, Role.HANDLER),
        Account(f"{letter}-stationhead", f"{word}区一所负责人", station, Role.UNIT_HEAD),
        Account(f"{letter}-director", f"{word}区分管负责人", bureau, Role.BUREAU_HEAD),
        Account(f"{letter}-mainhead", f"{word}区主要负责人", bureau, Role.BUREAU_HEAD, is_main=True),
        Account(f"{letter}-deputy", f"{word}区分管负责人乙", bureau, Role.BUREAU_HEAD),
        Account(f"{letter}-reviewer", f"{word}区法制审核员", bureau, Role.LEGAL_REVIEWER),
        Account(f"{letter}-reviewer2", f"{word}区法制审核员乙", bureau, Role.LEGAL_REVIEWER),
    ]


@transaction.atomic
def build_city(*, at: datetime, since: date, prefix: str = "", password: str = PASSWORD) -> dict[str, Office]:
    """Offices, people and number formats of the city, through the same verbs an administrator uses.

    :param prefix: put before every user name and office code, so that a replay can have a city of its own.
    """
    offices = _offices(at, prefix)
    people = demo_accounts() + [account for index in range(1, 10) for account in _district_accounts(index)]
    hashed = make_password(password)
    for account in people:
        user = create_user(
            username=prefix + account.username, name=account.name, password=password, hashed=hashed, actor=ACTOR, at=at
        )
        give_post(
            user=user, office=offices[account.office_code], role=account.role, starts_on=since, is_main=account.is_main,
            actor=ACTOR, at=at,
        )  # fmt: skip
        if account.role == Role.HANDLER:
            issue_certificate(
                user=user, number=f"示执{user.pk:06}", issued_by="示例省人民政府", starts_on=since,
                ends_on=local_day(at) + CERTIFICATE_RUNS, actor=ACTOR, at=at,
            )  # fmt: skip
    return offices


def number_formats(*, at: datetime) -> None:
    """The default formats; those of papers are the codes of the national forms, real ones differ by province."""
    for kind, word, width in (("lead", "市监线索", 6), ("case", "市监立", 1)):
        set_number_format(office=None, kind=kind, kind_word=word, width=width, dates_ascend=False, actor=ACTOR, at=at)
    set_form_numbers(actor=ACTOR, at=at)


def division_of_powers(*, at: datetime) -> None:
    """Who handles what in the city, made up; loaded after its offices exist."""
    path = DATA / "routing" / "demo_division.yaml"
    load_rules(text=path.read_text(encoding="utf-8"), source=path.name, actor=ACTOR, at=at)


def no_penalty_lists(*, at: datetime) -> None:
    """The examples of no-penalty lists that come with the product."""
    path = DATA / "law" / "no_penalty_items.yaml"
    load_no_penalty_items(text=path.read_text(encoding="utf-8"), source=path.name, actor=ACTOR, at=at)


def discretion(*, at: datetime) -> None:
    """The example standards of discretion that come with the product."""
    path = DATA / "discretion" / "example.yaml"
    load_discretion(text=path.read_text(encoding="utf-8"), source=path.name, actor=ACTOR, at=at)


def _offices(at: datetime, prefix: str) -> dict[str, Office]:
    found: dict[str, Office] = {}

    def add(code: str, name: str, short: str, kind: str, parent: str | None, region: str) -> None:
        found[code] = open_office(
            code=prefix + code, name=name, short_name=short, kind=kind, parent=found[parent] if parent else None,
            region_code=region, actor=ACTOR, at=at,
        )  # fmt: skip

    add("city", "示例市市场监督管理局", "示", "city", None, "370200")
    add("city-legal", "法规处", "示法", "department", "city", "370200")
    add("city-inspection", "执法稽查处", "示稽", "department", "city", "370200")
    add("corps", "综合行政执法支队", "示支", "corps", "city", "370200")
    add("corps-1", "支队一大队", "示一", "squad", "corps", "370200")
    add("corps-2", "支队二大队", "示二", "squad", "corps", "370200")
    for index, word in enumerate(DISTRICTS):
        bureau = f"district-{'abcdefghij'[index]}"
        add(bureau, f"{word}区市场监督管理局", f"示{word}", "district", "city", REGIONS[index])
        add(f"{bureau}-squad", f"{word}区执法大队", f"示{word}执", "squad", bureau, REGIONS[index])
        add(f"{bureau}-station", f"{word}区第一市场监管所", f"示{word}一所", "station", bureau, REGIONS[index])
    return found
