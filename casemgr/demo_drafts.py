"""What comes in to the demo city in a year, and how each lead ends or would end. Drawn from the day alone.

Taken from published figures: 1.7 % of filed matters raise a suspected crime (全国2022年铁拳行动 3554 / 206200, 人民日报
2023-04-21), 0.9 % are major (广西2021年铁拳行动 41 / 4506; here an amount from 1,000,000 yuan). Everything else is this
project's assumption: the shares of channels, districts and categories, the peaks in March and November, that 70 % of
complaints are accepted, 55 % of mediations succeed, 10 % of reports are filed, and 96 % of leads are dealt with in time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from random import Random
from typing import TypeVar

from casemgr.demo_city import DISTRICTS, REGIONS
from casemgr.demo_parties import Parties
from casemgr.demo_texts import CLAIMS, FAILED_ITEMS, PROOF, SUBJECTS, Subject, told, told_again
from clues.actions.received import NOBODY, InformantInput, Intake
from clues.states import Channel, DeclineGround, EndGround, LeadState, RefusalGround
from deadlines.queries import current_calendar

LEADS = 6000
YEAR = timedelta(days=365)
CHANNELS = {
    Channel.COMPLAINT: 600, Channel.REPORT: 250, Channel.INSPECTION: 50, Channel.SAMPLING: 22, Channel.DATA: 22,
    Channel.TRANSFER_IN: 14, Channel.OPINION: 14, Channel.SELF_FOUND: 13, Channel.ASSIGNED: 12,
    Channel.PROCURATORATE: 3,
}  # fmt: skip
BY_PEOPLE = (Channel.COMPLAINT, Channel.REPORT)
DISTRICT_SHARES = (18, 15, 13, 12, 10, 9, 8, 6, 5, 4)
WEEKEND = 0.15
PEAKS = ((3, 10, 22, 2.4), (11, 9, 20, 1.8))  # month, first day, last day, times as many: 3·15 and 11·11
SUMMER, SUMMER_FOOD = (6, 7, 8), 1.15
AGAIN = 0.025
BULK = ((34, "food-label"), (27, "advertising-online"), (22, "product-quality"), (18, "price-marking"))
CRIME, MAJOR = 0.017, 0.009
LATE = 0.015  # of each step
ACCEPTED, SETTLED = 0.7, 0.55
FILED = {
    Channel.REPORT: 10, Channel.INSPECTION: 30, Channel.SAMPLING: 60, Channel.DATA: 15, Channel.TRANSFER_IN: 35,
    Channel.OPINION: 10, Channel.SELF_FOUND: 35, Channel.ASSIGNED: 30, Channel.PROCURATORATE: 60,
}  # fmt: skip
TRANSFERRED, AS_COMPLAINT = 5, 6
DECLINED = {DeclineGround.OTHER: 52, DeclineGround.MINOR: 24, DeclineGround.FIRST: 16, DeclineGround.NO_FAULT: 8}
REFUSED = {
    RefusalGround.NOT_CONSUMER: 38, RefusalGround.NO_POWER: 26, RefusalGround.NO_MATERIAL: 20,
    RefusalGround.HANDLED_ELSEWHERE: 12, RefusalGround.OVER_THREE_YEARS: 4,
}  # fmt: skip
ENDED = {EndGround.NO_AGREEMENT: 46, EndGround.ABSENT: 28, EndGround.WITHDRAWN: 24, EndGround.NO_TEST_COST: 2}
LARGE = Decimal(1_000_000)
AMOUNT = {True: (5.3, 1.2), False: (7.6, 1.3)}  # mean and spread of the logarithm of yuan; of complaints, of the rest
BODIES = {
    Channel.TRANSFER_IN: ("示例市公安局", "示例市消费者权益保护委员会", "示例市农业农村局", "邻市市场监督管理局"),
    Channel.ASSIGNED: ("示例省市场监督管理局", "示例市人民政府"),
    Channel.PROCURATORATE: ("示例市人民检察院", "示例市甲区人民检察院"),
}
LETTERS = {Channel.TRANSFER_IN: "示移函", Channel.ASSIGNED: "示省监交", Channel.PROCURATORATE: "示检意"}
MEDIA = ("短视频平台", "本地论坛", "市民热线网络版", "报纸客户端")
SYSTEMS = ("网络交易监测系统", "广告监测系统", "食品追溯平台", "电梯应急处置平台")
T = TypeVar("T")


@dataclass(frozen=True)
class Ended:
    """How a lead ends, or would.

    :param handled: working days from receipt to the decision, of a complaint whether to accept it.
    :param mediated: days from accepting a complaint to the end of mediation, None where there is none.
    """

    state: str
    handled: int
    ground: str = ""
    mediated: int | None = None


@dataclass(frozen=True)
class Draft:
    """A lead before it is known with whom it is registered; ``repeats`` is the one that told the same matter before."""

    intake: Intake
    ended: Ended
    repeats: "Draft | None" = None


class Drafts:
    """Everything is drawn in one order from one chance, so that a day always gives the same year."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.chance = Random(today.toordinal())  # noqa: S311 - the same city again, nothing secret
        self._calendar = current_calendar()
        self._days = [today - YEAR + timedelta(days=age) for age in range(1, YEAR.days + 1)]
        self._parties = Parties(self.chance)
        self._tellers = 0

    def all_of(self, leads: int) -> Iterator[Draft]:
        """About ``leads`` of them: those of single people, what is told twice, and what a few tell very often."""
        bulk = sum(count for count, _category in BULK) * leads // LEADS
        weights = {is_people: self._weights(is_people) for is_people in (True, False)}
        single = int((leads - bulk) / (1 + AGAIN))
        for channel in self.chance.choices(list(CHANNELS), list(CHANNELS.values()), k=single):
            received = self.chance.choices(self._days, weights[channel in BY_PEOPLE])[0]
            yield (draft := self._draft(channel, received, self._subject(channel, received)))
            if self.chance.random() < AGAIN and channel in BY_PEOPLE:
                yield self._again(draft)
        for teller, (count, category) in enumerate(BULK, start=1):
            subject = next(each for each in SUBJECTS if each.category == category)
            for received in self.chance.choices(self._days, weights[True], k=count * leads // LEADS):
                yield self._by_bulk(received, subject, teller)

    def _weights(self, is_people: bool) -> list[float]:
        return [_weight(day, self._calendar.is_working(day), is_people) for day in self._days]

    def _subject(self, channel: str, received: date) -> Subject:
        def weight(subject: Subject) -> float:
            of_channel = subject.complaints if channel == Channel.COMPLAINT else subject.others
            is_sampled = subject.category.split("-")[0] in ("food", "product", "cosmetic", "drug")
            if channel == Channel.SAMPLING and not is_sampled:
                return 0
            is_high = subject.category.startswith("food") and received.month in SUMMER
            return of_channel * (SUMMER_FOOD if is_high else 1)

        return self.chance.choices(SUBJECTS, [weight(subject) for subject in SUBJECTS])[0]

    def _draft(self, channel: Channel, received: date, subject: Subject) -> Draft:
        district = self.chance.choices(range(len(DISTRICTS)), DISTRICT_SHARES)[0]
        party = self._parties.meet(subject.category, district)
        ended = self._ended(channel)
        amount = self._amount(channel, ended)
        intake = Intake(
            channel=channel, received_on=received, party_name=party.name, party_code=party.code, address=party.address,
            region_code=REGIONS[district], category=subject.category, amount=amount, flags=self._flags(channel, ended),
            summary=told(self.chance, channel, subject, party.name),
            facts=self._facts(channel, received, subject, amount), informant=self._informant(channel),
        )  # fmt: skip
        return Draft(intake, ended)

    def _again(self, draft: Draft) -> Draft:
        """The same matter told some days later, mostly by somebody else."""
        intake, chance = draft.intake, self.chance
        later = min(self.today, intake.received_on + timedelta(days=chance.randint(0, 15)))
        informant = intake.informant if chance.random() < 0.3 else self._informant(Channel(intake.channel))
        again = replace(intake, received_on=later, summary=told_again(intake.summary, chance), informant=informant)
        ended = self._ended(Channel(intake.channel))
        if ended.state == LeadState.REFUSED:
            ended = replace(ended, ground=RefusalGround.HANDLED_ELSEWHERE)
        return Draft(again, ended, repeats=draft)

    def _by_bulk(self, received: date, subject: Subject, teller: int) -> Draft:
        """One who complains of the same thing of many; most of it is not accepted."""
        draft = self._draft(Channel.COMPLAINT, received, subject)
        address = f"示例市示例街道{teller}号"
        informant = InformantInput(f"投诉人批量{teller:02d}", f"1990009{teller:04d}", address)
        decided = self.chance.randint(3, 6)
        refused = Ended(LeadState.REFUSED, decided, RefusalGround.NOT_CONSUMER)
        ended = refused if self.chance.random() < 0.75 else draft.ended
        return Draft(replace(draft.intake, informant=informant), ended)

    # ---- how it ends ----------------------------------------------------------------------------------------------

    def _ended(self, channel: Channel) -> Ended:
        return self._complaint_ended() if channel == Channel.COMPLAINT else self._lead_ended(channel)

    def _complaint_ended(self) -> Ended:
        """Seven working days to accept; sixty days (before 2026-04-15 forty-five working days) to mediate."""
        chance = self.chance
        handled = chance.randint(8, 12) if chance.random() < LATE else chance.randint(1, 7)
        if chance.random() > ACCEPTED:
            return Ended(LeadState.REFUSED, handled, self._of(REFUSED))
        if chance.random() < LATE:
            return Ended(LeadState.ENDED, handled, EndGround.TERM_OVER, chance.randint(72, 85))
        if chance.random() < SETTLED:
            return Ended(LeadState.SETTLED, handled, "", chance.randint(3, 40))
        return Ended(LeadState.ENDED, handled, self._of(ENDED), chance.randint(7, 55))

    def _lead_ended(self, channel: Channel) -> Ended:
        """Fifteen working days to verify."""
        chance = self.chance
        is_late = chance.random() < 2 * LATE
        handled = chance.randint(16, 22) if is_late else min(15, 3 + int(chance.triangular(0, 13, 9)))
        filed = FILED[channel]
        as_complaint = AS_COMPLAINT if channel == Channel.REPORT else 0
        states = {
            LeadState.FILED: filed, LeadState.TRANSFERRED: TRANSFERRED, LeadState.AS_COMPLAINT: as_complaint,
            LeadState.NOT_FILED: 100 - filed - TRANSFERRED - as_complaint,
        }  # fmt: skip
        state = self._of(states)
        return Ended(state, handled, self._of(DECLINED) if state == LeadState.NOT_FILED else "")

    # ---- its particulars ------------------------------------------------------------------------------------------

    def _of(self, weights: Mapping[T, float]) -> T:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def _amount(self, channel: Channel, ended: Ended) -> Decimal | None:
        chance, is_complaint = self.chance, channel == Channel.COMPLAINT
        if ended.state == LeadState.FILED and chance.random() < MAJOR:
            return LARGE * chance.randint(1, 6)
        if chance.random() > (0.85 if is_complaint else 0.3):
            return None
        yuan = min(exp(chance.gauss(*AMOUNT[is_complaint])), 400_000)
        return Decimal(max(5, round(yuan)))

    def _flags(self, channel: Channel, ended: Ended) -> tuple[str, ...]:
        odds = {
            "concern-crime": CRIME if ended.state == LeadState.FILED else 0,
            "concern-assigned": 0.3 if channel == Channel.ASSIGNED else 0,
            "concern-public": 0.4 if channel == Channel.OPINION else 0.002,
            "concern-cross": 0.004,
        }
        return tuple(flag for flag, odd in odds.items() if self.chance.random() < odd)

    def _informant(self, channel: Channel) -> InformantInput:
        """Placeholders only; a third of the reports are anonymous, other channels name nobody."""
        if channel not in BY_PEOPLE or (channel == Channel.REPORT and self.chance.random() < 0.33):
            return NOBODY
        self._tellers += 1
        word = "投诉人" if channel == Channel.COMPLAINT else "举报人"
        address = f"示例市{self.chance.choice(DISTRICTS)}区示例小区{self.chance.randint(1, 40)}号楼"
        return InformantInput(f"{word}{self._tellers:04d}", f"1990000{self._tellers:04d}", address)

    def _facts(self, channel: Channel, received: date, subject: Subject, amount: Decimal | None) -> dict[str, str]:
        chance = self.chance
        serial = f"{received.year}{chance.randint(1, 99999):05d}"
        earlier = (received - timedelta(days=chance.randint(0, 25))).isoformat()
        if channel == Channel.COMPLAINT:
            paid = {"paid": str(amount)} if amount is not None else {}
            return {"claim": chance.choice(CLAIMS), "purchased_on": earlier, "ticket_no": f"示例{serial}", **paid}
        if channel in LETTERS:
            letter = f"{LETTERS[channel]}〔{received.year}〕{chance.randint(1, 300)}号"
            return {"from_body": chance.choice(BODIES[channel]), "letter_no": letter, "letter_on": earlier}
        return {
            Channel.REPORT: {"evidence": chance.choice(PROOF), "ticket_no": f"示例{serial}"},
            Channel.INSPECTION: {"inspected_on": received.isoformat(), "record_no": f"示检记{serial}"},
            Channel.SAMPLING: {
                "report_no": f"示检{serial}", "product": chance.choice(subject.things), "reported_on": earlier,
                "failed_items": chance.choice(FAILED_ITEMS), "laboratory": "示例市产品质量检验所",
            },
            Channel.OPINION: {"medium": chance.choice(MEDIA), "published_on": earlier},
            Channel.DATA: {"system": chance.choice(SYSTEMS), "record_no": f"示监{serial}"},
            Channel.SELF_FOUND: {"found_where": "日常工作中发现"},
        }[channel]  # fmt: skip


def _weight(day: date, is_working: bool, is_people: bool) -> float:
    """How much comes in on a day; offices themselves find things on working days only."""
    if not is_people:
        return float(is_working)
    peak = next((times for month, first, last, times in PEAKS if day.month == month and first <= day.day <= last), 1.0)
    return peak * (1 if is_working else WEEKEND)
