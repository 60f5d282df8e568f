"""Addresses of the floor; each room lists its own."""

from debriefs.calendars import urls as calendars
from debriefs.learning import urls as learning
from debriefs.plans import urls as plans
from debriefs.record import urls as record
from debriefs.tags import urls as tags

app_name = "debriefs"
urlpatterns = [*calendars.urlpatterns, *learning.urlpatterns, *plans.urlpatterns, *record.urlpatterns, *tags.urlpatterns]
