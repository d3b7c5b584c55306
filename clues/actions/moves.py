"""The one mover of leads: every verb locks, asks, moves, and leaves its history, tenure and audit entry here."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import Office, User
from audit.actions import record
from clues import states
from clues.channels import handling_rule
from clues.models import Lead, LeadMove, Tenure
from clues.queries import lock_lead, require_move, require_unmoved
from core.errors import Invalid, WrongState
from core.texts import optional as optional  # the verbs of a lead find both here
from core.texts import required as required
from core.transitions import Transition
from deadlines.actions.clocks import Subject, cancel_clock, hand_over_clocks, local_day, meet_clock, start_clock
from deadlines.queries import open_clock
from deadlines.workdays import Interval
from informants.actions import move_informants
from search.actions import Searchable, index_texts, move_text

KIND = "lead"
TRIAGE = "lead_triage"
SIGNING = "lead_signing"


def begin(actor: User, lead_id: int, row: Transition, seen: int | None = None) -> tuple[Lead, Transition]:
    """The lead, locked, and the row of its own table for this verb.

    :param seen: the last move the actor knew of; left out, nobody asks what has happened since.
    :raises NotFound, NotPermitted: :raises WrongState: among others ``moved_meanwhile``.
    """
    lead = lock_lead(actor, lead_id)
    require_unmoved(lead, seen)
    return lead, require_move(actor, lead, row)


def move(lead: Lead, row: Transition, actor: User, at: datetime, reason: str) -> Lead:
    source = lead.state
    lead.state = row.target or source
    lead.save()
    write_move(lead, row, source, actor, at, reason)
    return lead


def write_move(lead: Lead, row: Transition, source: str, actor: User, at: datetime, reason: str) -> None:
    LeadMove.objects.create(
        lead=lead, at=at, actor=actor, name=row.name, source=source, target=lead.state, office=lead.office,
        owner=lead.owner, reason=reason[:1000],
    )  # fmt: skip
    keep_tenure(lead, at)
    record(
        verb=f"clues.{row.name}", actor=actor, at=at, subject_kind=KIND, subject_id=lead.pk, subject_label=lead.number,
        source=source, target=lead.state, office=lead.office.code, owner=lead.owner_id,
    )  # fmt: skip


def keep_tenure(lead: Lead, at: datetime) -> None:
    """Close the open tenure and open the next at the same moment, if office or owner changed."""
    held = Tenure.objects.filter(lead=lead, ends_at__isnull=True).first()
    if held is not None:
        if (held.office_id, held.owner_id) == (lead.office_id, lead.owner_id):
            return
        held.ends_at = max(at, held.starts_at)
        held.save(update_fields=["ends_at"])
    Tenure.objects.create(
        lead=lead, office=lead.office, bureau_id=lead.bureau_id, owner=lead.owner,
        starts_at=held.ends_at if held is not None and held.ends_at else at,
    )  # fmt: skip


def pass_on(lead: Lead, row: Transition, office: Office, owner: User, actor: User, at: datetime, reason: str) -> Lead:
    """Give the lead to another office and person, who must sign for it; its clocks go with it and do not restart.

    What whoever had it owed ends with them: sent on, it was assigned in time or late; signing is done by whoever passes
    on what they were given, and drops away when somebody else takes it from them.
    """
    before = lead.owner
    meet_if_open(lead, TRIAGE, actor, at)
    if actor == before:
        meet_if_open(lead, SIGNING, actor, at)
    else:
        drop_if_open(lead, SIGNING, f"已由{actor.name}改派", actor, at)
    stays = (lead.office_id, lead.owner_id) == (office.pk, owner.pk)
    lead.office, lead.bureau_id, lead.owner, lead.signed_at = office, office.bureau_id, owner, None
    move(lead, row, actor, at, reason)
    if not stays:
        hand_over_clocks(subject=subject_of(lead), from_owner=before, actor=actor, at=at)
        move_informants(subject_kind=KIND, subject_id=lead.pk, office=office)
        move_text(kind=KIND, subject_id=lead.pk, office=office)
    if row.target == states.LeadState.ASSIGNED:
        start_clock(rule=SIGNING, subject=subject_of(lead), origin_at=at, actor=actor, at=at)
    return lead


def index_lead(lead: Lead) -> None:
    """Make the lead findable by what it says now."""
    index_texts([searchable(lead)])


def searchable(lead: Lead) -> Searchable:
    """What full-text search finds a lead by; nothing about who told."""
    texts = (lead.number, lead.party_name, lead.party_code, lead.address, lead.summary, lead.findings)
    return Searchable(KIND, lead.pk, texts, lead.office, lead.received_on)


def subject_of(lead: Lead) -> Subject:
    return Subject(KIND, lead.pk, lead.label, lead.office, lead.owner, lead.number)


def meet_if_open(lead: Lead, rule: str, actor: User, at: datetime, on: date | None = None) -> None:
    """What a period demanded was done on ``on`` (today when left out), if the period runs."""
    clock = open_clock(rule=rule, subject_kind=KIND, subject_id=lead.pk)
    if clock is not None:
        meet_clock(clock_id=clock.pk, on=on or local_day(at), actor=actor, at=at)


def drop_if_open(lead: Lead, rule: str, reason: str, actor: User, at: datetime) -> None:
    """The ground of a period has gone, if the period runs; it counts neither as met nor as missed."""
    clock = open_clock(rule=rule, subject_kind=KIND, subject_id=lead.pk)
    if clock is not None:
        cancel_clock(clock_id=clock.pk, reason=reason, actor=actor, at=at)


def handling_clock(lead: Lead) -> int:
    """The running period within which the lead must be decided, restarted ones included.

    :raises Invalid: none runs.
    """
    for rule in (handling_rule(lead.channel), "lead_verification_restart", "lead_from_mediation"):
        if (clock := open_clock(rule=rule, subject_kind=KIND, subject_id=lead.pk)) is not None:
            return clock.pk
    raise Invalid(_("这条线索没有正在计时的核查期限。"), code="no_open_clock", field="lead")


def require_no_dispute(lead: Lead) -> None:
    """:raises WrongState: ``dispute_open`` while it is not settled whose the lead is."""
    if lead.disputes.filter(settled_at__isnull=True).exists():
        raise WrongState(
            _("这条线索的处理权限正在争议中，争议解决后才能决定（%(basis)s）。") % {"basis": states.DISPUTE_BASIS},
            code="dispute_open",
        )


def inclusive_days(first_day: date, last_day: date) -> Interval:
    """Both ends counted, as offices write periods.

    :raises Invalid: the last day lies before the first, or at the end of all dates.
    """
    if last_day < first_day:
        raise Invalid(_("结束日期早于开始日期。"), code="inverted_suspension", field="last_day")
    if last_day == date.max:
        raise Invalid(_("结束日期超出可以计算的范围，请核对。"), code="date_out_of_range", field="last_day")
    return Interval(first_day, date.fromordinal(last_day.toordinal() + 1))
