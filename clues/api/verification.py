"""Verification: the POSTs."""

from django.utils.translation import gettext_lazy

from clues import states
from clues.actions import verification
from clues.api.serializers import LeadOut, ReasonIn
from clues.states import Proposal
from core.api.inputs import Choice, Day, Input, Text
from core.api.verbs import verb


class ReportIn(Input):
    findings = Text(max_length=4000)
    proposal = Choice(Proposal.choices)


class LeadExcludeIn(Input):
    ground = Text(max_length=60)
    first_day = Day()
    last_day = Day(help_text=gettext_lazy("含当日"))
    reason = Text()


class VerificationVerbs:
    extend = verb(states.EXTEND, ReasonIn, verification.extend_verification, LeadOut)
    exclude = verb(states.EXCLUDE, LeadExcludeIn, verification.exclude_test_days, LeadOut)
    report = verb(states.REPORT, ReportIn, verification.report_findings, LeadOut)
    send_back = verb(states.SEND_BACK, ReasonIn, verification.send_back_lead, LeadOut)
