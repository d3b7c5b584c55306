"""Some leads of the demo city's year go on by the verbs themselves: those filed lately become cases, some wait for a
decision, some were returned, disputed or merged.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction

from accounts.models import Office, OfficeKind, Post, User
from accounts.policies import authority_of
from accounts.roles import Role
from casemgr.demo_year import Entered
from cases.actions.filing import file_case
from cases.states.matter import FilingCondition
from clues.actions.custody import return_lead
from clues.actions.decisions import give_feedback
from clues.actions.disputes import designate_office, escalate_dispute, raise_dispute, settle_dispute
from clues.actions.merging import merge_lead
from clues.actions.verification import extend_verification, record_check, report_findings
from clues.models import Dispute, Lead
from clues.states import Channel, CheckKind, FactsGoOn, LeadState, Proposal
from deadlines.actions.reminders import sweep_reminders
from deadlines.actions.starting import local_day
from deadlines.queries import current_calendar
from deadlines.replay import SHANGHAI

CHECKED, VERIFIED, EXTENDED, RETURNED, DISPUTED, MERGED = 40, 30, 5, 8, 6, 12
MORNINGS = 60
IN_TIME = timedelta(days=12)  # a period that is over is not extended
AT_WORK = (LeadState.VERIFYING, LeadState.ACCEPTING)
BEFORE_WORK = (LeadState.REGISTERED, LeadState.ASSIGNED)
CHECKS = (
    "电话联系当事人核实情况，当事人称已整改，待提交材料。",
    "调取进货台账和销售记录，核对批次。",
    "查看网页并截图保存。",
)
FINDINGS = {
    Proposal.FILED: "现场核查两次，制作现场笔录，调取购销票据，初步证明存在违法行为。",
    Proposal.NOT_FILED: "现场核查未发现所反映的情形，当事人提供了合格证明和进货票据。",
    Proposal.TRANSFERRED: "经核查，所反映的事项属于其他部门职责。",
    Proposal.AS_COMPLAINT: "经核查，实为消费者权益争议，没有发现违法行为。",
}
RETURNS = (
    "经营地址不在本辖区，请重新分派。",
    "当事人已迁出，现址属另一监管所。",
    "事项属专业执法范围，建议由大队承办。",
)


@transaction.atomic
def walk_on(entered: Sequence[Entered], *, now: datetime) -> None:
    """Take what is open further, each lead once: to a case, to a decision, back, into a dispute or into another.

    What the clocks still running would have said in the weeks before is told as of those mornings.
    """
    city = _City(now)
    merged = _merge(city, entered)
    at_work = [each for each in entered if each.lead.state in AT_WORK and each.lead.pk not in merged]
    _file(city, [each for each in at_work if each.over_on <= city.today])
    undecided = [each for each in at_work if each.over_on > city.today]
    Random(city.today.toordinal()).shuffle(undecided)  # noqa: S311 - from all over the city, the same ones again
    rest = iter(undecided)
    for place, each in enumerate(_some(rest, RETURNED)):
        return_lead(lead_id=each.lead.pk, reason=RETURNS[place % len(RETURNS)], actor=each.lead.owner, at=city.lately)
    _dispute(city, list(_some(rest, DISPUTED)))
    _verify(city, rest)
    for age in reversed(range(MORNINGS)):
        sweep_reminders(at=city.on(city.today - timedelta(days=age), 9))


class _City:
    """Who decides and who registers for each authority, and the moments at which things happened."""

    def __init__(self, now: datetime) -> None:
        self.now, self.today = now, local_day(now)
        calendar = current_calendar()
        day = self.today if calendar.is_working(self.today) else calendar.subtract(self.today, 1)
        self.lately = self.on(day, 10)
        self._posts = list(Post.objects.select_related("user", "office", "office__parent").order_by("id"))

    def on(self, day: date, hour: int) -> datetime:
        return min(datetime.combine(day, time(hour), SHANGHAI), self.now)

    def head_of(self, office: Office) -> User:
        return self._of(authority_of(office), Role.BUREAU_HEAD)

    def clerk_of(self, office: Office) -> User:
        return self._of(authority_of(office), Role.INTAKE_CLERK)

    def colleague_of(self, lead: Lead) -> User:
        return next(
            post.user for post in self._posts
            if post.office_id == lead.office_id and post.role == Role.HANDLER and post.user_id != lead.owner_id
        )  # fmt: skip

    def _of(self, authority: Office, role: str) -> User:
        return next(post.user for post in self._posts if post.role == role and authority_of(post.office) == authority)


def _some(
    entered: Iterator[Entered], most: int, fits: Callable[[Entered], bool] = lambda each: True
) -> Iterator[Entered]:
    while most and (each := next(entered, None)) is not None:
        if fits(each):
            most -= 1
            yield each


def _file(city: _City, entered: Sequence[Entered]) -> None:
    """What was decided lately to be filed: the case is opened on the day that was drawn."""
    for each in entered:
        lead = each.lead
        _report(lead, Proposal.FILED, city.on(each.over_on, 10))
        file_case(
            lead_id=lead.pk, cause=f"{lead.party_name}涉嫌违法案", owner_id=lead.owner_id,
            second_officer_id=city.colleague_of(lead).pk, conditions=FilingCondition.values,
            actor=city.head_of(lead.office), at=city.on(each.over_on, 15),
        )  # fmt: skip
        give_feedback(
            lead_id=lead.pk, told_on=each.over_on, way="书面告知已决定立案。", actor=lead.owner,
            at=city.on(each.over_on, 16),
        )  # fmt: skip


def _report(lead: Lead, proposal: Proposal, at: datetime) -> None:
    report_findings(lead_id=lead.pk, findings=FINDINGS[proposal], proposal=proposal, actor=lead.owner, at=at)


def _merge(city: _City, entered: Sequence[Entered]) -> set[int]:
    """What was told twice, is with one authority and not yet decided; the leads of those pairs."""
    lead_of = {id(each.draft): each.lead for each in entered}
    pairs = [(each.lead, lead_of[id(each.draft.repeats)]) for each in entered if each.draft.repeats is not None]
    open_pairs = [
        (lead, original)
        for lead, original in pairs
        if {lead.state, original.state} <= {*AT_WORK, *BEFORE_WORK} and lead.bureau_id == original.bureau_id
    ]
    for lead, original in open_pairs[:MERGED]:
        is_same = lead.informant_key != "" and lead.informant_key == original.informant_key
        facts = FactsGoOn.SAME_AGAIN if is_same else FactsGoOn.OTHER_PERSON
        merge_lead(
            lead_id=lead.pk, original_id=original.pk, facts=facts, reason="当事人、商品和所述事实相同。",
            actor=city.clerk_of(lead.office), at=city.now,
        )  # fmt: skip
    return {lead.pk for pair in open_pairs for lead in pair}


def _verify(city: _City, rest: Iterator[Entered]) -> None:
    def is_verified(each: Entered) -> bool:
        return each.lead.state == LeadState.VERIFYING and each.lead.channel != Channel.SAMPLING

    for each in _some(rest, VERIFIED, is_verified):
        _report(each.lead, Proposal(each.draft.ended.state), city.lately)
    for place, each in enumerate(_some(rest, CHECKED, is_verified)):
        record_check(
            lead_id=each.lead.pk, kind=CheckKind.REMOTE, checked_at=city.lately, content=CHECKS[place % len(CHECKS)],
            actor=each.lead.owner, at=city.lately,
        )  # fmt: skip
        if place < EXTENDED and city.today - each.lead.received_on < IN_TIME:
            extend_verification(
                lead_id=each.lead.pk, reason="需要向外地有关单位协查，案情特殊。",
                actor=city.head_of(each.lead.office), at=city.lately,
            )  # fmt: skip


def _dispute(city: _City, disputed: Sequence[Entered]) -> None:
    """One each is left open, put before the superior, agreed on and designated, then the same again."""
    ends: Sequence[Callable[[_City, Dispute], object] | None] = (None, _escalate, _settle, _designate)
    districts = list(Office.objects.filter(kind=OfficeKind.DISTRICT).order_by("id"))
    for place, each in enumerate(disputed):
        lead = each.lead
        claimed = next(office for office in districts[place:] + districts if office.pk != lead.bureau_id)
        raise_dispute(
            lead_id=lead.pk, office_id=claimed.pk, reason=f"违法行为发生地在{claimed.name}辖区，应由其承办。",
            actor=city.clerk_of(lead.office), at=city.lately,
        )  # fmt: skip
        if (end := ends[place % len(ends)]) is not None:
            end(city, lead.disputes.get())


def _escalate(city: _City, dispute: Dispute) -> None:
    reason = "双方各执一词，协商未能一致。"
    escalate_dispute(dispute_id=dispute.pk, reason=reason, actor=city.clerk_of(dispute.office), at=city.now)


def _settle(city: _City, dispute: Dispute) -> None:
    settle_dispute(
        dispute_id=dispute.pk, office_id=dispute.claimed_office_id, opinion="经核对地址，同意由我局承办。",
        actor=city.clerk_of(dispute.claimed_office), at=city.now,
    )  # fmt: skip


def _designate(city: _City, dispute: Dispute) -> None:
    designate_office(
        dispute_id=dispute.pk, office_id=dispute.office_id, opinion="违法行为由其先行发现，指定其承办。",
        actor=city.head_of(dispute.superior), at=city.now,
    )  # fmt: skip
