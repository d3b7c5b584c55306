"""A part of the case page about one subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PAGE = 100  # rows of one list on a page that is only about it


@dataclass(frozen=True)
class Section:
    """``name`` is its anchor, ``template`` draws ``given``, ``url`` is the page that has all of it."""

    name: str
    title: str
    template: str
    given: Mapping[str, Any]
    url: str = ""
