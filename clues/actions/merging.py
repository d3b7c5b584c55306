"""One matter told twice: a lead is merged into an original, and taken apart again. Links are flat and reversible.

What becomes of the periods is 投诉举报处理办法第三十五条第二款: the same facts told again are not handled again; new facts of
the same informant are handled together, counted anew from the last receipt; another's period goes on as it was.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.queries import OFFICE_WITH_ANCESTORS, require_role
from clues import states
from clues.actions.moves import (
    KIND,
    TRIAGE,
    begin,
    drop_if_open,
    meet_if_open,
    pass_on,
    required,
    subject_of,
    write_move,
)
from clues.channels import handling_rule, rules_on_receipt
from clues.models import Lead
from clues.policies import visible_to
from clues.queries import WITH_OFFICE, leads_for, require_undisputed, still_there
from clues.states import DECIDED_STATES, WAITING_STATES, FactsGoOn, LeadState
from core.errors import Invalid, WrongState
from core.transitions import in_record
from deadlines.actions.clocks import cancel_clock, hand_over_clocks, start_again, start_clock
from deadlines.models import Clock
from deadlines.queries import clocks_of, current_calendar, rule_book
from deadlines.replay import ClockFacts, due_of
from deadlines.states import OPEN_STATES, ClockState
from informants.actions import move_informants
from search.actions import move_text

RESTART = "lead_verification_restart"
FROM_MEDIATION = "lead_from_mediation"


@transaction.atomic
def merge_lead(*, lead_id: int, original_id: int, facts: str, reason: str, actor: User, at: datetime) -> Lead:
    """Merge a lead into the original it repeats; it follows that one from now on.

    :param facts: how the two stand to each other, see :class:`clues.states.FactsGoOn`.
    :raises NotFound, NotPermitted: :raises WrongState: ``merge_cycle``, ``original_is_merged``, ``is_an_original``,
        ``original_decided``, ``original_accepted``. :raises Invalid: ``merge_into_itself``, ``unknown_lead``,
        ``other_procedure``, ``not_same_informant``, ``owes_reply``, ``no_restart_of_complaints``.
    """
    _hold(actor, lead_id, original_id)
    lead, row = begin(actor, lead_id, states.MERGE)
    if lead_id == original_id:
        raise Invalid(_("不能把一条线索并入它自己，请选择另一条。"), code="merge_into_itself", field="original")
    original = _original(actor, original_id)
    _refuse_cycle(lead_id, original)
    require_role(actor, original.office, row.roles, what=str(row.label), basis=row.basis)
    why = required(reason, "reason", _("请写明认定为同一事项的理由。"), limit=500)
    require_undisputed(lead)
    _check_pair(lead, original)
    _check_facts(lead, original, facts)
    label = in_record(FactsGoOn(facts).label)
    if facts != FactsGoOn.OTHER_PERSON:
        _drop_handling(lead, f"并入{original.number}：{label}", actor, at)
    lead.original, lead.merged_as = original, facts
    pass_on(lead, row, original.office, original.owner, actor, at, f"并入{original.number}（{label}）：{why}")
    said = _retime(original, actor, at) if facts == FactsGoOn.NEW_FACTS else ""
    write_move(original, states.MERGED_IN, original.state, actor, at, f"{lead.number}（{label}）{said}")
    return lead


@transaction.atomic
def unmerge_lead(*, lead_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """Take a merged lead out again: it goes back to whoever had it, its period as if it had never been merged.

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: ``unmerge_after_decision``.
    """
    into = leads_for(actor).filter(pk=lead_id).values_list("original_id", flat=True).first()
    if into is not None:
        _hold(actor, into)
    lead, row = begin(actor, lead_id, states.UNMERGE)
    assert lead.original_id is not None  # noqa: S101 - a constraint: what is merged has an original
    original = Lead.objects.select_related(*WITH_OFFICE).get(pk=lead.original_id)
    if original.state in DECIDED_STATES:
        raise WrongState(
            _("并入的线索 %(number)s 已于%(day)s办结，不能再解除并入；确属另一事项的，请作为新线索登记。")
            % {"number": original.number, "day": original.decided_on},
            code="unmerge_after_decision",
        )
    why = required(reason, "reason", _("请写明解除并入的理由。"), limit=500)
    facts = lead.merged_as
    lead.original, lead.merged_as = None, ""
    office, owner = _held_before(lead)
    pass_on(lead, row, office, owner, actor, at, f"从{original.number}解除并入：{why}")
    if facts != FactsGoOn.OTHER_PERSON:
        _resume_handling(lead, actor, at)
    start_clock(rule=TRIAGE, subject=subject_of(lead), origin_at=at, actor=actor, at=at)
    said = _retime(original, actor, at) if facts == FactsGoOn.NEW_FACTS else ""
    write_move(original, states.UNMERGED_FROM, original.state, actor, at, f"{lead.number}{said}")
    return lead


def follow(original: Lead, actor: User, at: datetime) -> None:
    """What was merged into a lead that has just been passed on goes where it went."""
    for lead in original.merged.select_for_update(of=("self",)).select_related("owner").order_by("pk"):
        before = lead.owner
        lead.office, lead.bureau_id, lead.owner = original.office, original.bureau_id, original.owner
        lead.save(update_fields=["office", "bureau", "owner"])
        write_move(lead, states.FOLLOW, lead.state, actor, at, original.number)
        hand_over_clocks(subject=subject_of(lead), from_owner=before, actor=actor, at=at)
        move_informants(subject_kind=KIND, subject_id=lead.pk, office=lead.office)
        move_text(kind=KIND, subject_id=lead.pk, office=lead.office)


def decide_merged(original: Lead, on: date, actor: User, at: datetime) -> list[Lead]:
    """Deciding on a lead on a day meets the periods that went on beside it; answers with the leads they belong to."""
    leads = going_on_with(original)
    for lead in leads:
        for rule in _handling_rules(lead):
            meet_if_open(lead, rule, actor, at, on=max(on, lead.received_on))
    return leads


def going_on_with(original: Lead) -> list[Lead]:
    """The leads of other people merged into this one: what is decided and told for it is decided and told for them."""
    others = original.merged.filter(merged_as=FactsGoOn.OTHER_PERSON)
    return list(others.select_related("office", "owner").order_by("pk"))


# ---- what may be merged -----------------------------------------------------


def _hold(actor: User, *lead_ids: int) -> None:
    """Lock the leads in one order, whoever comes from which side."""
    rows = Lead.objects.filter(visible_to(actor), pk__in=lead_ids).order_by("pk")
    list(rows.select_for_update().values_list("pk"))


def _original(actor: User, original_id: int) -> Lead:
    found = Lead.objects.filter(visible_to(actor), pk=original_id).select_related(*WITH_OFFICE).first()
    if found is None:
        raise Invalid(
            _("没有找到要并入的线索，或者它不在您的查看范围内，请核对编号。"), code="unknown_lead", field="original"
        )
    return found


def _refuse_cycle(lead_id: int, original: Lead) -> None:
    if original.original_id == lead_id:
        raise WrongState(
            _("%(number)s 已经并入这条线索，不能再反过来并入；要换主线索的，请先解除并入。") % {"number": original.number},
            code="merge_cycle", field="original",
        )  # fmt: skip
    if original.state == LeadState.MERGED:
        raise WrongState(
            _("%(number)s 已经并入另一条线索，请并入那一条主线索。") % {"number": original.number},
            code="original_is_merged", field="original",
        )  # fmt: skip


def _check_pair(lead: Lead, original: Lead) -> None:
    if lead.merged.exists():
        raise WrongState(
            _("有其他线索并入这条线索，它是主线索；请先把那些线索解除并入，再分别并入 %(number)s。")
            % {"number": original.number},
            code="is_an_original",
        )
    if lead.is_complaint != original.is_complaint:
        raise Invalid(
            _("投诉和举报应当分别处理（投诉举报处理办法第九条），投诉只能并入投诉，其他线索只能并入其他线索。"),
            code="other_procedure", field="original",
        )  # fmt: skip
    if len(rules_on_receipt(lead.channel)) > 1:
        raise Invalid(
            _("检察机关移送的线索须单独回复，不能并入其他线索；请把另一条并入这一条。"),
            code="owes_reply", field="original",
        )  # fmt: skip


def _check_facts(lead: Lead, original: Lead, facts: str) -> None:
    if facts not in FactsGoOn.values:
        raise Invalid(_("请选择两条线索的关系。"), code="unknown_facts", field="facts")
    if facts != FactsGoOn.OTHER_PERSON and not is_same_informant(lead, original):
        raise Invalid(
            _("两条线索不是同一举报人（按手机号码比对，匿名的无法认定），只能选择“%(other)s”。")
            % {"other": FactsGoOn.OTHER_PERSON.label},
            code="not_same_informant", field="facts",
        )  # fmt: skip
    if facts == FactsGoOn.NEW_FACTS and lead.is_complaint:
        raise Invalid(
            _("补充新的事实重新计算期限只适用于举报（投诉举报处理办法第三十五条第二款），不适用于投诉。"),
            code="no_restart_of_complaints", field="facts",
        )  # fmt: skip
    _check_stage(original, facts)


def _check_stage(original: Lead, facts: str) -> None:
    """How far the original may have come."""
    if original.is_complaint and original.state in DECIDED_STATES:
        raise WrongState(
            _("原投诉已经办结。同一争议再次投诉的，请依投诉举报处理办法第十六条第二项决定是否受理并告知。"),
            code="original_decided", field="original",
        )  # fmt: skip
    if original.state in DECIDED_STATES and facts != FactsGoOn.SAME_AGAIN:
        raise WrongState(
            _("%(number)s 已经作出决定，新的事实或者其他人的举报请作为新线索办理，不能并入。") % {"number": original.number},
            code="original_decided", field="original",
        )  # fmt: skip
    is_accepting = original.state in (*WAITING_STATES, LeadState.ACCEPTING)
    if original.is_complaint and facts == FactsGoOn.OTHER_PERSON and not is_accepting:
        raise WrongState(
            _("原投诉已经受理，另一投诉人的投诉须单独作出受理决定并告知，不能并入。"),
            code="original_accepted", field="original",
        )  # fmt: skip


def is_same_informant(lead: Lead, other: Lead) -> bool:
    """By the blind index of the phone: nobody's name is needed."""
    return bool(lead.informant_key) and lead.informant_key == other.informant_key


