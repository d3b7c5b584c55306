"""The rows of documents, one file per subject."""

from documents.models.files import StoredFile
from documents.models.numbers import IssuedNumber, NumberFormat, NumberSeries
from documents.models.papers import Paper, Template
from documents.models.service import AddressConfirmation, ServedPaper, Service

__all__ = [
    "AddressConfirmation",
    "IssuedNumber",
    "NumberFormat",
    "NumberSeries",
    "Paper",
    "ServedPaper",
    "Service",
    "StoredFile",
    "Template",
]
