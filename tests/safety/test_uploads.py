"""Files that nobody should send, and names that no file should have: refused in words, kept nowhere, served never."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from issues.models import Issue
from issues.sheets.models import Upload
from issues.sheets.refusals import MESSAGES
from tests.issues.sheets.making import SOURCE_HEAD, csv_bytes, xlsx_bytes
from tests.safety.probes import assert_harmless

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + b"!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="zqx()"><script>zqx()</script></svg>'
PAGE = b"<!doctype html><b id=zqx>hi</b><script>zqx=1</script>"
GOOD = csv_bytes([["Issue", "Status"], ["<b id=zqx>Letters</b>", "open"]])


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


REFUSED = {
    "page.html": PAGE,
    "page.csv": PAGE,
    "picture.svg": SVG,
    "picture.xlsx": SVG,
    "photo.png": b"\x89PNG\r\n\x1a\n" + PAGE,
    "gif-and-script.csv": b"GIF89a/*" + bytes(40) + b"*/=zqx()",
    "program.exe": b"MZ\x90\x00" + bytes(300),
    "program.csv": b"\x7fELF" + bytes(300),
    "paper.pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(zqx())>>>>endobj",
    "out-of-the-box.xlsx": zipped("../../../../etc/cron.d/zqx", b"* * * * * root zqx"),
    "bomb.xlsx": zipped("xl/worksheets/sheet1.xml", bytes(80_000_000)),
    "entities.xlsx": zipped("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    "nothing.csv": b"",
    "nul.csv": b"Issue,Status\na\x00b,open\n",
    "no-letters.csv": b"Issue,Status\n\x81\x8d\xff,open\n",
    "eicar.com": EICAR,
    "eicar.csv": csv_bytes([["Issue", "Status"], [EICAR.decode(), "open"]]),
    "eicar.xlsx": xlsx_bytes([*SOURCE_HEAD, ["a", "x"]])[:-22] + EICAR,
}
NAMES = [
    "../../../../etc/passwd",
    "<b id=zqx>.csv",
    'a".csv',
    "a\r\nSet-Cookie: zqx=1.csv",
    "x" * 300 + ".csv",
    "CON.csv",
    "a.php.csv",
]


@pytest.fixture
def send(client, here):
    client.raise_request_exception = False
    client.force_login(here.worker)

    def act(name, content, kind="text/csv"):
        file = SimpleUploadedFile("given.csv", content, content_type=kind)
        file._name = name  # as a client of one's own would send it: Django's cleans what it is told
        return client.post(reverse("issues:import"), {"cycle": here.cycle.pk, "file": file})

    return act


def kept_files(settings):
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] if settings.MEDIA_ROOT.exists() else []


@pytest.mark.parametrize("name", REFUSED)
def test_a_nasty_file_is_refused_in_words_and_kept_nowhere(send, client, here, settings, name):
    response = send(name, REFUSED[name], "text/html")
    assert response.status_code == 422
    assert 'class="error-summary' in response.content.decode()
    assert_harmless(response, name)
    assert not Upload.objects.exists()
    assert not Issue.objects.exists()
    assert kept_files(settings) == []
    for address in (f"/media/{name}", f"/static/{name}", f"/issues/import/{name}"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", [name for name in REFUSED if name.startswith("eicar")][:2])
def test_a_test_virus_is_named_as_what_it_is(send, name):
    assert MESSAGES["unsafe"] in send(name, REFUSED[name]).content.decode()


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_nasty_name_is_only_ever_a_name(send, client, settings, name):
    """Positive control too: a good file is understood, whatever it is called, and its words are shown as words."""
    response = send(name, GOOD)
    assert response.status_code == 302
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert_harmless(page, name)
    assert "&lt;b id=zqx&gt;Letters" in page.content.decode()
    assert "zqx" not in response.cookies
    assert kept_files(settings) == []
