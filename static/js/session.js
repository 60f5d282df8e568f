// Warns two minutes before the session ends, and lets the person stay (WCAG 2.2.1).
// The server keeps the deadlines; this only counts down to the ones it was told.

const WARN_BEFORE = 2 * 60 * 1000;
const dialog = document.getElementById("session-warning");

if (dialog) {
  const part = (name) => dialog.querySelector(`[data-when="${name}"]`);
  const stay = dialog.querySelector("[data-stay]");
  const deadlines = {
    idle: Date.parse(dialog.dataset.idleUntil),
    absolute: Date.parse(dialog.dataset.absoluteUntil) || Infinity,
  };
  let closedFor = 0; // the deadline the person has already been told about

  const next = () => Math.min(deadlines.idle, deadlines.absolute);
  const isIdle = () => deadlines.idle < deadlines.absolute;

  function words(milliseconds) {
    const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
    if (seconds > 60) return `${Math.ceil(seconds / 60)} minutes`;
    return seconds === 1 ? "1 second" : `${seconds} seconds`;
  }

  function show() {
    part("idle").hidden = !isIdle();
    part("absolute").hidden = isIdle();
    part("failed").hidden = true;
    stay.hidden = !isIdle();
    if (!dialog.open) dialog.showModal();
  }

  function tick() {
    const left = next() - Date.now();
    for (const place of dialog.querySelectorAll("[data-left]")) place.textContent = words(left);
    if (left <= WARN_BEFORE && left > 0 && closedFor !== next()) show();
  }

  async function keep() {
    const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
    try {
      const answer = await fetch(dialog.dataset.keep, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const told = await answer.json();
      deadlines.idle = Date.parse(told.idle_until);
      deadlines.absolute = Date.parse(told.absolute_until) || Infinity;
      dialog.close();
    } catch {
      part("failed").hidden = false;
    }
  }

  stay.addEventListener("click", keep);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { closedFor = next(); });
  // Every answer from the server has moved the idle deadline; it says by how much.
  document.addEventListener("htmx:afterRequest", (event) => {
    const until = event.detail.xhr?.getResponseHeader("X-Idle-Until");
    if (until) deadlines.idle = Date.parse(until);
  });
  setInterval(tick, 1000);
  tick();
}
