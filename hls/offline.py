"""The service worker: keeps the shell and an empty form for when there is no signal, and nothing about anyone."""

import json
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

FILES = [
    *(f"css/{name}.css" for name in ("tokens", "base", "parts", "pages", "print")),
    *(f"fonts/{name}.woff2" for name in ("lato-regular", "lato-bold", "vollkorn-regular", "vollkorn-semibold")),
    "favicon.svg",
    "js/drafts.js",
    "js/drafts-store.js",
]


@login_not_required
@require_safe
def service_worker(request):
    """Open to all, for a browser asks for it by itself; it holds addresses of files only."""
    answer = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"  # the browser compares it with the one it runs, and so finds a new version
    return answer


@cache
def _script():
    # A module imports its neighbour by its plain name, which is there beside the hashed one.
    files = [static(name) for name in FILES] + [settings.STATIC_URL + "js/drafts-store.js"]
    kept = {
        "version": _version(),
        "files": list(dict.fromkeys(files)),
        "offline": reverse("offline"),
        "blank": reverse("debriefs:blank"),
    }
    return render_to_string("sw.js", {"kept": json.dumps(kept)})


def _version():
    """Changes with any byte of what is kept, and with this list."""
    found = sha256(json.dumps(FILES).encode())
    for name in FILES:
        found.update(_bytes(name))
    return found.hexdigest()[:16]


def _bytes(name):
    if path := finders.find(name):
        with open(path, "rb") as file:
            return file.read()
    with staticfiles_storage.open(name) as file:
        return file.read()
