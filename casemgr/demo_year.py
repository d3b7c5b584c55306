"""A year of leads of the demo city, as its old ledger would hold them: what is over with its outcome, the rest as it
stands now. The same city for every start on the same day; what comes in is drawn in :mod:`casemgr.demo_drafts`.

Leads filed in the last weeks get a case (:mod:`casemgr.demo_walks`); of those filed before, the ledger says so and the
case stayed in the old system, as it does in an office that changes over.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import Office, OfficeKind, Post, User
from accounts.roles import Role
from casemgr.demo_drafts import LEADS, Draft, Drafts
from clues.actions.ledger import LedgerRow, register_leads
from clues.actions.past import Past
from clues.actions.received import Intake
from clues.models import Lead
from clues.states import Channel, LeadState
from deadlines.actions.starting import local_day
from deadlines.queries import current_calendar
from routing.engine import Level, Question
from routing.queries import Router

AT_ONCE = 2000
WALKED = frozenset(Channel) - {Channel.COMPLAINT, Channel.SAMPLING}  # a sampled one needs its report as a file
RECENT = timedelta(days=50)  # what was filed since then is walked to its case by the verbs
LATELY, LIES, LIES_FOR = timedelta(days=30), 0.03, 12
CITY_RECEIVED = 0.08
EVERYDAY = ("food", "consumer", "price", "metrology", "registration", "other")
OF_STATIONS = {True: 0.75, False: 0.35}
WAITS = {0: 62.0, 1: 28.0, 2: 8.5, 3: 1.0, 5: 0.5}  # working days until assigned or signed for; two are allowed
OTHER_BODIES = ("示例市农业农村局", "示例市城市管理局", "示例市卫生健康委员会", "示例市公安局", "示例市商务局")
REASONS: dict[str, tuple[str, ...]] = {
    LeadState.FILED: (
        "有证据初步证明存在违法行为，决定立案，案件在原系统办理",
        "违法事实初步查明，决定立案，案件在原系统办理",
    ),
    LeadState.NOT_FILED: (
        "现场核查未发现所反映的情形",
        "当事人已当场改正，没有造成危害后果",
        "证据不足以证明存在违法行为",
    ),
    LeadState.TRANSFERRED: ("不属于市场监督管理职责", "经核查应当由其他部门处理"),
    LeadState.AS_COMPLAINT: ("实为消费者权益争议，转为投诉处理",),
    LeadState.SETTLED: ("经电话组织调解，双方达成一致并已履行", "现场调解，商家退款", "双方同意换货，调解结束"),
    LeadState.ENDED: ("多次组织调解，双方意见不一致", "一方明确表示不再参加调解", "投诉人自行与商家协商"),
    LeadState.REFUSED: ("已告知不予受理的理由和其他解决途径",),
}


@dataclass(frozen=True)
class Entered:
    """A lead of the year, what was drawn for it, and the day on which that ends it, in the past or still ahead."""

    lead: Lead
    draft: Draft
    over_on: date


@transaction.atomic
def load_year(*, now: datetime, leads: int = LEADS) -> list[Entered]:
    """Register about ``leads`` leads of the year that ends now, the oldest first."""
    today = local_day(now)
    ledger = _Ledger(today)
    drafts = sorted(ledger.drafts.all_of(leads), key=lambda draft: draft.intake.received_on)
    rows = [ledger.row(draft, place) for place, draft in enumerate(drafts, start=1)]
    entered: list[Entered] = []
    for clerk in sorted({row.clerk for row in rows}, key=lambda each: each.pk):
        own = [row for row in rows if row.clerk == clerk]
        for start in range(0, len(own), AT_ONCE):
            part = own[start : start + AT_ONCE]
            found = register_leads([row.row for row in part], actor=clerk, at=now)
            entered += [Entered(lead, row.draft, row.over_on) for row, lead in zip(part, found, strict=True)]
    return entered


@dataclass(frozen=True)
class _Row:
    """A row of the ledger, who registers it, and when what was drawn for it ends it."""

    draft: Draft
    clerk: User
    row: LedgerRow
    over_on: date


class _Ledger:
    """Turns what was drawn into rows: with whom, and what has happened by today."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.drafts = Drafts(today)
        self._chance = self.drafts.chance
        self._calendar = current_calendar()
        self._router = Router(today)
        self._units = {(unit.parent_id, unit.kind): unit for unit in Office.objects.filter(level=3)}
        self._teams = _teams()

    def row(self, draft: Draft, place: int) -> _Row:
        """With whom a lead is, the bureau until it is assigned, and how far it is today."""
        bureau, unit = self._offices(draft.intake)
        team = self._teams[unit.pk]
        past, over_on = self._past(draft, team.officers, f"示台账{place:06d}")
        office = bureau if past.owner is None else unit
        return _Row(draft, team.clerk, LedgerRow(draft.intake, office.pk, past=past), over_on)

    def _offices(self, intake: Intake) -> tuple[Office, Office]:
        """What the division says, and the unit there: stations take most of everyday trade."""
        is_citys = intake.channel == Channel.ASSIGNED or self._chance.random() < CITY_RECEIVED
        level = Level.CITY if is_citys else Level.DISTRICT
        question = Question(intake.category, intake.region_code, level, intake.amount, frozenset(intake.flags))
        routed = self._router.route(question).office
        if routed.kind != OfficeKind.DISTRICT:
            return routed, routed
        is_stations = self._chance.random() < OF_STATIONS[intake.category.split("-")[0] in EVERYDAY]
        return routed, self._units[routed.pk, OfficeKind.STATION if is_stations else OfficeKind.SQUAD]

    def _past(self, draft: Draft, officers: Sequence[User], old_number: str) -> tuple[Past, date]:
        """Each step on its day; the first that would come after today, and all behind it, have not happened."""
        ended, past, received = draft.ended, Past(old_number=old_number), draft.intake.received_on
        assigned = self._working(received, self._waits())
        signed = self._working(assigned, self._waits())
        handled = max(signed, self._working(received, ended.handled + self._lies(received)))
        is_accepted = ended.mediated is not None
        over = self._working(handled + timedelta(days=ended.mediated or 0), 0) if is_accepted else handled
        if assigned <= self.today:
            past = replace(past, owner=self._chance.choice(officers), assigned_on=assigned)
        if signed <= self.today:
            past = replace(past, signed_on=signed)
        if is_accepted and handled <= self.today:
            past = replace(past, accepted_on=handled)
        return (self._over(past, draft, over) if over <= self.today else past), over

    def _over(self, past: Past, draft: Draft, on: date) -> Past:
        ended = draft.ended
        if ended.state == LeadState.FILED and draft.intake.channel in WALKED and on > self.today - RECENT:
            return past
        body = self._chance.choice(OTHER_BODIES) if ended.state == LeadState.TRANSFERRED else ""
        reason = self._chance.choice(REASONS[ended.state])
        return replace(past, state=ended.state, ground=ended.ground, decided_on=on, transferred_to=body, reason=reason)

    def _lies(self, received: date) -> int:
        """Working days that some of what came in lately lies untouched, so that not only the past knows delay."""
        is_lately = self.today - received < LATELY
        return LIES_FOR if is_lately and self._chance.random() < LIES else 0

    def _waits(self) -> int:
        return self._chance.choices(list(WAITS), list(WAITS.values()))[0]

    def _working(self, day: date, days: int) -> date:
        """So many working days after the first working day from ``day`` on."""
        first = day if self._calendar.is_working(day) else self._calendar.add(day, 1)
        return self._calendar.add(first, days) if days else first


@dataclass(frozen=True)
class Team:
    """Who registers for an office, and who works in it."""

    clerk: User
    officers: Sequence[User]


def _teams() -> dict[int, Team]:
    """The clerk of the bureau above each unit (of the city above the corps') and the unit's handlers."""
    posts = list(Post.objects.select_related("user", "office").order_by("id"))
    clerks = {
        post.office.parent_id if post.office.kind == OfficeKind.DEPARTMENT else post.office_id: post.user
        for post in posts
        if post.role == Role.INTAKE_CLERK
    }
    city = Office.objects.get(kind=OfficeKind.CITY)
    handlers: dict[int, list[User]] = defaultdict(list)
    for post in posts:
        if post.role == Role.HANDLER:
            handlers[post.office_id].append(post.user)
    units = Office.objects.filter(level=3)
    return {unit.pk: Team(clerks.get(unit.parent_id) or clerks[city.pk], handlers[unit.pk]) for unit in units}
