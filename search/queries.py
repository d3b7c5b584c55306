"""Finding subjects by their text, within the reader's scope: whose text it is stands in the index beside the words."""

from datetime import date

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from accounts.models import User
from accounts.policies import Scope, scope_of
from search.models import IndexedText
from search.words import Phrase, of_bureau, of_office, phrases_of, postgresql_query, sqlite_match, whole

NEWEST_FIRST = ("-newest_on", "-subject_id")
WALKED = 2000


def matching(user: User, kind: str, words: str) -> "QuerySet[IndexedText, int]":
    """The ids of the subjects whose text has all the words and which the user may see; for ``filter(pk__in=…)``.

    Nothing matches when there is not one letter or digit among the words.
    """
    return _matching(scope_of(user), kind, phrases_of(words)).values_list("subject_id", flat=True)


def newest_matching(user: User, kind: str, words: str, limit: int, after: tuple[date, int] | None = None) -> list[int]:
    """The ids of the newest subjects :func:`matching` finds, newest first, fast however common the words.

    A common word is soon met among the newest texts; what is not is rare, so that the index has few rows to sort.

    :param after: day and id of the last subject already shown.
    """
    scope, phrases = scope_of(user), phrases_of(words)
    behind = Q() if after is None else Q(newest_on__lt=after[0]) | Q(newest_on=after[0], subject_id__lt=after[1])
    if phrases and connection.vendor == "postgresql":
        rows = IndexedText.objects.filter(scope.rows(), behind, kind=kind).order_by(*NEWEST_FIRST)
        walked = rows.values_list("subject_id", _match(scope, kind, phrases))[:WALKED]
        found = [subject_id for subject_id, is_match in walked if is_match]
        if len(found) >= limit or len(walked) < WALKED:
            return found[:limit]
    rows = _matching(scope, kind, phrases).filter(behind).order_by(*NEWEST_FIRST)
    return list(rows.values_list("subject_id", flat=True)[:limit])


def _matching(scope: Scope, kind: str, phrases: list[Phrase]) -> QuerySet[IndexedText]:
    """By the words' index alone: a condition on a column would tempt the planner to walk another one to its end."""
    if not phrases or not _any_of(scope, kind):
        return IndexedText.objects.none()
    return IndexedText.objects.filter(_match(scope, kind, phrases))


def _any_of(scope: Scope, kind: str) -> list[str]:
    if scope.whole_city:
        return [whole(kind)]
    offices = [of_office(kind, office_id) for office_id in sorted(scope.office_ids)]
    return [of_bureau(kind, bureau_id) for bureau_id in sorted(scope.bureau_ids)] + offices


def _match(scope: Scope, kind: str, phrases: list[Phrase]) -> Func:
    if connection.vendor == "postgresql":
        query = postgresql_query(phrases, _any_of(scope, kind))
        return Func(Value(query), template="vector @@ (%(expressions)s)::tsquery", output_field=BooleanField())
    return Func(
        F("id"), Value(sqlite_match(phrases, _any_of(scope, kind))),
        template="%(expressions)s)", arg_joiner=" IN (SELECT rowid FROM search_words WHERE search_words MATCH ",
        output_field=BooleanField(),
    )  # fmt: skip
