"""A page of ours as a tagged PDF. Nothing but our own styles and fonts is ever fetched."""

from functools import cache
from io import BytesIO
from pathlib import Path

from django.contrib.staticfiles import finders

BUNDLED = "https://bundled.invalid/"  # a name that can lead nowhere: the fetcher below answers for it
KINDS = {"css": "text/css", "woff2": "font/woff2", "svg": "image/svg+xml"}


class NoPdf(Exception):
    """This machine lacks what draws a PDF. Everything in it can be read on its page."""


def bundled(path):
    """The file of our own static folder behind a path, or None for anything else in the world."""
    kind = KINDS.get(path.rpartition(".")[2])
    found = finders.find(path) if kind and ".." not in path else None
    return (found, kind) if isinstance(found, str) else None


@cache
def contents(path):
    """What a file of ours holds. A font comes unpacked: WeasyPrint would unpack each face anew for every paper."""
    held = Path(path).read_bytes()
    if not path.endswith(".woff2"):
        return held
    from fontTools.ttLib import TTFont

    face, unpacked = TTFont(BytesIO(held), recalcBBoxes=False, recalcTimestamp=False), BytesIO()
    face.flavor = None
    face.save(unpacked)
    return unpacked.getvalue()


def pdf_of(html):
    """Tagged PDF (PDF/UA-1) and its number of pages."""
    try:
        from weasyprint import HTML  # a second to import, and the one thing here that needs Pango
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:
        raise NoPdf from error

    class OnlyBundled(URLFetcher):
        def fetch(self, url, headers=None):
            if not url.startswith(BUNDLED) or (known := bundled(url.removeprefix(BUNDLED))) is None:
                raise ValueError("A paper fetches nothing but its own styles and fonts.")
            path, kind = known
            return URLFetcherResponse(url, contents(path), {"Content-Type": kind})

    fetcher = OnlyBundled(allowed_protocols=["https"])
    document = HTML(string=html, base_url=BUNDLED, url_fetcher=fetcher).render()
    return document.write_pdf(pdf_variant="pdf/ua-1"), len(document.pages)
