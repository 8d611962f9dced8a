"""The rows of the quizzes, by what they are about."""

from .exams import Blueprint, Exam, ExamPause, ExamTask, ExtraTime, TaskResult
from .quizzes import Answer, Attempt, Question, QuestionVersion, Quiz, QuizItem
from .readiness import ReadinessFit

__all__ = [
    "Answer",
    "Attempt",
    "Blueprint",
    "Exam",
    "ExamPause",
    "ExamTask",
    "ExtraTime",
    "Question",
    "QuestionVersion",
    "Quiz",
    "QuizItem",
    "ReadinessFit",
    "TaskResult",
]
