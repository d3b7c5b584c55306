"""Reading what was served on whom. The gate is the matter's: an app fetches that first."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import pgettext

from accounts.queries import unseen
from documents.form_kinds import form_kinds
from documents.models import AddressConfirmation, Paper, ServedPaper, Service, StoredFile
from documents.queries.files import files_of
from documents.queries.papers import papers_of_subject
from documents.states import PaperState

KIND = "service"


def services_of(subject_kind: str, subject_id: int) -> QuerySet[Service]:
    """The services of a matter in the order they were recorded, each with its papers."""
    rows = Service.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    rows = rows.select_related("officer", "second_officer", "recorded_by", "voided_by")
    return rows.prefetch_related(Prefetch("papers", ServedPaper.objects.order_by("id"))).order_by("id")


def newest_served(subject_kind: str, subject_id: int) -> QuerySet[ServedPaper]:
    """The papers of a matter that were served, the last first, each with its service."""
    served = ServedPaper.objects.filter(service__subject_kind=subject_kind, service__subject_id=subject_id)
    return served.select_related("service").order_by("-id")


def service_of(subject_kind: str, subject_id: int, service_id: int) -> Service:
    """:raises NotFound:"""
    found = services_of(subject_kind, subject_id).filter(pk=service_id).first()
    if found is None:
        raise unseen(pgettext("in a sentence", "送达登记"))
    return found


def unserved_papers(subject_kind: str, subject_id: int) -> list[Paper]:
    """The issued papers that are for service and wait for it, in the order they were made."""
    forms = [key for key, kind in form_kinds().items() if kind.served]
    rows = papers_of_subject(subject_kind, subject_id).filter(state=PaperState.ISSUED, form__in=forms)
    return list(rows.exclude(services__is_void=False))


def standing_services(paper_id: int) -> QuerySet[ServedPaper]:
    """The service of a paper that counts, if any."""
    return ServedPaper.objects.filter(paper_id=paper_id, is_void=False)


def confirmations_of(subject_kind: str, subject_id: int) -> QuerySet[AddressConfirmation]:
    """The confirmations of addresses in a matter, the newest first."""
    rows = AddressConfirmation.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return rows.select_related("recorded_by").order_by("-signed_on", "-id")


def confirmed_address(subject_kind: str, subject_id: int, recipient: str, on: date) -> AddressConfirmation | None:
    """What this recipient had last confirmed by a day."""
    return confirmations_of(subject_kind, subject_id).filter(recipient=recipient, signed_on__lte=on).first()


def receipts_of(service: Service) -> Sequence[StoredFile]:
    """The files of one service: its receipt, photographs, the announcement as it was published."""
    return list(files_of(KIND, service.pk))
