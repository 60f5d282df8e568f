"""What must hold before anything reads the settings; loaded with `-p` for that.

Processes of one test run, side by side, have each their own database and broker. And the suite may run at night.
"""

import os

os.environ["QUIET_HOURS"] = ""
os.environ.setdefault("FIELD_KEYS", "dGVzdC1vbmx5LXRlc3Qtb25seS10ZXN0LW9ubHktMTI=")

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
SUFFIX = f"_{WORKER}" if WORKER else ""

if WORKER:
    address, _, database = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{address}/{int(database or 0) + int(WORKER.removeprefix('gw')) + 1}"
