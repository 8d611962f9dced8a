from django.urls import path

from . import views

app_name = "quizzes"
urlpatterns = [
    path("", views.today, name="today"),
    path("history/", views.history, name="history"),
    path("<int:quiz_id>/", views.detail, name="detail"),
    path("<int:quiz_id>/submit/", views.submit, name="submit"),
    path("items/<int:item_id>/answer/", views.save, name="save"),
]
