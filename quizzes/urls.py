from django.urls import path

from . import board_views, views
from .exams import views as exams
from .review import views as review

app_name = "quizzes"
urlpatterns = [
    path("", views.today, name="today"),
    path("history/", views.history, name="history"),
    path("board/", board_views.board, name="board"),
    path("board/nickname/", board_views.nickname, name="nickname"),
    path("review/", review.overview, name="review"),
    path("review/next/", review.next_card, name="review_next"),
    path("review/limit/", review.limit, name="review_limit"),
    path("review/<int:review_id>/", review.show, name="review_card"),
    path("review/cards/<int:card_id>/again/", review.again, name="review_again"),
    path("review/cards/<int:card_id>/memo/", review.memo, name="review_memo"),
    path("mistakes/", review.mistakes, name="mistakes"),
    path("<int:quiz_id>/", views.detail, name="detail"),
    path("<int:quiz_id>/catch-up/", views.catch_up, name="catch_up"),
    path("<int:quiz_id>/submit/", views.submit, name="submit"),
    path("items/<int:item_id>/answer/", views.save, name="save"),
    path("exams/", exams.exams, name="exams"),
    path("exams/<int:exam_id>/", exams.exam, name="exam"),
    path("exams/<int:exam_id>/begin/", exams.begin, name="exam_begin"),
    path("exams/<int:exam_id>/submit/", exams.submit, name="exam_submit"),
    path("exams/<int:exam_id>/clock/", exams.clock, name="exam_clock"),
]
