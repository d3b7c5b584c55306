"""Unified social credit codes (统一社会信用代码, GB 32100-2015): 18 characters, the last one a check digit."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18


def normalised(code: str) -> str:
    """Upper case without spaces, as the code is printed."""
    return "".join(code.split()).upper()


def doubt_about(code: str) -> str | None:
    """Why the code is doubtful, or None. A doubt warns and never blocks: one published real code fails the check."""
    if len(code) != LENGTH:
        return f"应为{LENGTH}位，现为{len(code)}位"
    wrong = [character for character in code if character not in ALPHABET]
    if wrong:
        return f"含有代码中不使用的字符“{wrong[0]}”"
    total = sum(ALPHABET.index(character) * pow(3, position, 31) for position, character in enumerate(code[:-1]))
    expected = ALPHABET[(31 - total % 31) % 31]
    return None if code[-1] == expected else f"校验位应为“{expected}”，现为“{code[-1]}”"
