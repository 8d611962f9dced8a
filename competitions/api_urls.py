from django.urls import path

from competitions.api import views

urlpatterns = [
    path("exercises/", views.ExerciseList.as_view(), name="api-exercises"),
    path("competitions/", views.CompetitionList.as_view(), name="api-competitions"),
    path("competitions/<slug:slug>/files/<str:name>", views.CompetitionFile.as_view(), name="api-competition-file"),
    path("submissions/", views.SubmissionList.as_view(), name="api-submissions"),
    path("submissions/<int:number>/", views.SubmissionDetail.as_view(), name="api-submission"),
    path("leaderboards/<slug:slug>/", views.Leaderboard.as_view(), name="api-leaderboard"),
]
