"""The businesses of the demo city's leads: made up from short names, some of them met again and again."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random

from django.conf import settings

from casemgr.demo_city import DISTRICTS, REGIONS
from casemgr.demo_texts import TRADES
from clues.uscc import ALPHABET, check_character

MET_AGAIN = 0.4
MOST_LEADS = 15
WITH_CODE, DOUBTFUL = 0.87, 0.02


@dataclass(frozen=True)
class Party:
    """A business of one district and one trade."""

    name: str
    code: str
    address: str


class Parties:
    """Hands out parties; who has been met is likely to be met again, up to :data:`MOST_LEADS` times."""

    def __init__(self, chance: Random) -> None:
        names = Path(settings.BASE_DIR) / "data" / "company_short_names.txt"
        self._brands = sorted({line[:2] for line in names.read_text(encoding="utf-8").split()})
        self._chance = chance
        self._met: dict[tuple[str, int], list[Party]] = defaultdict(list)
        self._names: set[str] = set()

    def meet(self, category: str, district: int) -> Party:
        trade = category if category in TRADES else category.split("-")[0]
        met, chance = self._met[trade, district], self._chance
        party = chance.choice(met) if met and chance.random() < MET_AGAIN else self._found(trade, district)
        if met.count(party) >= MOST_LEADS:
            party = self._found(trade, district)
        met.append(party)
        return party

    def _found(self, trade: str, district: int) -> Party:
        chance = self._chance
        name = ""
        while not name or name in self._names:
            brand = "".join(chance.sample(self._brands, 2)) if name else chance.choice(self._brands)
            name = f"示例市{DISTRICTS[district]}区{brand}{chance.choice(TRADES[trade])}"
        self._names.add(name)
        address = f"{DISTRICTS[district]}区示例{chance.choice('一二三四五六七八九')}路{chance.randint(1, 280)}号"
        return Party(name, self._code(district), address)

    def _code(self, district: int) -> str:
        """A valid credit code for most, none for some, a doubtful one for a few."""
        chance = self._chance
        if chance.random() > WITH_CODE:
            return ""
        body = f"9{chance.choice('12')}{REGIONS[district]}{''.join(chance.choices(ALPHABET, k=9))}"
        code = body + check_character(body)
        return code[:9] + code[10:] if chance.random() < DOUBTFUL else code
