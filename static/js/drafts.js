// The page where notes are written. Everything works without this; with it, nothing typed is lost to a dead signal.
// The state line is the truth: Saved (the server has it), Safe on this phone (the device has it), Not saved yet.

import * as store from "./drafts-store.js";

const form = document.querySelector("form[data-token]");
const owns = form && (form.dataset.ownDevice !== undefined || form.dataset.blank !== undefined) && store.can();
const QUIET = 300; // ms after a change, before it is kept on the device
const RETRY = 15000;
const SLOW = 5000; // after so long on its way, a save is called slow
const ICONS = { check: "M4.5 12.8l5 5L19.5 7", phone: "M7 2.8h10a1 1 0 0 1 1 1v16.4a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V3.8a1 1 0 0 1 1-1zM11 18.3h2", warn: "M12 4l9.5 16h-19zM12 10v4.5M12 17.3v.1" };

let seq = Date.now() % 1e9 | 0; // counts on, even after a reload of the same page
let kept = null; // when the device last kept the words
let keeping;
let waiting = false; // a save did not get through
let changes = 0; // counts what was typed; the server has it all when it has answered the newest
let broughtBack; // as many as there were when the words from the device were laid into the form
let asked = 0;
let answered = 0;
let wantsToShare = false;
let signedOut = false; // the server said so, and no newer answer says otherwise
let warning = ""; // how long the device still keeps old words
let earlier = []; // what was kept before and has no box on this page
let base = { revision: "", writer: "" };
let patience; // until a save that is on its way is called slow
let unsent = new Set(); // prompts with words the server does not have yet
const newer = new Set(); // of those, the ones typed in since the save that is on its way
let slot = null; // where on the device this page keeps its words
let others = []; // what other tabs that were killed kept of this form: [row, fields]
let when = {}; // when the device kept the words of each of those
let device = Promise.resolve();

// The device keeps, reads and forgets one after the other: no copy lands after its words were sent, and none is
// written before we know what was there.
const inTurn = (act) => (device = device.catch(() => {}).then(act));

const sends = form?.dataset.sends ?? "shared"; // what its button does with the words, said of them

// The empty form that the service worker serves stands for the page it was opened at.
const where = form?.dataset.blank !== undefined ? location.pathname.replace(/write\/?$/, "draft/") : form?.dataset.draft;
let user = form?.dataset.user ? Number(form.dataset.user) : null;

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hour12: true });
const clockOf = (at) => TIME.format(new Date(at)).replace(/\s/g, "").replace(/^0:/, "12:");
const clock = () => clockOf(Date.now());
const promptOf = (name) => name.split("-")[0];

// Beside each prompt: how it stands with its own words.
function tellPrompt(name, words) {
  const line = document.getElementById(`at-${name}`);
  if (line && line.textContent !== words) line.textContent = words;
}
const line = () => document.getElementById("save-state");

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon icon-s");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// Say how it stands, keeping the hidden revision that lives in the same line.
function tell(state, words, link) {
  const output = line();
  if (!output) return;
  output.dataset.state = state;
  const said = document.createElement("span");
  said.dataset.words = "";
  said.textContent = words;
  if (link) said.append(" ", Object.assign(document.createElement("a"), link));
  const hidden = output.querySelector("input");
  output.replaceChildren(icon(state === "saved" ? "check" : state === "offline" ? "phone" : "warn"), " ", said, ...(hidden ? [hidden] : []));
}

function tellUnsent() {
  waiting = true;
  if (wantsToShare) tell(owns && kept ? "offline" : "failed", owns && kept ? `Safe on this phone, no signal. It is ${sends} when you are back.` : `Not ${sends} yet, no signal. Keep this page open.`);
  else if (owns && kept) tell("offline", `Safe on this phone ${clock()}, no signal.${warning}`);
  else tell("failed", "Not saved yet, no signal. Keep this page open.");
}

const LEFT_OUT = new Set(["csrfmiddlewaretoken", "action", "revision", "seq", "writer"]);

