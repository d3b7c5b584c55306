"""What the commands say on the terminal: Chinese first, then English."""

import sys
from io import TextIOWrapper


class CommandError(Exception):
    """The command stops here with exit code 1; the message says what to do about it."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")


def say(chinese: str, english: str) -> None:
    """Print one line in both languages at once, so that it is seen before a long step."""
    print(f"{chinese} | {english}", flush=True)


def accept_any_terminal() -> None:
    """A terminal that cannot show Chinese gets question marks, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
