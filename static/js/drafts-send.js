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
  if (!fields) return store.forget(row.user, row.form);
  const body = new URLSearchParams(fields);
  body.set("revision", row.revision || "0");
  body.set("writer", row.writer || "");
  body.set("seq", row.seq);
  const answer = await fetch(row.form, { method: "POST", body, redirect: "error", headers: { "X-CSRFToken": told.token, "X-Background": "1", Accept: "application/json" } });
  // 403 and 404: written up meanwhile, or no longer ours to see. Keep the words until they are old, and say nothing untrue.
  // A 200 that is not signed as ours is a network's own sign-in page: nobody has the words yet.
  if (answer.ok && answer.headers.has("X-Kept")) await store.forget(row.user, row.form, row.at);
}

async function sendKept() {
  if (!store.can() || !navigator.onLine) return;
  await store.dropOld();
  const rows = (await store.all()).filter((row) => row.form.endsWith("/draft/"));
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
  sendKept().catch(() => {});
  addEventListener("online", () => sendKept().catch(() => {}));
}
