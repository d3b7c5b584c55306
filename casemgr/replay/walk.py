"""One published case taken through the verbs at its real dates, as far as stated facts go and no further."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from casemgr.replay.source import PublishedCase, Span
from casemgr.replay.stage import Stage
from casemgr.replay.verdicts import Law
from cases.actions.decision import decide_case, notify_party
from cases.actions.duties import declare
from cases.actions.filing import file_case
from cases.actions.proposal import approve_notice, propose
from cases.actions.review import conclude_case, pass_review
from cases.models import Case
from cases.states import matter as case_states
from cases.states.decision import PenaltyKind
from clues import states as lead_states
from clues.actions.custody import assign_lead, sign_lead
from clues.actions.intake import log_lead
from clues.actions.verification import report_findings
from clues.models import Lead
from core.errors import Invalid
from core.transitions import Transition
from deadlines.actions.reminders import sweep_reminders
from deadlines.models import Clock, Reminder, ReminderState
from deadlines.replay import SHANGHAI

STATED, SAME_DAY, LATEST_LAWFUL = "stated", "assumed_same_day", "assumed_latest_lawful_day"
NOT_STATED = "（来源未载明，仅为复盘填写）"
ONE_DAY = timedelta(days=1)
LONGEST_DEFENCE = 60  # calendar days; far more than any version of the defence term


@dataclass(frozen=True)
class Step:
    """A verb carried out, its day, and what that day rests on."""

    day: date
    verb: str
    label: str
    rests_on: str


class Walk:
    """The matter on its way; ``stopped`` says which missing fact ended it."""

    def __init__(self, stage: Stage, case: PublishedCase, law: Law, until: datetime) -> None:
        self.stage, self.source, self.law, self.until = stage, case, law, until
        self.lead: Lead | None = None
        self.case: Case | None = None
        self.steps: list[Step] = []
        self.assumed_clocks = frozenset(
            {"lead_triage", "lead_signing", "legal_review", "statement_defence", "hearing_request"}
        )
        self.stopped = ""
        self._minute = 0

    def run(self) -> None:
        """Verbs at their days; between them people are told whatever has become due."""
        for step in (self._log, self._file, self._decide):
            self.stopped = step()
            if self.stopped:
                break
        self._sweep(self.until)

    def clocks(self) -> list[Clock]:
        """Every clock the verbs started, in order."""
        return list(Clock.objects.filter(self._subject()).order_by("id"))

    def _log(self) -> str:
        found = self.source.found_on
        if found is None or not found.is_exact:
            return "来源未载明发现线索的日期" if found is None else "来源只载明发现线索的月份"
        try:
            self.law.due("lead_verification", found.earliest)
        except Invalid as refusal:
            return refusal.detail
        self._step(found.earliest, lead_states.LOG, "log_lead", STATED, self._log_lead)
        return ""

    def _log_lead(self, at: datetime) -> None:
        received = at.date()
        self.lead = log_lead(
            channel="self_found", received_on=received, party_name=self.source.party, office_id=self.stage.squad.pk,
            summary=self.source.violation or NOT_STATED, actor=self.stage.handler, at=at,
        )  # fmt: skip

    def _file(self) -> str:
        filed = self.source.filed_on
        if filed is None or not filed.is_exact:
            return "来源未载明立案日" if filed is None else "来源只载明立案的月份"
        day = filed.earliest
        self._step(day, lead_states.ASSIGN, "assign_lead", SAME_DAY, self._assign)
        self._step(day, lead_states.SIGN, "sign_lead", SAME_DAY, self._sign)
        self._step(day, lead_states.REPORT, "report_findings", SAME_DAY, self._report)
        self._step(day, case_states.FILE, "file_case", STATED, self._file_case)
        return ""

    def _assign(self, at: datetime) -> None:
        assign_lead(
            lead_id=self._lead_id, office_id=self.stage.squad.pk, owner_id=self.stage.handler.pk,
            actor=self.stage.unit_head, at=at,
        )  # fmt: skip

    def _sign(self, at: datetime) -> None:
        sign_lead(lead_id=self._lead_id, actor=self.stage.handler, at=at)

    def _report(self, at: datetime) -> None:
        report_findings(lead_id=self._lead_id, findings=NOT_STATED, proposal="filed", actor=self.stage.handler, at=at)

    def _file_case(self, at: datetime) -> None:
        self.case = file_case(
            lead_id=self._lead_id, cause=self.source.violation or NOT_STATED, owner_id=self.stage.handler.pk,
            second_officer_id=self.stage.second.pk, conditions=case_states.FilingCondition.values,
            actor=self.stage.director, at=at,
        )  # fmt: skip
        for officer in (self.stage.handler, self.stage.second):
            declare(case_id=self._case_id, actor=officer, at=at)

    def _decide(self) -> str:
        decided = self.source.decided_on
        if decided is None or not decided.is_exact:
            return "来源未载明决定日" if decided is None else "来源只载明决定的月份"
        if self.source.fine is None or self.source.confiscated is None:
            return "来源未载明罚没数额，决定不再经办理动作复盘"
        filed = self.source.filed_on
        notified = self._latest_notice_day(filed, decided.earliest)
        if notified is None:
            return "立案日与决定日之间容不下陈述申辩期，决定不能经办理动作复盘"
        self._step(notified, case_states.PROPOSE, "propose", LATEST_LAWFUL, self._propose)
        self._step(notified, case_states.CONCLUDE, "conclude_case", LATEST_LAWFUL, self._conclude)
        self._step(notified, case_states.PASS_REVIEW, "pass_review", LATEST_LAWFUL, self._pass_review)
        self._step(notified, case_states.APPROVE_NOTICE, "approve_notice", LATEST_LAWFUL, self._approve_notice)
        self._step(notified, case_states.NOTIFY, "notify_party", LATEST_LAWFUL, self._notify)
        self._step(decided.earliest, case_states.DECIDE, "decide_case", STATED, self._decide_case)
        return "来源未载明送达、缴款和结案日期"

    def _latest_notice_day(self, filed: Span | None, decided: date) -> date | None:
        """The last working day on which the notice can have been served for the defence term to end before the decision."""
        day = decided - ONE_DAY
        while filed is not None and day >= filed.earliest and (decided - day).days <= LONGEST_DEFENCE:
            if self.law.calendar.is_working(day) and self.law.due("statement_defence", day).on < decided:
                return day
            day -= ONE_DAY
        return None

    def _propose(self, at: datetime) -> None:
        """The sums are stated, the kinds follow from them; where neither is above zero, a warning stands for the rest."""
        assert self.source.fine is not None  # noqa: S101 - asked in _decide
        assert self.source.confiscated is not None  # noqa: S101 - asked in _decide
        sums = ((PenaltyKind.FINE, self.source.fine), (PenaltyKind.CONFISCATE_INCOME, self.source.confiscated))
        kinds = [kind for kind, amount in sums if amount] or [PenaltyKind.WARNING]
        propose(
            case_id=self._case_id, facts=NOT_STATED, basis=NOT_STATED, penalties=kinds, fine=self.source.fine,
            confiscated=self.source.confiscated, hearing_right=True, actor=self.stage.handler, at=at,
        )  # fmt: skip

    def _approve_notice(self, at: datetime) -> None:
        approve_notice(case_id=self._case_id, version=1, actor=self.stage.director, at=at)

    def _conclude(self, at: datetime) -> None:
        conclude_case(
            case_id=self._case_id, conclusion=NOT_STATED, reviewer_id=self.stage.reviewer.pk, actor=self.stage.handler,
            at=at,
        )  # fmt: skip

    def _pass_review(self, at: datetime) -> None:
        pass_review(case_id=self._case_id, opinion=NOT_STATED, actor=self.stage.reviewer, at=at)

    def _notify(self, at: datetime) -> None:
        notify_party(case_id=self._case_id, served_on=at.date(), actor=self.stage.handler, at=at)

    def _decide_case(self, at: datetime) -> None:
        assert self.source.fine is not None  # noqa: S101 - asked in _decide
        assert self.source.confiscated is not None  # noqa: S101 - asked in _decide
        decide_case(
            case_id=self._case_id, decision=NOT_STATED, fine=self.source.fine, confiscated=self.source.confiscated,
            defence=NOT_STATED, actor=self.stage.director, at=at,
        )  # fmt: skip

    @property
    def _lead_id(self) -> int:
        assert self.lead is not None  # noqa: S101 - steps run in order
        return self.lead.pk

    @property
    def _case_id(self) -> int:
        assert self.case is not None  # noqa: S101 - steps run in order
        return self.case.pk

    def _step(self, day: date, row: Transition, verb: str, rests_on: str, act: Callable[[datetime], None]) -> None:
        """Ten in the morning, a minute after the step before, once everything due by then has been told."""
        at = datetime.combine(day, time(10, self._minute), SHANGHAI)
        self._minute += 1
        self._sweep(at)
        act(at)
        self.steps.append(Step(day, verb, str(row.label), rests_on))

    def _sweep(self, until: datetime) -> None:
        pending = Reminder.objects.filter(
            clock__in=Clock.objects.filter(self._subject()), state=ReminderState.PENDING, fire_at__lte=until
        )
        for moment in sorted(set(pending.values_list("fire_at", flat=True))):
            sweep_reminders(at=moment)

    def _subject(self) -> Q:
        lead_id = self.lead.pk if self.lead else 0
        case_id = self.case.pk if self.case else 0
        return Q(subject_kind="lead", subject_id=lead_id) | Q(subject_kind="case", subject_id=case_id)
