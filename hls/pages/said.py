"""A story, and a question with its answers: each with the sentences of debriefs it was made from, for their team."""

from django.views.decorators.http import require_safe

from cycles.measures import views as measures
from cycles.stories import views as stories
from debriefs.threads.queries import words_behind


@require_safe
def story(request, pk):
    answer = stories.story(request, pk)
    answer.context_data["said_in"] = words_behind(request.user, story=pk)
    return answer


@require_safe
def measure(request, pk):
    answer = measures.measure(request, pk)
    threads = {row.reading_id: row for row in words_behind(request.user, measure=pk)}
    for line in answer.context_data["lines"]:
        line["said_in"] = threads.get(line["reading"].pk)
    return answer
