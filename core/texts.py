"""What people type into the fields of a verb: kept without its margins, and refused rather than cut."""

from django.utils.translation import gettext as _

from core.errors import Invalid


def required(text: str, field: str, message: str, *, limit: int) -> str:
    """The text without the space around it.

    :param message: what to say where there is nothing but space.
    :param limit: how many characters the place it is kept in holds.
    :raises Invalid: ``required``, ``too_long``.
    """
    if not text.strip():
        raise Invalid(message, code="required", field=field)
    return optional(text, field, limit=limit)


def optional(text: str, field: str, *, limit: int) -> str:
    """The text without the space around it, which may be nothing.

    :raises Invalid: ``too_long``.
    """
    if len(text.strip()) > limit:
        raise Invalid(_("最多%(most)s个字。") % {"most": limit}, code="too_long", field=field)
    return text.strip()
