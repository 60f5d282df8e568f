"""Addresses of the floor; each room lists its own."""

from debriefs.plans import urls as plans
from debriefs.record import urls as record

app_name = "debriefs"
urlpatterns = [*plans.urlpatterns, *record.urlpatterns]
