"""Tables of the spine. Each constraint binds a state to the facts it claims."""

from qitong.casework.models.case import Case, CaseQuerySet, Participant, Project
from qitong.casework.models.desk import Batch, BatchLine, Phrase, SavedFilter
from qitong.casework.models.feeds import CalendarFeed
from qitong.casework.models.finding import CaseText, ItemText
from qitong.casework.models.notes import Note, NoteRead
from qitong.casework.models.papers import CaseMaterial, Certificate, Commitment
from qitong.casework.models.tasks import Decision, Pause, Reminder, Supplement, Task

__all__ = [
    "Batch",
    "BatchLine",
    "CalendarFeed",
    "Case",
    "CaseMaterial",
    "CaseQuerySet",
    "CaseText",
    "Certificate",
    "Commitment",
    "Decision",
    "ItemText",
    "Note",
    "NoteRead",
    "Participant",
    "Pause",
    "Phrase",
    "Project",
    "Reminder",
    "SavedFilter",
    "Supplement",
    "Task",
]
