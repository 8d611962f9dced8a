from django.urls import path

from . import instructor_views, question_views
from .exams import instructor_views as exams
from .exchange import views as exchange
from .regrades import views as regrades

app_name = "quizzes_instructor"
urlpatterns = [
    path("instructor/quizzes/", instructor_views.quizzes, name="quizzes"),
    path("instructor/quizzes/<int:quiz_id>/", instructor_views.results, name="results"),
    path(
        "instructor/quizzes/<int:quiz_id>/students/<int:user_id>/", instructor_views.attempt, name="attempt"
    ),
    path("instructor/questions/", question_views.questions, name="questions"),
    path("instructor/questions/<int:question_id>/", question_views.question, name="question"),
    path("instructor/regrades/", regrades.regrades, name="regrades"),
    path("instructor/regrades/new/<int:version_id>/", regrades.new, name="regrade_new"),
    path("instructor/regrades/<int:regrade_id>/", regrades.regrade, name="regrade"),
    path("instructor/regrades/<int:regrade_id>/apply/", regrades.apply, name="regrade_apply"),
    path("instructor/regrades/<int:regrade_id>/cancel/", regrades.cancel, name="regrade_cancel"),
    path("instructor/regrades/<int:regrade_id>/undo/", regrades.undo, name="regrade_undo"),
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
