from django.db import models

from accounts.models import Office


class IndexedText(models.Model):
    """The searchable text of one subject, and whose it is. Made from the subject's own rows and never read as text.

    The words themselves lie where the database can search them: on PostgreSQL in the column ``vector``, on SQLite in
    the FTS5 table ``search_words`` under the row's id (see the first migration). ``newest_on`` orders what is found.
    """

    kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    bureau = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    newest_on = models.DateField()

    class Meta:
        db_table = "search_text"
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="indexed_text_once")]
        indexes = [
            models.Index(fields=["kind", "-newest_on", "-subject_id"], name="indexed_text_newest"),
            models.Index(fields=["bureau", "kind", "-newest_on", "-subject_id"], name="indexed_text_newest_in_bureau"),
            models.Index(fields=["office", "kind", "-newest_on", "-subject_id"], name="indexed_text_newest_in_office"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
