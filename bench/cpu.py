"""Processor time of each page against the floor's, without a network between: what a busy machine disturbs least.

    python -m bench.cpu                          # the goal table in milliseconds of one process
    python -m bench.cpu --only Today --askings 40
    python -m bench.cpu --profile Today          # where the time goes, function by function

Cairn and the floor each answer in a process of their own, in turn; of many askings the least counts. `database` is
what PostgreSQL's side of the connection took, where it runs on this machine.
"""

import argparse
import cProfile
import io
import json
import os
import pstats
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import django

from bench import run

APPS = {"cairn": ("hls.settings", "hls.wsgi"), "floor": ("bench.floor_settings", "bench.floor")}


class Answering:
    """A WSGI application that is asked from within its own process."""

    def __init__(self, name):
        settings, module = APPS[name]
        os.environ["DJANGO_SETTINGS_MODULE"] = settings
        self.application = __import__(module, fromlist=["application"]).application
        self.backend = None

    def ask(self, method, address, body, cookie):
        """(processor seconds here, processor seconds of the database's side, status, body) of one request."""
        path, query = urlsplit(address)[2:4]
        sent = body.encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": cookie,
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if sent else "",
            "CONTENT_LENGTH": str(len(sent)),
            "wsgi.input": io.BytesIO(sent),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        said = []
        before = self.of_database()
        began = time.process_time()
        answer = self.application(environ, lambda status, headers: said.append(int(status[:3])))
        text = b"".join(answer)
        answer.close()
        took = time.process_time() - began
        return took, self.of_database() - before, said[0], text

    def of_database(self):
        """Processor seconds so far of the PostgreSQL process that this one talks to, or 0 where it is elsewhere."""
        from django.db import connection

        if connection.connection is None:
            return 0
        process = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        return int(process.read_text().split()[0]) / 1e9 if process.exists() else 0


def serve(name):
    """Answer what comes in, line by line, and say what it took."""
    answering = Answering(name)
    for line in sys.stdin:
        took, database, status, text = answering.ask(*json.loads(line))
        print(json.dumps([took, database, status, len(text)]), flush=True)


class Asking:
    def __init__(self, name, cookies, token):
        self.cookies, self.token = cookies, token
        command = [sys.executable, "-m", "bench.cpu", "--serve", name]
        self.process = subprocess.Popen(command, cwd=run.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, who, address, fields):
        method, body = "GET", ""
        if fields is not None:
            method, body = "POST", urlencode({**fields, "csrfmiddlewaretoken": self.token[1]})
        cookie = f"{self.cookies[who]}; {self.token[0]}={self.token[1]}"
        self.process.stdin.write(json.dumps([method, address, body, cookie]) + "\n")
        self.process.stdin.flush()
        took, database, status, size = json.loads(self.process.stdout.readline())
        if status >= 400:
            raise SystemExit(f"{status} from {address}")
        return took * 1000, database * 1000, size

    def end(self):
        self.process.stdin.close()
        self.process.wait(20)


HEAD = f"{'action':32} {'Cairn':>7} {'floor':>7} {'ratio':>6} {'goal':>5} {'middle':>7} {'database':>9} {'floor':>7} {'bytes':>8}"


def measure(action, cairn, floor, askings):
    ours, theirs = [], []
    for i in range(run.WARM + askings):
        answer = cairn.ask(action.who, *action.ask())
        base = floor.ask(action.who, action.floor, action.floor_fields() if action.floor_fields else None)
        if i >= run.WARM:
            ours.append(answer)
            theirs.append(base)
    least, base = min(one[0] for one in ours), min(one[0] for one in theirs)
    middle = statistics.median(one[0] for one in ours) / statistics.median(one[0] for one in theirs)
    print(
        f"{action.name:32} {least:7.2f} {base:7.2f} {least / base:6.2f} {action.goal:5.1f} {middle:7.2f}"
        f" {min(one[1] for one in ours):9.2f} {min(one[1] for one in theirs):7.2f} {ours[-1][2]:8,}",
        flush=True,
    )


def profile(action, cookies, token, askings):
    """The functions that one page spends its time in, by their own time and with what they call."""
    answering, about = Answering("cairn"), cProfile.Profile(time.process_time)
    for i in range(run.WARM + askings):
        address, fields = action.ask()
        body = urlencode({**fields, "csrfmiddlewaretoken": token[1]}) if fields else ""
        cookie = f"{cookies[action.who]}; {token[0]}={token[1]}"
        if i >= run.WARM:
            about.enable()
        answering.ask("POST" if fields else "GET", address, body, cookie)
        about.disable()
    for order in ("tottime", "cumulative"):
        pstats.Stats(about).sort_stats(order).print_stats(110)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--askings", type=int, default=30)
    parser.add_argument("--only", default="", help="parts of actions' names, with commas between")
    parser.add_argument("--profile", default="")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    django.setup()
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string

    cast = run.people()
    run.clear_away()
    token = (settings.CSRF_COOKIE_NAME, _get_new_csrf_string())
    cookies = {who: run.session_for(user) for who, user in cast.items()}
    wanted = (options.profile or options.only).split(",")
    chosen = [action for action in run.actions(cast) if any(part in action.name for part in wanted)]
    if options.profile:
        return profile(chosen[0], cookies, token, options.askings)
    of_floor = {who: run.session_for(user, run.FLOOR_BACKEND) for who, user in cast.items()}
    cairn, floor = Asking("cairn", cookies, token), Asking("floor", of_floor, token)
    print(HEAD)
    for action in chosen:
        measure(action, cairn, floor, options.askings)
    cairn.end()
    floor.end()
    return None


if __name__ == "__main__":
    main()
