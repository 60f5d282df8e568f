// Notes that rest on this device and have not reached us yet, listed on Today: their address and age, never their words.

import * as store from "./drafts-store.js";

const place = document.querySelector("[data-device-drafts]");
const clock = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", hour: "numeric", minute: "2-digit", hour12: true });

function line(row) {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { className: "strong", href: row.page ?? row.form.replace(/draft\/$/, "write/"), textContent: row.called ?? "Debrief notes" });
  const about = Object.assign(document.createElement("p"), { className: "meta" });
  const words = Object.assign(document.createElement("span"), { className: "saved", textContent: `Safe on this phone since ${clock.format(row.at)}, not sent yet` });
  words.dataset.state = "offline";
  about.append(words);
  item.append(link, about);
  return item;
}

async function show() {
  const rows = (await store.all()).filter((row) => String(row.user) === place.dataset.user && row.form.endsWith("/draft/"));
  if (!rows.length) return;
  place.querySelector("[data-device-drafts-list]").append(...rows.sort((a, b) => b.at - a.at).map(line));
  place.hidden = false;
}

if (place && store.can()) show().catch(() => {});
