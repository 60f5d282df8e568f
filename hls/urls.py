"""The front of the house. Each room's addresses live in the room."""

from django.urls import include, path

from cycles import urls as cycles
from hls import health, offline
from hls.addresses import ByShape
from hls.home.views import front_door
from hls.pages import urls as pages

handler400 = "hls.errors.bad_request"
handler403 = "hls.errors.permission_denied"
handler404 = "hls.errors.not_found"
handler500 = "hls.errors.server_error"

of_the_house = [
    path("", front_door, name="front_door"),
    path("health/live", health.live, name="health_live"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("health/ready", health.ready, name="health_ready"),
    path("", include("hls.home.urls")),
    path("", include("hls.meetings.urls")),
    path("", include("issues.urls")),
    path("", include("debriefs.urls")),
    path("", include("hls.leadership.urls")),
    path("", include("hls.statements.urls")),
    path("", include("hls.look.urls")),
    path("", include("cycles.people.urls")),
    path("", include("hls.notices.urls")),
    path("", include("hls.api.urls")),
    path("", include("hls.hooks.urls")),
    path("", include("hls.exports.urls")),
    path("", include((pages.of_cycles + cycles.urlpatterns, cycles.app_name))),
]
urlpatterns = [ByShape(of_the_house)]
