from django.urls import path

from hls.meetings import live, views

app_name = "meetings"
urlpatterns = [
    path("groups/<slug:slug>/meetings/", views.meeting_list, name="list"),
    path("groups/<slug:slug>/meetings/new/", views.plan, name="plan"),
    path("groups/<slug:slug>/meetings/rhythm/", views.rhythm, name="rhythm"),
    path("groups/<slug:slug>/meetings/standing/", views.standing, name="standing"),
    path("meetings/standing/<int:pk>/", views.standing_change, name="standing_change"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("meetings/<int:pk>/change/", views.change, name="change"),
    path("meetings/<int:pk>/off/", views.call_off, name="off"),
    path("meetings/<int:pk>/topic/", views.topic, name="topic"),
    path("meetings/<int:pk>/fill/", views.fill, name="fill"),
    path("meetings/<int:pk>/order/", views.order, name="order"),
    path("meetings/<int:pk>/send/", views.send, name="send"),
    path("meetings/<int:pk>/begin/", live.begin, name="begin"),
    path("meetings/<int:pk>/live/<int:item>/", live.live, name="live"),
    path("meetings/items/<int:pk>/decide/", live.decide_item, name="decide"),
    path("meetings/items/<int:pk>/promise/", live.promise_item, name="promise"),
    path("meetings/items/<int:pk>/defer/", live.defer_item, name="defer"),
    path("meetings/items/<int:pk>/talk/", live.talk_item, name="talk"),
    path("meetings/<int:pk>/end/", live.end, name="end"),
    path("meetings/<int:pk>/minutes/", live.minutes_page, name="minutes"),
    path("meetings/<int:pk>/minutes/correct/", live.correct, name="correct"),
    path("meetings/<int:pk>/minutes.pdf", live.minutes_pdf, name="minutes_pdf"),
]
