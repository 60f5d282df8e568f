"""Any view as a file. What leaves is written down, and nobody takes it without end (ASSURANCE 13, 30, 51)."""

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.people import audit
from hls.exports.tables import TABLES, csv_of, xlsx_of
from hls.limits import ANY, limited
from issues.sheets.refusals import MOST_ROWS
from issues.sheets.views import XLSX

PAGES = {
    "triage": "issues:triage",
    "pattern": "issues:list",
    "group": "issues:groups",
    "recommendations": "issues:recommendations",
    "decisions": "decisions",
    "stories": "cycles:stories",
}


@require_safe
@limited("export", 20, 60, methods=ANY)
def download(request, what, kind):
    table = TABLES[what]
    rows = table.rows(request)
    if kind == "xlsx" and rows.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
        messages.info(request, f"There are more than {MOST_ROWS:,} rows here. Download the CSV.")
        return redirect(PAGES[what])
    if request.method != "HEAD":
        place = request.acting.place if request.acting else None
        audit.note("export", by=request.user, place=place, on=(table.kind, None))
    head = _as_file(f"{table.name}-{timezone.localdate():%Y-%m-%d}.{kind}")
    if kind == "xlsx":
        return FileResponse(xlsx_of(table, rows), content_type=XLSX, headers=head)
    return StreamingHttpResponse(csv_of(table, rows), content_type="text/csv; charset=utf-8", headers=head)


def _as_file(name):
    """A download that no browser opens as a page."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
