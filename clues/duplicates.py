"""Leads that are likely the same matter as another, and why; through the reader's gate."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import ceil

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from clues import states
from clues.likeness import NAME_IS_NEAR, TEXT_IS_LIKE, WORTH_SHOWING, Sign, likeness, pairs_of, score_of
from clues.models import Lead
from clues.parties import normal_name
from clues.policies import visible_to
from clues.queries import leads_for
from clues.states import LeadState
from core.paging import COUNT_CAP

WINDOW_DAYS = 180  # 本系统默认值，不是法定期限
MOST_SHOWN = 10
OF_EACH_SIGN = 50
KEYS_AT_ONCE = 30_000  # as many as SQLite takes in one statement
REASONS: dict[Sign, str | Promise] = {
    Sign.SAME_CODE: gettext_lazy("统一社会信用代码相同"),
    Sign.SAME_NAME: gettext_lazy("名称相同"),
    Sign.NEAR_NAME: gettext_lazy("名称相近"),
    Sign.SAME_INFORMANT: gettext_lazy("同一举报人"),
    Sign.LIKE_TEXT: gettext_lazy("内容相似"),
}


@dataclass(frozen=True)
class Sought:
    """A lead, or what will be one, as far as it is compared. ``exclude_id`` is the lead itself."""

    party_name: str
    party_code: str
    informant_key: str
    summary: str
    received_on: date
    exclude_id: int | None = None

    @cached_property
    def normal_name(self) -> str:
        return normal_name(self.party_name)

    @cached_property
    def name_pairs(self) -> frozenset[str]:
        return pairs_of(self.normal_name)

    @cached_property
    def summary_pairs(self) -> frozenset[str]:
        return pairs_of(self.summary)

    @property
    def window(self) -> Q:
        span = timedelta(days=WINDOW_DAYS)
        return Q(received_on__gte=self.received_on - span, received_on__lte=self.received_on + span)

    @property
    def same_party(self) -> Q:
        """The same code; where there is none, the same name."""
        return _same("party_code", self.party_code) if self.party_code else _same("normal_name", self.normal_name)


@dataclass(frozen=True)
class Likeness:
    """A lead that is likely the same matter, with the reasons in words; ``score`` from 0 to 1 orders them."""

    lead: Lead
    reasons: tuple[str, ...]
    score: float


def likely_same(
    user: User,
    *,
    party_name: str,
    party_code: str,
    informant_key: str,
    summary: str,
    received_on: date,
    exclude_id: int | None = None,
) -> list[Likeness]:
    """The leads the user may see that are likely the same matter, the likeliest first, at most ten.

    Received within :data:`WINDOW_DAYS` of each other; found by code, name, beginning of the name and informant.
    """
    return likely_same_as(user, Sought(party_name, party_code, informant_key, summary, received_on, exclude_id))


def likely_same_as(user: User, sought: Sought) -> list[Likeness]:
    """:func:`likely_same` for what is given as one."""
    return _best(sought, _candidates(user, sought))


def sought_of(lead: Lead) -> Sought:
    """A lead of the register, as it is compared with others."""
    return Sought(lead.party_name, lead.party_code, lead.informant_key, lead.summary, lead.received_on, lead.pk)


def likely_same_many(user: User, rows: Sequence[Sought]) -> list[list[Likeness]]:
    """:func:`likely_same` for many rows in a few statements, without near names; answers in the order of the rows."""
    if not rows:
        return []
    span = timedelta(days=WINDOW_DAYS)
    days = [row.received_on for row in rows]
    leads = _open_to(user).filter(received_on__gte=min(days) - span, received_on__lte=max(days) + span)
    found = [
        _by_key(leads, field, {key for row in rows if (key := getattr(row, field))})
        for field in ("party_code", "normal_name", "informant_key")
    ]
    keys: list[Callable[[Sought], str]] = [
        lambda row: row.party_code, lambda row: row.normal_name, lambda row: row.informant_key,
    ]  # fmt: skip
    return [
        _best(row, (lead for leads, key in zip(found, keys, strict=True) for lead in leads.get(key(row), ())))
        for row in rows
    ]


def same_party_elsewhere(user: User, sought: Sought) -> int:
    """How many leads of this party lie with offices the user does not see, counted no further than a thousand.

    A number and nothing else, and only for those who assign leads: it tells them to ask above before both work on it.
    """
    if not user.has_role(*states.ASSIGN.roles):
        return 0
    seen = Lead.objects.filter(visible_to(user)).values("pk")
    others = Lead.objects.filter(sought.window, sought.same_party).exclude(pk__in=seen)
    return others.order_by()[:COUNT_CAP].count()


def _open_to(user: User) -> QuerySet[Lead]:
    """What may be the same: all but leads merged already, whose original is here too."""
    return leads_for(user).exclude(state=LeadState.MERGED)


def _candidates(user: User, sought: Sought) -> Iterator[Lead]:
    """The newest for each sign: one walk of one index each."""
    leads = _open_to(user).filter(sought.window)
    for field in ("party_code", "normal_name", "informant_key"):
        if key := getattr(sought, field):
            yield from leads.filter(_same(field, key))[:OF_EACH_SIGN]
    if len(sought.normal_name) > 3:
        yield from leads.filter(_begins(sought.normal_name))[:OF_EACH_SIGN]


def _same(field: str, key: str) -> Q:
    """Equal, and not empty in so many words: the index holds no empty ones."""
    return Q(**{field: key}) & ~Q(**{field: ""})


def _begins(name: str) -> Q:
    beginning = name[: max(3, ceil(len(name) * 0.6))]
    return Q(normal_name__startswith=beginning) & ~Q(normal_name="") & ~Q(normal_name=name)


def _by_key(leads: QuerySet[Lead], field: str, keys: set[str]) -> dict[str, list[Lead]]:
    """The newest leads for each value of a field."""
    found: dict[str, list[Lead]] = defaultdict(list)
    wanted = sorted(keys)
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        at_once = Q(**{f"{field}__in": wanted[start : start + KEYS_AT_ONCE]}) & ~Q(**{field: ""})
        for lead in leads.filter(at_once).iterator():
            if len(of_key := found[getattr(lead, field)]) < OF_EACH_SIGN:
                of_key.append(lead)
    return found


def _best(sought: Sought, leads: Iterable[Lead]) -> list[Likeness]:
    compared = {lead.pk: lead for lead in leads if lead.pk != sought.exclude_id}
    found = [_likeness(sought, lead) for lead in compared.values()]
    worth = [each for each in found if each.score >= WORTH_SHOWING]
    return sorted(worth, key=lambda each: (-each.score, -each.lead.pk))[:MOST_SHOWN]


def _likeness(sought: Sought, lead: Lead) -> Likeness:
    text = likeness(sought.summary_pairs, pairs_of(lead.summary))
    signs = list(_signs(sought, lead, text))
    reasons = tuple(
        _("内容相似 %(percent)s%%") % {"percent": round(text * 100)} if sign is Sign.LIKE_TEXT else str(REASONS[sign])
        for sign in signs
    )
    return Likeness(lead, reasons, score_of(signs, text))


def _signs(sought: Sought, lead: Lead, text: float) -> Iterator[Sign]:
    if sought.party_code and sought.party_code == lead.party_code:
        yield Sign.SAME_CODE
    if sought.normal_name and sought.normal_name == lead.normal_name:
        yield Sign.SAME_NAME
    elif likeness(sought.name_pairs, pairs_of(lead.normal_name)) >= NAME_IS_NEAR:
        yield Sign.NEAR_NAME
    if sought.informant_key and sought.informant_key == lead.informant_key:
        yield Sign.SAME_INFORMANT
    if text >= TEXT_IS_LIKE:
        yield Sign.LIKE_TEXT
