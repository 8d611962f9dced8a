from django.urls import path

from competitions.api import teams, views

urlpatterns = [
    path("exercises/", views.ExerciseList.as_view(), name="api-exercises"),
    path("competitions/", views.CompetitionList.as_view(), name="api-competitions"),
    path(
        "competitions/<slug:slug>/files/<str:name>",
        views.CompetitionFile.as_view(),
        name="api-competition-file",
    ),
    path("competitions/<slug:slug>/team/", teams.Team.as_view(), name="api-team"),
    path(
        "competitions/<slug:slug>/team/invitations/",
        teams.TeamInvitations.as_view(),
        name="api-team-invitations",
    ),
    path(
        "competitions/<slug:slug>/team/invitations/<int:number>/",
        teams.TeamInvitation.as_view(),
        name="api-team-invitation",
    ),
    path("competitions/<slug:slug>/selection/", teams.Selection.as_view(), name="api-selection"),
    path("submissions/", views.SubmissionList.as_view(), name="api-submissions"),
    path("submissions/<int:number>/", views.SubmissionDetail.as_view(), name="api-submission"),
    path("leaderboards/<slug:slug>/", views.Leaderboard.as_view(), name="api-leaderboard"),
]
