"""Papers are served, announcements run their term, addresses are confirmed. The caller has locked the matter through its
gate and asked its own policy; these verbs keep the table and the ways of ``documents.service_ways``.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.certificates import require_certificate
from accounts.models import Office, User
from audit.actions import Actor, record
from core.errors import Invalid, WrongState
from core.texts import optional, required
from core.transitions import Transition, require_state
from documents.actions.files import Upload, store_file
from documents.file_types import EVIDENCE
from documents.models import AddressConfirmation, Paper, ServedPaper, Service
from documents.pairs import companion_names, require_pairs
from documents.queries.service import confirmed_address, standing_services
from documents.service_ways import (
    ANNOUNCE_SERVICE,
    COMPLETE_ANNOUNCEMENT,
    CONFIRM_ADDRESS,
    SERVE_PAPERS,
    SERVICE_TABLE,
    VOID_SERVICE,
    Delivery,
    ServiceState,
    Way,
    require_delivery,
)
from documents.states import PaperState

KIND, PURPOSE = "service", "receipt"
LONGEST_REASON = 500


@transaction.atomic
def record_service(
    *,
    subject_kind: str,
    subject_id: int,
    office: Office,
    papers: Sequence[Paper],
    companions: Sequence[str],
    delivery: Delivery,
    officer: User,
    second_officer: User,
    actor: User,
    at: datetime,
    upload: Sequence[Upload] = (),
) -> Service:
    """Record one service of papers; one by announcement begins its term here and is served when that is over.

    :param office: the authority, whose pairs count.
    :param companions: keys of papers of the office's own that went along (``documents.pairs``).
    :param upload: the signed receipt, photographs, screenshots.
    :raises WrongState: ``paper_not_issued``, ``already_served``. :raises Invalid: ``nothing_to_serve``,
        ``not_for_service``, ``unknown_companion``, ``pair_incomplete``, ``same_officer``, ``served_before_paper``,
        ``future_date``, ``no_electronic_consent``, ``not_the_confirmed_account``, ``no_confirmed_address``, what
        ``require_delivery`` and ``require_certificate`` refuse, a file that may not be kept.
    """
    facts = require_delivery(delivery)
    _require_papers(papers, companions)
    require_pairs(office.code, [*(paper.form for paper in papers), *companions])
    _require_day(papers, delivery.on, at.astimezone(timezone.get_default_timezone()).date())
    _require_two(officer, second_officer, delivery.on)
    confirmation = _confirmation(subject_kind, subject_id, delivery, facts)
    is_announced = delivery.way == Way.ANNOUNCEMENT
    row = ANNOUNCE_SERVICE if is_announced else SERVE_PAPERS
    service = Service.objects.create(
        subject_kind=subject_kind, subject_id=subject_id, way=delivery.way, state=row.target or "",
        served_on=None if is_announced else delivery.on, posted_on=delivery.on if is_announced else None,
        confirmation=confirmation, officer=officer, second_officer=second_officer, recorded_by=actor, recorded_at=at,
        **facts,
    )  # fmt: skip
    for paper in papers:
        ServedPaper.objects.create(
            service=service, paper=paper, key=paper.form, title=paper.title, number_text=paper.number_text
        )
    for key in companions:
        ServedPaper.objects.create(service=service, key=key, title=companion_names()[key])
    for file in upload:
        store_file(
            upload=file, subject_kind=KIND, subject_id=service.pk, purpose=PURPOSE, actor=actor, at=at, allowed=EVIDENCE
        )
    _write(row, service, actor, at)
    return service


def _require_papers(papers: Sequence[Paper], companions: Sequence[str]) -> None:
    if not papers and not companions:
        raise Invalid(_("请选择要送达的文书。"), code="nothing_to_serve", field="paper_ids")
    for paper in papers:
        if not paper.kind.served:
            raise Invalid(
                _("%(paper)s不是送达当事人或者他人的文书，请从列表中选择。") % {"paper": paper.label},
                code="not_for_service", field="paper_ids",
            )  # fmt: skip
        if paper.state != PaperState.ISSUED:
            raise WrongState(
                _("%(paper)s是“%(state)s”，签发以后才能送达。")
                % {"paper": paper.label, "state": paper.get_state_display()},
                code="paper_not_issued",
            )
        if standing_services(paper.pk).exists():
            raise WrongState(
                _("%(paper)s已经登记送达。登记有误的，先撤销原来的送达登记。") % {"paper": paper.label},
                code="already_served",
            )
    if unknown := [key for key in companions if key not in companion_names()]:
        raise Invalid(
            _("没有“%(key)s”这种一并送达的文书，请从列表中选择。") % {"key": unknown[0][:30]},
            code="unknown_companion", field="companions",
        )  # fmt: skip


def _require_day(papers: Sequence[Paper], on: date, today: date) -> None:
    if on > today:
        raise Invalid(_("送达日期不能晚于今天。"), code="future_date", field="on")
    for paper in papers:
        if paper.dated_on is not None and on < paper.dated_on:
            raise Invalid(
                _("%(paper)s落款日期是%(day)s，送达日期不能早于这一天。") % {"paper": paper.label, "day": paper.dated_on},
                code="served_before_paper", field="on",
            )  # fmt: skip


def _require_two(officer: User, second_officer: User, on: date) -> None:
    """行政处罚法第四十二条第一款: at least two, each with a certificate."""
    if officer.pk == second_officer.pk:
        raise Invalid(_("送达人应当是两个不同的执法人员。"), code="same_officer", field="second_officer")
    require_certificate(officer, on, field="officer")
    require_certificate(second_officer, on, field="second_officer")


def _confirmation(
    subject_kind: str, subject_id: int, delivery: Delivery, facts: dict[str, str | bool]
) -> AddressConfirmation | None:
    """The confirmed address a service rests on; the recipient's newest by that day where there is one."""
    found = confirmed_address(subject_kind, subject_id, str(facts["recipient"]), delivery.on)
    if delivery.way == Way.ELECTRONIC:
        if found is None or not found.accepts_electronic:
            raise Invalid(
                _("电子送达应当经受送达人同意并签订送达地址确认书（程序规定第八十二条第三项），请先登记确认书，或者用其他方式送达。"),
                code="no_electronic_consent", field="way",
            )  # fmt: skip
        if facts["account"] != found.account:
            raise Invalid(
                _("送达地址确认书写的是%(account)s，请送达至这个账号（程序规定第八十三条第一款）。")
                % {"account": found.account},
                code="not_the_confirmed_account", field="account",
            )  # fmt: skip
    if facts.get("is_returned") and (found is None or facts["place"] != found.address):
        raise Invalid(
            _("邮件退回视为送达，限于按受送达人确认的送达地址邮寄（程序规定第八十三条第二款）；请改用其他方式送达。"),
            code="no_confirmed_address", field="is_returned",
        )  # fmt: skip
    return found