function typed() {
  const here = [...new FormData(form)].filter(([name]) => !LEFT_OUT.has(name));
  return [...here, ...earlier.filter(([name]) => !form.elements[name])];
}

const value = (name) => new FormData(form).get(name) ?? "";

const keepOnDevice = () => inTurn(putOnDevice);

async function putOnDevice() {
  if (!owns || user === null) return;
  slot ??= store.placeFor(user, where ?? location.pathname);
  const facts = { revision: value("revision") || base.revision, writer: value("writer") || base.writer || slot.split("|").pop(), seq: ++seq };
  for (const name of unsent) when[name] = clock();
  const about = { when, page: location.pathname + location.search, called: form.dataset.called };
  await store.keep(user, where ?? location.pathname, { ...facts, ...about }, typed(), slot);
  kept = Date.now();
  for (const name of unsent) tellPrompt(name, `On this phone, ${when[name]}`);
  if (signedOut) askToSignIn();
  else if (waiting || !navigator.onLine) tellUnsent();
}

// What a browser would put back after a crash it keeps in the clear: not what is written here.
const keepUnlisted = (control) => { if (control.matches("textarea, input[type=text]")) control.autocomplete = "off"; };

// `input` alone: `change` would come as someone leaves the box to press a link in the state line, and move it away.
function changed(event) {
  keepUnlisted(event.target);
  changes += 1;
  if (going) goOnAnew();
  if (event.target.name) {
    unsent.add(promptOf(event.target.name));
    newer.add(promptOf(event.target.name));
    tellPrompt(promptOf(event.target.name), owns ? "" : "Not saved yet");
  }
  waiting ||= form.dataset.blank !== undefined; // it is there because nothing gets through
  if (!waiting && line()?.dataset.state !== "clash") tell("typing", "Saving…");
  // Not put off by what is typed meanwhile: someone who never pauses is kept too.
  keeping ||= setTimeout(() => { keeping = 0; keepOnDevice().catch(() => {}); }, QUIET);
}

// What was typed before, put back into its boxes.
function fill(fields) {
  const byName = Map.groupBy ? Map.groupBy(fields, ([name]) => name) : fields.reduce((m, f) => m.set(f[0], [...(m.get(f[0]) ?? []), f]), new Map());
  for (const control of form.elements) {
    if (!control.name || LEFT_OUT.has(control.name) || control.type === "hidden" || control.tagName === "BUTTON") continue;
    const values = (byName.get(control.name) ?? []).map(([, v]) => v);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (values.length) {
      control.value = values[0];
      // Words in a closed part of the page would look lost.
      if (control.tagName === "TEXTAREA" && values[0]) control.closest("details")?.setAttribute("open", "");
    }
  }
}

// The page goes on as the one that kept these words: its own saves are no clash, another's since then is one, and
// what was sent already is known by its id.
function goOnAs(row, fields) {
  for (const [name, was] of [["writer", row.writer], ["revision", row.revision], ["client_id", idOf(fields)]]) {
    const box = form.querySelector(`[name=${name}]`);
    if (box && was) box.value = was;
  }
}

// Copies of this form that no open page is writing: the newest is this page's own from here on, any other is a further
// version, of a tab that was killed. So is the newest where someone was quicker than the device: nothing is laid over
// what they typed.
async function takeUp() {
  let mine = null;
  for (const row of await store.copiesOf(user, where ?? location.pathname)) {
    if (!(await store.hold(row.id))) continue;
    const fields = await store.read(row);
    if (!fields || wasSent(fields) || wasHad(row)) await store.forget(row.id);
    else if (mine) others.push([row, fields]);
    else mine = [row, fields];
  }
  if (mine && changes) {
    others.push(mine);
    mine = null;
  }
  slot = mine ? mine[0].id : store.placeFor(user, where ?? location.pathname);
  if (!mine) await store.hold(slot);
  return mine;
}

