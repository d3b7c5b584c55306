"""Officers and their heads are told in time that an enforcement certificate ends."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.actions import claim_ending_certificates
from accounts.models import Certificate, SystemActor
from accounts.queries import InCharge
from accounts.roles import Role
from deadlines.actions.clocks import local_day
from notices.actions import NewNotice, post_notices

ACTOR = SystemActor("warn_expiring_certificates")


@transaction.atomic
def warn_expiring_certificates(*, at: datetime) -> int:
    """Tell each holder and the heads of the unit once that the certificate ends within the days of
    ``CERTIFICATE_WARNING_DAYS``, a default of this system; how many certificates.
    """
    until = local_day(at) + timedelta(days=settings.CERTIFICATE_WARNING_DAYS)
    ending = claim_ending_certificates(until=until, actor=ACTOR, at=at)
    in_charge = InCharge()
    post_notices([notice for each in ending for notice in _notices(each, in_charge)], at=at)
    return len(ending)


def _notices(certificate: Certificate, in_charge: InCharge) -> list[NewNotice]:
    holder = certificate.user
    heads = [
        head for post in holder.active_posts if post.role == Role.HANDLER for head in in_charge.heads_of(post.office)
    ]
    title = f"{holder.name}的执法证{certificate.number}有效期至{certificate.ends_on}，请及时换证"
    return [
        NewNotice(
            recipient_id=person.pk, kind="certificate_ends", key=f"certificate:{certificate.pk}",
            subject_kind="certificate", subject_id=certificate.pk, title=title,
            body="没有有效执法证的，不能作为办案人员（程序规定第十九条第二款）。", outside="一个执法证即将到期，请登录查看",
        )
        for person in dict.fromkeys([holder, *heads])
    ]  # fmt: skip
