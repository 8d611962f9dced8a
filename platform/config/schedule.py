"""What Celery's beat wakes by the clock. A task expires before the next of its kind: a stopped worker must not find a heap."""

from typing import Any


def _every(seconds: float, task: str, expires: float) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "options": {"expires": expires}}


BEAT = {
    "competitions.sweep": _every(2.0, "competitions.tasks.sweep", expires=2.0),
    "competitions.renew_boards": _every(3.0, "competitions.tasks.renew_boards", expires=3.0),
    "quizzes.publish": _every(60.0, "quizzes.tasks.publish", expires=50.0),
    "quizzes.watch_exams": _every(10.0, "quizzes.tasks.watch_exams", expires=9.0),
    "quizzes.fit_readiness": _every(1800.0, "quizzes.tasks.fit_readiness", expires=1700.0),
}
