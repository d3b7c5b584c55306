"""The two volumes of a case file and the order of what lies in them (程序规定第七十八条)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.states.matter import Outcome, Procedure


class Volume(TextChoices):
    MAIN = "main", _("正卷")
    SECONDARY = "secondary", _("副卷")


PLACES: dict[str, tuple[str | Promise, ...]] = {
    Volume.MAIN: (
        _("立案审批表"), _("行政处罚决定书及送达回证"), _("对当事人制发的其他法律文书及送达回证"), _("证据材料"),
        _("听证笔录"), _("财物处理单据"), _("其他有关材料"),
    ),
    Volume.SECONDARY: (
        _("案源材料"), _("调查终结报告"), _("审核意见"), _("听证报告"), _("结案审批表"), _("其他有关材料"),
    ),
}  # fmt: skip
Place = tuple[str, int]

BASE: tuple[Place, ...] = ((Volume.MAIN, 1), (Volume.SECONDARY, 1), (Volume.SECONDARY, 5))
DECIDED: tuple[Place, ...] = (
    *BASE, (Volume.MAIN, 2), (Volume.MAIN, 4), (Volume.SECONDARY, 2), (Volume.SECONDARY, 3)
)  # fmt: skip
# What a file must hold before it is bound; the law says the order, not the least: a default.
COMPULSORY: dict[str, tuple[Place, ...]] = {
    Outcome.PENALTY: (*DECIDED, (Volume.MAIN, 3)),
    Outcome.EXEMPT: DECIDED,
    Outcome.UNFOUNDED: DECIDED,
}
ON_THE_SPOT: tuple[Place, ...] = ((Volume.MAIN, 2), (Volume.SECONDARY, 5))


@dataclass(frozen=True)
class Words:
    """A page the system writes from its records: label and text, one below the other."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Item:
    """One document of a file. ``source`` is a paper, a stored file or :class:`Words`; ``author`` who is responsible."""

    volume: str
    place: int
    title: str
    source: object
    number: str = ""
    on: date | None = None
    author: str = ""


@dataclass(frozen=True)
class Entry:
    """A line of the catalogue: the item and the pages it takes in its volume, counted from 1."""

    item: Item
    order: int
    first: int
    last: int

    @property
    def pages(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def ordered(items: Iterable[Item], volume: str) -> list[Item]:
    """The items of one volume as the article lists them; within a place by day, then as they came."""
    return sorted((item for item in items if item.volume == volume), key=lambda item: (item.place, item.on or date.max))


def catalogue(items: Sequence[Item], pages: Sequence[int]) -> list[Entry]:
    """:param pages: how many each item takes, in the same order."""
    entries, next_page = [], 1
    for order, (item, count) in enumerate(zip(items, pages, strict=True), start=1):
        entries.append(Entry(item, order, next_page, next_page + count - 1))
        next_page += count
    return entries


def missing(items: Iterable[Item], *, outcome: str, procedure: str) -> list[str | Promise]:
    """What a file of this kind must hold and does not, by the names of the article."""
    there = {(item.volume, item.place) for item in items}
    wanted = ON_THE_SPOT if procedure == Procedure.SUMMARY else COMPULSORY.get(outcome, BASE)
    return [PLACES[volume][place - 1] for volume, place in wanted if (volume, place) not in there]
