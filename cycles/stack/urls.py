from django.urls import path

from cycles.stack import views

# The page of one cycle shows several floors: its address is in hls/pages/urls.py.
urlpatterns = [
    path("cycles/", views.cycle_list, name="list"),
    path("cycles/new/", views.cycle_new, name="new"),
    path("cycles/new/draft/", views.cycle_new_draft, name="new_draft"),
    path("cycles/<int:pk>/edit/", views.cycle_edit, name="edit"),
    path("cycles/<int:pk>/purpose/", views.cycle_purpose, name="purpose"),
    path("cycles/<int:pk>/purposes/", views.cycle_purposes, name="purposes"),
    path("cycles/<int:pk>/stage/", views.cycle_stage, name="stage"),
    path("cycles/<int:pk>/stage/note/", views.stage_note, name="stage_note"),
    path("cycles/<int:pk>/go/", views.cycle_go, name="go"),
    path("cycles/<int:pk>/pause/", views.cycle_pause, name="pause"),
    path("cycles/<int:pk>/end/", views.cycle_end, name="end"),
    path("cycles/<int:pk>/join/", views.link_new, name="join"),
    path("links/<int:pk>/reply/", views.link_reply, name="link_reply"),
    path("links/<int:pk>/part/", views.link_part, name="link_part"),
]
