from django.urls import path

from debriefs.record import lists, typed, views, write

urlpatterns = [
    path("debriefs/", lists.debrief_list, name="list"),
    path("debriefs/search/", lists.search, name="search"),
    path("debriefs/new/", views.new, name="new"),
    path("debriefs/hot/", views.hot, name="hot"),
    path("debriefs/token/", typed.fresh_token, name="token"),
    path("debriefs/blank/", typed.blank, name="blank"),
    path("debriefs/<int:pk>/", views.debrief, name="debrief"),
    path("debriefs/<int:pk>/write/", write.write, name="write"),
    path("debriefs/<int:pk>/draft/", typed.save_draft, name="draft"),
    path("debriefs/<int:pk>/similar/<slug:name>/", typed.similar_issues, name="similar"),
    path("debriefs/<int:pk>/discard/", write.discard, name="discard"),
    path("debriefs/notes/<int:pk>/", write.own_words, name="own_words"),
    path("debriefs/<int:pk>/edit/", views.edit, name="edit"),
    path("debriefs/<int:pk>/answer/", views.hot_answer, name="hot_answer"),
    path("debriefs/<int:pk>/written-up/", views.written_up, name="written_up"),
    path("debriefs/<int:pk>/add/", views.add, name="add"),
    path("debriefs/<int:pk>/missed/", views.missed, name="missed"),
    path("debriefs/follow-ups/<int:pk>/", views.follow_up, name="follow_up"),
]
