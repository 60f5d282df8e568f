// Helps for a meeting. Each page works without them: next and back are links, up and down are buttons.

// On the screen the arrow keys, and the keys of a presenter's clicker, press Next and Back.
const turn = document.querySelector("[data-turn]");
if (turn) {
  const keys = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], .scroll")) return;
    const link = turn.querySelector(`[rel=${keys[event.key]}]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  });
}

// An agenda can be dragged as well, on its own page and beside triage, where it is swapped in anew after each move.
// Letting go sends the order by the form that `data-agenda` names, and the server has the last word.
const rows = (list) => [...list.querySelectorAll("[data-item]")];
const orderOf = (list) => [...rows(list).map((row) => row.dataset.item), list.dataset.rest].filter(Boolean).join(",");
const wake = () => {
  for (const list of document.querySelectorAll("[data-agenda]")) for (const row of rows(list)) row.draggable = true;
};
let held = null;
let began = "";
document.addEventListener("dragstart", (event) => {
  held = event.target.closest?.("[data-agenda] [data-item]") ?? null;
  if (!held) return;
  began = orderOf(held.parentElement);
  event.dataTransfer.effectAllowed = "move";
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.("[data-item]");
  if (!held || over?.parentElement !== held.parentElement) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (over !== held) over[event.clientY < box.top + box.height / 2 ? "before" : "after"](held);
});
document.addEventListener("drop", (event) => held && event.preventDefault());
document.addEventListener("dragend", () => {
  const list = held?.parentElement;
  held = null;
  if (!list?.isConnected || orderOf(list) === began) return;
  const form = document.getElementById(list.dataset.agenda);
  const order = form.elements.order;
  order.value = orderOf(list);
  order.disabled = false;
  form.requestSubmit();
  order.disabled = true;
});
document.addEventListener("htmx:afterSettle", wake);
wake();

// A button of the agenda brought us back to the row it moved: the keys go on from there.
const moved = location.hash.startsWith("#item-") && document.getElementById(location.hash.slice(1));
if (moved) (moved.querySelector("button:not([disabled])") ?? moved).focus();

// The browser prints the agenda; beside triage a link leads here to do so. Without this its own menu does it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  if (location.hash === "#print") window.print();
}
