"""What a page says of its words, and what rests on the device: each waited for, never guessed by the clock."""

import time

from playwright.sync_api import Error

from tests.helpers.browser import PATIENCE

STORE = """
  const db = await new Promise((ok, no) => { const r = indexedDB.open('cairn-drafts', 1);
    r.onupgradeneeded = () => { r.result.createObjectStore('drafts', {keyPath: 'id'});
                                r.result.createObjectStore('keys', {keyPath: 'user'}); };
    r.onsuccess = () => ok(r.result); r.onerror = no; });
  const all = (name) => new Promise((ok) => {
    const r = db.transaction(name).objectStore(name).getAll(); r.onsuccess = () => ok(r.result); });
  const drafts = await all('drafts'), keys = await all('keys');
  db.close();
"""
IN_CARE = """async () => {
  const found = await navigator.serviceWorker.getRegistration();
  return found?.active?.state === 'activated' && navigator.serviceWorker.controller !== null;
}"""
HELD = "async () => (await navigator.locks.query()).held.filter(lock => lock.name.startsWith('cairn ')).length"


def until(page, script, arg=None):
    """Wait until a script that answers later, as all that asks the device does, says yes.

    Playwright's own wait_for_function takes the promise itself for a yes.
    """
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        try:
            if page.evaluate(script, arg):
                return
        except Error as gone:  # the page was just leaving for the next one
            if "context was destroyed" not in str(gone):
                raise
        page.wait_for_timeout(50)
    raise AssertionError(f"not within {PATIENCE / 1000:.0f} seconds: {script} {arg or ''}")


def says(page, words):
    """Wait until the line that tells how it stands holds these words."""
    page.wait_for_function("words => document.getElementById('save-state')?.textContent.includes(words)", arg=words)


def said_beside(page, prompt, words):
    """Wait until the line beside one prompt begins with these words."""
    page.wait_for_function(
        "([id, words]) => document.getElementById(id)?.textContent.startsWith(words)", arg=[f"at-{prompt}", words]
    )


def ready_for_no_signal(page):
    """The worker has laid by what it needs, and this page is in its care."""
    until(page, IN_CARE)


def on_device(page):
    """The rows kept on the device, and all their bytes as text."""
    return page.evaluate(
        f"""async () => {{ {STORE}
          return {{
            count: drafts.length,
            text: drafts.map(d => JSON.stringify({{...d, cipher: new TextDecoder().decode(d.cipher)}})).join(' '),
            extractable: keys.some(k => k.key.extractable),
          }};
        }}"""
    )


def copies_are(page, count):
    """Wait until so many copies rest on the device."""
    until(page, f"async count => {{ {STORE} return drafts.length === count; }}", count)


def rests(page, *words):
    """Wait until the device has a copy with all of these words; on a page that writes, which can open its own."""
    until(
        page,
        f"""async words => {{ {STORE}
          const store = await import('/static/js/drafts-store.js');
          const texts = await Promise.all(drafts.map(async row => (await store.read(row) ?? []).map(f => f[1])));
          return texts.some(text => words.every(one => text.includes(one)));
        }}""",
        list(words),
    )


def close(beside, *pages, left=0):
    """Close these pages as a phone that dies would. Then only so many copies are held by pages that live on."""
    for page in pages:
        page.close(run_before_unload=False)
    until(beside, f"async left => await ({HELD})() === left", left)


def a_page_beside(page, base):
    """A page of ours that does nothing, to look on from."""
    beside = page.context.new_page()
    beside.goto(f"{base}/static/favicon.svg")
    return beside
