from django.urls import path

from . import instructor_views
from .exams import instructor_views as exams
from .exchange import views as exchange

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
    path("instructor/exchange/", exchange.exchange, name="exchange"),
    path("instructor/exchange/download/", exchange.download, name="exchange_download"),
    path("instructor/exchange/<int:import_id>/", exchange.show, name="import"),
    path("instructor/exchange/<int:import_id>/file/", exchange.as_file, name="import_file"),
    path("instructor/exchange/<int:import_id>/take/", exchange.take, name="import_take"),
    path("instructor/exchange/<int:import_id>/undo/", exchange.undo, name="import_undo"),
]
