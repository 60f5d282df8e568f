"""Addresses of the street of rooms; each room lists its own."""

from itertools import chain

from cycles.drafts.urls import urlpatterns as drafts
from cycles.experiments.urls import urlpatterns as experiments
from cycles.guides.urls import urlpatterns as guides
from cycles.lessons.urls import urlpatterns as lessons
from cycles.lives.urls import urlpatterns as lives
from cycles.maps.urls import urlpatterns as maps
from cycles.measures.urls import urlpatterns as measures
from cycles.questions.urls import urlpatterns as questions
from cycles.stack.urls import urlpatterns as stack
from cycles.statements.urls import urlpatterns as statements
from cycles.stories.urls import urlpatterns as stories

app_name = "cycles"
urlpatterns = list(
    chain(questions, stack, experiments, guides, lessons, lives, maps, measures, statements, stories, drafts)
)
