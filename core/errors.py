"""The four kinds of refusal. Each carries a stable code, a sentence for the user and, where one is at fault, the field."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class FieldError:
    """One wrong value: the name of the field as the caller sent it, a stable code, and what to do."""

    field: str
    code: str
    detail: str


def in_one_sentence(details: Sequence[str]) -> str:
    """Several sentences as one ``detail``: 请填写甲。请填写乙。 → 请填写甲；请填写乙。"""
    return _("；").join([*(detail.rstrip("。.") for detail in details[:-1]), *details[-1:]])


class Refusal(Exception):  # noqa: N818 - an answer to the caller, not an error of the program
    """A request the system understood and will not carry out; nothing has changed.

    :param detail: a plain sentence for the person at the screen: what happened, which rule, what to do now.
    :param code: stable, snake_case, for programs.
    :param field: the input at fault, if one is.
    """

    status = 400
    code = "refused"

    def __init__(
        self, detail: str, *, code: str | None = None, field: str | None = None, errors: Sequence[FieldError] = ()
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.field = field
        self.errors = tuple(errors) or ((FieldError(field, self.code, detail),) if field else ())


class Invalid(Refusal):
    """400: the input breaks a rule."""

    status = 400
    code = "invalid"


class NotPermitted(Refusal):
    """403: seen, but not theirs to do."""

    status = 403
    code = "not_permitted"


class NotFound(Refusal):
    """404: does not exist for this user."""

    status = 404
    code = "not_found"


class WrongState(Refusal):
    """409: legal in another state, not in this one."""

    status = 409
    code = "wrong_state"
