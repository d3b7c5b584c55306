"""Sealing one field of one row: authenticated encryption bound to its place, and a blind index to recognise a phone.

AES-256-GCM with a fresh 96-bit nonce per field. The associated data names table, row, field and key, so that a sealed
text moved anywhere else does not open. No database, no settings.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

from core.errors import Invalid
from informants.states import Ground, Wanted

KEY_BYTES, NONCE_BYTES = 32, 12
VERSION = "v1"
INDEX = "index"  # the name of the key that only recognises phones; without one the oldest key does
SHORTEST_PHONE = 7


class Place(NamedTuple):
    """Where a sealed text stands: it opens nowhere else."""

    table: str
    row: str
    field: str

    def bound_to(self, key_id: str) -> bytes:
        """The associated data. Table, field and key names contain no ``|``; a row is a UUID."""
        return "|".join((*self, key_id)).encode()


class Plain(str):
    """A text out of its seal. It shows where it is printed on purpose; its ``repr``, which debugging pages and logs of
    whole contexts use, shows nothing.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'"


@dataclass(frozen=True, repr=False)
class Identity:
    """Who somebody is, in plain. It prints as nothing, so that no log or error page can carry it."""

    name: str = ""
    phone: str = ""
    address: str = ""
    id_number: str = ""

    def __repr__(self) -> str:
        return "Identity(…)"


FIELDS = tuple(field.name for field in fields(Identity))


LONGEST = {"name": 60, "phone": 40, "address": 200, "id_number": 40}


def check_identity(identity: Identity) -> None:
    """:raises Invalid: ``required``: nothing to seal; ``too_long``."""
    values = {field: getattr(identity, field) for field in FIELDS}
    if not any(value.strip() for value in values.values()):
        raise Invalid(_("没有可以保密登记的举报人信息；匿名举报不登记身份。"), code="required", field="name")
    for field, value in values.items():
        if len(value) > LONGEST[field]:
            detail = _("%(field)s最多%(most)s个字。") % {"field": Wanted(field).label, "most": LONGEST[field]}
            raise Invalid(detail, code="too_long", field=field)


def check_request(ground: str, wanted: Iterable[str]) -> None:
    """:raises Invalid: ``unknown_ground``, ``unknown_fields``."""
    if ground not in Ground.values:
        raise Invalid(_("请选择查阅用途。"), code="unknown_ground", field="ground")
    if not set(wanted) or not set(wanted) <= set(Wanted.values):
        raise Invalid(_("请选择需要查阅的内容，只选办理所必需的。"), code="unknown_fields", field="wanted")


def written(text: str, field: str, missing: str, *, least: int = 1) -> str:
    """The text of a request or an answer, trimmed; it stands beside the seals and must not tell what they hide.

    :raises Invalid: ``required``, ``too_long``.
    """
    if len(text.strip()) < least:
        raise Invalid(missing, code="required", field=field)
    if len(text.strip()) > 500:
        raise Invalid(_("最多%(most)s个字。") % {"most": 500}, code="too_long", field=field)
    return text.strip()


class Unopenable(Exception):  # noqa: N818 - what it is; whoever opens says what to do
    """The text was changed, moved from its place, or sealed with a key the ring does not hold."""


class BadKeysError(ValueError):
    """The text of a key ring that cannot be read; says which rule it breaks and never shows a key."""


class KeyRing:
    """The keys in force by their ids: the first seals, all open, so that keys can be replaced while in use."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        sealing = [key_id for key_id in keys if key_id != INDEX]
        if not sealing:
            raise BadKeysError("no key to seal with")
        self.first = sealing[0]
        self._ciphers = {key_id: AESGCM(_derived(keys[key_id], "informant fields")) for key_id in sealing}
        self._index_key = _derived(keys.get(INDEX, keys[sealing[-1]]), "informant phone index")

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._ciphers)})"

    def seal(self, text: str, place: Place) -> str:
        """``v1.<key id>.<nonce and ciphertext>``; an empty text stays empty."""
        if not text:
            return ""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self.first].encrypt(nonce, text.encode(), place.bound_to(self.first))
        return ".".join((VERSION, self.first, base64.urlsafe_b64encode(nonce + sealed).decode()))

    def open(self, sealed: str, place: Place) -> Plain:
        """:raises Unopenable:"""
        if not sealed:
            return Plain()
        key_id = key_id_of(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise Unopenable(f"no key {key_id}")
        try:
            raw = base64.b64decode(sealed.rpartition(".")[2], altchars=b"-_", validate=True)
            return Plain(cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.bound_to(key_id)).decode())
        except (InvalidTag, ValueError):
            raise Unopenable("changed or moved") from None

    def is_current(self, sealed: str) -> bool:
        """Whether the text needs no new seal."""
        return not sealed or key_id_of(sealed) == self.first

    def phone_key(self, phone: str) -> str:
        """The same text for the same phone however it is written, telling nothing about it; '' for no usable phone."""
        digits = normalised_phone(phone)
        return hmac.new(self._index_key, digits.encode(), hashlib.sha256).hexdigest() if digits else ""


def key_id_of(sealed: str) -> str:
    """:raises Unopenable: not a sealed text."""
    version, _, rest = sealed.partition(".")
    if version != VERSION or "." not in rest:
        raise Unopenable("not a sealed text")
    return rest.partition(".")[0]


def read_keys(text: str) -> KeyRing:
    """The ring in ``id:base64,id2:base64``, each key 32 bytes.

    :raises BadKeysError:
    """
    keys: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        key_id, _, encoded = entry.partition(":")
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,19}", key_id):
            raise BadKeysError("an id is 1 to 20 lower-case letters, digits and hyphens, followed by a colon")
        if key_id in keys:
            raise BadKeysError(f"the id {key_id} stands twice")
        keys[key_id] = _key_in(key_id, encoded)
    return KeyRing(keys)


def new_key(key_id: str) -> str:
    """A fresh entry for a ring."""
    return f"{key_id}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


def normalised_phone(phone: str) -> str:
    """Digits alone, without the country code of China; '' when too few or all the same (a filler, not a phone)."""
    text = unicodedata.normalize("NFKC", phone).strip()
    digits = re.sub(r"\D", "", text)
    if text.startswith("+86") or digits.startswith("0086"):
        digits = digits.partition("86")[2]
        digits = digits if digits.startswith(("0", "1")) else f"0{digits}"
    elif len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    return digits if len(digits) >= SHORTEST_PHONE and len(set(digits)) > 1 else ""


def _key_in(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise BadKeysError(f"the key {key_id} is not base64") from None
    if len(key) != KEY_BYTES:
        raise BadKeysError(f"the key {key_id} has {len(key)} bytes, not {KEY_BYTES}")
    return key


def _derived(key: bytes, purpose: str) -> bytes:
    """A key for one purpose alone, so that none serves two."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"casemgr {purpose}".encode()).derive(key)