# ---- what becomes of the periods --------------------------------------------


def _handling_rules(lead: Lead) -> tuple[str, ...]:
    return (handling_rule(lead.channel), FROM_MEDIATION, RESTART)


def _handling_clocks(lead: Lead) -> list[Clock]:
    """The periods within which the lead had or has to be decided, oldest first."""
    return list(clocks_of(KIND, lead.pk).filter(rule__in=_handling_rules(lead)))


def _drop_handling(lead: Lead, reason: str, actor: User, at: datetime) -> None:
    for rule in _handling_rules(lead):
        drop_if_open(lead, rule, reason, actor, at)


def _resume_handling(lead: Lead, actor: User, at: datetime) -> None:
    """The period that merging cancelled runs again from its own origin."""
    cancelled = [clock for clock in _handling_clocks(lead) if clock.state == ClockState.CANCELLED]
    start_again(clock_id=cancelled[-1].pk, subject=subject_of(lead), reason="解除并入", actor=actor, at=at)


def _retime(original: Lead, actor: User, at: datetime) -> str:
    """Let the original run from the last receipt of new facts among what is merged into it now; says what it did.

    Without one it runs from its own origin. Where the law of that day knows no restart, or the period was over before
    the new facts came, it goes on as it was.
    """
    clocks = _handling_clocks(original)
    running = next((clock for clock in clocks if clock.state in OPEN_STATES), None)
    own = next(clock for clock in clocks if clock.rule != RESTART)
    if running is None:
        return ""
    origin = _last_receipt(original, own)
    if origin == running.origin_on:
        return "，期限不重新计算" if running.rule != RESTART else f"，期限自{origin}起重新计算"
    cancel_clock(clock_id=running.pk, reason=f"期限自{origin}起计算", actor=actor, at=at)
    rule = own.rule if origin == own.origin_on else RESTART
    before = [each for each in clocks if (each.rule, each.origin_on) == (rule, origin)]
    if before:
        start_again(clock_id=before[-1].pk, subject=subject_of(original), reason="恢复计算", actor=actor, at=at)
    else:
        start_clock(rule=rule, subject=subject_of(original), origin_on=origin, actor=actor, at=at)
    return f"，期限自{origin}起重新计算" if rule == RESTART else f"，期限恢复自{origin}起计算"


def _last_receipt(original: Lead, own: Clock) -> date:
    """From when the original runs: the last receipt of new facts that came while it still ran, else its own origin."""
    origin, due = own.origin_on, own.due_on
    received = original.merged.filter(merged_as=FactsGoOn.NEW_FACTS).order_by("received_on")
    for day in received.values_list("received_on", flat=True):
        anew = _due_anew(day)
        if anew is not None and origin < day and due is not None and day <= due:
            origin, due = day, anew
    return origin


def _due_anew(day: date) -> date | None:
    """When a period that starts again on this day is over; None where the law of that day knows no restart."""
    try:
        version = rule_book().version_on(RESTART, day)
    except Invalid:
        return None
    due = due_of(ClockFacts(origin_on=day), version, current_calendar())
    return due.on if due else None


def _held_before(lead: Lead) -> tuple[Office, User]:
    """Whose the lead was before it was merged."""
    moves = lead.moves.select_related("owner", "office", *(f"office__{name}" for name in OFFICE_WITH_ANCESTORS))
    merged = moves.filter(name=states.MERGE.name).latest("pk")
    before = moves.filter(pk__lt=merged.pk).latest("pk")
    return still_there(before.office, before.owner)
