"""What the page of a cycle shows of its measures, with a story beside the numbers."""

from cycles.measures.drawing import behind, said
from cycles.measures.models import Measure, Reading
from cycles.stories.models import Story
from hls.charts import sparks


def on_cycle(user, cycle):
    story = Story.objects.visible_to(user).shared_with_place().filter(cycle=cycle).first()
    return {"measures": _measures(cycle), "story": story}


def _measures(cycle):
    measures = list(Measure.objects.filter(cycle=cycle, retired_on=None).prefetch_related("readings__corrected_by"))
    for measure in measures:
        standing = [r for r in measure.readings.all() if not hasattr(r, "corrected_by")]
        values = [float(r.value) for r in standing if r.value is not None and (r.n or 0) >= 3]
        measure.spark = sparks(f"spark-{measure.pk}", measure.question, values) if len(values) > 1 else ""
        measure.said = said(standing[-1]) if standing else ""
        measure.behind = behind(standing[-1]) if standing else ""
        measure.is_demo = bool(standing) and standing[-1].origin == Reading.Origin.DEMO
    return measures