// Several versions: the server takes them all, lays them side by side, and the page shows both until one is chosen.
async function giveAll(copies) {
  if (!where?.endsWith("/draft/")) return false; // no form that is begun by sending it
  const token = await freshToken();
  if (!token) return false;
  for (const [row, fields] of [...copies].sort(([a], [b]) => a.at - b.at)) {
    if (!(await store.send(row, fields, token))) return false;
    await store.forget(row.id);
  }
  if (changes !== answered) await keepOnDevice();
  going = true;
  location.reload();
  return true;
}

// Without a signal they are read here, beside the form; nothing of them is laid into it unasked.
function showOthers() {
  for (const [row, fields] of others) {
    const part = Object.assign(document.createElement("details"), { className: "sheet flow mb-l", open: true });
    part.dataset.otherVersion = "";
    part.append(Object.assign(document.createElement("summary"), { textContent: `Another version, from ${clockOf(row.at)}, is safe on this phone` }));
    for (const [name, text] of fields) {
      const control = form.elements[name];
      if (!text.trim() || !control?.matches?.("textarea, input[type=text]")) continue;
      const label = form.querySelector(`label[for="${control.id}"]`)?.textContent.trim() ?? "";
      part.append(Object.assign(document.createElement("p"), { className: "by", textContent: label }), Object.assign(document.createElement("p"), { className: "voice marked", textContent: text }));
    }
    part.append(Object.assign(document.createElement("p"), { className: "hint", textContent: "Both are kept. When there is a signal you choose which words stay." }));
    form.prepend(part);
  }
}

// The page knows the newest forms that were sent: what the device kept of one is no draft any more.
const idOf = (fields) => fields.find(([name]) => name === "client_id")?.[1];
// And which save of which page the server had last: a copy that is no newer was taken, or was chosen between.
const wasHad = (row) => {
  const [writer, count] = (form.dataset.had ?? "").split(":");
  return Boolean(writer) && row.writer === writer && row.seq <= Number(count);
};
const wasSent = (fields) => (form.dataset.sent ?? "").split(" ").includes(idOf(fields));

async function readDevice() {
  await store.dropOld();
  if (user !== null) await store.keyOf(user);
  // The empty form knows nobody: it is for whoever this device belongs to.
  else user = await store.onlyUser();
  return user === null ? null : takeUp();
}

async function restore() {
  if (!owns) return;
  const mine = await inTurn(readDevice);
  const all = mine ? [...others, mine] : others;
  if (others.length && form.dataset.blank === undefined && (await giveAll(all).catch(() => false))) return;
  if (!mine) return showOthers();
  const [row, fields] = mine;
  fill(fields);
  if (form.dataset.blank !== undefined) [earlier, base] = [fields, row];
  kept = row.at;
  broughtBack = changes += 1;
  seq = Math.max(seq, row.seq);
  when = row.when ?? {};
  for (const [name, at] of Object.entries(when)) {
    unsent.add(name);
    tellPrompt(name, `On this phone, ${at}`);
  }
  goOnAs(row, fields);
  waiting = true;
  showOthers();
  const days = store.daysKept(row);
  warning = days >= store.WARN_DAYS ? ` They are kept here for ${Math.max(1, store.KEEP_DAYS - days)} more day${store.KEEP_DAYS - days > 1 ? "s" : ""}.` : "";
  tell("offline", `Your words from this phone are back.${warning}`);
  send();
}

// ---------------------------------------------------------------- sending

// Our answers are signed; a café's own sign-in page answers 200 to anything, and has not kept a word.
const isOurs = (xhr) => Boolean(xhr.getResponseHeader("X-Kept"));

// A token that holds, and whether we are still signed in: asked before anything is sent late.
async function freshToken() {
  const answer = await fetch(form.dataset.token, { headers: { Accept: "application/json", "X-Background": "1" }, cache: "no-store", signal: AbortSignal.timeout(8000) });
  if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname.startsWith("/account/"))) return null; // signed out
  if (!answer.ok || !answer.headers.has("X-Kept")) throw new Error("not an answer of ours");
  const told = await answer.json();
  if (user !== null && told.user !== user) return null;
  signedOut = false;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": told.token }));
  for (const hidden of document.querySelectorAll("[name=csrfmiddlewaretoken]")) hidden.value = told.token;
  return told.token;
}

