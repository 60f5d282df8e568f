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

// `facts` are the draft's address and count, never words; `fields` is what was typed.
export async function keep(user, form, facts, fields) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(fields));
  const cipher = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(user), plain);
  const id = `${user}|${form}`;
  const before = await use("drafts", "readonly", (store) => store.get(id));
  const since = before?.since ?? Date.now();
  await use("drafts", "readwrite", (store) => store.put({ id, user, form, ...facts, since, at: Date.now(), iv, cipher }));
}

export async function read(row) {
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, await keyOf(row.user), row.cipher);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null; // the key is gone, and so are the words
  }
}

export const find = (user, form) => use("drafts", "readonly", (store) => store.get(`${user}|${form}`));
export const all = () => use("drafts", "readonly", (store) => store.getAll());

// Forget one draft; only if it is still the one that was sent, when `at` is given.
export async function forget(user, form, at) {
  if (at) {
    const row = await find(user, form);
    if (row && row.at !== at) return;
  }
  await use("drafts", "readwrite", (store) => store.delete(`${user}|${form}`));
}

// Everything on this device, keys first: without them the rest can't be read.
export async function wipe() {
  await use("keys", "readwrite", (store) => store.clear());
  await use("drafts", "readwrite", (store) => store.clear());
}

export async function dropOld(now = Date.now()) {
  for (const row of await all()) {
    if (now - row.since > KEEP_DAYS * DAY) await forget(row.user, row.form);
  }
}

export const daysKept = (row, now = Date.now()) => Math.floor((now - row.since) / DAY);
