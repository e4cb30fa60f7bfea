"""Tables of the spine. Each constraint binds a state to the facts it claims."""

from qitong.casework.models.case import Case, CaseQuerySet, Participant, Project
from qitong.casework.models.notes import Note, NoteRead
from qitong.casework.models.papers import CaseMaterial, Certificate, Commitment
from qitong.casework.models.tasks import Decision, Pause, Reminder, Supplement, Task

__all__ = [
    "Case",
    "CaseMaterial",
    "CaseQuerySet",
    "Certificate",
    "Commitment",
    "Decision",
    "Note",
    "NoteRead",
    "Participant",
    "Pause",
    "Project",
    "Reminder",
    "Supplement",
    "Task",
]
