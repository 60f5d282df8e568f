"""What a file is, found out from what is in it. Its name and what the browser says of it count for nothing."""

import io
import re
import unicodedata
import zipfile
import zlib

from defusedxml import ElementTree

from issues.talk.models import Attachment

Kind = Attachment.Kind
MEGABYTE = 1024 * 1024
LARGEST = 8 * MEGABYTE
UNPACKED_MOST = 48 * MEGABYTE
PARTS_MOST = 2000
CHUNK = MEGABYTE
EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

MAY_BE = "a PDF, a picture (PNG, JPEG or WEBP), plain text, a CSV, an Excel sheet (.xlsx) or a Word document (.docx)"
WORDS = {
    "empty": "There is nothing in that file. Choose another.",
    "too_big": f"That file is too big. It may be up to {LARGEST // MEGABYTE} MB.",
    "unknown": f"That is not a kind of file that we keep here. It may be {MAY_BE}.",
    "damaged": "That file is damaged, so nobody could open it. Save it again and try once more.",
    "unsafe": "That file holds something that could harm a computer, so it was not kept.",
    "runs": "That file holds a program or a form that runs by itself. Save it without, and try again.",
    "fetches": "That file fetches something from elsewhere when it is opened. Save it without, and try again.",
    "password": "That file is locked with a password. Save it without one, and try again.",
    "unpacks_too_big": "That file unpacks to far more than it should, so it was not kept.",
    "picture_too_big": "That picture is too big. Make it smaller, and try again.",
}


class NotKept(Exception):
    """Why a file is not kept; the words are for the person who sent it."""

    def __init__(self, why):
        super().__init__(WORDS[why])
        self.why = why


def read(file):
    """(kind, the bytes to keep) of an upload, or NotKept. Pictures come back drawn anew, with nothing else in them."""
    data = _all_of(file)
    if EICAR in data:
        raise NotKept("unsafe")
    return _known(data, file.name or "")


def _all_of(file):
    data = file.read(LARGEST + 1)
    if not data:
        raise NotKept("empty")
    if len(data) > LARGEST:
        raise NotKept("too_big")
    return data


def _known(data, name):
    for begins, kind in ((b"\x89PNG\r\n\x1a\n", Kind.PNG), (b"\xff\xd8\xff", Kind.JPEG)):
        if data.startswith(begins):
            return kind, _redrawn(data, kind)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP, _redrawn(data, Kind.WEBP)
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        return Kind.PDF, data
    if data.startswith(b"PK\x03\x04"):
        return _check_office(data), data
    return _text_kind(data, name), data


def _redrawn(data, kind):
    from issues.talk.pictures import redrawn  # Pillow, read only where somebody brings a picture

    return redrawn(data, kind)


# ---------------------------------------------------------------- PDF

# Names in a PDF may be written with numbers for letters: /J#61vaScript.
NUMBERED = re.compile(rb"#([0-9A-Fa-f]{2})")
RUNS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z0-9_.-])")
BEGINS, ENDS = re.compile(rb"(?<!end)stream\r?\n"), b"endstream"


def _check_pdf(data):
    if b"%%EOF" not in data[-2048:]:
        raise NotKept("damaged")
    objects, left = [], UNPACKED_MOST
    for is_stream, part in _parts(data):
        if is_stream:
            part = _inflated(part, left)
            left -= len(part)
            _refuse_what_runs(part)
        else:
            objects.append(part)
    whole = b"\n".join(objects)
    if re.search(rb"/Encrypt(?![A-Za-z])", whole):
        raise NotKept("password")
    _refuse_what_runs(whole)


STREAMS_MOST = 20_000


def _parts(data):
    """The objects, and the streams between them: in a stream of dots any two letters may stand side by chance."""
    at = streams = 0
    while begins := BEGINS.search(data, at):
        yield False, data[at : begins.start()]
        end, streams = data.find(ENDS, begins.end()), streams + 1
        if streams > STREAMS_MOST:
            raise NotKept("unpacks_too_big")
        if end < 0:
            raise NotKept("damaged")
        yield True, data[begins.end() : end]
        at = end + len(ENDS)
    yield False, data[at:]


def _refuse_what_runs(part):
    if EICAR in part:
        raise NotKept("unsafe")
    if RUNS.search(NUMBERED.sub(lambda found: bytes([int(found[1], 16)]), part)):
        raise NotKept("runs")


