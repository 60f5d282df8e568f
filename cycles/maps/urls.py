from django.urls import path

from cycles.maps import step_views, views

# What keeps turning up across maps may become an issue: its address is in hls/pages/urls.py.
urlpatterns = [
    path("cycles/<int:pk>/map/", views.system_map, name="map"),
    path("cycles/<int:pk>/map/add/", views.map_add, name="map_add"),
    path("cycles/<int:pk>/map/since/", views.map_since, name="map_since"),
    path("cycles/<int:pk>/map/tie/", views.tie_new, name="tie_new"),
    path("cycles/<int:pk>/map/feedback/", views.feedback_new, name="map_feedback"),
    path("people/<int:pk>/map/", views.person_map, name="person_map"),
    path("cycles/map/parts/<int:pk>/", views.element_edit, name="element_edit"),
    path("cycles/map/parts/<int:pk>/remove/", views.element_remove, name="element_remove"),
    path("cycles/map/parts/<int:pk>/back/", views.element_back, name="element_back"),
    path("cycles/map/ties/<int:pk>/", views.tie_edit, name="tie_edit"),
    path("cycles/map/ties/<int:pk>/remove/", views.tie_remove, name="tie_remove"),
    path("cycles/map/ties/<int:pk>/back/", views.tie_back, name="tie_back"),
    path("cycles/map/feedback/<int:pk>/reply/", views.feedback_reply, name="map_feedback_reply"),
    path("cycles/<int:pk>/steps/", step_views.steps, name="steps"),
    path("cycles/steps/<int:pk>/", step_views.step_edit, name="step_edit"),
    path("cycles/steps/<int:pk>/move/", step_views.step_move, name="step_move"),
    path("cycles/steps/<int:pk>/remove/", step_views.step_remove, name="step_remove"),
    path("cycles/steps/<int:pk>/back/", step_views.step_back, name="step_back"),
]
