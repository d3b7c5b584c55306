"""A lead comes in: registered, placed with an office, its first periods started, who told sealed away."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.queries import office_named, receiver_of, require_role
from clues import states
from clues.actions.files import keep_files
from clues.actions.moves import KIND, SIGNING, TRIAGE, begin, index_lead, move, subject_of, write_move
from clues.actions.placing import Placed, place
from clues.actions.received import MATERIAL, check_intake
from clues.actions.received import NOBODY as NOBODY  # callers of the verbs find these three here
from clues.actions.received import InformantInput as InformantInput
from clues.actions.received import Intake as Intake
from clues.channels import rules_on_receipt
from clues.models import Lead
from clues.parties import normal_name
from clues.queries import require_not_done
from clues.states import Channel, FilePurpose, LeadState
from clues.uscc import doubt_about, normalised
from core.errors import WrongState
from core.transitions import Transition, in_record
from deadlines.actions.clocks import local_day, start_clock
from documents.actions.files import Upload
from documents.actions.numbers import bind_number, issue_number
from informants.actions import copy_informant, seal_informant
from informants.queries import informant_of, key_of_phone
from routing.actions import keep_decision
from routing.queries import route


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
    uploads: Sequence[Upload] = (),
    is_mixed: bool = False,
) -> Lead:
    """Register a lead; from this moment it belongs to one office and, until it is assigned, to whoever logged it.

    Without ``office_id`` the division of powers decides the office; with one that differs from the division's, the
    reason is kept beside what the division says. Where the actor may not log for the office decided on, the lead stays
    with the actor's own office until it is handed over.

    :param is_mixed: the paper holds a complaint and a report: the report is registered beside the complaint.
    :raises Invalid: a field breaks a rule, no rule of the division covers the matter, or ``route_reason_required``.
    :raises NotPermitted: no post of the actor may log for this office.
    """
    intake = Intake(
        channel, received_on, party_name, summary, party_code, region_code, address, category, amount, flags, facts,
        informant,
    )  # fmt: skip
    check_intake(intake, local_day(at))
    named = office_named(office_id) if office_id is not None else None
    placed = place(intake, actor, named, route_reason, partial(route, on=local_day(at)))
    require_role(actor, placed.office, states.LOG.roles, what=str(states.LOG.label), basis=states.LOG.basis)
    lead = _enter(lead_from(intake, placed.office, actor, at), rules_on_receipt(channel), actor, at)
    _seal(lead, informant, actor, at)
    _keep_placing(lead, placed, actor, at)
    keep_files(lead, uploads, FilePurpose.MATERIAL, actor, at)
    return split_lead(lead_id=lead.pk, actor=actor, at=at) if is_mixed else lead


@transaction.atomic
def split_lead(
    *, lead_id: int, actor: User, at: datetime, summary: str = "", facts: Mapping[str, str] | None = None
) -> Lead:
    """Register beside a complaint the report its material holds too, or the other way round (令121第九条).

    The twin has its own periods from the same day of receipt and the same informant, sealed again for it.

    :param summary: what the twin is about; what the lead says, when left out.
    :param facts: what the twin's channel asks for.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: ``already_split``, ``complainant_unknown``.
    """
    lead, row = begin(actor, lead_id, states.SPLIT)
    require_not_done(lead, row)
    channel = states.TWINS[Channel(lead.channel)]
    twin = register(told_again(lead, channel, summary, facts), lead, actor, at, same_informant=True)
    return move(lead, row, actor, at, f"另行登记{in_record(channel.label)} {twin.number}")


def told_again(
    lead: Lead, channel: str, summary: str, facts: Mapping[str, str] | None, received_on: date | None = None
) -> Intake:
    """The matter of a lead, as another channel would have received it."""
    return Intake(
        channel, received_on or lead.received_on, lead.party_name, summary.strip() or lead.summary, lead.party_code,
        lead.region_code, lead.address, lead.category, lead.amount, lead.flags, facts,
    )  # fmt: skip


def register(
    intake: Intake,
    origin: Lead,
    actor: User,
    at: datetime,
    *,
    same_informant: bool,
    rules: Sequence[str] = (),
) -> Lead:
    """Register the lead that a verb of another brings forth, with the same office; that verb asked who may.

    :param same_informant: who told of the origin told of this one too.
    :param rules: the periods it starts on the day of receipt, where they are not those of its channel.
    :raises Invalid: a field breaks a rule. :raises WrongState: ``complainant_unknown``.
    """
    check_intake(intake, local_day(at), is_sealed_before=same_informant)
    if intake.channel == Channel.COMPLAINT:
        _require_complainant(origin)
    lead = lead_from(intake, origin.office, actor, at)
    lead.origin = origin
    if same_informant:
        lead.is_anonymous, lead.informant_key = origin.is_anonymous, origin.informant_key
    _enter(lead, rules or rules_on_receipt(intake.channel), actor, at)
    if same_informant:
        copy_informant(
            subject_kind=KIND, subject_id=origin.pk, to_id=lead.pk, to_number=lead.number, office=lead.office,
            actor=actor, at=at,
        )  # fmt: skip
    return lead


def receive_transfer(intake: Intake, office: Office, actor: User, at: datetime) -> Lead:
    """Register what another authority transfers to an office; whoever receives for the office must sign for it.

    The sender never had this lead, so nobody gives it back to them: who objects raises a dispute (程序规定第十四条). The
    verb that transfers asked who may.

    :param intake: of the channel ``transfer_in``.
    :raises Invalid: a field breaks a rule, or ``no_receiver``.
    """
    check_intake(intake, local_day(at))
    lead = lead_from(intake, office, actor, at)
    lead.owner, lead.state = receiver_of(office), LeadState.ASSIGNED
    said = f"由{lead.channel_facts['from_body']}移送，{lead.channel_facts['letter_no']}"
    return _enter(lead, rules_on_receipt(intake.channel), actor, at, states.RECEIVE, said)


def lead_from(intake: Intake, office: Office, actor: User, at: datetime) -> Lead:
    """The row of an intake already checked, unsaved and without its number."""
    code = normalised(intake.party_code)
    facts = {name: text.strip() for name, text in (intake.facts or {}).items() if text.strip()}
    told = intake.informant
    return Lead(
        channel=intake.channel, received_on=intake.received_on, party_name=intake.party_name.strip(), party_code=code,
        normal_name=normal_name(intake.party_name), has_party_code_doubt=bool(code) and doubt_about(code) is not None,
        region_code=intake.region_code or office.region_code, address=intake.address.strip(), category=intake.category,
        amount=intake.amount, flags=sorted(set(intake.flags)), channel_facts=facts, summary=intake.summary.strip(),
        is_anonymous=told.is_empty and intake.channel in states.TWINS,
        informant_key=key_of_phone(told.phone) if told.phone else "", office=office, bureau_id=office.bureau_id,
        owner=actor, created_at=at,
    )  # fmt: skip


def _enter(
    lead: Lead, rules: Sequence[str], actor: User, at: datetime, row: Transition = states.LOG, said: str = ""
) -> Lead:
    """Number and save the lead and start its first periods: to be assigned, or signed for where it was sent already."""
    number = issue_number(office=lead.office, kind=KIND, on=local_day(at), subject_kind=KIND)
    lead.number = number.text
    lead.save(force_insert=True)
    bind_number(number, subject_id=lead.pk)
    write_move(lead, row, "", actor, at, lead.origin.number if lead.origin else said)
    for rule in rules:
        start_clock(rule=rule, subject=subject_of(lead), origin_on=lead.received_on, actor=actor, at=at)
    following = SIGNING if lead.state == LeadState.ASSIGNED else TRIAGE
    start_clock(rule=following, subject=subject_of(lead), origin_at=at, actor=actor, at=at)
    index_lead(lead)
    return lead


def _seal(lead: Lead, told: InformantInput, actor: User, at: datetime) -> None:
    if not told.is_empty:
        seal_informant(
            subject_kind=KIND, subject_id=lead.pk, subject_number=lead.number, office=lead.office, name=told.name,
            phone=told.phone, address=told.address, id_number=told.id_number, is_real_name=told.is_named, actor=actor,
            at=at,
        )  # fmt: skip


def _keep_placing(lead: Lead, placed: Placed, actor: User, at: datetime) -> None:
    if placed.question is not None:
        keep_decision(
            subject_kind=KIND, subject_id=lead.pk, route=placed.route, question=placed.question, office=placed.office,
            reason=placed.reason, actor=actor, at=at,
        )  # fmt: skip


def _require_complainant(origin: Lead) -> None:
    told = informant_of(KIND, origin.pk)
    missing = [label for field, label in MATERIAL.items() if told is None or not told.sealed(field)]
    if missing:
        raise WrongState(
            _("%(number)s缺少%(missing)s，不能登记为投诉（投诉举报处理办法第十条第一款第一项）。")
            % {"number": origin.number, "missing": _("、").join(str(label) for label in missing)},
            code="complainant_unknown",
        )
