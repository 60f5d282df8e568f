"""Processes of one test run, side by side: each has its own database and its own broker.

Loaded with `-p`, before anything reads the settings, because Celery and the cache take Redis's address from there.
"""

import os

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
SUFFIX = f"_{WORKER}" if WORKER else ""

if WORKER:
    address, _, database = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{address}/{int(database or 0) + int(WORKER.removeprefix('gw')) + 1}"
