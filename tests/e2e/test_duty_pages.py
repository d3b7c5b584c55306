"""Delegations, certificates, the order of approval, standards and pairs, on an office screen and on a phone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.actions import delegate_post, revoke_certificate, revoke_delegation
from accounts.models import User
from cases.actions.approvals import set_approval_chain
from cases.actions.discretion import load_discretion
from deadlines.yearplans import DATA
from tests.builders import SYSTEM, City, certify
from tests.e2e.conftest import SitDown
from tests.e2e.desk import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def lend(user: User, to: User, first: int) -> int:
    today, at = timezone.localdate(), timezone.now()
    return delegate_post(
        post_id=user.posts.get().pk, to_user_id=to.pk, starts_on=today + timedelta(days=first),
        ends_on=today + timedelta(days=first + 4), reason="到省局培训", actor=user, at=at,
    ).pk  # fmt: skip


def make_duties(city: City) -> dict[str, str]:
    """Something in every state, and the addresses by a name for the picture."""
    today, at = timezone.localdate(), timezone.now()
    lend(city.east_director, city.east_head, 0)
    later = lend(city.east_director, city.east_reviewer, 20)
    revoke_delegation(delegation_id=lend(city.east_director, city.east_reviewer, 40), actor=city.east_director, at=at)
    certify(city.east_head, starts_on=date(2020, 1, 1), ends_on=today + timedelta(days=12))
    held = certify(city.east_clerk, starts_on=date(2020, 1, 1), ends_on=date(2040, 1, 1))
    revoke_certificate(certificate_id=held.pk, revoked_on=today, actor=city.east_director, at=at)
    for roles in (["bureau_head"], ["unit_head", "bureau_head"]):
        set_approval_chain(authority=city.east, kind="file", roles=roles, actor=city.east_director, at=at)
    text = (DATA / "discretion/example.yaml").read_text(encoding="utf-8")
    load_discretion(text=text, source="example.yaml", actor=SYSTEM, at=at)
    person = city.east_clerk.pk
    return {
        "delegations": "/delegations/",
        "delegations-office": "/delegations/?show=office",
        "delegations-posts": "/delegations/?show=posts",
        "delegation-new": f"/delegations/posts/{city.east_head.posts.get().pk}/new/",
        "delegation-revoke": f"/delegations/{later}/revoke/",
        "certificates": "/certificates/",
        "certificates-empty": "/certificates/?q=没有此人",
        "certificate-person": f"/certificates/people/{person}/",
        "certificate-issue": f"/certificates/people/{person}/issue/",
        "certificate-revoke": f"/certificates/{city.east_handler.certificates.get().pk}/revoke/",
        "approval-chains": "/cases/approvals/chains/",
        "approval-chain-set": "/cases/approvals/chains/file/",
        "standards": "/cases/standards/",
        "standards-empty": "/cases/standards/?on=2019-01-01",
        "pairs": "/papers/pairs/",
    }


def test_the_pages_of_duties_are_accessible_and_fit(sit_down: SitDown, city: City) -> None:
    pages, wrong = make_duties(city), []
    head = sit_down(city.east_director)
    for name, url in pages.items():
        answer = head.page.goto(url)
        assert answer is not None and answer.ok, name
        for width, viewport in (("1366", DESKTOP), ("390", PHONE)):
            head.page.set_viewport_size(viewport)
            head.shoot(f"{name}-{width}-zh-hans")
            wrong += [f"{name} {width}: {each}" for each in head.barriers()]
            wrong += [f"{name} {width}: scrolls sideways"] * head.overflows()
    assert wrong == []
