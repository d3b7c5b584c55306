"""Unified social credit codes (统一社会信用代码, GB 32100-2015): 18 characters, the last one a check digit."""

from django.utils.translation import gettext as _

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18


def normalised(code: str) -> str:
    """Upper case without spaces, as the code is printed."""
    return "".join(code.split()).upper()


def doubt_about(code: str) -> str | None:
    """Why the code is doubtful, or None. A doubt warns and never blocks: one published real code fails the check."""
    if len(code) != LENGTH:
        return _("应为%(expected)s位，现为%(found)s位") % {"expected": LENGTH, "found": len(code)}
    wrong = [character for character in code if character not in ALPHABET]
    if wrong:
        return _("含有代码中不使用的字符“%(character)s”") % {"character": wrong[0]}
    expected = check_character(code[:-1])
    if code[-1] == expected:
        return None
    return _("校验位应为“%(expected)s”，现为“%(found)s”") % {"expected": expected, "found": code[-1]}


def check_character(body: str) -> str:
    """The last character of a code whose first seventeen are ``body``."""
    total = sum(ALPHABET.index(character) * pow(3, position, 31) for position, character in enumerate(body))
    return ALPHABET[(31 - total % 31) % 31]
