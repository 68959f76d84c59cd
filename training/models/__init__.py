"""Tables of training: what is taught, and who learns it."""

from training.models.content import Course, CourseVersion, KnowledgeCheck, KnowledgeCheckKey, Module, Page
from training.models.learning import CheckAnswer, Enrolment, LearningClock, PageProgress, TrainingTime

__all__ = [
    "CheckAnswer",
    "Course",
    "CourseVersion",
    "Enrolment",
    "KnowledgeCheck",
    "KnowledgeCheckKey",
    "LearningClock",
    "Module",
    "Page",
    "PageProgress",
    "TrainingTime",
]
