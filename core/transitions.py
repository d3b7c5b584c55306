"""A legal move between states is a row of a table, with the article that allows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.errors import WrongState


@dataclass(frozen=True)
class Transition:
    """One row: the verb, the states it starts from, the state it ends in, the roles that may, and the legal basis.

    An empty ``sources`` means the verb creates the row. ``target`` None means the state stays as it is.
    """

    name: str
    label: str | Promise
    sources: frozenset[str]
    target: str | None
    roles: frozenset[str]
    basis: str | Promise

    def starts_from(self, state: str) -> bool:
        return state in self.sources


def transition(
    name: str,
    label: str | Promise,
    sources: Iterable[str],
    target: str | None,
    roles: Iterable[str],
    basis: str | Promise,
) -> Transition:
    return Transition(name, label, frozenset(sources), target, frozenset(roles), basis)


def in_record(words: str | Promise) -> str:
    """The words as the record keeps them: Chinese, whatever language the person acting reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(words)


def require_state(table: Sequence[Transition], row: Transition, state: str, state_label: str) -> None:
    """Refuse a move the table does not have, saying what is legal instead.

    :raises WrongState:
    """
    if row.starts_from(state):
        return
    legal = _("、").join(str(other.label) for other in table if other.roles and other.starts_from(state)) or _("无")
    raise WrongState(
        _("当前状态为“%(state)s”，不能“%(verb)s”（%(basis)s）。现在可以办理的事项：%(legal)s。")
        % {"state": state_label, "verb": row.label, "basis": row.basis, "legal": legal},
        code="wrong_state",
    )
