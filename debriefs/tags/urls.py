from django.urls import path

from debriefs.tags import views

urlpatterns = [
    path("debriefs/answers/<int:pk>/guides/", views.tag, name="tag"),
    path("debriefs/tags/<int:pk>/off/", views.take_off, name="take_off"),
]
