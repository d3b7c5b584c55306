"""How entries are sealed: leaves, roots, and roots chained to what was sealed before. Pure; SHA-256 throughout.

Leaf, node and link are hashed under different first bytes, so that none can be passed off as another.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple


class EntryFields(NamedTuple):
    """Everything an entry says; the leaf covers all of it, the number of the entry included."""

    id: int
    at: datetime
    actor_id: int | None
    actor_label: str
    verb: str
    subject_kind: str
    subject_id: int
    subject_label: str
    facts: dict[str, Any]


def leaf_of(entry: EntryFields) -> str:
    fields = [entry.id, _moment(entry.at), *entry[2:]]
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + text.encode()).hexdigest()


def root_of(leaves: Sequence[str]) -> str:
    """The Merkle root; an odd node moves up unchanged (RFC 6962), nothing is ever counted twice.

    :param leaves: hexadecimal, at least one, in order of entry.
    """
    level = [bytes.fromhex(leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = above + level[len(above) * 2 :]
    return level[0].hex()


def link_of(previous: str, root: str, first_id: int, last_id: int, entry_count: int, sealed_at: datetime) -> str:
    """What binds a root to everything sealed before it; ``previous`` is '' for the first."""
    text = f"{previous} {root} {first_id} {last_id} {entry_count} {_moment(sealed_at)}"
    return hashlib.sha256(b"\x02" + text.encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
