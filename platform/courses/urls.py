from django.urls import path

from courses import views

app_name = "courses"
urlpatterns = [
    path("instructor/", views.instructor, name="instructor"),
    path("rounds/choose/", views.choose_round, name="choose_round"),
]
