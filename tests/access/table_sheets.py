"""A log on its way in and out: what waits for a yes belongs to its uploader alone."""

from datetime import date

from issues.sheets.actions import import_rows, keep_upload
from issues.sheets.reading import read
from tests.access.rows import SIGNED_IN, Row

MINE = frozenset({"worker"})
IN_A_TEAM = SIGNED_IN - {"admin"}


def build(w):
    words = w.secret("words of a file that waits", MINE)
    sheet = read(f"Issue description,Level\n{words},Sys/Ind\n".encode(), today=date(2026, 11, 20))
    w.upload = keep_upload(sheet=sheet, cycle=w.cycle, by=w.worker, file_name="log.csv", digest="a" * 64)
    name = w.secret("name of a file that came in", MINE)
    w.batch = import_rows(cycle=w.cycle, rows=[], by=w.worker, file_name=name, digest="b" * 64)


def upload(w):
    return {"token": w.upload.token}


ROWS = [
    Row("issues:export_csv", sees=SIGNED_IN, posts=SIGNED_IN),
    Row("issues:export_xlsx", sees=SIGNED_IN, posts=SIGNED_IN),
    Row("issues:import", sees=IN_A_TEAM, refused=frozenset({"admin"}), posts=IN_A_TEAM),
    Row("issues:import_empty", sees=SIGNED_IN),
    Row("issues:import_check", upload, sees=MINE, posts=MINE),
    Row("issues:import_confirm", upload, posts=MINE, only_post=True),
    Row("issues:import_throw_away", upload, posts=MINE, only_post=True),
    Row("issues:import_done", lambda w: {"token": w.batch.token}, sees=MINE),
]
