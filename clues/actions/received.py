"""What is written down when a lead comes in, and what is wrong with it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clues.channels import fact_errors, handling_rule
from clues.models import Lead
from clues.states import Channel
from clues.uscc import normalised
from core.errors import FieldError, Invalid, in_one_sentence
from deadlines.queries import rule_book
from deadlines.rules import RuleBook
from informants.sealing import Identity, check_identity
from routing.queries import category_named, region_named, tag_named

# 投诉举报处理办法第十条第一款第一项: what a complaint cannot do without, by the field it is sealed in.
MATERIAL = {
    "name": gettext_lazy("投诉人的姓名"),
    "phone": gettext_lazy("投诉人的电话号码"),
    "address": gettext_lazy("投诉人的通讯地址"),
}


@dataclass(frozen=True)
class InformantInput:
    """Who complained or reported, as told at intake; sealed at once and never kept on the lead.

    An anonymous report names nobody: every field may be empty.
    """

    name: str = ""
    phone: str = ""
    address: str = ""
    id_number: str = ""
    is_real_name: bool = True

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.phone or self.address or self.id_number)

    @property
    def is_named(self) -> bool:
        """实名: by name, and not asking to stay unnamed."""
        return self.is_real_name and bool(self.name.strip())

    def __repr__(self) -> str:
        return "InformantInput(…)"


NOBODY = InformantInput()


@dataclass(frozen=True)
class Intake:
    """What is written down when a lead is received; see :class:`clues.models.Lead` for the fields.

    :param party_code: a doubtful credit code is kept and marked, not refused.
    :param region_code: GB/T 2260; the office's own when left out.
    :param facts: what the channel asks for (:mod:`clues.channels`).
    """

    channel: str
    received_on: date
    party_name: str
    summary: str
    party_code: str = ""
    region_code: str = ""
    address: str = ""
    category: str = ""
    amount: Decimal | None = None
    flags: Sequence[str] = ()
    facts: Mapping[str, str] | None = None
    informant: InformantInput = NOBODY


def check_intake(intake: Intake, today: date, *, is_sealed_before: bool = False) -> None:
    """:raises Invalid: every wrong field at once."""
    errors = list(intake_errors(intake, today, rule_book(), is_sealed_before=is_sealed_before))
    if errors:
        raise Invalid(in_one_sentence([error.detail for error in errors]), code="invalid", errors=errors)


def intake_errors(
    intake: Intake, today: date, rules: RuleBook, *, is_sealed_before: bool = False
) -> Iterator[FieldError]:
    """What is wrong with an intake, field by field.

    :param is_sealed_before: who told is sealed with another lead, from which it will be copied.
    """
    if intake.channel not in Channel.values:
        yield FieldError("channel", "unknown_channel", _("请选择来源渠道。"))
    else:
        yield from _day_errors(intake, today, rules)
        yield from fact_errors(intake.channel, intake.facts or {}, today)
    yield from _text_errors(intake)
    yield from _code_errors(intake)
    if not is_sealed_before:
        yield from _informant_errors(intake)


def _day_errors(intake: Intake, today: date, rules: RuleBook) -> Iterator[FieldError]:
    if intake.received_on > today:
        detail = _("收到日期%(day)s在今天之后，请核对。") % {"day": intake.received_on}
        yield FieldError("received_on", "future_origin", detail)
        return
    try:
        rules.version_on(handling_rule(intake.channel), intake.received_on)
    except Invalid as refusal:
        yield FieldError("received_on", refusal.code, refusal.detail)


def _text_errors(intake: Intake) -> Iterator[FieldError]:
    if not intake.party_name.strip():
        yield FieldError("party_name", "required", _("请填写当事人名称；尚不清楚的填“待查”。"))
    if not intake.summary.strip():
        yield FieldError("summary", "required", _("请填写线索内容。"))
    written = {
        "party_name": intake.party_name, "party_code": normalised(intake.party_code), "address": intake.address,
        "summary": intake.summary,
    }  # fmt: skip
    limits = {field.name: field.max_length for field in Lead._meta.concrete_fields}
    for name, text in written.items():
        limit = limits[name]
        if limit is not None and len(text.strip()) > limit:
            detail = _("最多%(most)s个字，现为%(found)s个。") % {"most": limit, "found": len(text.strip())}
            yield FieldError(name, "too_long", detail)
    if intake.amount is not None and not _is_amount(intake.amount):
        yield FieldError("amount", "amount_out_of_range", _("金额应当是不小于零、最多两位小数的元数。"))


def _is_amount(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount < 10**12 and amount == round(amount, 2)


def _code_errors(intake: Intake) -> Iterator[FieldError]:
    asked: list[tuple[str, str, Callable[[str], object]]] = [
        ("region_code", intake.region_code, region_named),
        ("category", intake.category, category_named),
        *(("flags", flag, tag_named) for flag in intake.flags),
    ]
    for field, text, named in asked:
        try:
            if text:
                named(text)
        except Invalid as refusal:
            yield FieldError(field, refusal.code, refusal.detail)


def _informant_errors(intake: Intake) -> Iterator[FieldError]:
    told = intake.informant
    if intake.channel == Channel.COMPLAINT:
        for field, label in MATERIAL.items():
            if not getattr(told, field).strip():
                detail = _("请填写%(label)s（投诉举报处理办法第十条第一款第一项）。") % {"label": label}
                yield FieldError(f"informant_{field}", "required", detail)
    if not told.is_empty:
        try:
            check_identity(Identity(told.name, told.phone, told.address, told.id_number))
        except Invalid as refusal:
            yield FieldError(f"informant_{refusal.field}", refusal.code, refusal.detail)
