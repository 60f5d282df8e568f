// Words kept on the device: only where the person said it is theirs, only their own typing, and only encrypted.
// The key can't be read out of the browser (non-extractable), and lives beside the words it opens, so that
// both go together: when sent, on signing out, or after seven days.

const NAME = "cairn-drafts";
export const KEEP_DAYS = 7;
export const WARN_DAYS = 5;
const DAY = 24 * 60 * 60 * 1000;

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("drafts", { keyPath: "id" });
      asked.result.createObjectStore("keys", { keyPath: "user" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function use(store, mode, act) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const work = db.transaction(store, mode);
      const asked = act(work.objectStore(store));
      work.oncomplete = () => resolve(asked?.result);
      work.onerror = work.onabort = () => reject(work.error);
    });
  } finally {
    db.close();
  }
}

export async function keyOf(user) {
  const kept = await use("keys", "readonly", (store) => store.get(user));
  if (kept) return kept.key;
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await use("keys", "readwrite", (store) => store.put({ user, key }));
  return key;
}

// Whose device this is; null while it is nobody's, or more than one person's.
export async function onlyUser() {
  const keys = await use("keys", "readonly", (store) => store.getAllKeys());
  return keys.length === 1 ? keys[0] : null;
}

export const can = () => Boolean(globalThis.indexedDB && globalThis.crypto?.subtle);

// A place of its own for each open page, so that two tabs of one form never write over each other.
export const placeFor = (user, form) => `${user}|${form}|${crypto.randomUUID()}`;

// Held for as long as this page lives: what an open tab is writing is not for another to take up. A tab that was
// killed lets go. Where a browser has no locks every copy is free.
export function hold(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`cairn ${id}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    }).catch(() => resolve(true));
  });
}

// `facts` are the draft's address and count, never words; `fields` is what was typed; `id` the page's own place.
export async function keep(user, form, facts, fields, id = `${user}|${form}`) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(fields));
  const cipher = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(user), plain);
  const before = await use("drafts", "readonly", (store) => store.get(id));
  const since = before?.since ?? Date.now();
  await use("drafts", "readwrite", (store) => store.put({ id, user, form, ...facts, since, at: Date.now(), iv, cipher }));
}

export async function read(row) {
  try {
    const { key } = await use("keys", "readonly", (store) => store.get(row.user)); // none is made anew: see `wipe`
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, key, row.cipher);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null; // the key is gone, and so are the words
  }
}

const find = (id) => use("drafts", "readonly", (store) => store.get(id));

// Every copy of one form, the newest first: one for each tab it was written in.
export async function copiesOf(user, form) {
  const rows = (await all()).filter((row) => row.user === user && row.form === form);
  return rows.sort((a, b) => b.at - a.at);
}

export const all = () => use("drafts", "readonly", (store) => store.getAll());

// Forget one draft; only if it is still the one that was sent, when `at` is given.
export async function forget(id, at) {
  if (!id) return;
  if (at) {
    const row = await find(id);
    if (row && row.at !== at) return;
  }
  await use("drafts", "readwrite", (store) => store.delete(id));
}

// Everything on this device, keys first: without them the rest can't be read.
export async function wipe() {
  await use("keys", "readwrite", (store) => store.clear());
  await use("drafts", "readwrite", (store) => store.clear());
}

export async function dropOld(now = Date.now()) {
  for (const row of await all()) {
    if (now - row.since > KEEP_DAYS * DAY) await forget(row.id);
  }
}

function bodyOf(row, fields) {
  const body = new URLSearchParams(fields);
  body.set("revision", row.revision || "0");
  body.set("writer", row.writer || "");
  body.set("seq", row.seq);
  return body;
}

const post = (address, body, token) => fetch(address, { method: "POST", body, redirect: "error", headers: { "X-CSRFToken": token, "X-Background": "1", Accept: "application/json" } });

// Give one copy to the server: what clashes there is kept beside what it has. Answers whether it is kept.
export async function send(row, fields, token) {
  const answer = await post(row.form, bodyOf(row, fields), token);
  // 403 and 404: written up meanwhile, or no longer ours to see. The words stay their author's, on a page of their own.
  if ([403, 404].includes(answer.status)) return rescue(row, fields, token);
  // A 200 that is not signed as ours is a network's own sign-in page: nobody has the words yet.
  return answer.ok && answer.headers.has("X-Kept");
}

// What a form does not take any more, as its author left the team or it was written up: the words go to a page of
// their author's own. Answers whether the server has them there.
export async function rescue(row, fields, token) {
  const body = bodyOf(row, fields);
  body.set("rescued_from", row.form);
  const answer = await post("/drafts/rescued/", body, token);
  return answer.ok && answer.headers.has("X-Kept");
}

export const daysKept = (row, now = Date.now()) => Math.floor((now - row.since) / DAY);
