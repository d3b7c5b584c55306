"""Papers that local practice serves together, read from ``data/forms/pairs.yaml``; a default that an authority may switch off."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Invalid
from documents.form_kinds import FOLDER, form_kind


@dataclass(frozen=True)
class Pair:
    """``members`` names each paper by its form, or by the key of a paper the office has of its own."""

    key: str
    name: str
    basis: str
    members: tuple[str, ...]


@lru_cache(maxsize=1)
def _pairs(path: Path = FOLDER / "pairs.yaml") -> tuple[tuple[Pair, ...], dict[str, str]]:
    """The pairs, and the names of the papers this system does not print by key; read once."""
    pairs: list[Pair] = []
    names: dict[str, str] = {}
    for row in yaml.safe_load(path.read_text(encoding="utf-8"))["pairs"]:
        members = [member.get("form") or member["key"] for member in row["members"]]
        names |= {member["key"]: member["name"] for member in row["members"] if "key" in member}
        pairs.append(Pair(row["key"], row["name"], row["basis"], tuple(members)))
    return tuple(pairs), names


def pairs_for(office_code: str) -> tuple[Pair, ...]:
    """What this authority serves together; nothing where it is switched off."""
    return () if is_switched_off(office_code) else carried_pairs()


def carried_pairs() -> tuple[Pair, ...]:
    return _pairs()[0]


def is_switched_off(office_code: str) -> bool:
    """Whether an authority does not serve in pairs (``PAIRED_SERVICE_OFF``)."""
    return office_code in settings.PAIRED_SERVICE_OFF


def companion_names() -> dict[str, str]:
    """The papers of pairs that are the office's own, name by key."""
    return _pairs()[1]


def require_pairs(office_code: str, served: Iterable[str]) -> None:
    """Refuse half a pair.

    :param served: forms and keys of everything that is served together.
    :raises Invalid: ``pair_incomplete``.
    """
    there = set(served)
    for pair in pairs_for(office_code):
        lacking = [member for member in pair.members if member not in there]
        if lacking and len(lacking) < len(pair.members):
            raise Invalid(
                _("“%(pair)s”：还缺《%(missing)s》，应当与《%(there)s》同时送达（%(basis)s）。请一并勾选。")
                % {
                    "pair": pair.name, "missing": _("》《").join(name_of(each) for each in lacking),
                    "there": _("》《").join(name_of(each) for each in pair.members if each in there), "basis": pair.basis,
                },
                code="pair_incomplete", field="companions",
            )  # fmt: skip


def name_of(member: str) -> str:
    """Of a member of a pair, as the record keeps it."""
    return companion_names().get(member) or form_kind(member).name
