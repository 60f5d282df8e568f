"""One person's evening without a signal: from signing in to the words that came, once, and nothing that stayed."""

import random
import time
from contextlib import suppress
from dataclasses import dataclass, field

from bench.offline import line as lines
from bench.offline.engines import Stuck
from bench.offline.words import BOXES, Typed, Words, lost, plain_in

LETTERS = 2600
BEFORE = 2000  # so many are typed before anything goes wrong
OLD = 5  # seconds after which a letter must be safe
KINDS = ("kill", "lost answer", "cafe", "reload", "kill", "sign out", "cafe", "lost answer", "kill", "kill")
BREAKS = ("plain", "lost", "twice")

ROWS = """
  const db = await new Promise((ok, no) => { const r = indexedDB.open('cairn-drafts');
    r.onupgradeneeded = () => r.transaction.abort(); r.onsuccess = () => ok(r.result); r.onerror = () => no(r.error); });
"""
COUNT = f"""{ROWS}
  const count = (name) => new Promise((ok) => {{
    const r = db.transaction(name).objectStore(name).count(); r.onsuccess = () => ok(r.result); }});
  const found = [await count('drafts'), await count('keys')];
  db.close();
  return found;
"""
PUT = f"""{ROWS}
  await new Promise((ok, no) => {{ const work = db.transaction('drafts', 'readwrite');
    args[0] ? work.objectStore('drafts').put({{id: 'in the clear', form: '/none/', text: args[0]}})
            : work.objectStore('drafts').delete('in the clear');
    if (args[1]) work.objectStore('drafts').clear();
    work.oncomplete = ok; work.onerror = no; }});
  db.close();
"""
IN_CARE = """
  const found = await navigator.serviceWorker.getRegistration();
  return found?.active?.state === 'activated' && navigator.serviceWorker.controller !== null;
"""
AT = "return location.pathname === args[0] && document.readyState === 'complete';"
SAYS = "return document.getElementById('save-state')?.textContent.includes(args[0]);"
HOLDS = "return Object.entries(args[0]).every(([b, t]) => document.getElementById('id_' + b)?.value.startsWith(t));"


@dataclass
class Outcome:
    kind: str
    typed: int = 0
    lost: int = 0  # older than five seconds when it went wrong, or not on the server in the end
    younger: int = 0  # lost, and younger than that
    repeats: int = 0
    plain: list = field(default_factory=list)
    left: int = 0  # copies or keys that stayed on the device
    seconds: float = 0


