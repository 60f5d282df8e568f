from django.urls import path

from hls.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/snooze/", views.snooze, name="notices_snooze"),
    path("notices/stop/<str:token>/", views.stop, name="notices_stop"),
    path("account/telling/", views.telling, name="telling"),
    path("account/mobile/", views.mobile, name="mobile"),
    path("account/mobile/code/", views.mobile_confirm, name="mobile_confirm"),
    path("account/mobile/remove/", views.mobile_remove, name="mobile_remove"),
    path("notices/failed/", views.failed, name="notices_failed"),
    path("notices/failed/again/", views.try_again, name="notices_try_again"),
]
