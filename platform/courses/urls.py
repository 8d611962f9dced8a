from django.urls import path

from courses import materials, views

app_name = "courses"
urlpatterns = [
    path("instructor/", views.instructor, name="instructor"),
    path("materials/", materials.own, name="materials"),
    path("instructor/materials/", materials.manage, name="manage_materials"),
    path("instructor/materials/<int:material_id>/delete/", materials.delete, name="delete_material"),
    path("instructor/materials/<int:material_id>/open/", materials.switch, name="switch_material"),
    # As they stand in the students' notebooks, without a slash at the end.
    path("download/<slug:slug>", materials.by_slug, name="download"),
    path("api/v1/getdata/<str:name>", materials.by_name, name="getdata"),
    path("rounds/choose/", views.choose_round, name="choose_round"),
]
