from django.urls import path

from issues.talk import views

urlpatterns = [
    path("issues/<slug:ref>/talk/", views.talk, name="talk"),
    path("issues/<slug:ref>/talk/<int:pk>/edit/", views.put_right, name="comment_edit"),
    path("issues/<slug:ref>/talk/<int:pk>/take-back/", views.take_back, name="comment_take_back"),
    path("issues/<slug:ref>/talk/<int:pk>/earlier/", views.earlier, name="comment_earlier"),
    path("issues/<slug:ref>/files/<uuid:key>/", views.attachment, name="attachment"),
    path("issues/<slug:ref>/watch/", views.watch, name="watch"),
]
