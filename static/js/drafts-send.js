// On every page of someone whose device is their own: send what was kept while there was no signal, and forget
// everything on signing out. The draft's own page does its own sending.

import * as store from "./drafts-store.js";

async function token() {
  const answer = await fetch("/debriefs/token/", { headers: { Accept: "application/json", "X-Background": "1" }, cache: "no-store" });
  if (answer.redirected || !answer.ok || !answer.headers.has("X-Kept")) return null;
  return answer.json();
}

async function sendOne(row, told) {
  const fields = await store.read(row);
  if (!fields) return store.forget(row.id);
  if (await store.send(row, fields, told.token)) await store.forget(row.id, row.at);
}

async function sendKept() {
  if (!store.can() || !navigator.onLine) return;
  // The oldest first: two tabs of one form, and the later one lies beside the earlier.
  const rows = (await store.all()).filter((row) => row.form.endsWith("/draft/")).sort((a, b) => a.at - b.at);
  if (!rows.length) return;
  const told = await token();
  if (!told) return;
  for (const row of rows) if (row.user === told.user) await sendOne(row, told);
}

document.addEventListener("submit", (event) => {
  const leaving = event.target;
  if (leaving.dataset.wiped !== undefined || !leaving.matches("[data-wipes-drafts], form[action$='/logout/']")) return;
  event.preventDefault();
  leaving.dataset.wiped = "";
  store.wipe().catch(() => {}).finally(() => leaving.requestSubmit());
});

if (!document.querySelector("form[data-token]")) {
  // Also where nobody is signed in: what is too old goes when this browser is next used, whoever uses it.
  store.dropOld().catch(() => {});
  sendKept().catch(() => {});
  addEventListener("online", () => sendKept().catch(() => {}));
}
