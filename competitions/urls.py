from django.urls import path

from competitions.views import (
    authoring,
    competitions,
    exercises,
    instructor,
    leaderboards,
    ruling,
    seeds,
    submissions,
    teams,
)

app_name = "competitions"
urlpatterns = [
    path("exercises/", exercises.exercise_list, name="exercises"),
    path("exercises/<slug:slug>/", exercises.exercise, name="exercise"),
    path("exercises/<slug:slug>/leaderboard/", leaderboards.exercise_board, name="exercise_leaderboard"),
    path("competitions/", competitions.competition_list, name="competitions"),
    path("competitions/<slug:slug>/", competitions.competition, name="competition"),
    path("competitions/<slug:slug>/data/<str:name>", competitions.data_file, name="data_file"),
    path(
        "competitions/<slug:slug>/leaderboard/",
        leaderboards.competition_board,
        name="competition_leaderboard",
    ),
    path("competitions/<slug:slug>/team/", teams.team, name="team"),
    path("competitions/<slug:slug>/team/join/<str:token>/", teams.join, name="team_join"),
    path("competitions/<slug:slug>/selection/", teams.selection, name="selection"),
    # Stands in the students' notebooks as it is, without a slash at the end.
    path("leaderboard", leaderboards.board_by_name, name="leaderboard"),
    path("submissions/", submissions.submission_list, name="submissions"),
    path("submissions/<int:number>/", submissions.submission, name="submission"),
    path("submissions/<int:number>/status/", submissions.status, name="submission_status"),
    path("submissions/<int:number>/file/", submissions.original, name="submission_file"),
    path("instructor/competitions/", authoring.competitions, name="instructor_competitions"),
    path("instructor/competitions/versions/<int:number>/", authoring.version, name="version"),
    path("instructor/competitions/versions/<int:number>/use/", authoring.use, name="use_version"),
    path("instructor/competitions/<slug:slug>/seeds/", seeds.seed_runs, name="seed_runs"),
    path("instructor/competitions/<slug:slug>/", ruling.rules, name="instructor_rules"),
    path(
        "instructor/competitions/<slug:slug>/participants/",
        ruling.participants,
        name="instructor_participants",
    ),
    path("instructor/competitions/<slug:slug>/participants/<int:number>/", ruling.rule_on, name="rule_on"),
    path("instructor/competitions/<slug:slug>/duplicates/", ruling.duplicates, name="instructor_duplicates"),
    path("instructor/submissions/", instructor.submission_list, name="instructor_submissions"),
    path("instructor/submissions/boards/", instructor.boards, name="instructor_boards"),
    path("instructor/submissions/self-reported/", instructor.self_reports, name="self_reports"),
    path("instructor/submissions/rejudge/<slug:slug>/", instructor.rejudge_all, name="rejudge_all"),
    path("instructor/submissions/<int:number>/", instructor.submission, name="instructor_submission"),
    path("instructor/submissions/<int:number>/rejudge/", instructor.rejudge, name="rejudge"),
]
