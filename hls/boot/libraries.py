"""System libraries: what WeasyPrint and the browser tests need, installed where we may."""

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from . import say
from .state import is_root

PDF_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")
PDF_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "gobject-2.0", "harfbuzz", "harfbuzz-subset", "fontconfig")
# Without windows and profiles it does the same pages in a third of the processor time.
LIGHT_BROWSER = "chromium-headless-shell"
LIGHT_BROWSER_PACKAGES = (LIGHT_BROWSER, "libatomic1")
BROWSER_PACKAGES = ("chromium", "libatomic1")
BROWSERS = (LIGHT_BROWSER, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
TRY_AGAIN_AFTER = 24 * 60 * 60

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{unpacked}/usr/share/fonts</dir>
  <cachedir>{unpacked}/cache</cachedir>
</fontconfig>
"""


def has_library(name, folders=()):
    """By its file name first: looking it up by name needs tools that a bare system lacks."""
    for number in ("0", "1"):
        for place in ("", *(f"{folder}/" for folder in folders)):
            try:
                ctypes.CDLL(f"{place}lib{name}.so.{number}")
                return True
            except OSError:
                continue
    return ctypes.util.find_library(name) is not None


def pdf_is_possible():
    return all(has_library(name) for name in PDF_LIBRARIES)


def for_pdf(installation):
    """What to add to the environment so that PDFs can be built: nothing, or where the libraries lie."""
    unpacked = installation.folder / "libraries"
    if unpacked_variables(unpacked):
        return unpacked_variables(unpacked)
    if pdf_is_possible() or _tried_lately(installation):
        return {}
    installation.make()
    done = apt_install("Installing Pango, which lays out the PDF", PDF_PACKAGES) if is_root() else unpack(unpacked)
    if not done:
        installation.note(libraries_tried_at=time.time())
        ask_for(PDF_PACKAGES, "Pango is missing: everything works except the PDF of a summary.")
    return unpacked_variables(unpacked)


def _tried_lately(installation):
    if not installation.exists():
        return False
    return time.time() - (installation.notes().get("libraries_tried_at") or 0) < TRY_AGAIN_AFTER


def ask_for(packages, why):
    say.line(why)
    if shutil.which("apt-get"):
        say.line(f"  To add it: {'' if is_root() else 'sudo '}apt-get install {' '.join(packages)}")
    else:
        say.line(f"  To add it, install what your system calls {', '.join(packages)}.")


# As root: the system's own packages.


def apt_install(what, packages):
    if not shutil.which("apt-get") or not is_root():
        return False
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=2", "-q", "-y"]
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    say.run("Asking the system for its list of packages", [*apt, "update"], env=variables)
    code, _, complaint = say.run(what, [*apt, "install", "--no-install-recommends", *packages], env=variables)
    if code:
        say.line(say.tail(complaint, 6))
    return code == 0


# As anybody: the packages' content, beside our data and nowhere else.


def unpack(target):
    """Fetch the packages with private lists and unpack them; needs no rights at all."""
    if not (shutil.which("apt-get") and shutil.which("dpkg") and Path("/etc/apt").is_dir()):
        return False
    work, fresh = target.with_name("libraries.work"), target.with_name("libraries.new")
    for folder in (work, fresh, target):
        shutil.rmtree(folder, ignore_errors=True)
    for part in ("lists/partial", "archives/partial"):
        (work / part).mkdir(parents=True)
    apt = ["apt-get", "-q", "-y", *_private(work)]
    variables = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    say.run("Asking for the list of packages (without touching the system)", [*apt, "update"], env=variables)
    fetch = [*apt, "--download-only", "--no-install-recommends", "install", *PDF_PACKAGES]
    code, _, complaint = say.run("Fetching Pango, which lays out the PDF", fetch, env=variables)
    packages = sorted((work / "archives").glob("*.deb"))
    if code or not packages or not all(_unpack_one(package, fresh) for package in packages):
        say.line(say.tail(complaint, 4))
        shutil.rmtree(work, ignore_errors=True)
        return False
    shutil.rmtree(work, ignore_errors=True)
    (fresh / "fonts.conf").write_text(FONTS.format(unpacked=target))
    fresh.rename(target)
    return bool(unpacked_variables(target))


def _private(work):
    settings = {
        "Dir::State": work,
        "Dir::State::lists": work / "lists",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": work,
        "Dir::Cache::archives": work / "archives",
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",
        "Acquire::Retries": "2",
    }
    # The update hooks of some images tidy the system's own folders, which we may not.
    clear = ["-o", "APT::Update::Post-Invoke=", "-o", "APT::Update::Post-Invoke-Success="]
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")] + clear


def _unpack_one(package, target):
    return subprocess.run(["dpkg", "-x", str(package), str(target)], capture_output=True).returncode == 0


def unpacked_variables(target):
    """They must be set before the Python that uses them starts."""
    if not (target / "fonts.conf").exists():
        return {}
    folders = sorted({str(path.parent) for path in target.rglob("*.so.*")})
    before = [part for part in os.environ.get("LD_LIBRARY_PATH", "").split(":") if part and part not in folders]
    return {"LD_LIBRARY_PATH": ":".join([*folders, *before]), "FONTCONFIG_FILE": str(target / "fonts.conf")}


# The browser, for tests.


def find_browser():
    """The path of a Chromium that the tests can drive, or None."""
    given = os.environ.get("CHROMIUM")
    found = given if given and os.access(given, os.X_OK) else None
    return found or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def for_browser_tests():
    """A browser, fetched if we may. Playwright's own program needs libatomic, which a bare Debian lacks."""
    there = bool(find_browser()) and (sys.platform != "linux" or has_library("atomic"))
    if there and not lighter_is_worth_it():
        return find_browser()
    light = apt_install("Installing Chromium without its windows for the browser tests", LIGHT_BROWSER_PACKAGES)
    if light or there or apt_install("Installing Chromium for the browser tests (a few minutes)", BROWSER_PACKAGES):
        return find_browser()
    ask_for(BROWSER_PACKAGES, "There is no Chromium, so the browser tests can't run.")
    return None


def lighter_is_worth_it():
    """For the whole suite of CI it is; on a person's machine nothing is added to a browser that is there."""
    in_ci = os.environ.get("CI", "").lower() in ("1", "true")
    return in_ci and not os.environ.get("CHROMIUM") and not shutil.which(LIGHT_BROWSER)
