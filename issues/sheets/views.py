"""In: upload, check, say yes, without a line of script. Out: the log as it is filtered, in the sources' shape."""

from types import SimpleNamespace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.people import audit
from cycles.refusals import Refused
from hls.limits import ANY, limited
from hls.look.forms import CairnForm
from issues.log.filters import log_of
from issues.log.models import Issue, Level, OwnerTier
from issues.sheets import actions, writing
from issues.sheets.forms import ImportForm, RowForm
from issues.sheets.models import ImportBatch, Upload
from issues.sheets.permissions import can_import, may_have_a_log
from issues.sheets.reading import read
from issues.sheets.refusals import MOST_ROWS, CannotRead

NAMED = 20  # bad rows and questions shown at a time
ROWS_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def import_log(request):
    if not may_have_a_log(request.user):
        raise PermissionDenied
    if request.method != "POST":
        form = ImportForm(user=request.user, initial={"cycle": request.GET.get("cycle")})
        return TemplateResponse(request, "issues/sheets/import.html", {"form": form})
    form = ImportForm(request.POST, request.FILES, user=request.user)
    if form.is_valid() and (upload := _understood(form, request.user)):
        return redirect("issues:import_check", token=upload.token)
    return TemplateResponse(request, "issues/sheets/import.html", {"form": form}, status=422)


def _understood(form, user):
    """Read the file and keep what was understood, or say beside the box why not."""
    file, cycle = form.cleaned_data["file"], form.cleaned_data["cycle"]
    data = file.read()
    try:
        sheet = read(data, today=timezone.localdate())
        return actions.keep_upload(
            sheet=sheet, cycle=cycle, by=user, file_name=file.name, digest=actions.file_digest(data)
        )
    except (CannotRead, Refused) as no:
        form.add_error("file", str(no))
        return None


def check(request, token):
    """What was understood, row by row; answers to what only a person can say are kept as they are given."""
    upload = _upload(request, token)
    if request.method == "POST":
        return _keep_answers(request, upload)
    return _check_page(request, upload)


def _upload(request, token):
    upload = get_object_or_404(Upload.objects.visible_to(request.user).select_related("cycle"), token=token)
    if not can_import(request.user, upload.cycle):
        raise PermissionDenied  # the right to this cycle ended while the file waited
    return upload


def _keep_answers(request, upload):
    if "rest" in request.POST:
        actions.answer_rest(upload=upload)
        return redirect("issues:import_check", token=upload.token)
    asked = Paginator(upload.rows.asking(), NAMED).get_page(request.GET.get("ask"))
    forms = [_row_form(kept, request.POST) for kept in asked]
    if [form for form in forms if not form.is_valid()]:
        return _check_page(request, upload, forms=forms, status=422)
    actions.answer_rows(upload=upload, answers={form.row.number: form.answers() for form in forms})
    place = f"?ask={asked.next_page_number()}#asks" if asked.has_next() else ""
    return redirect(upload.get_absolute_url() + place)


def _row_form(kept, data=None):
    return RowForm(data, row=actions.row_of(kept), answers=kept.answers)


def _check_page(request, upload, *, forms=None, refused="", status=200):
    asked = Paginator(upload.rows.asking(), NAMED).get_page(request.GET.get("ask"))
    rows = Paginator(upload.rows.all(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    counts = upload.rows.counts()
    context = {
        "upload": upload,
        "counts": counts,
        "wrong": [_shown(kept) for kept in upload.rows.wrong()[:NAMED]] if counts["wrong"] else [],
        "asked": asked,
        "forms": forms or [_row_form(kept) for kept in asked],
        "page": rows,
        "rows": [_shown(kept) for kept in rows],
        "refusal": _refusal(refused),
        **upload.understood,
    }
    return TemplateResponse(request, "issues/sheets/check.html", context, status=status)


def _refusal(words):
    form = CairnForm({} if words else None)
    if words:
        form.is_valid()
        form.add_error(None, words)
    return form


def _shown(kept):
    """A row as the log would show it."""
    row = actions.row_of(kept)
    level = actions.LEVELS.get(row.level)
    return SimpleNamespace(
        row=row,
        kept=kept,
        levels=[(one.label, one == level) for one in Level],
        owners=[(one.label, one == row.owner) for one in OwnerTier],
        ref=Issue(number=kept.known_as).ref if kept.known_as else "",
        left=kept.asks - kept.answered,
    )


@require_POST
def confirm(request, token):
    if done := ImportBatch.objects.visible_to(request.user).filter(token=token).first():
        return redirect("issues:import_done", token=done.token)  # the second of two clicks
    upload = _upload(request, token)
    try:
        batch = actions.confirm(upload=upload, by=request.user)
    except Refused as no:
        return _check_page(request, upload, refused=str(no), status=422)
    return redirect("issues:import_done", token=batch.token)


@require_POST
def throw_away(request, token):
    _upload(request, token).delete()
    messages.success(request, "That file is forgotten. Nothing was added.")
    return redirect("issues:import")


@require_safe
def done(request, token):
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user).select_related("cycle"), token=token)
    return TemplateResponse(request, "issues/sheets/done.html", {"batch": batch})


# ------------------------------------------------------------ taking it out


@require_http_methods(["GET", "HEAD", "POST"])
@limited("export", 20, 60, methods=ANY)
def export_csv(request):
    """The log as it is filtered now, sent as it is read. People's words arrive by POST, never in an address."""
    _note_export(request)
    lines = writing.csv_lines(_asked_for(request))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=_as_file("csv"))


@require_http_methods(["GET", "HEAD", "POST"])
@limited("export", 20, 60, methods=ANY)
def export_xlsx(request):
    issues = _asked_for(request)
    if issues.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
        messages.info(request, f"There are more than {MOST_ROWS:,} issues here. Filter first, or download the CSV.")
        return redirect(f"{reverse('issues:list')}?{request.GET.urlencode()}")
    _note_export(request)
    return FileResponse(writing.xlsx_file(issues), content_type=XLSX, headers=_as_file("xlsx"))


def _note_export(request):
    """That the log left the building, and who took it; not what they filtered by."""
    if request.method == "HEAD":
        return
    acting = getattr(request, "acting", None)
    audit.note("export", by=request.user, place=acting.place if acting else None, on=("issue", None))


def _asked_for(request):
    acting = getattr(request, "acting", None)
    query = request.GET.dict() | ({"q": request.POST.get("q", "")} if request.method == "POST" else {})
    return log_of(request.user, query, place=acting.place if acting else None).queryset


def _as_file(kind):
    """A download that no browser opens as a page."""
    name = f"issue-log-{timezone.localdate():%Y-%m-%d}.{kind}"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }


@require_safe
def empty_log(request):
    """A file with the headings and nothing under them, to fill in."""
    return FileResponse(writing.xlsx_file(Issue.objects.none()), content_type=XLSX, headers=_as_file("xlsx"))
