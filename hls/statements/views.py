"""What the place says about itself. Open to everyone: people may read it before they trust it with a word."""

from django.contrib.auth.decorators import login_not_required
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from hls.statements.glossary import GLOSSARY


@login_not_required
@require_safe
def help_page(request):
    return TemplateResponse(request, "statements/help.html", {"glossary": GLOSSARY})


@login_not_required
@require_safe
def who_sees_what(request):
    return TemplateResponse(request, "statements/who_sees_what.html")


@login_not_required
@require_safe
def accessibility(request):
    return TemplateResponse(request, "statements/accessibility.html")


@login_not_required
@require_safe
def privacy(request):
    return TemplateResponse(request, "statements/privacy.html")


@login_not_required
@require_safe
def offline(request):
    """Kept on the device for when there is no signal; says nothing about anyone."""
    # Signed as ours: a service worker keeps it, and must not keep some network's own sign-in page in its place.
    return TemplateResponse(request, "statements/offline.html", headers={"X-Kept": "1"})
