"""Why a file can't be read, in words that say what to do next. Each kind has one message."""

LARGEST_MB = 10
MOST_ROWS = 20_000


class CannotRead(Exception):
    """The one error the reader raises: `kind` names it for code, `str()` is for the person."""

    def __init__(self, kind, **words):
        self.kind = kind
        super().__init__(MESSAGES[kind].format(**words))


MESSAGES = {
    "empty": "This file is empty. Choose the file that holds your log.",
    "too_big": f"This file is bigger than {LARGEST_MB} MB. Take out pictures, or split it in two.",
    "not_a_sheet": "This is not a spreadsheet. Save your log as .xlsx or .csv, then choose it again.",
    "word": (
        "This is a Word file. Copy the table in it, paste it into an empty spreadsheet, "
        "save that as .xlsx or .csv, then choose it here."
    ),
    "old_excel": "This is an old kind of Excel file (.xls). Open it, save it as .xlsx, then choose it again.",
    "open_document": "This is an OpenDocument file. Open it, save it as .xlsx or .csv, then choose it again.",
    "web_page": "This is a web page, not a spreadsheet. Open it in Excel, save it as .xlsx, then choose it again.",
    "password": "This file has a password. Take the password off, save it, then choose it again.",
    "macros": "This file has macros in it. Save it as a plain .xlsx, then choose it again.",
    "unsafe": "This file holds something that virus scanners look for, so we did not open it.",
    "damaged": "This file is damaged, or only part of it got here. Save it again, then choose the new copy.",
    "unpacks_too_big": "This file holds far more than a log does. Copy the table into a new file and try that.",
    "too_many_rows": f"This file has more than {MOST_ROWS:,} rows. Split it into smaller files.",
    "nul_bytes": "This file has empty bytes in its text, so it did not save well. Save it again as CSV or .xlsx.",
    "cannot_decode": "We can’t tell which letters this file uses. Save it as “CSV UTF-8” or as .xlsx.",
    "open_quote": 'A quote mark (") opens in row {row} and never closes. Close it, or take it out.',
    "cell_too_long": "A cell in row {row} is too long to be one cell. Look for a quote mark that never closes.",
    "no_header": (
        "We can’t find the headings. One row needs to say “Issue description”, with Level, Status, Owner "
        "and Action required beside it."
    ),
    "no_description": (
        "We found headings in row {row}, but none for the issue itself. Call that column “Issue description”."
    ),
    "same_heading_twice": "Columns {first} and {second} both hold the {meaning}. Keep one, or rename one.",
    "no_rows": "There are headings in row {row}, but no issues under them.",
}
