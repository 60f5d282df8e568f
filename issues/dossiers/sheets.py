"""A dossier as a page and on paper: the same body, the same words."""

from django.template.loader import render_to_string
from django.utils import timezone

from hls.charts import cairn, for_paper
from hls.look.words import day


def context(facts):
    return {"facts": facts, "cairn": cairn(), "paper": False}


def on_paper(facts, dossier):
    return render_to_string(
        "issues/dossiers/paper.html",
        context(facts)
        | {"paper": True, "cairn": for_paper(cairn()), "built": day(timezone.localdate()), "is_demo": dossier.is_demo},
    )
