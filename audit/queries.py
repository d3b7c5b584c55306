"""Reading the trail: what is not sealed yet, and whether what is sealed is still what it was."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from audit.merkle import EntryFields, leaf_of, link_of, root_of
from audit.models import Entry, Seal, SealedEntry

# No transaction lasts so long: a number that appears this much later below sealed ones was put there afterwards.
LATEST_COMMIT = timedelta(hours=1)


def unsealed_entries(at: datetime) -> QuerySet[Entry]:
    """Entries to seal, in order of number. Chosen by what has no seal and never by a cursor: numbers commit out of order."""
    return Entry.objects.filter(sealed__isnull=True, pk__gt=_settled_up_to(at)).order_by("id")


def _settled_up_to(at: datetime) -> int:
    """The highest number sealed long enough ago that nothing below it can still be on its way."""
    settled = Seal.objects.filter(sealed_at__lt=at - LATEST_COMMIT).order_by("-id").values_list("last_id", flat=True)
    return max(settled[:100], default=0)


def newest_seal() -> Seal | None:
    return Seal.objects.order_by("-id").first()


@dataclass
class Verification:
    """What a verification read and the first things it found wrong, each naming its record."""

    entries: int = 0
    seals: int = 0
    waiting: int = 0
    anchors: int = 0
    found: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.found


def verify_trail(*, at: datetime, anchors: Mapping[int, str], most_findings: int = 20) -> Verification:
    """Recompute every leaf, root and link from the entries as they are now, and compare with what was sealed.

    :param anchors: links kept outside the database, by number of seal. Only they show a tail cut off or a history
        written anew from some point on.
    """
    result = Verification(anchors=len(anchors))
    for finding in _findings(result, at, anchors):
        result.found.append(finding)
        if len(result.found) >= most_findings:
            break
    return result


def _findings(result: Verification, at: datetime, anchors: Mapping[int, str]) -> Iterator[str]:
    chain = _Chain(anchors)
    for seals in _groups(Seal.objects.order_by("id").iterator()):
        sealed: dict[int, dict[int, str]] = {seal.pk: {} for seal in seals}
        for seal_id, number, leaf in (
            SealedEntry.objects.filter(seal__in=sealed).order_by("entry_id").values_list("seal_id", "entry_id", "leaf")
        ):
            sealed[seal_id][number] = leaf
        rows = Entry.objects.filter(sealed__seal__in=sealed).values_list(*EntryFields._fields)
        now = {row[0]: leaf_of(EntryFields(*row)) for row in rows.iterator(chunk_size=5000)}
        for seal in seals:
            yield from chain.check(seal, sealed[seal.pk], now)
            result.seals += 1
            result.entries += len(sealed[seal.pk])
    yield from chain.missing()
    settled = _settled_up_to(at)
    unsealed = Entry.objects.filter(sealed__isnull=True)
    result.waiting = unsealed.filter(pk__gt=settled).count()
    for number in unsealed.filter(pk__lte=settled).order_by("id").values_list("id", flat=True).iterator():
        yield _inserted(number)


def _groups(seals: Iterable[Seal]) -> Iterator[list[Seal]]:
    """As many seals at a time as hold about so many entries."""
    group: list[Seal] = []
    for seal in seals:
        group.append(seal)
        if len(group) == 500 or sum(each.entry_count for each in group) >= 20_000:
            yield group
            group = []
    yield group


def _inserted(number: int) -> str:
    return f"entry {number}: was inserted below entries sealed before"


class _Chain:
    """The seals seen so far, and what the next one must agree with."""

    def __init__(self, anchors: Mapping[int, str]) -> None:
        self._anchors = anchors
        self._seen: set[int] = set()
        self._previous: Seal | None = None
        self._recent: deque[tuple[datetime, int]] = deque()  # sealed when, up to which number
        self._settled = 0

    def check(self, seal: Seal, sealed: Mapping[int, str], now: Mapping[int, str]) -> Iterator[str]:
        """What is wrong with a seal, given the leaves it kept and the leaves of the entries as they are now."""
        yield from self._of_link(seal)
        self._settle(seal)
        for number, leaf in sealed.items():
            if number not in now:
                yield f"entry {number}: was deleted"
            elif now[number] != leaf:
                yield f"entry {number}: was changed"
            elif number <= self._settled:
                yield _inserted(number)
        if len(sealed) != seal.entry_count or not sealed or root_of(list(sealed.values())) != seal.root:
            yield f"seal {seal.pk}: its leaves were changed, removed or added to"

    def _of_link(self, seal: Seal) -> Iterator[str]:
        previous, self._previous = self._previous, seal
        self._seen.add(seal.pk)
        if seal.previous_id != (previous.pk if previous else None):
            yield f"seal {seal.pk}: a seal before it was removed or inserted"
        before = previous.chained if previous else ""
        if seal.chained != link_of(before, seal.root, seal.first_id, seal.last_id, seal.entry_count, seal.sealed_at):
            yield f"seal {seal.pk}: was changed, or the one before it"
        if self._anchors.get(seal.pk, seal.chained) != seal.chained:
            yield f"seal {seal.pk}: differs from the anchor; history was written anew up to it"

    def _settle(self, seal: Seal) -> None:
        while self._recent and self._recent[0][0] < seal.sealed_at - LATEST_COMMIT:
            self._settled = max(self._settled, self._recent.popleft()[1])
        self._recent.append((seal.sealed_at, seal.last_id))

    def missing(self) -> Iterator[str]:
        for number in sorted(set(self._anchors) - self._seen):
            yield f"seal {number}: is anchored and no longer there; the trail was cut off"
