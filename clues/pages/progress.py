"""Where a lead stands: the steps of its way, and what may be done with it next, by whom and why not yet."""

from collections.abc import Callable, Iterable, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import authority_of
from accounts.queries import who_may
from clues import states
from clues.models import Lead, LeadMove
from clues.policies import OWNERS_OWN, has_place
from clues.queries import legal_moves, require_first_hand, require_not_done, require_return, require_undisputed
from clues.states import LeadState
from core.errors import Invalid, WrongState
from core.pages import NextStep, Stage, Step, steps_in_order
from core.transitions import Transition
from deadlines.models import Clock
from deadlines.queries import rule_book
from deadlines.states import OPEN_STATES

DECISIONS = {
    LeadState.FILED: states.FILE,
    LeadState.NOT_FILED: states.DECLINE,
    LeadState.TRANSFERRED: states.TRANSFER,
    LeadState.AS_COMPLAINT: states.TREAT_AS_COMPLAINT,
    LeadState.SETTLED: states.SETTLE,
    LeadState.ENDED: states.END,
    LeadState.REFUSED: states.REFUSE,
}
# The move each state is waiting for.
AWAITED = {
    LeadState.REGISTERED: states.ASSIGN,
    LeadState.ASSIGNED: states.SIGN,
    LeadState.VERIFYING: states.REPORT,
    LeadState.VERIFIED: states.FILE,
    LeadState.ACCEPTING: states.ACCEPT,
    LeadState.MEDIATING: states.SETTLE,
    LeadState.ENDED: states.TELL,
}
OWNERS_WORK = frozenset({states.SIGN.name, states.REPORT.name, states.ACCEPT.name, states.SETTLE.name})
# What waits until a dispute over the lead is over; whether an office may be assigned, its form says.
UNDISPUTED = frozenset(
    row.name
    for row in (
        states.HAND_OVER, states.TAKE_OVER, states.HAND_DOWN, states.RAISE_DISPUTE, states.FILE, states.DECLINE,
        states.TRANSFER, states.TREAT_AS_COMPLAINT, states.MERGE, states.ACCEPT, states.REFUSE,
    )
)  # fmt: skip
ENDS_BADLY = (states.DECLINE, states.TRANSFER, states.REFUSE, states.END)


def short_basis(row: Transition) -> str:
    """第十八条 of 市场监督管理行政处罚程序规定, as people there say it."""
    return str(row.basis).replace(states.RULES, "程序规定").replace(states.COMPLAINT_RULES, "投诉举报办法")


def steps_of(lead: Lead, moves: Iterable[LeadMove]) -> list[Step]:
    """Logged, assigned, signed for, worked on, decided; with the day each was done."""
    days = {move.name: timezone.localdate(move.at) for move in moves}
    if received := days.get(states.RECEIVE.name):  # registered and sent in one move
        days = {states.LOG.name: received, states.ASSIGN.name: received} | days
    state = LeadState(lead.state)
    decision = DECISIONS.get(state)
    way = _way(lead, decision)
    if state == LeadState.MERGED:  # the rest of its way is the other lead's
        way = [*(each for each in way if each[1].name in days), (str(state.label), _own(lead, states.MERGE))]
    order = [
        LeadState.REGISTERED,
        LeadState.ASSIGNED,
        *(states.COMPLAINT_STATES if lead.is_complaint else states.VERIFICATION_STATES),
    ]
    at = len(way) if decision or state == LeadState.MERGED else order.index(state) + 1
    return [
        Step(
            label=label,
            stage=Stage.DONE if place < at else Stage.CURRENT if place == at else Stage.AHEAD,
            basis=short_basis(row),
            on=days.get(row.name) if place < at else None,
        )
        for place, (label, row) in enumerate(way)
    ]


def _way(lead: Lead, decision: Transition | None) -> list[tuple[str, Transition]]:
    way = [(str(row.label), _own(lead, row)) for row in (states.LOG, states.ASSIGN, states.SIGN)]
    if lead.is_complaint:
        return [
            *way,
            (_("受理"), states.ACCEPT),
            (lead.get_state_display() if decision else _("调解"), decision or states.SETTLE),
        ]
    return [
        *way,
        (_("核查"), states.REPORT),
        (lead.get_state_display() if decision else _("决定是否立案"), decision or states.FILE),
    ]


def _own(lead: Lead, row: Transition) -> Transition:
    return states.row_of(lead.channel, row) or row


