"""Verification: the POSTs."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from clues import states
from clues.actions import verification
from clues.api.serializers import LeadOut, ReasonIn
from clues.models import Lead
from clues.states import CheckKind, Proposal
from core.api.inputs import Choice, Day, Id, Input, Text
from core.api.verbs import verb


class CheckIn(Input):
    kind = Choice(CheckKind.choices)
    checked_at = serializers.DateTimeField()
    place = Text(max_length=200, required=False)
    second_officer = Id(
        source="second_officer_id", required=False, help_text=gettext_lazy("现场检查和询问须填（程序规定第二十二条）")
    )
    content = Text(max_length=4000)
    corrects = Id(source="corrects_id", required=False, help_text=gettext_lazy("更正哪一份核查记录"))


class ReportIn(Input):
    findings = Text(max_length=4000)
    proposal = Choice(Proposal.choices)


class SendBackIn(Input):
    reason = Text(max_length=1000)


class LeadExcludeIn(Input):
    ground = Text(max_length=60)
    first_day = Day()
    last_day = Day(help_text=gettext_lazy("含当日"))
    reason = Text()


def record_check(**arguments: Any) -> Lead:
    """Write down one check made in verification; its files are put to the lead under its file_purpose."""
    return verification.record_check(**arguments).lead


class VerificationVerbs:
    check = verb(states.CHECK, CheckIn, record_check, LeadOut)
    extend = verb(states.EXTEND, ReasonIn, verification.extend_verification, LeadOut)
    exclude = verb(states.EXCLUDE, LeadExcludeIn, verification.exclude_test_days, LeadOut)
    report = verb(states.REPORT, ReportIn, verification.report_findings, LeadOut)
    send_back = verb(states.SEND_BACK, SendBackIn, verification.send_back_lead, LeadOut)
