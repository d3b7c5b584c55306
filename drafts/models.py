"""What somebody typed into a form and has not submitted."""

from django.db import models

from accounts.models import User


class FormDraft(models.Model):
    """One person's scratch for the form at one address; no part of any matter (docs/adr/0019).

    ``fields`` holds lists of strings as they stood in the form. ``query`` leads back to the form as it was opened,
    ``title`` and ``subject`` are what its page was called.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="drafts")
    address = models.CharField(max_length=200)
    query = models.CharField(max_length=500, blank=True)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=300, blank=True)
    fields = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="form_draft_one_per_address")]
        indexes = [models.Index(fields=["saved_at"], name="form_draft_age")]

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        """The form as it was opened, empty."""
        return f"{self.address}?{self.query}" if self.query else self.address

    @property
    def continue_url(self) -> str:
        """The form as it was opened, filled with the draft."""
        return f"{self.url}{'&' if self.query else '?'}draft=1"
