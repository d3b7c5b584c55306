"""What the complaint procedure of a day says: the grounds for refusing a complaint and for ending mediation.

Two instruments follow one another (令20 until 2026-04-14, 令121 since); which one a day falls under, the rules of the
deadlines say. Where 令20 words a ground differently, its words stand here; the rest are those of :mod:`clues.states`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clues.states import EndGround, RefusalGround
from core.errors import Invalid
from deadlines.rules import RuleBook

ACCEPTANCE = "complaint_acceptance"
MEDIATION = "complaint_mediation"
REGULATION = "consumer_reg_mediation_60d"
END_NOTICE = "complaint_termination_notice"
R, E = RefusalGround, EndGround
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class ComplaintLaw:
    """One instrument: its grounds in the order of its articles."""

    name: str | Promise
    acceptance: str
    refusal: str
    end: str
    told_of_end: str
    document: str
    found: str
    refusal_grounds: tuple[RefusalGround, ...]
    end_grounds: tuple[EndGround, ...]
    words: Mapping[str, str | Promise]

    def choices(self, grounds: Sequence[TextChoices]) -> list[tuple[str, str]]:
        """Each ground with its number and words, as a form offers it."""
        return [(ground.value, f"（{NUMERALS[place]}）{self._words(ground)}") for place, ground in enumerate(grounds)]

    def refusal_item(self, ground: str) -> str:
        """第十六条第（三）项：… of a ground, for the record."""
        return self._item(self.refusal, self.refusal_grounds, RefusalGround(ground))

    def end_item(self, ground: str) -> str:
        return self._item(f"{self.end}第一款", self.end_grounds, EndGround(ground))

    def refusal_place(self, ground: str) -> str:
        """三: which item of its article a ground is."""
        return NUMERALS[self.refusal_grounds.index(RefusalGround(ground))]

    def end_place(self, ground: str) -> str:
        return NUMERALS[self.end_grounds.index(EndGround(ground))]

    def _item(self, article: str, grounds: Sequence[TextChoices], ground: TextChoices) -> str:
        return f"{self.name}{article}第（{NUMERALS[grounds.index(ground)]}）项：{self._words(ground)}"

    def _words(self, ground: TextChoices) -> str:
        return str(self.words.get(f"{type(ground).__name__}.{ground}", ground.label))


LAWS: Mapping[str, ComplaintLaw] = MappingProxyType({
    "令121": ComplaintLaw(
        name=_("投诉举报处理办法"),
        acceptance="第十五条", refusal="第十六条", end="第二十三条", told_of_end="第二十三条第二款",
        document="第二十四条", found="第二十七条",
        refusal_grounds=(
            R.NO_POWER, R.HANDLED_ELSEWHERE, R.NOT_CONSUMER, R.OVER_THREE_YEARS, R.NO_MATERIAL, R.FALSE_IDENTITY,
            R.OTHER,
        ),
        end_grounds=(
            E.WITHDRAWN, E.ABSENT, E.NO_AGREEMENT, E.NO_TEST_COST, E.TERM_OVER, E.NOT_ACCEPTABLE, E.PARTY_GONE, E.OTHER,
        ),
        words={},
    ),
    "令20": ComplaintLaw(
        name=_("投诉举报处理暂行办法"),
        acceptance="第十四条", refusal="第十五条", end="第二十一条", told_of_end="第二十一条第二款",
        document="第二十二条", found="第二十三条",
        refusal_grounds=(
            R.NO_POWER, R.HANDLED_ELSEWHERE, R.NOT_CONSUMER, R.OVER_THREE_YEARS, R.NO_MATERIAL, R.OTHER,
        ),
        end_grounds=(
            E.WITHDRAWN, E.NO_TEST_COST, E.ABSENT, E.NO_AGREEMENT, E.TERM_OVER, E.NOT_ACCEPTABLE, E.OTHER,
        ),
        words={
            "RefusalGround.handled_elsewhere": _(
                "法院、仲裁机构、市场监督管理部门或者其他行政机关、消费者协会或者依法成立的其他调解组织已经受理或者处理过同一消费者权益争议"
            ),
            "RefusalGround.no_material": _("未提供规定的材料"),
            "EndGround.no_test_cost": _("对委托承担检定、检验、检测、鉴定工作的技术机构或者费用承担无法协商一致"),
            "EndGround.absent": _("投诉人或者被投诉人无正当理由不参加调解，或者被投诉人明确拒绝调解"),
            "EndGround.term_over": _("自投诉受理之日起四十五个工作日内未能达成调解协议"),
            "EndGround.not_acceptable": _("受理后发现存在不予受理的情形"),
        },
    ),
})  # fmt: skip


PRINTED = LAWS["令121"]  # what the forms C1 to C10 print


def law_on(rules: RuleBook, day: date) -> ComplaintLaw:
    """The instrument whose procedure is followed on a day.

    :raises Invalid: the rules know none for it.
    """
    return LAWS[rules.version_on(ACCEPTANCE, day).instrument_version]


def mediation_rules(rules: RuleBook, accepted_on: date) -> tuple[str, ...]:
    """The periods of mediation that acceptance on a day starts; where there are two, the earlier end binds.

    The regulation's sixty days run beside the procedure's own period while that is another one.

    :raises Invalid: no mediation was regulated on that day.
    """
    own = rules.version_on(MEDIATION, accepted_on)
    try:
        above = rules.version_on(REGULATION, accepted_on)
    except Invalid:
        return (MEDIATION,)
    is_the_same = (own.amount, own.unit) == (above.amount, above.unit)
    return (MEDIATION,) if is_the_same else (MEDIATION, REGULATION)
