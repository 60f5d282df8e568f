from django.urls import path

from hls.hooks import views

urlpatterns = [
    path("place/hooks/", views.hooks, name="hooks"),
    path("place/hooks/new/", views.new, name="hook_new"),
    path("place/hooks/<int:pk>/", views.hook, name="hook"),
    path("place/hooks/<int:pk>/edit/", views.edit, name="hook_edit"),
    path("place/hooks/<int:pk>/end/", views.end, name="hook_end"),
    path("place/hooks/<int:pk>/secret/", views.secret, name="hook_secret"),
    path("place/hooks/<int:pk>/try/", views.try_out, name="hook_try"),
    path("place/hooks/<int:pk>/again/", views.again, name="hook_again"),
]
