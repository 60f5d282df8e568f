"""A pack as a page: its frozen facts with their drawings, on screen and on paper."""

from django.template.loader import render_to_string

from hls.charts import ageing, ageing_table, bar, cairn, for_paper, run_chart, run_table
from hls.leadership.facts import counts
from hls.paper import NoPdf, bundled, pdf_of

__all__ = ["NoPdf", "bundled", "drawings", "on_paper", "pdf_of"]

WAIT_TITLE = "How long open issues have waited, by who holds them"
FULL_GRID = 40  # more stones than this in one box say no more than the number


def flow_steps(flow):
    """The four steps from raised to new normal, each with its share of the first."""
    whole = flow["raised"] or 1
    steps = [
        (flow["raised"], "raised", f"since {flow['since']}" if flow["since"] else ""),
        (flow["countermeasure"], "have a countermeasure", "something is done now"),
        (flow["agreed"], "have a system change agreed", "it will be normal"),
        (flow["new_normal"], "are the new normal", "it is in place"),
    ]
    return [{"n": n, "what": what, "more": more, "bar": bar(n / whole)} for n, what, more in steps]


def grid_rows(grid):
    """Where open issues sit: the number, and one stone for each where they can still be seen one by one."""
    return [(label, [(n, "i" * n if n <= FULL_GRID else "") for n in numbers]) for label, *numbers in grid["rows"]]


def wait_figure(waits, ident="wait"):
    rows = counts.waits_for_chart(waits)
    table = ageing_table(rows)
    table["head"][0] = "Who holds them"
    return {"svg": ageing(ident, rows, title=WAIT_TITLE), "table": table}


def measure_figures(measures, ident="measure"):
    """Each measure with its chart, where there are enough answers to draw one."""
    return [
        measure
        | {
            "svg": run_chart(
                f"{ident}-{place}", measure["question"], measure["points"], high=measure["high"], low=measure["low"]
            )
            if measure["points"]
            else "",
            "table": run_table(measure["points"]) if measure["points"] else None,
        }
        for place, measure in enumerate(measures)
    ]


def drawings(facts):
    """What a template needs besides the facts themselves."""
    return {
        "steps": flow_steps(facts["flow"]),
        "grid_head": facts["flow"]["grid"]["head"],
        "grid": grid_rows(facts["flow"]["grid"]),
        "wait": wait_figure(facts["waits"]),
        "measures": measure_figures(facts["measures"]),
        "cairn": cairn(),
    }


def on_paper(facts):
    """The HTML that becomes the PDF. Drawings carry their whole message in the title there."""
    drawn = drawings(facts)
    drawn["wait"]["svg"] = for_paper(drawn["wait"]["svg"])
    drawn["cairn"] = for_paper(drawn["cairn"])
    for measure in drawn["measures"]:
        measure["svg"] = for_paper(measure["svg"])
    return render_to_string("leadership/summary_paper.html", {"facts": facts, "paper": True, **drawn})
