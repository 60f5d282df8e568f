"""Excel's own files: a zip of XML, read with care because anyone can make one."""

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time

from issues.sheets.grids import MOST_COLUMNS, Grid, Merge, tidy
from issues.sheets.refusals import MOST_ROWS, CannotRead

UNPACKED_MOST = 48 * 1024 * 1024
PARTS_MOST = 2000
CELLS_MOST = 600_000
SHEETS_MOST = 30
ROWS_SCANNED = 200_000
MERGES_MOST = 20_000
CHUNK = 1024 * 1024
EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def parts(data):
    """The zip, once it is known to be whole, small enough unpacked, and free of what no log needs."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = archive.infolist()
        _check_kind(names)
        if len(names) > PARTS_MOST or sum(part.file_size for part in names) > UNPACKED_MOST:
            raise CannotRead("unpacks_too_big")
        _check_contents(archive, names)
    except CannotRead:
        raise
    except Exception:  # zipfile has a whole family of errors for broken files, and none means anything to a person
        raise CannotRead("damaged") from None
    return archive


def _check_kind(infos):
    names = {part.filename for part in infos}
    if any(part.flag_bits & 1 for part in infos):
        raise CannotRead("password")
    if "word/document.xml" in names:
        raise CannotRead("word")
    if "content.xml" in names and "mimetype" in names:
        raise CannotRead("open_document")
    if not any(name.startswith("xl/") for name in names):
        raise CannotRead("not_a_sheet")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise CannotRead("macros")


def _check_contents(archive, infos):
    cells = 0
    for part in infos:
        before = b""
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                seen = before + chunk
                if EICAR in seen:
                    raise CannotRead("unsafe")
                cells += chunk.count(b"<c ") + chunk.count(b"<si>")
                before = chunk[-len(EICAR) :]
        if cells > CELLS_MOST:
            raise CannotRead("unpacks_too_big")


def grids(data):
    """One grid for each sheet people can see, each read only when it is asked for."""
    archive = parts(data)
    book = _opened(data)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:SHEETS_MOST]
    return [lambda sheet=sheet: _grid(archive, sheet) for sheet in sheets]


def _opened(data):
    import openpyxl  # 8 MB of each process that reads it, and few bring a workbook in

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # remarks about styles and extensions, which we don't read
        try:
            return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        except Exception:  # openpyxl raises whatever the broken XML led it to
            raise CannotRead("damaged") from None


def _grid(archive, sheet):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Grid(sheet.title, _rows(sheet), _merges(archive, sheet))
        except CannotRead:
            raise
        except Exception:  # as above: the sheet's XML is only read now
            raise CannotRead("damaged") from None


def _rows(sheet):
    sheet.reset_dimensions()  # the file's own word for its size may be wrong, or a trap
    rows = []
    values = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=ROWS_SCANNED, values_only=True)
    for number, cells in enumerate(values, 1):
        if any(cell is not None for cell in cells):
            texts = [_text(cell) for cell in cells]
            if any(texts):
                rows.append((number, texts))
        if len(rows) > MOST_ROWS + 500:
            raise CannotRead("too_many_rows")
    return rows


def _text(cell):
    if cell is None:
        return ""
    if isinstance(cell, str):
        return tidy(ESCAPED.sub(_letter, cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _letter(found):
    """Excel writes letters that XML can't hold as `_x0001_`; a half of a pair is no letter."""
    code = int(found[1], 16)
    return "" if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


def _merges(archive, sheet):
    """Joined cells, which reading by the row does not give."""
    content = archive.read(sheet._worksheet_path)  # openpyxl has no public name for where a sheet lies
    found = MERGE.findall(content)[:MERGES_MOST]
    merges = [Merge(int(top), _column(left), int(bottom), _column(right)) for left, top, right, bottom in found]
    return [merge for merge in merges if merge.left < MOST_COLUMNS and merge.top <= merge.bottom <= 2_000_000]


def _column(letters):
    number = 0
    for letter in letters.decode():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