def next_steps(user: User, lead: Lead, clocks: Sequence[Clock]) -> list[NextStep]:
    """Every move the state table has for this state: a button where this user may, else who may or why not yet."""
    legal, disputed = legal_moves(user, lead), why_disputed(lead)
    awaited = awaited_of(user, lead, legal)
    steps = [
        _step(lead, row, may=row in legal, awaited=awaited, reason=why_not(lead, row, clocks, disputed, row in legal))
        for row in sorted(states.table_of(lead.channel), key=lambda row: row.target in (None, lead.state))
        if row.starts_from(lead.state)
        and has_place(lead, row)
        and not (row.name == states.SIGN.name and _passes_on(user, lead, legal))
    ]
    if lead.state == LeadState.VERIFIED and lead.owner_id == user.pk and states.FILE not in legal:
        # Whoever verified prepares the decision; approvals belong to the cases.
        ask = reverse("approval_ask_file", args=[lead.pk])
        steps.append(NextStep(_("报请立案审批"), url=ask, basis=short_basis(_own(lead, states.FILE))))
    if awaited and (after := AWAITED.get(LeadState(awaited.target or lead.state))) and after is not awaited:
        after = _own(lead, after)
        label = _("决定是否立案") if after is states.FILE else str(after.label)
        steps.append(
            NextStep(
                label, why_not=_("先办理“{first}”。").format(first=_label(lead, awaited)), basis=short_basis(after)
            )
        )
    return steps_in_order(steps)


def waiting_for(user: User, lead: Lead) -> str:
    """Whom the lead waits for, when it is not this user."""
    legal = legal_moves(user, lead)
    awaited = awaited_of(user, lead, legal)
    if awaited is None or awaited in legal:
        return ""
    if awaited.name in OWNERS_WORK:
        return _("等待承办人{name}：{what}。").format(name=lead.owner.name, what=awaited.label)
    return _("等待{who}办理。").format(who=who_may(lead.office, awaited.roles))


def awaited_move(lead: Lead) -> Transition | None:
    """What the state waits for; of the three decisions the one the findings propose."""
    if lead.state == LeadState.VERIFIED and lead.proposal in DECISIONS:
        return DECISIONS[LeadState(lead.proposal)]
    if lead.state == LeadState.ENDED and lead.outcome_told_on:
        return None
    awaited = AWAITED.get(LeadState(lead.state))
    return awaited and _own(lead, awaited)


def awaited_of(user: User, lead: Lead, legal: Sequence[Transition]) -> Transition | None:
    """What the lead waits for as this user sees it, of whose ``legal`` moves."""
    return _own(lead, states.ASSIGN) if _passes_on(user, lead, legal) else awaited_move(lead)


def _passes_on(user: User, lead: Lead, legal: Sequence[Transition]) -> bool:
    """Whether the user received the lead for the office and is none of the officers who sign for one to work on it."""
    is_sent = lead.state == LeadState.ASSIGNED and lead.owner_id == user.pk
    return is_sent and _own(lead, states.SIGN) not in legal and _own(lead, states.ASSIGN) in legal


def why_disputed(lead: Lead) -> str:
    """What the verbs say that wait until a dispute over the lead is over; '' without one."""
    return _refusal_of(lambda: require_undisputed(lead))


def why_not(lead: Lead, row: Transition, clocks: Sequence[Clock], disputed: str, may: bool = True) -> str:
    """Why a move the state allows is not possible all the same; nothing is looked up for who may not make it."""
    if disputed and row.name in UNDISPUTED:
        return disputed
    if may and row.name == states.HAND_OVER.name:
        return _refusal_of(lambda: require_first_hand(lead))
    if may and row.name == states.RETURN.name:
        return _refusal_of(lambda: require_return(lead, timezone.localdate()))
    if may and row.name in (states.SPLIT.name, states.TELL.name):
        return _refusal_of(lambda: require_not_done(lead, row))
    if row is not states.EXTEND:
        return ""
    clock = next((each for each in clocks if each.state in OPEN_STATES), None)
    if clock is None:
        return _("没有正在计算的核查期限。")
    taken, allowed = len(clock.additions), len(rule_book().version(clock.rule_version).extensions)
    return _("已延长 {n} 次，依法不能再延长。").format(n=taken) if taken >= allowed else ""


def _refusal_of(ask: Callable[[], object]) -> str:
    try:
        ask()
    except (WrongState, Invalid) as refusal:
        return refusal.detail
    return ""


def _step(lead: Lead, row: Transition, *, may: bool, awaited: Transition | None, reason: str) -> NextStep:
    return NextStep(
        label=_label(lead, row),
        url=_url(lead, row) if may and not reason else "",
        who="" if may else _who(lead, row),
        why_not=reason,
        basis=short_basis(row),
        is_primary=row is awaited,
        is_danger=row in ENDS_BADLY and row is not awaited,
    )


def _label(lead: Lead, row: Transition) -> str:
    return _("改派") if row.name == states.ASSIGN.name and lead.state != LeadState.REGISTERED else str(row.label)


def _who(lead: Lead, row: Transition) -> str:
    if row.name in OWNERS_OWN:
        return _("承办人{name}").format(name=lead.owner.name)
    above = authority_of(lead.office).parent
    return who_may(above if above and row.name == states.TAKE_OVER.name else lead.office, row.roles)


def _url(lead: Lead, row: Transition) -> str:
    if row is states.FILE:  # opens a case, so its page belongs to the cases
        return reverse("case_file", args=[lead.pk])
    return reverse(f"lead_{row.name}", args=[lead.pk])
