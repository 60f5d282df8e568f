"""Two browsers as people have them, each with a profile on disk, that can be killed whole and started again."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from bench.offline.marionette import Marionette, Refused

PATIENCE = 90  # seconds; a busy machine may stand still for some of them
SWIPED = 8  # letters; more than these come at once


class Stuck(Exception):
    """The page did not come to say or do what it must."""


def first_of(*names):
    return next((path for name in names if (path := shutil.which(name))), None)


class Engine:
    """What both can do. `run` takes the body of a JavaScript function and its `args`."""

    said_port = ""  # the file in the profile in which it says where it can be reached

    def __init__(self):
        self.profile = Path(tempfile.mkdtemp(prefix="cairn-offline-"))
        self.process = None

    def start(self):
        (self.profile / self.said_port).unlink(missing_ok=True)
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(self.command(), start_new_session=True, **quiet)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError, ValueError, IndexError):
                return self.attach(int((self.profile / self.said_port).read_text().split()[0]))
            time.sleep(0.1)
        raise Stuck("the browser does not start")

    def kill(self):
        """-9, the whole of it: windows, pages, workers and helpers, as when a phone runs out of power."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.detach()

    def settle(self):
        """Until what the browser knows is on its disk."""

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.profile, ignore_errors=True)

    def until(self, body, *args, seconds=PATIENCE, what=""):
        """Wait until the page says yes. Pages come and go meanwhile."""
        end, answer = time.monotonic() + seconds, None
        while time.monotonic() < end:
            with contextlib.suppress(self.passing):
                if answer := self.run(body, *args):
                    return answer
            time.sleep(0.1)
        with contextlib.suppress(self.passing):
            answer = self.run("return location.pathname + ' ' + document.body.innerText.slice(0, 400)")
        raise Stuck(f"{what or body} {args or ''}: not within {seconds} s; the page: {answer}")

    def values(self, boxes):
        return self.run(
            "return Object.fromEntries(args[0].map(b => [b, document.getElementById('id_' + b)?.value ?? '']))", boxes
        )


class Firefox(Engine):
    said_port = "MarionetteActivePort"
    passing = (Refused,)
    # It writes what it would restore after a crash each second instead of each fifteen, and asks before it restores.
    prefs = {
        "marionette.port": 0,
        "browser.sessionstore.interval": 1000,
        "browser.sessionstore.resume_from_crash": True,
        "browser.sessionstore.max_resumed_crashes": 0,
        "toolkit.startup.max_resumed_crashes": -1,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
    }

    @staticmethod
    def path():
        return os.environ.get("FIREFOX") or first_of("firefox-esr", "firefox")

    def command(self):
        lines = (f'user_pref("{name}", {str(value).lower()});\n' for name, value in self.prefs.items())
        (self.profile / "user.js").write_text("".join(lines))
        return [self.path(), "--headless", "--no-remote", "--marionette", "--profile", str(self.profile)]

    def attach(self, port):
        self.line = Marionette(port, PATIENCE)

    def detach(self):
        self.line.close()

    def go(self, address):
        self.line.ask("WebDriver:Navigate", url=address)

    def run(self, body, *args):
        script = f"return (async args => {{ {body} }})(arguments[0])"
        return self.line.ask("WebDriver:ExecuteScript", script=script, args=[list(args)])

    def type(self, css, text):
        self.line.ask("WebDriver:ElementSendKeys", id=self.line.find(css), text=text)

    def press(self, css):
        self.line.ask("WebDriver:ElementClick", id=self.line.find(css))


class Chromium(Engine):
    """The browser itself, not its shell alone: that keeps no list of what to restore."""

    said_port = "DevToolsActivePort"
    flags = ["--headless=new", "--remote-debugging-port=0", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
             "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--password-store=basic"]  # fmt: skip

    def __init__(self):
        from playwright.sync_api import Error, sync_playwright

        super().__init__()
        self.passing, self.hand = (Error,), sync_playwright().start()

    @staticmethod
    def path():
        return os.environ.get("CHROMIUM") or first_of("chromium", "chromium-browser", "google-chrome")

    def command(self):
        return [self.path(), *self.flags, f"--user-data-dir={self.profile}", "about:blank"]

    def attach(self, port):
        self.browser = self.hand.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", timeout=PATIENCE * 1000)
        context = self.browser.contexts[0]
        context.set_default_timeout(PATIENCE * 1000)
        self.page = context.pages[0] if context.pages else context.new_page()
        self.page.on("dialog", lambda dialog: dialog.accept())

    def detach(self):
        with contextlib.suppress(*self.passing):
            self.browser.close()

    def settle(self):
        """It writes its cookies down after half a minute, or when it is closed."""
        with contextlib.suppress(*self.passing):
            self.browser.new_browser_cdp_session().send("Browser.close")
        self.process.wait(PATIENCE)
        self.start()

    def close(self):
        super().close()
        self.hand.stop()

    def go(self, address):
        self.page.goto(address)

    def run(self, body, *args):
        return self.page.evaluate(f"async args => {{ {body} }}", list(args))

    def type(self, css, text):
        """Key by key; a whole word or more at once, as when one swipes or talks."""
        box = self.page.locator(css)
        box.focus()
        if len(text) > SWIPED:
            self.page.keyboard.insert_text(text)
        else:
            self.page.keyboard.type(text)

    def press(self, css):
        self.page.locator(css).first.click(no_wait_after=True)


ENGINES = {"firefox": Firefox, "chromium": Chromium}
