"""What `manage.py` does before Django: sees that everything needed is there, then hands over."""

import os
import sys
from pathlib import Path

from . import care, command, libraries, lint, say, settings, testing, up
from .environment import Environment
from .state import Installation

PROJECT = Path(__file__).resolve().parents[2]

HELP = """Cairn

  python3 manage.py up        start everything and keep it running (--port, --host, --no-demo)
  python3 manage.py down      stop it
  python3 manage.py status    say what is running
  python3 manage.py reset     delete this installation's data (asks first)
  python3 manage.py test      run the tests; words after it go to pytest
  python3 manage.py lint      run every check that pre-commit and CI run
  python3 manage.py help      the commands of Django and of Cairn
"""

OURS = {
    "up": up.up,
    "down": care.down,
    "status": care.status,
    "reset": care.reset,
    "test": testing.test,
    "lint": lint.lint,
}
# They use the standard library only, so they need no environment.
WITHOUT_ENVIRONMENT = ("down", "status", "reset")
WITH_DEV = ("test", "lint")


def main(argv):
    say.readable()
    if os.environ.get("CAIRN_BOOT") == "0" and (argv[1:2] == [] or argv[1] not in OURS):
        return command.django(argv)
    try:
        return boot(argv)
    except KeyboardInterrupt:
        say.line("Stopped.")
        return 130


def boot(argv):
    name, words = (argv[1] if len(argv) > 1 else ""), argv[2:]
    if not name or name in ("-h", "--help"):
        say.plain(HELP)
        return 0
    settings.read_env_file(PROJECT)
    installation = Installation(PROJECT)
    if name not in WITHOUT_ENVIRONMENT:
        prepare(name, words, argv, installation)
    if name in OURS:
        return OURS[name](PROJECT, installation, words)
    return command.run(PROJECT, installation, argv)


def prepare(name, words, argv, installation):
    """Make the environment and go on inside it."""
    if name == "up":
        up.check(installation, up.options(words))
    if os.environ.get("CAIRN_BOOT") == "0":
        return
    environment = Environment(PROJECT)
    environment.ensure(dev=name in WITH_DEV)
    extra = {"PYTHONUTF8": "1"}
    if name not in command.WITHOUT_SERVERS and name != "lint":
        extra |= libraries.for_pdf(installation)
    environment.enter(argv, extra)


def run():
    sys.exit(main(sys.argv))
