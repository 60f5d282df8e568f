"""F1, the floor: bare views behind the same session sign-in, hand-written SQL, plain string output.

As fast as this stack can be; every page of Cairn is measured against it in the same run. Served by
``gunicorn bench.floor:application``. It is a measuring stick, never part of the product.
"""

import html
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.floor_settings")
application = get_wsgi_application()

from django.db import connection, transaction  # noqa: E402 - Django must be set up first
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

ROW = "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>"


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def table(found):
    return HttpResponse(
        "<!doctype html><title>floor</title><table>"
        + "".join(ROW % tuple(html.escape(str(v)) for v in row[:4]) for row in found)
        + "</table>"
    )


def place_of(request):
    return rows("SELECT place_id FROM cycles_membership WHERE user_id = %s LIMIT 1", request.user.pk)[0][0]


LIST = """SELECT i.number, i.description, i.level, i.status, c.text, s.text FROM issues_issue i
  LEFT JOIN issues_response c ON c.issue_id = i.id AND c.kind = 'countermeasure'
  LEFT JOIN issues_response s ON s.issue_id = i.id AND s.kind = 'system_change'
  WHERE i.place_id = %s AND i.status = 'open' AND i.level = 2 ORDER BY i.updated_at DESC, i.id DESC LIMIT 25"""


def issue_list(request):
    return table(rows(LIST, place_of(request)))


def issue(request, number):
    place = place_of(request)
    (row,) = rows(
        "SELECT id, description, level, status FROM issues_issue WHERE place_id=%s AND number=%s", place, number
    )
    steps = rows("SELECT what, words, at, state FROM issues_issuestep WHERE issue_id = %s ORDER BY at", row[0])
    responses = rows("SELECT kind, text, state, in_place_on FROM issues_response WHERE issue_id = %s", row[0])
    return table([row[:4], *steps, *responses])


@csrf_exempt
def create(request):
    place = place_of(request)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cycles_place SET issue_counter = issue_counter + 1 WHERE id = %s RETURNING issue_counter", [place]
        )
        (number,) = cursor.fetchone()
        cursor.execute(
            """INSERT INTO issues_issue (place_id, number, cycle_id, team_id, description, who_affected, what_they_face,
              how_many, kind, owner_tier, held_by_id, held_since, domain, is_barrier, is_leverage, leverage_note, status,
              countermeasure_state, system_change_state, raised_by_id, raised_on, closed_how, closed_words, updated_at,
              version, client_id, is_demo)
            SELECT place_id, %s, id, team_id, %s, '', '', '',
              '', '', team_id, current_date, '', false, false, '', 'open', '', '', %s, current_date, '', '', now(), 1,
              gen_random_uuid(), false FROM cycles_learningcycle WHERE place_id = %s LIMIT 1""",
            [number, request.POST["description"], request.user.pk, place],
        )
    return HttpResponse(status=302, headers={"Location": "/floor/list/"})


SEARCH = """SELECT number, description, level, status FROM (
    SELECT *, ts_rank(search, q) AS rank FROM issues_issue, websearch_to_tsquery('english', %s) q
    WHERE place_id = %s AND search @@ q ORDER BY updated_at DESC LIMIT 1000) x ORDER BY rank DESC LIMIT 25"""


def search(request):
    return table(rows(SEARCH, request.GET["q"], place_of(request)))


def overview(request):
    place = place_of(request)
    flow = rows(
        """SELECT level, owner_tier, status, sum(n) FROM issues_flowtally WHERE place_id = %s GROUP BY 1, 2, 3""", place
    )
    wait = rows("SELECT held_by_id, week, sum(n), 0 FROM issues_waittally WHERE place_id = %s GROUP BY 1, 2", place)
    return table(flow + wait)


def export(request):
    of_cycle = LIST.replace("i.status = 'open' AND i.level = 2", "i.cycle_id = %s").replace("LIMIT 25", "")
    out = rows(of_cycle, place_of(request), int(request.GET["cycle"]))
    return HttpResponse("\n".join(";".join(str(v) for v in row) for row in out), content_type="text/csv")


urlpatterns = [
    path("floor/list/", issue_list),
    path("floor/issue/<int:number>/", issue),
    path("floor/create/", create),
    path("floor/search/", search),
    path("floor/overview/", overview),
    path("floor/export/", export),
]
