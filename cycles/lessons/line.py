"""The line a lesson is on: the lessons it grew from and those that grew from it, each through an offer taken up.

Ids alone, whoever may read them: what is told of them is for the page to decide.
"""

from django.db import connection

FURTHEST = 12  # six levels up and as many down; a longer line is told in parts
BEFORE = """
WITH RECURSIVE line(id, far) AS (
    SELECT unnest(%s::bigint[]), 0
    UNION
    SELECT offer.lesson_id, line.far + 1
    FROM line JOIN cycles_lesson lesson ON lesson.id = line.id JOIN cycles_offer offer ON offer.id = lesson.came_by_id
    WHERE line.far < %s
) SELECT DISTINCT id FROM line
"""
AFTER = """
WITH RECURSIVE line(id, far) AS (
    SELECT unnest(%s::bigint[]), 0
    UNION
    SELECT lesson.id, line.far + 1
    FROM line JOIN cycles_offer offer ON offer.lesson_id = line.id JOIN cycles_lesson lesson ON lesson.came_by_id = offer.id
    WHERE line.far < %s
) SELECT DISTINCT id FROM line
"""


def before(ids):
    """These lessons and all that they grew from."""
    return _walk(BEFORE, ids)


def after(ids):
    """These lessons and all that grew from them."""
    return _walk(AFTER, ids)


def _walk(way, ids):
    with connection.cursor() as cursor:
        cursor.execute(way, [list(ids), FURTHEST])
        return {pk for (pk,) in cursor.fetchall()}
