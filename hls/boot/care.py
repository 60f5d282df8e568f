"""`down`, `status` and `reset`: what one may ask of an installation from outside."""

import argparse
import shutil
import signal
import sys

from . import processes, say
from .services import Services
from .up import running_facts, sign_in_rows

NOT_RUNNING = 3  # what `status` of a service answers by custom


def down(project, installation, words):
    _no_words("down", words)
    facts = running_facts(installation) if installation.exists() else {}
    if facts:
        _end(facts)
        say.line("Stopped. Your data is kept.")
    elif installation.exists() and _stop_strays(installation):
        say.line("Stopped the embedded servers.")
    else:
        say.line("Cairn isn't running.")
    return 0


def _end(facts):
    if not processes.send(facts["pid"], signal.SIGTERM):
        raise say.Stop(f"Cairn runs as somebody else's process ({facts['pid']}); only they can stop it.")
    say.line(f"Stopping the Cairn at {facts['address']}/ …")
    if not processes.wait_gone(facts["pid"], facts["born"], 90):
        processes.send(facts["pid"], signal.SIGKILL)
        processes.wait_gone(facts["pid"], facts["born"], 10)


def _stop_strays(installation):
    return [server for name in ("dev", "test") for server in Services(installation, name, environ={}).stop_all()]


def status(project, installation, words):
    _no_words("status", words)
    facts = running_facts(installation) if installation.exists() else {}
    if not facts:
        say.plain("Cairn isn't running. Start it with: python3 manage.py up")
        say.plain(f"Its data: {installation.folder if installation.exists() else 'none yet'}")
        return NOT_RUNNING
    say.plain(f"Cairn runs at {facts['address']}/ since {facts['since']} (process {facts['pid']}).")
    for child in facts["children"]:
        alive = processes.is_same(child["pid"], child["born"])
        say.plain(
            f"  {child['name']:<11} {'runs, process ' + str(child['pid']) if alive else 'is being started again'}"
        )
    say.plain(f"Its data: {installation.folder}")
    for row in sign_in_rows(installation.notes().get("demo") or []):
        say.plain(row)
    return 0


def reset(project, installation, words):
    parser = argparse.ArgumentParser(prog="manage.py reset", description="Delete this installation's data.")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    sure = parser.parse_args(words).yes
    if not installation.exists():
        say.line("There is nothing to delete.")
        return 0
    if not sure and not _confirmed(installation):
        say.line("Nothing was deleted.")
        return 1
    down(project, installation, [])
    shutil.rmtree(installation.folder)
    say.line("Deleted. The next start begins anew.")
    return 0


def _confirmed(installation):
    say.plain(f"This deletes the embedded database, files, mails and passwords in {installation.folder}")
    say.plain("A database that DATABASE_URL names is left alone.")
    if not sys.stdin or not sys.stdin.isatty():
        raise say.Stop("There is nobody to ask here. If you mean it: python3 manage.py reset --yes")
    try:
        return input("Type yes to delete it: ").strip().lower() == "yes"
    except (EOFError, KeyboardInterrupt):
        return False


def _no_words(command, words):
    argparse.ArgumentParser(prog=f"manage.py {command}").parse_args(words)
