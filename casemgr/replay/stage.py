"""A district of its own for a replay, so that nobody's matters, numbers or reminders are touched."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from accounts.actions import create_user, give_post, issue_certificate, open_office
from accounts.models import Office, SystemActor, User
from accounts.roles import Role
from documents.actions.numbers import set_number_format

ACTOR = SystemActor("replay_cases")
SINCE, UNTIL = date(2015, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class Stage:
    """One squad of one district with the people a case needs."""

    squad: Office
    handler: User
    second: User
    unit_head: User
    director: User
    reviewer: User
    supervisor: User

    def role_of(self, user_id: int) -> str:
        """In what capacity somebody is told: 承办人, 办案机构负责人, 监督机构."""
        return {
            self.handler.pk: "承办人",
            self.second.pk: "协办人",
            self.unit_head.pk: "办案机构负责人",
            self.director.pk: "部门负责人",
            self.reviewer.pk: "审核人员",
            self.supervisor.pk: "监督机构",
        }[user_id]


def set_stage(*, at: datetime) -> Stage:
    """Open the district under the city there is, or under a new one in an empty database."""
    city = Office.objects.filter(level=1).first() or _office("replay-city", "复盘市局", "复盘市", "city", None, at)
    serial = Office.objects.filter(code__startswith="replay-", kind="district").count() + 1
    code, short = f"replay-{serial}", f"复盘{serial}"
    district = _office(code, f"{short}区局", short, "district", city, at)
    squad = _office(f"{code}-squad", f"{short}区大队", f"{short}执", "squad", district, at)
    for office, kind, word in (
        (squad, "lead", "线索"), (district, "case", "立案"), (district, "penalty_decision", "处罚"),
    ):  # fmt: skip
        set_number_format(office=office, kind=kind, kind_word=word, dates_ascend=False, actor=ACTOR, at=at)
    return Stage(
        squad=squad,
        handler=_person(f"{code}-handler", "复盘承办人", squad, Role.HANDLER, at),
        second=_person(f"{code}-second", "复盘协办人", squad, Role.HANDLER, at),
        unit_head=_person(f"{code}-unithead", "复盘办案机构负责人", squad, Role.UNIT_HEAD, at),
        director=_person(f"{code}-director", "复盘部门负责人", district, Role.BUREAU_HEAD, at),
        reviewer=_person(f"{code}-reviewer", "复盘审核人员", district, Role.LEGAL_REVIEWER, at),
        supervisor=_person(f"{code}-supervisor", "复盘监督人员", district, Role.SUPERVISOR, at),
    )


def _office(code: str, name: str, short_name: str, kind: str, parent: Office | None, at: datetime) -> Office:
    region = parent.region_code if parent else "000000"
    return open_office(
        code=code, name=name, short_name=short_name, kind=kind, parent=parent, region_code=region, actor=ACTOR, at=at
    )


def _person(username: str, name: str, office: Office, role: str, at: datetime) -> User:
    """An account nobody can log in to: its password is thrown away."""
    user = create_user(username=username, name=name, password=secrets.token_urlsafe(24), actor=ACTOR, at=at)
    give_post(user=user, office=office, role=role, starts_on=SINCE, actor=ACTOR, at=at)
    if role == Role.HANDLER:
        issue_certificate(
            user=user, number=username, issued_by="复盘", starts_on=SINCE, ends_on=UNTIL, actor=ACTOR, at=at
        )
    return user
