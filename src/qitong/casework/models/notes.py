"""What the company and its officers write to each other about a case, and who has read it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from qitong.casework.logic.terms import Side, choices


class Note(models.Model):
    """One note (留言). Its words are a personal text of the ledger, which can be erased there.

    ``read_at`` is when the first reader of the other side had read it.
    """

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="notes", db_index=False)
    side = models.CharField(max_length=8, choices=choices(Side))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.OneToOneField("ledger.Text", on_delete=models.SET_NULL, null=True, related_name="+")
    documents = models.ManyToManyField("datashare.Document", related_name="+")
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    client_key = models.CharField(max_length=64, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="note_side_known", condition=Q(side__in=["company", "office"])),
            models.UniqueConstraint(fields=["case", "author", "client_key"], name="note_once_a_key"),
        ]
        indexes = [
            models.Index(fields=["case", "-id"], name="note_of_case"),
            models.Index(fields=["case", "side"], name="note_unread", condition=Q(read_at=None)),
        ]


class NoteRead(models.Model):
    """A reader of the other side has read a note."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="reads")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "reader"], name="note_read_once")]
