"""Fixtures several files of this folder use."""

from tests.cases.service_builders import decision, notice

__all__ = ["decision", "notice"]
