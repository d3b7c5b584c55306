"""What a division of powers that is not yet in force would do with the leads there already are. Nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Office, User
from accounts.policies import authority_of
from accounts.roles import Role
from clues.models import Lead
from clues.policies import is_below
from clues.queries import WITH_OFFICE, leads_for
from clues.states import Channel
from core.errors import Invalid, NotPermitted
from core.forms import FilesField, VerbForm, Words, add_refusal
from routing.actions import check_sound, check_whole
from routing.engine import Level, Question
from routing.inspection import Examination, examine
from routing.queries import Move, current_set, dry_run, level_of, questions_kept
from routing.rule_files import parse_division

MAY_TRY = frozenset({Role.UNIT_HEAD, Role.BUREAU_HEAD, Role.SUPERVISOR, Role.LEADER})
USUAL, MOST = 1_000, 5_000
SHOWN = 50
LONGEST = 200_000  # characters of a rule file


@dataclass(frozen=True)
class Elsewhere:
    """A lead another office would have; ``office`` is None where nobody would take it, and ``why`` says it."""

    lead: Lead
    office: Office | None
    rule: str
    why: str


@dataclass(frozen=True)
class Trial:
    """What a division would do: how many leads it was asked about, those that would go elsewhere, what is wrong with it."""

    examined: Examination
    asked: int
    elsewhere: Sequence[Elsewhere]
    faults: Sequence[str]


def try_division(text: str, leads: Sequence[Lead]) -> Trial:
    """:param leads: of :func:`newest_of`.
    :raises Invalid: the text is not a division.
    """
    examined = examine(parse_division(text))
    by_number = {lead.number: lead for lead in leads}
    kept = questions_kept("lead", [lead.pk for lead in by_number.values()])
    matters = [(number, kept.get(lead.pk) or _question(lead), lead.office.code) for number, lead in by_number.items()]
    rules = {rule.key: rule.name for rule in examined.division.rules}
    elsewhere = [
        Elsewhere(by_number[move.label], move.office, rules.get(move.rule_key, ""), move.refusal)
        for move in dry_run(text, matters)
        if not _stays(by_number[move.label], move)
    ]
    return Trial(examined, len(matters), elsewhere, _faults(examined))


def newest_of(leads: QuerySet[Lead], most: int) -> list[Lead]:
    """The first of them that have a category, as :func:`try_division` needs them."""
    return list(leads.exclude(category="").select_related(*WITH_OFFICE).defer("summary", "findings")[:most])


def _question(lead: Lead) -> Question:
    """For leads no decision was kept of: as if the office that has it had received it."""
    level = Level.CITY if lead.channel == Channel.ASSIGNED else level_of(lead.office)
    return Question(lead.category, lead.region_code, level, lead.amount, frozenset(lead.flags))


def _stays(lead: Lead, move: Move) -> bool:
    """A lead that lies below the office the rules name, in the same authority, has only been passed on within it."""
    if move.office is None or authority_of(lead.office).pk != authority_of(move.office).pk:
        return False
    return is_below(lead.office, move.office)


def _faults(examined: Examination) -> list[str]:
    """Why the division could not be loaded as it is, in words."""
    faults = []
    for check in (check_sound, check_whole):
        try:
            check(examined)
        except Invalid as refusal:
            faults.append(refusal.detail)
    return faults


class TrialForm(VerbForm):
    text = Words(
        label=gettext_lazy("规则文件内容"), max_length=LONGEST, required=False, rows=14,
        help_text=gettext_lazy("已填入现行的权力划分，可以直接修改；格式为YAML，每行一条规则。"),
    )  # fmt: skip
    file = FilesField(
        label=gettext_lazy("或者上传规则文件"), most=1, required=False,
        help_text=gettext_lazy("选了文件的，以文件为准。"),
    )  # fmt: skip
    leads = forms.IntegerField(
        label=gettext_lazy("最近多少条线索"), min_value=1, max_value=MOST, initial=USUAL,
        help_text=gettext_lazy("只看您的查看范围内填写了事项类别的线索，最多5000条。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = {**self.cleaned_data}
        for file in given.pop("file", []):
            given["text"] = _read(file)
        if not self.errors and not given.get("text"):
            raise forms.ValidationError({"text": _("请填写规则，或者上传规则文件。")})
        return given


def _read(file: Any) -> str:  # Any: an upload
    if file.size > LONGEST:
        raise forms.ValidationError({"file": _("规则文件太大，最多%(most)s字节。") % {"most": LONGEST}})
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise forms.ValidationError({"file": _("不是UTF-8编码的文本文件。")}) from None


def division_trial(request: HttpRequest) -> HttpResponse:
    """A form, and below what the rules sent with it would change; they stay in the form to be worked on."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    if not user.has_role(*MAY_TRY):
        raise NotPermitted(_("试运行权力划分由机构负责人和执法监督人员办理。您没有这项职责。"), code="not_permitted")
    context: dict[str, Any] = {"shown": SHOWN, "on": timezone.localdate()}
    if request.method != "POST":
        return render(request, "casemgr/division_trial.html", {**context, "form": TrialForm(initial=_in_force())})
    form = TrialForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            context["trial"] = try_division(given["text"], newest_of(leads_for(user), given["leads"]))
        except Invalid as refusal:
            add_refusal(form, refusal)
        form.data = {"text": given["text"], "leads": given["leads"]}
    status = 400 if form.errors else 200
    return render(request, "casemgr/division_trial.html", {**context, "form": form}, status=status)


def _in_force() -> dict[str, str]:
    try:
        return {"text": current_set(timezone.localdate()).text}
    except Invalid:
        return {}
