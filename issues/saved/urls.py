from django.urls import path

from issues.saved import stuck, views

urlpatterns = [
    path("views/", views.view_list, name="views"),
    path("views/new/", views.new_view, name="new_view"),
    path("views/<int:pk>/", views.saved_view, name="view"),
    path("views/<int:pk>/change/", views.change_view, name="change_view"),
    path("views/<int:pk>/delete/", views.delete_view, name="delete_view"),
    path("issues/stuck/", stuck.stuck, name="stuck"),
]
