"""What is still to be paid: every case that owes, the longest overdue first, with what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.queries import office_tree, offices_for
from cases.models import Case, CourtApplication
from cases.pages.answering import now, today
from cases.pages.filters import ALL
from cases.queries.money import Account, accounts_of
from cases.queries.receivables import (
    applications_of,
    cases_of_clocks,
    execution_clocks,
    owing_cases,
    payment_clocks,
    totals_of,
)
from cases.queries.remedy import COURT_RULE, URGING_RULE
from cases.states.remedy import CourtState, RemedyState
from core.forms import RowField
from core.paging import capped_count, page_behind
from core.templatetags.words import day, money
from deadlines.models import Clock


class ReceivableFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("编号、文号、当事人、信用代码"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"class": "filter-words"}),
    )  # fmt: skip
    office = RowField(label=gettext_lazy("办案机构"), required=False)
    owner = forms.ChoiceField(
        label=gettext_lazy("办案人员"), required=False, choices=[("", ALL), ("me", gettext_lazy("我"))]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        widget = self.fields["office"].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - a RowField
        tree = office_tree(offices_for(user))
        widget.choices = [("", ALL), *((group, [(each.pk, each.name) for each in members]) for group, members in tree)]

    def narrow(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """The cases that fit; none while a value is wrong."""
        if not self.is_valid():
            return cases.none()
        words, office, owner = (self.cleaned_data[name] for name in ("q", "office", "owner"))
        if words:
            numbers = Q(number__istartswith=words) | Q(decision_number__istartswith=words)
            cases = cases.filter(numbers | Q(party_name__icontains=words) | Q(party_code=words.upper()))
        if office:
            cases = cases.filter(Q(office_id=office) | Q(bureau_id=office))
        if owner:
            cases = cases.filter(Q(owner=self.user) | Q(second_officer=self.user))
        return cases


@dataclass(frozen=True)
class Receivable:
    """One row of the list; money in yuan."""

    case: Case
    pay_by: date | None
    is_overdue: bool
    late_fine: Decimal
    step: str


@require_safe
def receivable_list(request: HttpRequest) -> HttpResponse:
    user, at = now(request)
    form = ReceivableFilter(request.GET, user=user)
    is_filtered = any(request.GET.get(name) for name in form.fields)
    cases = form.narrow(owing_cases(user))
    page = page_behind(
        payment_clocks(user, cases if is_filtered else None), ("due_at", "id"), request.GET.get("after", "")
    )
    context = {
        "form": form,
        "is_filtered": is_filtered,
        "rows": _rows(cases_of_clocks(user, page.rows), today()),
        "page": page,
        "count": capped_count(cases),
        "totals": _totals(totals_of(cases)),
        "now": at,
    }
    return render(request, "cases/receivable_list.html", context)


def _totals(sums: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    labels = (
        ("fine", _("罚款")), ("confiscated", _("没收违法所得")), ("late_fine", _("已决定加处罚款")), ("paid", _("已缴")),
        ("left", _("尚欠")),
    )  # fmt: skip
    return [(label, money(sums[name])) for name, label in labels]


def _rows(cases: list[Case], on: date) -> list[Receivable]:
    accounts, clocks, applications = accounts_of(cases), execution_clocks(cases), applications_of(cases)
    found = []
    for case in cases:
        account = accounts[case.pk]
        pay_by = account.pay_by or account.due_on
        urging, court = clocks.get((case.pk, URGING_RULE)), clocks.get((case.pk, COURT_RULE))
        found.append(
            Receivable(
                case, pay_by, pay_by is not None and pay_by < on, account.late_fine(on).amount,
                next_step(account, urging, court, applications.get(case.pk), on),
            )
        )  # fmt: skip
    return found


def next_step(
    account: Account, urging: Clock | None, court: Clock | None, application: CourtApplication | None, on: date
) -> str:
    """What comes next for the money of a case, in words: wait for something, urge, or apply to the court."""
    if any(remedy.state != RemedyState.ENDED for remedy in account.remedies):
        return _("等待复议或者诉讼的结果")
    if application is not None and application.state != CourtState.FAILED:
        return _("人民法院：{state}").format(state=application.get_state_display())
    if account.pay_by is not None and on <= account.pay_by:
        return _("等待缴款，至 {day}").format(day=day(account.pay_by))
    if urging is None:
        return _("催告")
    if urging.due_on is not None and on <= urging.due_on:
        return _("等待催告期届满，{day}").format(day=day(urging.due_on))
    term = account.case.court_term_on
    if term is None or on <= term:
        return _("等待复议、起诉期限届满，{day}").format(day=day(term)) if term else _("等待复议、起诉期限届满")
    last = court.due_on if court is not None else None
    return _("申请人民法院强制执行，至 {day}").format(day=day(last)) if last else _("申请人民法院强制执行")
