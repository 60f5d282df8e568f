"""A page that lists things asks the database as often for three of them as for one.

    from tests.helpers.queries import assert_queries_stay_flat

    def test_issue_list_query_count(client, here):
        client.force_login(here.worker)
        assert_queries_stay_flat(client, reverse("issues:list"), lambda: IssueFactory(cycle=here.cycle), most=9)

`add` makes one more of what the page lists. The page is read once unmeasured first (it starts the session),
then with one and with three. `most` is the number the page may take; say in a comment what they are.
"""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(client, url, **extra):
    """The statements that one GET takes, savepoints left out."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, **extra)
    assert response.status_code == 200, f"{url} answered {response.status_code}"
    return [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]


def assert_queries_stay_flat(client, url, add, *, most=None, **extra):
    add()
    client.get(url, **extra)
    one = queries_of(client, url, **extra)
    add()
    add()
    three = queries_of(client, url, **extra)
    grown = [sql for sql in three if sql not in one]
    assert len(three) == len(one), f"{len(one)} queries with one, {len(three)} with three:\n" + "\n".join(grown)
    if most is not None:
        assert len(three) <= most, f"{len(three)} queries, {most} agreed:\n" + "\n".join(three)
    return len(three)
