#!/usr/bin/env python3
"""Cairn's one door: `up`, `test`, and every Django command. Needs Python 3.11 and pip, and nothing else."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - to say it kindly
    sys.exit("Cairn needs Python 3.11 or newer; this is " + ".".join(map(str, sys.version_info[:3])) + ".")

from hls.boot.cli import run

if __name__ == "__main__":
    run()
