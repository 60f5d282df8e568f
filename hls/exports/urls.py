from django.urls import path

from hls.exports import views
from hls.exports.tables import TABLES

urlpatterns = [
    path(f"download/{what}.{kind}", views.download, {"what": what, "kind": kind}, name=f"download_{what}_{kind}")
    for what in TABLES
    for kind in ("csv", "xlsx")
]