class Journey:
    def __init__(self, engine, world, line, chance, kind, broken=""):
        self.engine, self.world, self.line, self.chance, self.broken = engine, world, line, chance, broken
        self.out, self.words, self.typed = Outcome(kind), Words(chance, LETTERS), Typed()
        self.user, self.debrief = world.person(), world.debrief()
        self.page, self.home = f"/debriefs/{self.debrief.pk}/write/", f"/debriefs/{self.debrief.pk}/"
        self.draft = f"/debriefs/{self.debrief.pk}/draft/"

    def run(self):
        began = time.monotonic()
        self.begin()
        self.write()
        self.go_wrong()
        self.write_on()
        if self.out.kind == "sign out":
            self.sign_out(with_words=True)
        else:
            self.come_back()
            self.share()
            self.sign_out()
            self.count()
        self.engine.kill()
        self.search()
        self.out.typed, self.out.seconds = self.typed.letters, time.monotonic() - began
        return self.out

    def go(self, path):
        self.engine.go(self.line.address + path)

    def at(self, path):
        self.engine.until(AT, path, what=f"at {path}")

    def sign_in(self):
        self.at("/account/login/")
        self.engine.type("input[name=login]", self.user.email)
        self.engine.type("input[name=password]", self.world.password)
        self.engine.press("main button[type=submit]")

    def begin(self):
        """Signed in on a device of one's own; the notes were open once, and sometimes begun."""
        self.engine.start()
        self.go("/account/login/?next=/account/")
        self.sign_in()
        self.at("/account/")
        self.engine.press("input[name=own_device]")
        self.engine.press("main form:has(input[name=own_device]) button")
        self.engine.until("return document.querySelector('script[src*=drafts-send]') !== null", what="own device")
        self.engine.settle()
        self.go(self.page)
        self.engine.until(IN_CARE, what="the service worker")

    def write(self):
        """Typed key by key; some pause for thought, some never do. Notes when each part was typed."""
        parts = list(self.words.parts())
        total, done = sum(len(part) for _, part in parts), 0
        stop = self.chance.randint(BEFORE, total)
        cut = self.chance.choice((0, 0, 300))  # some begin while there is a signal
        thinks = self.chance.choice((0, 0.03, 0.1))
        if not cut:
            self.lose_signal()
        for box, part in parts:
            self.engine.type(f"#id_{box}", part)
            self.typed.add(box, part)
            before, done = done, done + len(part)
            if before < cut <= done:
                self.lose_signal()
            if done >= stop:
                break
            time.sleep(
                self.chance.uniform(0.4, 1.5) if self.chance.random() < thinks else self.chance.uniform(0.01, 0.12)
            )

    def lose_signal(self):
        self.line.turn(self.chance.choice((lines.GONE, lines.GONE, lines.SILENT)))

    def go_wrong(self):
        """At any moment: the browser is killed, or the page opened anew. What is old enough must be there."""
        time.sleep(self.chance.choice((0, self.chance.uniform(0, 2), self.chance.uniform(0, 7))))
        if self.broken == "plain":
            self.engine.run(PUT, self.words.text["now"], False)
        if self.broken == "lost":
            self.engine.run(PUT, "", True)
        if self.broken:
            time.sleep(1)
        at = time.monotonic()
        self.line.turn(lines.GONE)
        if self.out.kind != "reload":
            self.engine.kill()
            self.search()
            self.engine.start()
        self.go(self.page)
        self.engine.until("return document.querySelector('form[data-blank]') !== null", what="the empty form")
        if self.broken == "plain":
            self.engine.run(PUT, "", False)
        old, all_of_it = self.typed.by(at - OLD), self.typed.by(at)
        for wanted in (all_of_it, old):
            with suppress(Stuck):
                self.engine.until(HOLDS, wanted, seconds=6)
                break
        self.found = self.engine.values(BOXES)
        self.out.lost += lost(old, self.found)
        self.out.younger += lost(all_of_it, self.found) - lost(old, self.found)

    def write_on(self):
        """What was lost, and the rest, typed into the empty form; the device has it in five seconds."""
        for box in BOXES:
            text, there = self.words.text[box], self.found[box]
            rest = text[len(there) :] if text.startswith(there) else ""
            for n in range(0, len(rest), 40):
                self.engine.type(f"#id_{box}", rest[n : n + 40])
                self.typed.add(box, rest[n : n + 40])
        self.engine.until(SAYS, "Safe on this phone")
        time.sleep(OLD)
        self.search()

    def come_back(self):
        """Every session has ended. The signal comes back, and after signing in the words stand there."""
        self.world.end_sessions(self.user)
        if self.out.kind == "cafe":
            self.line.turn(lines.CAFE)
            self.engine.run("dispatchEvent(new Event('online'))")
            time.sleep(2)
            self.go(self.page)
            self.engine.until("return document.title === 'Free wifi'")
        if self.out.kind == "lost answer":
            self.line.deaf_to.append(f"POST {self.draft}".encode())
        self.line.turn(lines.WHOLE)
        if self.out.kind != "cafe" and self.chance.random() < 0.5:
            self.engine.until(SAYS, "Sign in")
            self.engine.press("#save-state a")
        else:
            self.go(self.page)
        self.sign_in()
        self.at(self.page)
        self.engine.until(HOLDS, self.words.text, what="the words after signing in")
        self.engine.until(f"const found = await (async () => {{ {COUNT} }})(); return found[0] === 0;", what="sent")
        self.engine.until(SAYS, "Saved")

    def share(self):
        """Pressed once, or again by someone who was never answered."""
        if self.out.kind == "lost answer":
            self.line.deaf_to.append(f"POST {self.page}".encode())
        self.engine.press("button[value=share]")
        if self.out.kind == "lost answer":
            self.engine.until("return !document.querySelector('#debrief') || location.pathname !== args[0]", self.page)
            self.go(self.page)
            if self.engine.run("return document.querySelector('button[value=share]') !== null"):
                self.engine.press("button[value=share]")
            if not self.line.swallowed:
                raise Stuck("no answer was lost")
        self.at(self.home)

    def count(self):
        """On the server: one set of notes, each box once, exactly as typed."""
        if self.broken == "twice":
            self.world.repeat(self.debrief)
        notes, answers = self.world.shared(self.debrief)
        self.out.repeats += max(0, notes - 1) + max(0, len(answers) - len(BOXES))
        self.out.lost += sum(len(text) for text in self.words.text.values() if text not in answers)

    def sign_out(self, *, with_words=False):
        """Takes the words and their key off the device, also those that were never sent."""
        if with_words:
            self.line.refused = (b"GET /debriefs/token/", b"POST /debriefs/", b"POST /drafts/")
            self.line.turn(lines.WHOLE)
        self.go("/account/logout/")
        if with_words:
            copies, keys = self.engine.run(COUNT)
            if not copies or not keys:
                self.out.lost += self.typed.letters
        self.engine.press("form[data-wipes-drafts] button")
        self.at("/account/login/")
        self.out.left += sum(self.engine.run(COUNT))
        self.line.refused = ()

    def search(self):
        self.out.plain += [one for one in plain_in(self.engine.profile, self.words.stem) if one not in self.out.plain]


def journey(engine_kind, world, server_port, number, seed, broken=""):
    """One run in a profile of its own."""
    chance = random.Random(f"{seed} {number}")
    line, engine = lines.Line(server_port), engine_kind()
    try:
        return Journey(engine, world, line, chance, KINDS[number % len(KINDS)], broken).run()
    finally:
        engine.close()
        line.close()
