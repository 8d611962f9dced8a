from django.urls import path

from . import instructor_views
from .exams import instructor_views as exams

app_name = "quizzes_instructor"
urlpatterns = [
    path("instructor/quizzes/", instructor_views.quizzes, name="quizzes"),
    path("instructor/quizzes/<int:quiz_id>/", instructor_views.results, name="results"),
    path(
        "instructor/quizzes/<int:quiz_id>/students/<int:user_id>/", instructor_views.attempt, name="attempt"
    ),
    path("instructor/exams/", exams.exams, name="exams"),
    path("instructor/exams/<int:exam_id>/", exams.exam, name="exam"),
    path("instructor/exams/<int:exam_id>/pause/", exams.pause, name="exam_pause"),
    path(
        "instructor/exams/<int:exam_id>/students/<int:user_id>/extra-time/",
        exams.extra_time,
        name="exam_extra_time",
    ),
]
