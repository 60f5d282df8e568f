"""Keeps a few children alive, and ends them all when it ends."""

import os
import select
import signal
import subprocess
import time

from . import processes, say

FORGET_AFTER = 60  # a child that has lived this long has got over whatever it was
LONGEST_PAUSE = 30
PATIENCE = 15  # for work in hand; what is cut off is done again, as tasks are acknowledged late


class Child:
    """One process to keep alive: a way to start it, and what became of it."""

    def __init__(self, name, spawn, log_text, *, may_fail=None, is_server=False):
        self.name = name
        self.spawn = spawn
        self.log_text = log_text
        self.may_fail = may_fail  # so many deaths in a row end everything; None: try for ever
        self.is_server = is_server  # kept alive here, stopped by those who started it
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self.began = self.again_at = 0.0

    def start(self):
        self.process = self.spawn()
        self.began = time.monotonic()
        self.again_at = 0.0
        return self

    def adopt(self, process):
        """Already started by whoever made it ready."""
        self.process = process
        self.began = time.monotonic()
        return self

    def has_died(self):
        return self.process is not None and self.process.poll() is not None

    def note_death(self):
        """How long to wait before the next try; each death in a row doubles it."""
        lived = time.monotonic() - self.began
        self.deaths = 1 if lived > FORGET_AFTER else self.deaths + 1
        pause = min(2 ** (self.deaths - 1), LONGEST_PAUSE)
        self.again_at = time.monotonic() + pause
        code = self.process.returncode if self.process else None
        self.process = None
        return code, pause

    def has_failed(self):
        return self.may_fail is not None and self.deaths >= self.may_fail

    def facts(self):
        pid = self.process.pid if self.process else None
        return {"name": self.name, "pid": pid, "born": processes.born(pid)}


class Supervisor:
    """Start children in order, stop them in the other; only ever used in the main thread."""

    def __init__(self, on_change=lambda children: None):
        self.children = []
        self.on_change = on_change
        self.asked_to_stop = []
        self.may_interrupt = True
        self._wake = (-1, -1)

    def add(self, child):
        self.children.append(child)
        self.on_change(self.children)

    # While children run, a signal only leaves a note that the loop reads. Before that it cuts the work short.

    def listen(self):
        self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        stops = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup asks to outlive the terminal
            stops.append(signal.SIGHUP)
        for stop in stops:
            signal.signal(stop, self._hear)

    def _hear(self, number, frame):
        self.asked_to_stop.append(number)
        if self.may_interrupt:
            raise KeyboardInterrupt

    def pause(self, seconds):
        """Sleep, but wake at once for a signal."""
        ready, _, _ = select.select([self._wake[0]], [], [], seconds)
        if ready:
            while True:
                try:
                    if len(os.read(self._wake[0], 512)) < 512:
                        return
                except BlockingIOError:
                    return

    def watch(self, until=None):
        """Bring back what dies, until asked to stop or the condition holds. Gives a fault or None."""
        self.may_interrupt = False
        while not self.asked_to_stop and not (until and until()):
            for child in self.children:
                if fault := self._look_after(child):
                    return fault
            self.pause(0.1 if until else 0.5)
        return None

    def _look_after(self, child):
        if child.has_died():
            code, pause = child.note_death()
            if child.has_failed():
                end_of_log = say.tail(child.log_text())
                return f"{child.name} ended {child.deaths} times in a row. The end of its log:\n{end_of_log}"
            say.line(f"{child.name} ended ({how(code)}); starting it again in {pause} s.")
            self.on_change(self.children)
        elif child.process is None and time.monotonic() >= child.again_at:
            child.start()
            self.on_change(self.children)
        return None

    def stop(self):
        """All hear it at once, so that the slowest sets the time; then each is seen out."""
        self.may_interrupt = False
        ours = [child.process for child in self.children if child.process and not child.is_server]
        for process in ours:
            if process.poll() is None:
                processes.send(process.pid, signal.SIGTERM)
        limit = time.monotonic() + PATIENCE
        while any(process.poll() is None for process in ours) and time.monotonic() < limit:
            if len(self.asked_to_stop) > 1:
                say.line("Asked again: ending at once.")
                break
            time.sleep(0.05)
        for process in ours:
            processes.end(process, signal.SIGKILL)
        self.children = []


def how(code):
    if code is not None and code < 0:
        try:
            return f"by {signal.Signals(-code).name}"
        except ValueError:
            return f"by signal {-code}"
    return f"code {code}"