@transaction.atomic
def complete_service(*, service: Service, served_on: date, actor: Actor, at: datetime) -> Service:
    """An announcement has run its term: served on its last day.

    :raises WrongState: it does not run.
    """
    _require(COMPLETE_ANNOUNCEMENT, service)
    service.state, service.served_on, service.completed_at = ServiceState.SERVED, served_on, at
    service.save(update_fields=["state", "served_on", "completed_at"])
    _write(COMPLETE_ANNOUNCEMENT, service, actor, at)
    return service


@transaction.atomic
def void_service(*, service: Service, reason: str, actor: User, at: datetime) -> Service:
    """Make a service that was recorded wrongly void; it stays visible and its papers may be served again.

    :raises WrongState: void already. :raises Invalid: ``required``, ``too_long``.
    """
    _require(VOID_SERVICE, service)
    why = required(reason, "reason", _("请写明撤销原因。"), limit=LONGEST_REASON)
    service.state, service.void_reason, service.voided_at, service.voided_by = ServiceState.VOID, why, at, actor
    service.save(update_fields=["state", "void_reason", "voided_at", "voided_by"])
    service.papers.update(is_void=True)
    _write(VOID_SERVICE, service, actor, at)
    return service


@transaction.atomic
def confirm_address(
    *,
    subject_kind: str,
    subject_id: int,
    recipient: str,
    address: str,
    signed_on: date,
    actor: User,
    at: datetime,
    receiver: str = "",
    phone: str = "",
    accepts_electronic: bool = False,
    account: str = "",
    upload: Sequence[Upload] = (),
) -> AddressConfirmation:
    """Record a signed confirmation of the address for service (程序规定第八十三条第一款); a later one takes its place.

    :param account: telephone, fax, mailbox or account for electronic service, with consent.
    :raises Invalid: ``required``, ``too_long``, ``future_date``, ``consent_without_account``, ``account_without_consent``,
        a file that may not be kept.
    """
    texts = {"recipient": recipient, "address": address, "receiver": receiver, "phone": phone, "account": account}
    most = {"address": 200, "phone": 40}
    for name, text in texts.items():
        texts[name] = optional(text, name, limit=most.get(name, 120))
        if name in ("recipient", "address") and not texts[name]:
            raise Invalid(_("请填写受送达人和送达地址。"), code="required", field=name)
    if signed_on > at.astimezone(timezone.get_default_timezone()).date():
        raise Invalid(_("签署日期不能晚于今天。"), code="future_date", field="signed_on")
    if accepts_electronic and not texts["account"]:
        raise Invalid(
            _("同意电子送达的，请填写送达的号码、邮箱或者账号（程序规定第八十二条第三项）。"),
            code="consent_without_account", field="account",
        )  # fmt: skip
    if texts["account"] and not accepts_electronic:
        raise Invalid(
            _("没有同意电子送达的，不填写电子送达账号。"), code="account_without_consent", field="accepts_electronic"
        )
    found = AddressConfirmation.objects.create(
        subject_kind=subject_kind, subject_id=subject_id, signed_on=signed_on, accepts_electronic=accepts_electronic,
        recorded_by=actor, recorded_at=at, **texts,
    )  # fmt: skip
    for file in upload:
        store_file(upload=file, subject_kind="address", subject_id=found.pk, purpose="address", actor=actor, at=at)
    record(
        verb=f"documents.{CONFIRM_ADDRESS.name}", actor=actor, at=at, subject_kind=subject_kind, subject_id=subject_id,
        subject_label=found.recipient, confirmation=found.pk, accepts_electronic=accepts_electronic,
    )  # fmt: skip
    return found


def _require(row: Transition, service: Service) -> None:
    require_state(SERVICE_TABLE, row, service.state, str(ServiceState(service.state).label))


def _write(row: Transition, service: Service, actor: Actor, at: datetime) -> None:
    papers = [served.label for served in service.papers.order_by("id")]
    record(
        verb=f"documents.{row.name}", actor=actor, at=at, subject_kind=service.subject_kind,
        subject_id=service.subject_id, subject_label="、".join(papers)[:200], service=service.pk, way=service.way,
        served_on=str(service.served_on or ""), posted_on=str(service.posted_on or ""),
    )  # fmt: skip
