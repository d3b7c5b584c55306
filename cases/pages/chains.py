"""审批顺序: which heads sign what in this authority, what is only the default, and setting another order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Office
from accounts.roles import Role
from cases.actions.approvable import APPROVABLE
from cases.actions.approvals import set_approval_chain
from cases.models import ApprovalChain
from cases.pages.answering import now
from cases.queries.approvals import authority_for_chains, chain_of, chains_of, may_set_chains, require_chain_setter
from cases.states.approvals import BASIS, DEFAULT_CHAIN, MOVES, ApprovalKind
from core.errors import Invalid, NotPermitted
from core.forms import VerbForm
from core.pages import Crumb, VerbPage, answer_verb, form_from, get_or_post

ORDERS = (DEFAULT_CHAIN, (Role.BUREAU_HEAD,))
MOST, MOST_VERSIONS = 500, 10


@dataclass(frozen=True)
class Version:
    """An order as it was set; ``chain`` is None for the default."""

    words: str
    chain: ApprovalChain | None = None


@dataclass(frozen=True)
class Line:
    kind: ApprovalKind
    basis: str
    now: Version
    before: Sequence[Version]


@require_safe
def approval_chain_list(request: HttpRequest) -> HttpResponse:
    user, _at = now(request)
    office = authority_for_chains(user)
    context = {
        "office": office,
        "rows": _lines(list(chains_of(office)[:MOST]) if office else []),
        "may_set": office is not None and may_set_chains(user, office),
    }
    return render(request, "cases/approval_chain_list.html", context)


class ChainForm(VerbForm):
    consequence = gettext_lazy("已经报请的审批按原来的顺序走完；新的顺序用于以后报请的事项。")
    roles = forms.ChoiceField(label=gettext_lazy("审批顺序"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, usual: Sequence[str], **kwargs: Any) -> None:
        kwargs["initial"] = {"roles": _as_value(usual)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(_as_value(order), in_words(order)) for order in ORDERS]

    def values(self) -> dict[str, Any]:
        return {"roles": super().values()["roles"].split(",")}


@get_or_post
def approval_chain_set(request: HttpRequest, kind: str) -> HttpResponse:
    """:raises NotPermitted: :raises Invalid: ``unknown_approval_kind``."""
    actor, at = now(request)
    office, chosen = _own_authority(request), _known(kind)

    def act(values: dict[str, Any]) -> str:
        set_approval_chain(authority=office, kind=chosen, **values, actor=actor, at=at)
        messages.success(request, _("已设定“{kind}”的审批顺序。").format(kind=chosen.label))
        return reverse("approval_chain_list")

    title, here = _("设定审批顺序"), reverse("approval_chain_list")
    page = VerbPage(
        title, submit=title, back_url=here, subject=f"{chosen.label} · {office.name}", basis=str(BASIS),
        crumbs=[Crumb(_("审批"), reverse("approval_list")), Crumb(_("审批顺序"), here)],
    )  # fmt: skip
    return answer_verb(request, form_from(request, ChainForm, usual=chain_of(chosen, office)[0]), page, act)


def in_words(roles: Iterable[str]) -> str:
    return " → ".join(str(Role(role).label) for role in roles)


def _as_value(roles: Iterable[str]) -> str:
    return ",".join(str(role) for role in roles)


def _own_authority(request: HttpRequest) -> Office:
    """:raises NotPermitted:"""
    user, _at = now(request)
    office = authority_for_chains(user)
    if office is None:
        raise NotPermitted(_("您目前没有任职岗位，不能设定审批顺序。"), code="not_permitted")
    require_chain_setter(user, office)
    return office


def _known(kind: str) -> ApprovalKind:
    """:raises Invalid:"""
    if kind not in ApprovalKind.values or ApprovalKind(kind) not in APPROVABLE:
        raise Invalid(_("没有这种审批事项。"), code="unknown_approval_kind", field="kind")
    return ApprovalKind(kind)


def _lines(chains: Sequence[ApprovalChain]) -> list[Line]:
    found = []
    for kind in APPROVABLE:
        own = [Version(in_words(chain.roles), chain) for chain in chains if chain.kind == kind]
        default = Version(in_words(DEFAULT_CHAIN))
        versions = own if own and own[0].chain and own[0].chain.ended_at is None else [default, *own]
        found.append(Line(kind, str(MOVES[kind].basis), versions[0], versions[1 : MOST_VERSIONS + 1]))
    return found
