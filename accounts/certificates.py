"""Fetching enforcement certificates: who holds which until when, and who qualifies on a day."""

from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Certificate, Post, User
from accounts.policies import may_set_certificates
from accounts.queries import WITH_OFFICE, names_of, people_for, person_for, unseen
from audit.actions import Actor
from core.errors import Invalid, NotPermitted


def certificate_on(user: User, day: date) -> Certificate | None:
    """The enforcement certificate that qualifies the user on a day; the longest one when there are several."""
    return Certificate.objects.valid_on(day).filter(user=user).order_by("-ends_on", "id").first()


def require_certificate(user: User, day: date, *, field: str) -> Certificate:
    """The certificate of :func:`certificate_on`.

    :raises Invalid: ``no_certificate`` when none was ever valid by that day, ``certificate_expired`` when one ended
        or was taken back (程序规定第十九条第二款、第二十二条).
    """
    found = certificate_on(user, day)
    if found is not None:
        return found
    basis = _("（市场监督管理行政处罚程序规定第十九条第二款、第二十二条）")
    last = Certificate.objects.filter(user=user, starts_on__lte=day).order_by("-ends_on", "-id").first()
    if last is None:
        raise Invalid(
            _("%(name)s在%(day)s没有有效的行政执法证件，不能作为办案人员%(basis)s。请改选他人，或者先登记其执法证。")
            % {"name": user.name, "day": day, "basis": basis},
            code="no_certificate", field=field,
        )  # fmt: skip
    ended = min(filter(None, (last.ends_on, last.revoked_on)))
    raise Invalid(
        _("%(name)s的执法证%(number)s已于%(ended)s失效，%(day)s不能作为办案人员%(basis)s。请改选他人，或者先换证。")
        % {"name": user.name, "number": last.number, "ended": ended, "day": day, "basis": basis},
        code="certificate_expired", field=field,
    )  # fmt: skip


def certificates_ending(until: date) -> QuerySet[Certificate]:
    """Certificates nobody was told of that end by a day, of people in service who hold none that lasts longer."""
    return (
        Certificate.objects.knowing_successors()
        .filter(
            Q(is_followed=False),
            warned_at__isnull=True,
            revoked_on__isnull=True,
            ends_on__lte=until,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("id")
    )


def certificates_for(user: User) -> QuerySet[Certificate]:
    """One's own certificates, and those of the people the user sees."""
    return Certificate.objects.filter(user__in=people_for(user)).select_related("user").order_by("-id")


def certificate_for(actor: Actor, certificate_id: int) -> Certificate:
    """:raises NotFound:"""
    rows = certificates_for(actor) if isinstance(actor, User) else Certificate.objects.select_related("user")
    found = rows.filter(pk=certificate_id).first()
    if found is None:
        raise unseen(_("执法证"))
    return found


def require_certificate_setter(actor: Actor, holder: User) -> None:
    """:raises NotFound: somebody the actor does not see. :raises NotPermitted: not theirs to enter or take back."""
    if not isinstance(actor, User) or may_set_certificates(actor, holder.active_posts):
        return
    person_for(actor, holder.pk)
    raise NotPermitted(
        _("执法证由持证人所在机关的%(roles)s登记和收回（本系统默认，法律没有规定）。您没有这项职责。")
        % {"roles": names_of(settings.CERTIFICATE_ROLES)},
        code="not_permitted",
    )


def people_with_certificates(user: User, day: date, until: date, state: str = "") -> QuerySet[User]:
    """The people the user sees by how their certificates stand on a day.

    :param state: ``valid``; ``ending``, of the valid, by ``until`` and followed by none that goes further; ``ended``,
        once held; ``none``, never yet; '' everybody.
    """
    held = Certificate.objects.filter(user=OuterRef("pk"), starts_on__lte=day)
    in_force = Certificate.objects.valid_on(day).filter(user=OuterRef("pk"))
    lasting = in_force.knowing_successors().filter(
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=until), Q(ends_on__gt=until) | Q(is_followed=True)
    )
    people = people_for(user)
    if state == "valid":
        return people.filter(Exists(in_force))
    if state == "ending":
        return people.filter(Exists(in_force), ~Exists(lasting))
    if state == "ended":
        return people.filter(Exists(held), ~Exists(in_force))
    return people.filter(~Exists(held)) if state == "none" else people


def with_posts_and_certificates(people: QuerySet[User]) -> QuerySet[User]:
    """Each with the posts of today as ``posts_now`` and the certificates, the longest first."""
    posts = Post.objects.filter(ends_on__isnull=True).select_related(*WITH_OFFICE).order_by("id")
    certificates = Certificate.objects.order_by("-ends_on", "-id")
    return people.prefetch_related(
        Prefetch("posts", posts, to_attr="posts_now"), Prefetch("certificates", certificates)
    )
