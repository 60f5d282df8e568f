"""Addresses of the floor; each room lists its own."""

from debriefs.belief import urls as belief
from debriefs.calendars import urls as calendars
from debriefs.follow_ups import urls as follow_ups
from debriefs.journal import urls as journal
from debriefs.learning import urls as learning
from debriefs.one_to_one import urls as one_to_one
from debriefs.paper import urls as paper
from debriefs.plans import urls as plans
from debriefs.record import urls as record
from debriefs.tags import urls as tags
from debriefs.threads import urls as threads

app_name = "debriefs"
urlpatterns = [
    *belief.urlpatterns,
    *calendars.urlpatterns,
    *follow_ups.urlpatterns,
    *journal.urlpatterns,
    *learning.urlpatterns,
    *one_to_one.urlpatterns,
    *paper.urlpatterns,
    *plans.urlpatterns,
    *record.urlpatterns,
    *tags.urlpatterns,
    *threads.urlpatterns,
]
