"""One pack for leaders, from the figures to the PDF, against bare WeasyPrint on the same HTML.

    python -m bench.pack

Uses the database of DATABASE_URL, filled by bench.generate. Nothing is written.
"""

import os
import statistics
import time
from datetime import timedelta

import django

ROUNDS = 3


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone
    from weasyprint import HTML

    from cycles.people.models import Team
    from hls.leadership import packs, sheets
    from hls.leadership.models import Summary

    today = timezone.localdate()
    team = Team.objects.filter(kind=Team.Kind.LEADERSHIP).select_related("place").first()
    summary = Summary(place=team.place, team=team, period_start=today - timedelta(days=30), period_end=today)
    base = f"{settings.BASE_DIR / 'static'}/"
    with CaptureQueriesContext(connection) as asked:
        packs.collect(summary, today)
    facts, ours, bare = [], [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        html = sheets.on_paper(packs.collect(summary, today))
        facts.append(time.perf_counter() - began)
        _, pages = sheets.pdf_of(html)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        HTML(string=html, base_url=base).write_pdf(pdf_variant="pdf/ua-1")
        bare.append(time.perf_counter() - began)
    whole, floor = statistics.median(ours), statistics.median(bare)
    print(f"{pages} pages, {len(asked)} queries (goal 12), facts and HTML {statistics.median(facts):.2f} s")
    print(f"pack {whole:.2f} s, bare WeasyPrint {floor:.2f} s: ratio {whole / floor:.2f} (goal 1.15)")


if __name__ == "__main__":
    main()
