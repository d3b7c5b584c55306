"""Nobody investigates without a certificate valid that day, and who holds one is told before it ends."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import give_post, issue_certificate, revoke_certificate
from accounts.certificates import certificate_on, require_certificate
from accounts.models import Certificate, User
from accounts.roles import Role
from cases.actions import filing
from cases.actions.certificates import warn_expiring_certificates
from cases.models import Case
from cases.states.matter import FilingCondition
from clues.models import Lead
from core.errors import Invalid, NotFound
from notices.models import Notice
from tests.builders import NOW, SINCE, SYSTEM, City, certify, make_case, make_user, make_verified_lead, moment
from tests.refusals import refused

DAY = date(2026, 3, 2)


def officer(city: City, username: str, *, starts_on: date, ends_on: date) -> User:
    """A handler of the east squad with a certificate of these days."""
    user = make_user(username)
    give_post(user=user, office=city.east_squad, role=Role.HANDLER, starts_on=SINCE, actor=SYSTEM, at=NOW)
    certify(user, starts_on=starts_on, ends_on=ends_on)
    return user


def file(city: City, lead: Lead, second: User) -> Case:
    return filing.file_case(
        lead_id=lead.pk, cause="过期食品", owner_id=city.east_handler.pk, second_officer_id=second.pk,
        conditions=FilingCondition.values, actor=city.east_director, at=NOW,
    )  # fmt: skip


def test_an_officer_needs_a_certificate_valid_on_the_day_of_filing_and_of_a_change(city: City) -> None:
    none = make_user("none")
    give_post(user=none, office=city.east_squad, role=Role.HANDLER, starts_on=SINCE, actor=SYSTEM, at=NOW)
    later = officer(city, "later", starts_on=DAY + timedelta(days=1), ends_on=date(2030, 1, 1))
    ended = officer(city, "ended", starts_on=date(2020, 1, 1), ends_on=DAY - timedelta(days=1))
    revoked = officer(city, "revoked", starts_on=date(2020, 1, 1), ends_on=date(2030, 1, 1))
    revoke_certificate(certificate_id=revoked.certificates.get().pk, revoked_on=DAY, actor=SYSTEM, at=NOW)
    lead, case = make_verified_lead(city), make_case(city)
    expected = ((none, "no_certificate"), (later, "no_certificate"), (ended, "certificate_expired"), (revoked, "certificate_expired"))  # fmt: skip
    for user, code in expected:
        with refused(Invalid, code, "second_officer"):
            file(city, lead, user)
        with refused(Invalid, code, "owner"):
            filing.reassign_case(
                case_id=case.pk, owner_id=user.pk, second_officer_id=city.east_handler2.pk, reason="调岗",
                actor=city.east_head, at=NOW,
            )  # fmt: skip
    last_day = officer(city, "last_day", starts_on=date(2020, 1, 1), ends_on=DAY)
    assert file(city, lead, last_day).second_officer == last_day


def test_the_longest_certificate_of_a_day_counts_and_the_refusal_names_day_and_article(city: City) -> None:
    user = officer(city, "two", starts_on=date(2020, 1, 1), ends_on=date(2026, 6, 30))
    longer = certify(user, starts_on=date(2026, 3, 1), ends_on=date(2031, 2, 28))
    assert certificate_on(user, DAY) == longer
    with refused(Invalid, "certificate_expired", "owner"):
        require_certificate(user, date(2031, 3, 1), field="owner")
    with pytest.raises(Invalid, match=r"2031-03-01.*第十九条第二款、第二十二条"):
        require_certificate(user, date(2031, 3, 1), field="owner")


def test_a_certificate_is_entered_once_and_taken_back_once(city: City) -> None:
    user = city.east_handler
    mine = user.certificates.get()
    given: dict[str, Any] = {
        "user": user,
        "issued_by": "示例省人民政府",
        "starts_on": DAY,
        "ends_on": DAY,
        "actor": SYSTEM,
        "at": NOW,
    }
    for number, change, code, field in (
        (mine.number, {}, "certificate_number_taken", "number"), (" ", {}, "required", "number"),
        ("X1", {"issued_by": ""}, "required", "issued_by"),
        ("X1", {"ends_on": DAY - timedelta(days=1)}, "ends_before_start", "ends_on"),
    ):  # fmt: skip
        with refused(Invalid, code, field):
            issue_certificate(number=number, **(given | change))
    with refused(NotFound, "not_found"):
        revoke_certificate(certificate_id=0, revoked_on=DAY, actor=SYSTEM, at=NOW)
    with refused(Invalid, "ends_before_start", "revoked_on"):
        revoke_certificate(certificate_id=mine.pk, revoked_on=date(2014, 12, 31), actor=SYSTEM, at=NOW)
    revoke_certificate(certificate_id=mine.pk, revoked_on=DAY, actor=SYSTEM, at=NOW)
    with refused(Invalid, "certificate_revoked", "certificate"):
        revoke_certificate(certificate_id=mine.pk, revoked_on=DAY, actor=SYSTEM, at=NOW)
    for broken in ({"ends_on": date(2014, 1, 1)}, {"revoked_on": date(2014, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.filter(pk=mine.pk).update(**broken)


def test_holder_and_head_are_told_once_that_a_certificate_ends(city: City) -> None:
    soon = officer(city, "soon", starts_on=date(2021, 4, 1), ends_on=date(2026, 4, 1))
    renewed = officer(city, "renewed", starts_on=date(2021, 4, 1), ends_on=date(2026, 4, 1))
    certify(renewed, starts_on=date(2026, 4, 2), ends_on=date(2031, 4, 1))
    gap = officer(city, "gap", starts_on=date(2021, 4, 1), ends_on=date(2026, 4, 1))
    certify(gap, starts_on=date(2026, 4, 3), ends_on=date(2031, 4, 1))
    assert warn_expiring_certificates(at=moment("2026-03-01")) == 0
    assert warn_expiring_certificates(at=moment("2026-03-02")) == 2
    assert warn_expiring_certificates(at=moment("2026-03-03")) == 0
    told = Notice.objects.filter(subject_kind="certificate").values_list("recipient__username", flat=True)
    assert sorted(told) == ["east_head", "east_head", "gap", "soon"]
    assert soon.certificates.get().warned_at == moment("2026-03-02")


def test_an_office_has_one_main_head_and_it_is_a_head(city: City) -> None:
    user = make_user("main")
    given: dict[str, Any] = {
        "user": user,
        "office": city.east,
        "starts_on": SINCE,
        "actor": SYSTEM,
        "at": NOW,
        "is_main": True,
    }
    with refused(Invalid, "main_is_no_head", "is_main"):
        give_post(role=Role.UNIT_HEAD, **given)
    give_post(role=Role.BUREAU_HEAD, **given)
    other = make_user("other")
    with refused(Invalid, "main_head_exists", "is_main"):
        give_post(role=Role.BUREAU_HEAD, **(given | {"user": other}))