function askToSignIn() {
  signedOut = true;
  const back = `${document.body.dataset.signIn ?? "/account/login/"}?next=${encodeURIComponent(location.pathname + location.search)}`;
  // With the words safe on the device this page may be left; without, it must stay open.
  const aside = owns && kept ? {} : { target: "_blank", rel: "noopener" };
  tell("failed", owns && kept ? "Safe on this phone." : "Not saved yet. Your words are still here.", { href: back, textContent: "Sign in to send", ...aside });
}

let sending = false;
async function send() {
  if (sending || !form) return;
  sending = true;
  try {
    if (!(await freshToken())) return askToSignIn();
    if (form.dataset.blank !== undefined) {
      if (keeping) await keepOnDevice(); // the last words typed
      return location.reload(); // there is a signal: open the whole page
    }
    if (wantsToShare) return share();
    window.htmx?.trigger("#save", "send");
  } catch {
    tellUnsent();
  } finally {
    sending = false;
  }
}

// What the server has need not rest here; what was typed since then must.
const forgetSent = () => inTurn(async () => {
  if (changes !== answered) return;
  await store.forget(slot);
  kept = null;
});

// Written up meanwhile, or no longer ours to see: nothing goes there any more, and no word is lost for it.
let refused = false;
async function rescue() {
  const token = await freshToken();
  if (!token) return askToSignIn();
  const facts = { form: where, revision: 0, writer: value("writer"), seq: ++seq };
  if (!(await store.rescue(facts, typed(), token))) throw new Error("not kept");
  waiting = false;
  answered = changes;
  await forgetSent();
  tell("saved", "You can’t send this any more. Your words are kept for you alone.", { href: "/today/#drafts", textContent: "See them on Today" });
}

// The server has these words too, beside the others. Under typing hands the page stays, with a link to both; where the
// words are those the device kept, and nobody has typed since, both are shown.
async function keptBeside() {
  answered = asked;
  if (changes !== asked) return;
  waiting = false;
  keeping = clearTimeout(keeping);
  await forgetSent();
  if (changes !== broughtBack) return;
  going = true;
  location.reload();
}

let going = false;

// Typed while what was sent is on its way: words of another form, or they would go as sent.
function goOnAnew() {
  const id = form.elements.client_id;
  if (!id || !form.dataset.draft || !crypto.randomUUID) return;
  going = false;
  id.value = crypto.randomUUID();
}

function share() {
  going = true;
  form.querySelector("[name=seq]").value = ++seq;
  const button = form.querySelector("button[value=share]") ?? form.querySelector("button:not([type=button])");
  form.requestSubmit(button);
}

// Leaving the page by a button while the signal is dead would show an error page and lose an unkept box.
async function beforeSubmit(event) {
  const seqBox = form.querySelector("[name=seq]");
  if (seqBox) seqBox.value = ++seq;
  if (going) return;
  event.preventDefault();
  const button = event.submitter;
  try {
    if (owns) await keepOnDevice();
    if (!(await freshToken())) return askToSignIn();
    going = true;
    form.requestSubmit(button ?? undefined);
  } catch {
    if (form.dataset.hot !== undefined) tell("failed", "No signal: a hot debrief can’t be called from here. Ring your duty line.");
    else {
      wantsToShare = button?.value === "share";
      tellUnsent();
    }
  }
}

// ---------------------------------------------------------------- the page

function prefill(details) {
  const box = details.querySelector("textarea");
  const answer = form.elements[details.dataset.prefill];
  if (details.open && box && !box.value && answer?.value) {
    box.value = answer.value.slice(0, 4000);
    const asks = details.querySelector("[hx-trigger*=look]");
    if (asks) window.htmx?.trigger(asks, "look");
  }
}

