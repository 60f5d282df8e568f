"""The addresses that a program calls, and the pages where a person looks after their tokens."""

from django.urls import include, path

from hls.api import door, views
from hls.api.document import api


def _opened(patterns):
    for pattern in patterns:
        pattern.callback = door.without_session(pattern.callback)
    return patterns


routes = [path("openapi.json", views.openapi, name="openapi"), *(one for one in api.urls[0] if one.name != "api-root")]
urlpatterns = [
    path("api/v1/", include((_opened(routes), "api"))),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/openapi.json", views.openapi_here, name="tokens_document"),
    path("account/tokens/<int:pk>/end/", views.end, name="token_end"),
    path("place/tokens/", views.place_tokens, name="place_tokens"),
]