def _inflated(packed, most):
    """The objects of a packed stream; of one that is packed in another way, or holds a drawing, nothing."""
    try:
        text = zlib.decompressobj().decompress(packed, most + 1)
    except zlib.error:
        return b""
    if len(text) > most:
        raise NotKept("unpacks_too_big")
    return text if _is_objects(text) else b""


def _is_objects(text):
    """Whether it holds objects of the PDF; drawings, fonts and dots do not, and run nothing."""
    return b"<<" in text or EICAR in text


# ---------------------------------------------------------------- Word and Excel

OFFICE = {"word/document.xml": Kind.DOCX, "xl/workbook.xml": Kind.XLSX}
NEVER_IN = re.compile(r"vbaproject|activex|oleobject|macrosheets|\.(?:exe|dll|js|vbs|bat|cmd|ps1|scr|jar|bin)$", re.I)
FINE_BIN = re.compile(r"(?:printersettings|customproperty)\d*\.bin$", re.I)


def _check_office(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _office_kind(archive)
    except NotKept:
        raise
    except Exception:  # zipfile has a whole family of errors for broken files
        raise NotKept("damaged") from None


def _office_kind(archive):
    parts = archive.infolist()
    names = [part.filename for part in parts]
    kind = next((kind for name, kind in OFFICE.items() if name in names), None)
    if any(part.flag_bits & 1 for part in parts):
        raise NotKept("password")
    if kind is None or "[Content_Types].xml" not in names:
        raise NotKept("unknown")
    if len(set(names)) != len(names) or any(_leads_out(name) for name in names):
        raise NotKept("unsafe")
    if any(NEVER_IN.search(name) and not FINE_BIN.search(name) for name in names):
        raise NotKept("runs")
    if len(parts) > PARTS_MOST or sum(part.file_size for part in parts) > UNPACKED_MOST:
        raise NotKept("unpacks_too_big")
    left = UNPACKED_MOST
    for part in parts:
        left -= _check_part(archive, part, left)
    return kind


def _leads_out(name):
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name


def _check_part(archive, part, left):
    """Read to its end, because what a zip says of its own size may be a trap. Returns how much it was."""
    whole, size, before = [], 0, b""
    keeps = part.filename.endswith((".rels", "[Content_Types].xml", "document.xml", "workbook.xml"))
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > left:
                raise NotKept("unpacks_too_big")
            if EICAR in before + chunk:
                raise NotKept("unsafe")
            before = chunk[-len(EICAR) :]
            if keeps:
                whole.append(chunk)
            elif size == len(chunk) and (b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk):
                raise NotKept("unsafe")
    if keeps:
        _check_xml(b"".join(whole), part.filename)
    return size


def _check_xml(text, name):
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise NotKept("unsafe")
    if not name.endswith(".rels"):
        if b"macroEnabled" in text:
            raise NotKept("runs")
        return
    for tie in ElementTree.fromstring(text):
        is_outside = tie.get("TargetMode", "").lower() == "external"
        if is_outside and tie.get("Type", "").rpartition("/")[2] != "hyperlink":
            raise NotKept("fetches")  # a template, a picture or a table that would be fetched when it is opened


# ---------------------------------------------------------------- text

PAGE = re.compile(r"\s*(?:<\?xml|<!doctype|<!--|<(?:html|head|body|script|svg|iframe|style|b|a|img)\b)", re.I)
TYPED = "\t\r\n\f"


def _text_kind(data, name):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotKept("unknown") from None
    if any(unicodedata.category(letter) == "Cc" and letter not in TYPED for letter in text):
        raise NotKept("unknown")
    if PAGE.match(text):
        raise NotKept("unknown")
    return Kind.CSV if name.lower().endswith(".csv") else Kind.TEXT


# ---------------------------------------------------------------- names

SIGNS = re.compile(r"[\\/:*?\"<>|;]+")
STEM_MOST = 80


def shown_name(name, kind):
    """A name to read and to save under: the person's own words, with the ending that is true."""
    name = name.replace("\\", "/").rpartition("/")[2]
    letters = "".join(letter for letter in unicodedata.normalize("NFC", name) if unicodedata.category(letter)[0] != "C")
    stem = SIGNS.sub(" ", letters.rpartition(".")[0] or letters)
    stem = " ".join(stem.split()).strip(". ")[:STEM_MOST].strip()
    return f"{stem or 'file'}.{kind.value}"