if (form) {
  form.addEventListener("input", changed);
  form.addEventListener("submit", beforeSubmit);
  form.addEventListener("toggle", (event) => { if (event.target.dataset?.prefill) prefill(event.target); }, true);
  form.addEventListener("keydown", (event) => {
    // Enter in a one-line box would press the first button of the form.
    if (event.key === "Enter" && event.target.matches("input[type=text]")) event.preventDefault();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.parameters.seq = ++seq;
    asked = changes;
    newer.clear();
  });
  const isSave = (event) => event.detail.pathInfo?.requestPath === where;
  document.addEventListener("htmx:beforeSend", (event) => {
    if (!isSave(event)) return;
    clearTimeout(patience);
    patience = setTimeout(() => tell("typing", owns && kept ? `Safe on this phone ${clock()}, slow signal. Still sending…` : "Slow signal. Still sending: keep this page open."), SLOW);
  });
  document.addEventListener("htmx:afterRequest", async (event) => {
    const { xhr, pathInfo } = event.detail;
    if (isSave(event)) clearTimeout(patience);
    if (!xhr || ![where, location.pathname].includes(pathInfo?.requestPath)) return;
    if (!isOurs(xhr)) return;
    if (xhr.status !== 200) return;
    if (line()?.dataset.state === "clash") return keptBeside();
    waiting = refused = signedOut = false;
    answered = asked;
    unsent = new Set(newer);
    when = Object.fromEntries(Object.entries(when).filter(([name]) => newer.has(name)));
    for (const name of newer) tellPrompt(name, owns && when[name] ? `On this phone, ${when[name]}` : "Not saved yet");
    if (changes !== asked || !owns) return; // more was typed while it was on its way
    keeping = clearTimeout(keeping);
    await forgetSent();
    if (others.length) giveAll(others).catch(() => {}); // the signal is back
  });
  // Signed out meanwhile: the answer would lead this page away from the words. They stay; a link leads to sign in.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, pathInfo } = event.detail;
    if (xhr.status === 200 && !isOurs(xhr) && [where, location.pathname].includes(pathInfo?.requestPath)) {
      event.preventDefault(); // and never swapped in: it is some network's own page
      return tellUnsent();
    }
    if (event.detail.xhr.status === 409) {
      // Two versions, both kept: the whole page shows them side by side.
      event.preventDefault();
      going = true;
      return location.reload();
    }
    if (event.detail.xhr.status !== 401) return;
    event.preventDefault();
    waiting = true;
    askToSignIn();
  });
  for (const lost of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(lost, (event) => { if (isSave(event)) tellUnsent(); });
  document.addEventListener("htmx:responseError", (event) => {
    if (!isSave(event)) return;
    const { status } = event.detail.xhr;
    if (status === 403 && !refused) {
      refused = true; // an old token, perhaps: fetch one that holds, and send again, once
      send();
    } else if ([403, 404].includes(status)) rescue().catch(() => tell("failed", "Not saved yet. Your words are still here."));
    else tell("failed", "Not saved yet. Your words are still here.");
  });

  for (const control of form.elements) keepUnlisted(control);
  const begun = restore().catch(() => {});
  // Not before we know what the device has: the answer to an empty form would have us forget the words kept there.
  addEventListener("online", () => begun.then(() => going || send()));
  addEventListener("offline", () => {
    if (form.dataset.hot !== undefined) tell("failed", "No signal: a hot debrief can’t be called from here. Ring your duty line.");
    else if (changes !== answered) tellUnsent();
    else tell("saved", "Saved. There is no signal just now.");
  });
  setInterval(() => { if (waiting && navigator.onLine) send(); }, RETRY);
  addEventListener("beforeunload", (event) => { if (waiting && !(owns && kept) && !going) event.preventDefault(); });
  navigator.serviceWorker?.register("/sw.js").catch(() => {});
}
