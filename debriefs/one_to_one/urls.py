from django.urls import path

from debriefs.one_to_one import views

urlpatterns = [
    path("debriefs/one-to-one/", views.talks, name="talks"),
    path("debriefs/one-to-one/themes/", views.themes, name="themes"),
    path("debriefs/one-to-one/<uuid:pk>/", views.talk, name="talk"),
    path("debriefs/one-to-one/<uuid:pk>/write/", views.write, name="talk_write"),
    path("debriefs/one-to-one/<uuid:pk>/draft/", views.draft, name="talk_draft"),
    path("debriefs/one-to-one/<uuid:pk>/away/", views.take_away, name="talk_away"),
    path("debriefs/one-to-one/<uuid:pk>/measures/", views.measure_words, name="talk_measures"),
    path("debriefs/one-to-one/<uuid:pk>/theme/", views.theme, name="talk_theme"),
    path("debriefs/tray/", views.tray, name="tray"),
    path("debriefs/tray/<int:pk>/take-up/", views.take_up, name="tray_take_up"),
    path("debriefs/tray/<int:pk>/leave/", views.leave, name="tray_leave"),
]
