"""Putting a division of powers in force, and keeping whose matter something was held to be."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office
from audit.actions import Actor, Deed, record, record_many
from core.bulk import insert
from core.errors import Invalid
from routing.engine import Question
from routing.inspection import Examination, examine
from routing.models import RouteDecision, RuleSet
from routing.queries import Route
from routing.rule_files import parse_division
from routing.wording import cell_line

MOST_NAMED = 5


@transaction.atomic
def load_rules(*, text: str, source: str, actor: Actor, at: datetime, allow_gaps: bool = False) -> RuleSet | None:
    """Load a division of powers, in effect from its own day; None if this very text is loaded already.

    :param allow_gaps: load it although some combinations have no office; the coverage page goes on showing them.
    :raises Invalid: malformed; ``version_taken``: another text bears this version; ``overlapping_rules``: two rules of
        one order hold for the same matter; ``unknown_office``; ``uncovered``: naming combinations nobody takes.
    """
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    division = parse_division(text)
    before = RuleSet.objects.filter(version=division.version).first()
    if before is not None and before.sha256 == sha256:
        return None
    if before is not None:
        raise Invalid(
            _("版本%(version)s已经加载过，内容不同。施行的划分不修改，请另立新的版本号。") % {"version": division.version},
            code="version_taken", field="version",
        )  # fmt: skip
    examined = examine(division)
    check_sound(examined)
    if not allow_gaps:
        check_whole(examined)
    rules = RuleSet.objects.create(
        version=division.version, name=division.name, effective_on=division.effective_on, text=text, sha256=sha256,
        note=division.note, source=source[:300], loaded_at=at, loaded_by=actor.label[:120],
    )  # fmt: skip
    record(
        verb="routing.load_rules", actor=actor, at=at, subject_kind="division", subject_id=rules.pk,
        subject_label=f"{division.name} {division.version}", sha256=sha256, rules=len(division.rules),
        combinations=examined.coverage.total, unowned=examined.unowned,
    )  # fmt: skip
    return rules


def check_sound(examined: Examination) -> None:
    """:raises Invalid: ``overlapping_rules``, ``unknown_office``: nobody may load such a set."""
    for clash in examined.coverage.clashes:
        raise Invalid(
            _("规则%(first)s与%(second)s次序相同（%(order)s）又都适用于：%(where)s。请为其中一条另定次序。")
            % {
                "first": clash.first.key, "second": clash.second.key, "order": clash.first.order,
                "where": cell_line(clash.where),
            },
            code="overlapping_rules", field=clash.second.key,
        )  # fmt: skip
    for trouble in examined.troubles:
        if trouble.refusal.code == "unknown_office":
            raise trouble.refusal


def check_whole(examined: Examination) -> None:
    """:raises Invalid: ``uncovered``: naming the first of the combinations nobody takes."""
    if not examined.unowned:
        return
    named = [cell_line(cell) for cell in examined.coverage.uncovered[:MOST_NAMED]]
    named += [trouble.refusal.detail for trouble in examined.troubles][: MOST_NAMED - len(named)]
    raise Invalid(
        _("%(count)s种组合无人承办，例如：%(where)s") % {"count": examined.unowned, "where": _("；又如：").join(named)},
        code="uncovered",
        field="rules",
    )


class Decided(NamedTuple):
    """Which office a matter went to: by the rule that said so, or against or without one for a person's reason.

    ``route`` is what the rules answered, None when they did not; ``reason`` why a person decided otherwise, not needed
    where the rule was followed.
    """

    subject_kind: str
    subject_id: int
    route: Route | None
    question: Question
    office: Office
    reason: str

    @property
    def is_override(self) -> bool:
        return self.route is None or self.route.office.pk != self.office.pk

    @property
    def why(self) -> str:
        return self.reason if self.is_override or self.route is None else self.route.reason


def keep_decision(
    *,
    subject_kind: str,
    subject_id: int,
    route: Route | None,
    question: Question,
    office: Office,
    reason: str,
    actor: Actor,
    at: datetime,
) -> RouteDecision:
    """Keep which office one matter went to; see :class:`Decided`.

    :raises Invalid: ``reason_required``.
    """
    decided = Decided(subject_kind, subject_id, route, question, office, reason)
    return keep_decisions([decided], actor=actor, at=at)[0]


@transaction.atomic
def keep_decisions(decisions: Sequence[Decided], *, actor: Actor, at: datetime) -> list[RouteDecision]:
    """Keep which office each of many matters went to.

    :raises Invalid: ``reason_required``.
    """
    if any(each.is_override and not each.reason.strip() for each in decisions):
        raise Invalid(_("没有按权力划分规则确定承办机构，请写明理由。"), code="reason_required", field="reason")
    rows = [
        RouteDecision(
            subject_kind=each.subject_kind, subject_id=each.subject_id,
            rule_set_id=each.route.rule_set_id if each.route else None,
            rule_key=each.route.rule_key if each.route else "", question=_as_kept(each.question), office=each.office,
            is_override=each.is_override, reason=each.why[:1000], actor_label=actor.label[:120], at=at,
        )
        for each in decisions
    ]  # fmt: skip
    insert(RouteDecision, rows)
    deeds = (
        Deed(row.subject_kind, row.subject_id, row.office.name, {"rule": row.rule_key, "is_override": row.is_override})
        for row in rows
    )
    record_many(deeds, verb="routing.keep_decision", actor=actor, at=at)
    return rows


def _as_kept(question: Question) -> dict[str, object]:
    return {
        "category": question.category, "region": question.region, "level": question.level,
        "amount": None if question.amount is None else str(question.amount), "flags": sorted(question.flags),
    }  # fmt: skip
