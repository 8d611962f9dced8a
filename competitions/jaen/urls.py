from django.urls import path

from competitions.jaen import views

urlpatterns = [
    path("questions", views.questions),
    path("submission", views.self_report),
    path("api/project/list_data", views.list_data),
    path("api/project/dataSingleDownload", views.data_file),
    path("api/studentProject/apiScoring", views.score_file),
    path("api/studentProject/ipynbUploadFromMod", views.score_notebook),
    path("download/<slug:slug>", views.download),
    path("api/v1/getdata/<str:name>", views.getdata),
]
