"""A row of a file as a row of the ledger: words become codes, days and people; what cannot is told by column."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.queries import officers_of, offices_for
from clues.actions.ledger import LedgerRow
from clues.actions.past import GROUNDS, OUTCOMES, Past
from clues.actions.received import InformantInput, Intake
from clues.channels import DAY, FACTS, MONEY
from clues.parties import normal_name
from clues.policies import RECEIVERS
from clues.states import Channel, LeadState
from clues.uscc import normalised
from core.days import day_of
from core.errors import FieldError
from core.transitions import in_record
from exchange.columns import BY_NAME, CODE
from exchange.workbooks import LOST
from informants.queries import key_of_phone
from routing.queries import categories, tags

SERIAL = re.compile(r"[3-7]\d{4}")  # days since the end of 1899, as spreadsheets count: 1982 to 2119
EPOCH = date(1899, 12, 30)
WITH_TIME = re.compile(r"(.+?)[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?")


@dataclass(frozen=True)
class Read:
    """One row of a file. ``row`` is None where it cannot be made out; ``number`` is the lead's, if it names one."""

    place: int
    number: str
    row: LedgerRow | None
    fingerprint: str
    errors: list[FieldError] = field(default_factory=list)


class _WrongError(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


class RowReader:
    """Reads any number of rows for one import; offices, categories and people are looked up once."""

    def __init__(self, *, actor: User, office: Office, mapping: list[str]) -> None:
        self.office = office
        self.columns = [(place, BY_NAME[name]) for place, name in enumerate(mapping) if name in BY_NAME]
        self._offices = {word: each for each in offices_for(actor) for word in (each.name, each.short_name, each.code)}
        self._categories = _names((each.code, each.name) for each in categories())
        self._tags = _names((each.code, each.name) for each in tags() if each.parent)
        self._officers: dict[int, dict[str, User]] = {}

    def read(self, place: int, cells: list[str]) -> Read:
        """One row; ``place`` is its number in the file."""
        given = {column.name: cells[at] for at, column in self.columns if cells[at]}
        errors: list[FieldError] = []
        values: dict[str, object] = {}
        for name, text in given.items():
            try:
                values[name] = self._value(name, text)
            except _WrongError as wrong:
                errors.append(FieldError(name, wrong.code, wrong.detail))
        office = self._word(errors, "office", given.get("office", ""), self._office) or self.office
        values |= {
            name: self._word(errors, name, given.get(name, ""), resolve)
            for name, resolve in (
                ("channel", _channel), ("category", self._category), ("flags", self._flags), ("state", _outcome),
                ("owner", lambda text: self._owner(office, text)),
            )
        }  # fmt: skip
        values["ground"] = self._word(errors, "ground", given.get("ground", ""), lambda text: _ground(values, text))
        errors += [
            FieldError(name, "required", _("请填写%(label)s。") % {"label": BY_NAME[name].label})
            for name in ("channel", "received_on")
            if not given.get(name)
        ]
        if errors:
            return Read(place, given.get("number", ""), None, "", errors)
        row = _row(values, office)
        return Read(place, given.get("number", ""), row, _fingerprint(row))

    def _value(self, name: str, text: str) -> object:
        column = BY_NAME[name]
        if text == LOST:
            raise _WrongError(
                "lost_digits", _("数字超过15位，电子表格已经丢了末尾的数。请把这一列设为文本格式后重新填写。")
            )
        if column.kind == DAY:
            return _day(text).isoformat() if column.part == "facts" else _day(text)
        if column.kind == MONEY:
            return str(_yuan(text)) if column.part == "facts" else _yuan(text)
        if column.kind == CODE and name == "region_code":
            return text.split()[0]
        return text

    def _word(self, errors: list[FieldError], name: str, text: str, resolve: "Callable[[str], object]") -> object:
        if not text:
            return None
        try:
            return resolve(text)
        except _WrongError as wrong:
            errors.append(FieldError(name, wrong.code, wrong.detail))
            return None

    def _office(self, text: str) -> Office:
        if text not in self._offices:
            raise _WrongError("unknown_office", _("没有“%(text)s”这个机构，请填写机构全称。") % {"text": text[:60]})
        return self._offices[text]

    def _category(self, text: str) -> str:
        return _one_of(self._categories, text, "unknown_category", _("没有“%(text)s”这个事项类别。"))

    def _flags(self, text: str) -> tuple[str, ...]:
        words = [word for word in re.split(r"[、,，;；]", text) if word.strip()]
        return tuple(_one_of(self._tags, word, "unknown_flag", _("没有“%(text)s”这个标签。")) for word in words)

    def _owner(self, office: object, text: str) -> User:
        assert isinstance(office, Office)  # noqa: S101 - resolved before
        if office.pk not in self._officers:
            people = officers_of(office, RECEIVERS)
            self._officers[office.pk] = {word: each for each in people for word in (each.name, each.username)}
        found = self._officers[office.pk].get(text)
        if found is None:
            raise _WrongError(
                "not_in_office",
                _("“%(text)s”不是%(office)s在岗的承办人员。") % {"text": text[:60], "office": office.name},
            )
        return found


def _names(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Code by code and by name; a name that several have is nobody's."""
    found: dict[str, str] = {}
    for code, name in pairs:
        found[name] = "" if name in found else code
        found[code] = code
    return {word: code for word, code in found.items() if code}


def _one_of(known: Mapping[str, str], text: str, code: str, message: str) -> str:
    """The whole text, or its first word: the template offers code and name together."""
    words = text.strip()
    found = known.get(words) or known.get(words.split()[0] if words else "")
    if found is None:
        raise _WrongError(code, message % {"text": words[:60]})
    return found


def _choice(kind: type[TextChoices], text: str) -> str | None:
    """A value by itself or by its label, in the language of the record."""
    for member in kind:
        if text in (member.value, in_record(member.label)):
            return str(member.value)
    return None


def _channel(text: str) -> str:
    if (found := _choice(Channel, text)) is None:
        raise _WrongError("unknown_channel", _("没有“%(text)s”这种来源渠道。") % {"text": text[:60]})
    return found


def _outcome(text: str) -> str:
    found = _choice(LeadState, text)
    if found not in OUTCOMES:
        raise _WrongError("unknown_outcome", _("没有“%(text)s”这种处理结果。") % {"text": text[:60]})
    return str(found)


def _ground(values: Mapping[str, object], text: str) -> str:
    kind = GROUNDS.get(str(values.get("state")))
    found = _choice(kind[1], text) if kind else None
    if found is None:
        raise _WrongError("unknown_ground", _("“%(text)s”不是这种处理结果的理由。") % {"text": text[:60]})
    return found


def _day(text: str) -> date:
    plain = match[1] if (match := WITH_TIME.fullmatch(text)) else text
    if SERIAL.fullmatch(plain):
        return EPOCH + timedelta(days=int(plain))
    try:
        return day_of(plain)
    except ValueError:
        raise _WrongError("not_a_day", _("“%(text)s”不是日期。请写成 2026-11-20。") % {"text": text[:60]}) from None


def _yuan(text: str) -> Decimal:
    try:
        amount = Decimal(re.sub(r"[,，\s元¥￥]", "", text))
    except InvalidOperation:
        raise _WrongError("not_an_amount", _("“%(text)s”不是金额。请写成 1234.50。") % {"text": text[:60]}) from None
    if not amount.is_finite() or not 0 <= amount < 10**12 or amount != round(amount, 2):
        raise _WrongError("amount_out_of_range", _("金额应当是不小于零、最多两位小数的元数。"))
    return amount


def _row(values: Mapping[str, object], office: object) -> LedgerRow:
    assert isinstance(office, Office)  # noqa: S101 - resolved before
    name, phone, address, id_number = (
        str(values.get(f"informant_{part}") or "") for part in ("name", "phone", "address", "id_number")
    )
    channel = str(values["channel"])
    asked = {fact.name for fact in FACTS.get(channel, ())}
    of_channel = {name: str(text) for name, text in values.items() if name in asked and text}
    others = {  # what another channel asks for is refused by the ledger, not dropped
        name: str(text) for name, text in values.items() if text and BY_NAME[name].part == "facts" and name not in asked
    }
    intake = Intake(
        channel=channel, received_on=values["received_on"],  # type: ignore[arg-type]  # read as a day
        party_name=str(values.get("party_name") or ""), summary=str(values.get("summary") or ""),
        party_code=str(values.get("party_code") or ""), region_code=str(values.get("region_code") or ""),
        address=str(values.get("address") or ""), category=str(values.get("category") or ""),
        amount=values.get("amount"),  # type: ignore[arg-type]  # read as yuan
        flags=values.get("flags") or (),  # type: ignore[arg-type]  # read as codes
        facts=of_channel | others, informant=InformantInput(name, phone, address, id_number),
    )  # fmt: skip
    return LedgerRow(intake, office.pk, past=_past(values))


def _past(values: Mapping[str, object]) -> Past | None:
    names = [name for name, column in BY_NAME.items() if column.part == "past"]
    told = {name: values[name] for name in names if values.get(name)}
    if values.get("number"):
        told["old_number"] = values["number"]
    return Past(**told) if told else None  # type: ignore[arg-type]  # each read as its kind


def _fingerprint(row: LedgerRow) -> str:
    """The same for the same matter however the file writes it; of who told it keeps the blind index alone."""
    intake = row.intake
    told = key_of_phone(intake.informant.phone) if intake.informant.phone else ""
    parts = (
        row.office_id, intake.channel, intake.received_on.isoformat(), normal_name(intake.party_name),
        normalised(intake.party_code), " ".join(intake.summary.split()), intake.address, intake.region_code,
        intake.category, str(intake.amount.normalize()) if intake.amount is not None else "", sorted(intake.flags),
        sorted((intake.facts or {}).items()), told, row.past.old_number if row.past else "",
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()
