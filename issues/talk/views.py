"""Speaking on an issue, following it, and fetching what was put beside it. Whoever sees the issue may do all three."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.asking import ask, number
from hls.htmx import htmx_partial
from hls.limits import ANY, is_over, limited, too_many
from issues.log.views.asking import SAVED, find_issue, insist, run
from issues.talk import actions, permissions, store
from issues.talk.forms import CommentForm, PutRightForm, TakeBackForm
from issues.talk.models import Attachment, Comment
from issues.talk.on_issue import A_PAGE, said_on
from issues.talk.watching import who_may_see

FORM_METHODS = require_http_methods(["GET", "HEAD", "POST"])
FILES, WHILE = 30, 600  # one person's files in ten minutes
TYPES = {
    Attachment.Kind.PDF: "application/pdf",
    Attachment.Kind.PNG: "image/png",
    Attachment.Kind.JPEG: "image/jpeg",
    Attachment.Kind.WEBP: "image/webp",
    Attachment.Kind.TEXT: "text/plain; charset=utf-8",
    Attachment.Kind.CSV: "text/csv; charset=utf-8",
    Attachment.Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Attachment.Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@FORM_METHODS
@limited("talk", 60, 600)
@htmx_partial("form")
def talk(request, ref):
    """All that people said, a page at a time, and the box to add to it."""
    issue = find_issue(request, ref, "team", "held_by")
    if request.method != "POST":
        return _talk_page(request, issue, CommentForm())
    form = CommentForm(request.POST, request.FILES)
    if request.FILES and is_over("attach", request, FILES, WHILE, by=len(request.FILES.getlist("beside"))):
        return too_many(request, WHILE)
    made = []
    status = run(form, lambda: made.append(actions.comment(issue=issue, by=request.user, **form.cleaned_data)))
    if status != SAVED:
        return _talk_page(request, issue, form, status)
    messages.success(request, "Added. Whoever follows this issue is told in their next letter.")
    return redirect(made[0])


def _talk_page(request, issue, form, status=200):
    said, older = said_on(request.user, issue, A_PAGE, number(request.GET.get("before", "")))
    context = {"issue": issue, "form": form, "said": said, "older": older, "readers": _readers(issue)}
    response = TemplateResponse(request, "issues/talk/talk.html", context, status=status)
    # In place on the issue's page: what is wrong comes back in the form alone.
    response["HX-Retarget"], response["HX-Reswap"] = "#say-form", "outerHTML"
    return response


def _readers(issue):
    return who_may_see(issue, timezone.localdate()).values_list("name", flat=True)


def _comment(request, ref, pk):
    issue = find_issue(request, ref, "team")
    rows = Comment.objects.filter(issue=issue, taken_back_at=None).select_related("issue", "by")
    return issue, get_object_or_404(rows, pk=pk)


@FORM_METHODS
@limited("talk", 60, 600)
def put_right(request, ref, pk):
    """One's own words, for a quarter of an hour."""
    issue, comment = _comment(request, ref, pk)
    insist(comment.by_id == request.user.pk)
    if request.method != "POST" and not permissions.can_edit(request.user, comment):
        messages.info(request, actions.TOO_LATE)
        return redirect(comment)
    return ask(
        request,
        PutRightForm(request.POST or None, initial={"words": comment.words, "version": comment.version}),
        lambda said: actions.put_right(comment=comment, by=request.user, **said),
        title="Put your words right",
        lede="You can do this for a quarter of an hour. What you wrote first is kept for the issue’s team.",
        button="Save",
        said="Saved.",
        back=comment.get_absolute_url(),
        back_label=issue.ref,
        readers="everyone who can see this issue, with your name.",
    )


@FORM_METHODS
def take_back(request, ref, pk):
    issue = find_issue(request, ref, "team")
    comment = get_object_or_404(Comment.objects.filter(issue=issue).select_related("issue"), pk=pk)
    insist(comment.by_id == request.user.pk)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    return ask(
        request,
        form,
        lambda said: actions.take_back(comment=comment, by=request.user),
        title="Take back what you said?",
        lede="Your words and the files beside them are deleted for everyone, for good. That you said something stays.",
        button="Take it back",
        said="Taken back. Nobody can read it now.",
        back=issue.get_absolute_url(),
        back_label=issue.ref,
    )


@require_safe
def earlier(request, ref, pk):
    issue, comment = _comment(request, ref, pk)
    insist(permissions.can_read_earlier(request.user, issue, comment))
    context = {"issue": issue, "comment": comment, "versions": comment.versions.all()}
    return TemplateResponse(request, "issues/talk/earlier.html", context)


@require_safe
@limited("attachment", 200, 600, methods=ANY)
def attachment(request, ref, key):
    """A download that no browser opens as a page, for as long as its issue and comment may be read."""
    issue = find_issue(request, ref)
    file = get_object_or_404(Attachment.objects.visible_to(request.user).filter(comment__issue=issue), key=key)
    try:
        content = store.opened(file.path)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=file.name,
        content_type=TYPES[file.kind],
        headers={
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_POST
def watch(request, ref):
    issue = find_issue(request, ref)
    is_on = request.POST.get("on") == "1"
    actions.watch(issue=issue, by=request.user, is_on=is_on)
    messages.success(request, "You follow this issue now." if is_on else "You no longer follow this issue.")
    return redirect(issue)
