from django.urls import path

from . import views
from .exams import views as exams

app_name = "quizzes"
urlpatterns = [
    path("", views.today, name="today"),
    path("history/", views.history, name="history"),
    path("<int:quiz_id>/", views.detail, name="detail"),
    path("<int:quiz_id>/submit/", views.submit, name="submit"),
    path("items/<int:item_id>/answer/", views.save, name="save"),
    path("exams/", exams.exams, name="exams"),
    path("exams/<int:exam_id>/", exams.exam, name="exam"),
    path("exams/<int:exam_id>/begin/", exams.begin, name="exam_begin"),
    path("exams/<int:exam_id>/submit/", exams.submit, name="exam_submit"),
    path("exams/<int:exam_id>/clock/", exams.clock, name="exam_clock"),
]
