from django.urls import path

from cycles.stories import views

# The page of one story shows the sentences it came from: its address is in hls/pages/urls.py.
urlpatterns = [
    path("stories/", views.story_list, name="stories"),
    path("cycles/<int:pk>/stories/new/", views.story_new, name="story_new"),
    path("cycles/<int:pk>/stories/new/draft/", views.story_new_draft, name="story_new_draft"),
    path("people/<int:pk>/stories/new/", views.person_story_new, name="person_story_new"),
    path("people/<int:pk>/stories/new/draft/", views.person_story_new_draft, name="person_story_new_draft"),
    path("stories/<int:pk>/edit/", views.story_edit, name="story_edit"),
    path("stories/<int:pk>/check/", views.story_check, name="story_check"),
    path("stories/<int:pk>/withdraw/", views.story_withdraw, name="story_withdraw"),
]
