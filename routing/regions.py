"""Administrative regions by their GB/T 2260 code: province (370000), city (370200), county or district (370202)."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from deadlines.yearplans import DATA

FILES = ("provinces.csv", "cities.csv", "areas.csv")
# The municipalities' middle level and the units directly under a province are rows of the code without a name of a place.
NAMELESS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


@dataclass(frozen=True)
class Region:
    """``code`` has six digits; ``parent`` is '' for a province."""

    code: str
    name: str
    parent: str

    @property
    def is_county(self) -> bool:
        return not self.code.endswith("00")


def prefix_of(code: str) -> str:
    """What the codes of everything inside a region begin with: 370200 → 3702."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def is_within(code: str, outer: str) -> bool:
    """Whether a region is another one or lies inside it."""
    return code.startswith(prefix_of(outer))


@lru_cache(maxsize=1)
def regions(base: Path = DATA / "gb2260") -> dict[str, Region]:
    """Every region by code, provinces before cities before counties; read once."""
    found: dict[str, Region] = {}
    for name in FILES:
        with (base / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                code = row["code"].ljust(6, "0")
                above = (row.get("cityCode") or row.get("provinceCode") or "").ljust(6, "0").replace("000000", "")
                found.setdefault(code, Region(code, row["name"], above))  # 东莞 stands in the file twice: city and area
    return found


def full_name(code: str) -> str:
    """山东省青岛市市南区; the code itself when nobody knows it."""
    parts: list[str] = []
    at = regions().get(code)
    while at is not None:
        if at.name not in NAMELESS:
            parts.insert(0, at.name)
        at = regions().get(at.parent)
    return "".join(parts) or code


def under(code: str) -> list[Region]:
    """The regions directly below one; of '' the provinces. The nameless middle level is shown, it carries the code."""
    return [region for region in regions().values() if region.parent == code]


def counties_of(city: str) -> list[Region]:
    """Every county or district inside a city or municipality, by code."""
    return sorted(
        (region for region in regions().values() if region.is_county and is_within(region.code, city)),
        key=lambda region: region.code,
    )
