from django.urls import path

from . import instructor_views

app_name = "quizzes_instructor"
urlpatterns = [
    path("instructor/quizzes/", instructor_views.quizzes, name="quizzes"),
    path("instructor/quizzes/<int:quiz_id>/", instructor_views.results, name="results"),
    path(
        "instructor/quizzes/<int:quiz_id>/students/<int:user_id>/", instructor_views.attempt, name="attempt"
    ),
]
