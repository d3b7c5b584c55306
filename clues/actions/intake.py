"""A lead comes in: registered, routed, its first periods started, who told sealed away."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.policies import may_act_for
from accounts.queries import office_named, require_role
from clues import states
from clues.actions.moves import KIND, TRIAGE, index_lead, subject_of, write_move
from clues.channels import fact_errors, handling_rule, rules_on_receipt
from clues.models import Lead
from clues.parties import normal_name
from clues.states import Channel
from clues.uscc import doubt_about, normalised
from core.errors import FieldError, Invalid
from deadlines.actions.clocks import local_day, start_clock
from deadlines.queries import rule_book
from deadlines.rules import RuleBook
from documents.actions import bind_number, issue_number
from informants.actions import seal_informant
from informants.queries import key_of_phone
from routing.actions import keep_decision
from routing.engine import Level, Question
from routing.queries import Route, category_named, level_of, region_named, route


@dataclass(frozen=True)
class InformantInput:
    """Who complained or reported, as told at intake; sealed at once and never kept on the lead.

    An anonymous report names nobody: every field may be empty.
    """

    name: str = ""
    phone: str = ""
    address: str = ""
    id_number: str = ""
    is_real_name: bool = True

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.phone or self.address or self.id_number)


NOBODY = InformantInput()


@dataclass(frozen=True)
class Intake:
    """What is written down when a lead is received; see :class:`clues.models.Lead` for the fields.

    :param party_code: a doubtful credit code is kept and marked, not refused.
    :param region_code: GB/T 2260; the office's own when left out.
    :param facts: what the channel asks for (:mod:`clues.channels`).
    """

    channel: str
    received_on: date
    party_name: str
    summary: str
    party_code: str = ""
    region_code: str = ""
    address: str = ""
    category: str = ""
    amount: Decimal | None = None
    flags: Sequence[str] = ()
    facts: Mapping[str, str] | None = None
    informant: InformantInput = NOBODY


@transaction.atomic
def log_lead(
    *,
    channel: str,
    received_on: date,
    party_name: str,
    summary: str,
    actor: User,
    at: datetime,
    office_id: int | None = None,
    party_code: str = "",
    region_code: str = "",
    address: str = "",
    category: str = "",
    amount: Decimal | None = None,
    flags: Sequence[str] = (),
    facts: Mapping[str, str] | None = None,
    informant: InformantInput = NOBODY,
    route_reason: str = "",
) -> Lead:
    """Register a lead; from this moment it belongs to one office and, until it is assigned, to whoever logged it.

    Without ``office_id`` the division of powers decides the office; with one that differs from the division's, the
    reason is kept beside what the division says. Where the actor may not log for the office decided on, the lead stays
    with the actor's own office until it is handed over.

    :raises Invalid: a field breaks a rule, or no rule of the division covers the matter. :raises NotPermitted: no post
        of the actor may log for this office.
    """
    intake = Intake(
        channel, received_on, party_name, summary, party_code, region_code, address, category, amount, flags, facts,
        informant,
    )  # fmt: skip
    check_intake(intake, local_day(at))
    named = office_named(office_id) if office_id is not None else None
    placed = place(intake, actor, named, route_reason, partial(route, on=local_day(at)))
    require_role(actor, placed.office, states.LOG.roles, what=str(states.LOG.label), basis=states.LOG.basis)
    lead = _register(intake, placed.office, actor, at)
    if placed.question is not None:
        keep_decision(
            subject_kind=KIND, subject_id=lead.pk, route=placed.route, question=placed.question, office=placed.office,
            reason=placed.reason, actor=actor, at=at,
        )  # fmt: skip
    return lead


def register(intake: Intake, office: Office, actor: User, at: datetime, origin: Lead | None = None) -> Lead:
    """Register a lead that another verb brings forth (split, converted, found in mediation); the caller asked who may.

    :raises Invalid: a field breaks a rule.
    """
    check_intake(intake, local_day(at))
    return _register(intake, office, actor, at, origin)


def _register(intake: Intake, office: Office, actor: User, at: datetime, origin: Lead | None = None) -> Lead:
    number = issue_number(office=office, kind=KIND, on=local_day(at), subject_kind=KIND)
    lead = lead_from(intake, office, actor, at)
    lead.number, lead.origin = number.text, origin
    lead.save(force_insert=True)
    bind_number(number, subject_id=lead.pk)
    write_move(lead, states.LOG, "", actor, at, "")
    for rule in rules_on_receipt(intake.channel):
        start_clock(rule=rule, subject=subject_of(lead), origin_on=intake.received_on, actor=actor, at=at)
    start_clock(rule=TRIAGE, subject=subject_of(lead), origin_at=at, actor=actor, at=at)
    if not intake.informant.is_empty:
        told = intake.informant
        seal_informant(
            subject_kind=KIND, subject_id=lead.pk, office=office, name=told.name, phone=told.phone,
            address=told.address, id_number=told.id_number, is_real_name=told.is_real_name, actor=actor, at=at,
        )  # fmt: skip
    index_lead(lead)
    return lead


def lead_from(intake: Intake, office: Office, actor: User, at: datetime) -> Lead:
    """The row of an intake already checked, unsaved and without its number."""
    code = normalised(intake.party_code)
    facts = {name: text.strip() for name, text in (intake.facts or {}).items() if text.strip()}
    told = intake.informant
    return Lead(
        channel=intake.channel, received_on=intake.received_on, party_name=intake.party_name.strip(), party_code=code,
        normal_name=normal_name(intake.party_name), has_party_code_doubt=bool(code) and doubt_about(code) is not None,
        region_code=intake.region_code or office.region_code, address=intake.address.strip(), category=intake.category,
        amount=intake.amount, flags=sorted(intake.flags), channel_facts=facts, summary=intake.summary.strip(),
        is_anonymous=told.is_empty and intake.channel in (Channel.REPORT, Channel.COMPLAINT),
        informant_key=key_of_phone(told.phone) if told.phone else "", office=office, bureau_id=office.bureau_id,
        owner=actor, created_at=at,
    )  # fmt: skip


def check_intake(intake: Intake, today: date) -> None:
    """:raises Invalid: every wrong field at once."""
    errors = list(intake_errors(intake, today, rule_book()))
    if errors:
        raise Invalid(_("；").join(error.detail for error in errors), code="invalid", errors=errors)


def intake_errors(intake: Intake, today: date, rules: RuleBook) -> Iterator[FieldError]:
    """What is wrong with an intake, field by field."""
    if intake.channel not in Channel.values:
        yield FieldError("channel", "unknown_channel", _("请选择来源渠道。"))
        return
    yield from _day_errors(intake, today, rules)
    yield from _text_errors(intake)
    yield from fact_errors(intake.channel, intake.facts or {}, today)
    yield from _place_errors(intake)
    if intake.channel == Channel.COMPLAINT:
        yield from _complainant_errors(intake.informant)


def _day_errors(intake: Intake, today: date, rules: RuleBook) -> Iterator[FieldError]:
    if intake.received_on > today:
        detail = _("收到日期%(day)s在今天之后，请核对。") % {"day": intake.received_on}
        yield FieldError("received_on", "future_origin", detail)
        return
    try:
        rules.version_on(handling_rule(intake.channel), intake.received_on)
    except Invalid as refusal:
        yield FieldError("received_on", refusal.code, refusal.detail)


def _text_errors(intake: Intake) -> Iterator[FieldError]:
    if not intake.party_name.strip():
        yield FieldError("party_name", "required", _("请填写当事人名称；尚不清楚的填“待查”。"))
    if not intake.summary.strip():
        yield FieldError("summary", "required", _("请填写线索内容。"))
    written = {
        "party_name": intake.party_name, "party_code": normalised(intake.party_code), "address": intake.address,
        "summary": intake.summary,
    }  # fmt: skip
    limits = {field.name: field.max_length for field in Lead._meta.concrete_fields}
    for name, text in written.items():
        limit = limits[name]
        if limit is not None and len(text.strip()) > limit:
            detail = _("最多%(most)s个字，现为%(found)s个。") % {"most": limit, "found": len(text.strip())}
            yield FieldError(name, "too_long", detail)
    if intake.amount is not None and not 0 <= intake.amount < 10**12:
        yield FieldError("amount", "amount_out_of_range", _("金额应当是不小于零、最多两位小数的元数。"))


def _place_errors(intake: Intake) -> Iterator[FieldError]:
    for field, text, named in (
        ("region_code", intake.region_code, region_named),
        ("category", intake.category, category_named),
    ):
        try:
            if text:
                named(text)
        except Invalid as refusal:
            yield FieldError(field, refusal.code, refusal.detail)


def _complainant_errors(told: InformantInput) -> Iterator[FieldError]:
    """投诉举报处理办法第十条第一款第一项: name, telephone and postal address of the complainant."""
    for field, text, label in (
        ("informant_name", told.name, _("投诉人的姓名")),
        ("informant_phone", told.phone, _("投诉人的电话号码")),
        ("informant_address", told.address, _("投诉人的通讯地址")),
    ):
        if not text.strip():
            detail = _("请填写%(label)s（投诉举报处理办法第十条第一款第一项）。") % {"label": label}
            yield FieldError(field, "required", detail)


@dataclass(frozen=True)
class Placed:
    """Which office a lead is registered with, and, where its category is known, what the division of powers says of it.

    ``route`` is None where no rule covers the matter; ``reason`` why the lead is not where the division would have it.
    """

    office: Office
    question: Question | None = None
    route: Route | None = None
    reason: str = ""


def place(intake: Intake, actor: User, named: Office | None, reason: str, ask: Callable[[Question], Route]) -> Placed:
    """The office somebody named, else the one the division decides on, else the actor's own until it is handed over.

    :param ask: the division of powers of the day.
    :raises Invalid: neither an office nor a category, or no rule covers the matter and nobody named an office.
    """
    own = next((post.office for post in actor.active_posts if post.role in states.LOG.roles), None)
    if not intake.category:
        if named is None:
            raise Invalid(
                _("请选择承办机构，或者填写事项类别，由权力划分确定承办机构。"), code="required", field="office"
            )
        return Placed(named)
    question = question_of(intake, named or own)
    try:
        found = ask(question)
    except Invalid:
        if named is None:
            raise
        return Placed(named, question, None, reason.strip() or "登记时指定")
    may_have = may_act_for(actor, found.office, states.LOG.roles)
    office = named or (found.office if may_have else own or found.office)
    return Placed(office, question, found, reason.strip() or "登记时指定")


def question_of(intake: Intake, receiving: Office | None) -> Question:
    """What the division of powers is asked; what was assigned from above counts as received by the city."""
    is_district = intake.channel != Channel.ASSIGNED and receiving is not None and level_of(receiving) == Level.DISTRICT
    return Question(
        category=intake.category, region=intake.region_code or (receiving.region_code if receiving else ""),
        level=Level.DISTRICT if is_district else Level.CITY, amount=intake.amount, flags=frozenset(intake.flags),
    )  # fmt: skip
