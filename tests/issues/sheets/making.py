"""Files as teams make them."""

import csv
import io

import openpyxl

SOURCE_HEAD = [
    ["Issue description", "Level", "", "", "Status", "Owner", "", "", "Action required", ""],
    ["", "Ind", "Sys", "Macro", "", "Team", "L'ship", "Govt", "Countermeasure (now)", "System change (new normal)"],
]
SOURCE_MERGES = ["A1:A2", "B1:D1", "E1:E2", "F1:H1", "I1:J1"]


def csv_bytes(rows, *, delimiter=",", encoding="utf-8"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows, *, merges=(), title="Log", before=(), after=()):
    """A workbook; `before` and `after` are other sheets, each a (title, rows)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in [*before, (title, rows), *after]:
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append([None if cell == "" else cell for cell in row])
        for cells_joined in merges if name == title else ():
            sheet.merge_cells(cells_joined)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
