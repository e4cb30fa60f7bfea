"""What search reads: the words of each case and item in one place. Made from other tables, never a source.

One GIN index (see the migrations) knows every character and pair of neighbouring characters of ``folded``,
every three of ASCII, and every number of ``tags``; a hit found by it is checked against ``folded`` itself.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class CaseText(models.Model):
    """A case that was handed in: its texts, and by whom it can be found.

    ``sources`` are the texts as they were written, ``[source, text]``; ``folded`` is one line for each,
    as they are compared. ``tags`` are numbers: who may see the case, and its item (``logic.tags``).
    """

    case = models.OneToOneField(
        "casework.Case", on_delete=models.CASCADE, primary_key=True, related_name="words"
    )
    sources = models.JSONField(default=list)
    folded = models.TextField(db_collation="C", default="")
    tags = ArrayField(models.BigIntegerField(), default=list)


class ItemText(models.Model):
    """The texts that all cases of one item share: its names, its code, its materials."""

    item_version = models.OneToOneField(
        "catalogue.ItemVersion", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    sources = models.JSONField(default=list)
    folded = models.TextField(db_collation="C", default="")
