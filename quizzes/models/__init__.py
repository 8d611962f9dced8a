"""The rows of the quizzes, by what they are about."""

from .exams import Blueprint, Exam, ExamPause, ExamTask, ExtraTime, TaskResult
from .exchange import QuestionImport
from .quizzes import Answer, Attempt, Question, QuestionVersion, Quiz, QuizItem
from .readiness import ReadinessFit
from .regrades import Regrade, RegradeLine
from .review import Preferences, Review, ReviewCard

__all__ = [
    "Answer",
    "Attempt",
    "Blueprint",
    "Exam",
    "ExamPause",
    "ExamTask",
    "ExtraTime",
    "Preferences",
    "Question",
    "QuestionImport",
    "QuestionVersion",
    "Quiz",
    "QuizItem",
    "ReadinessFit",
    "Regrade",
    "RegradeLine",
    "Review",
    "ReviewCard",
    "TaskResult",
]
