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

// An agenda can be dragged as well; letting go sends the order, and the server has the last word.
const form = document.querySelector("[data-agenda]");
if (form) {
  const list = form.querySelector("ol");
  const order = form.querySelector("input[name=order]");
  const said = () => [...list.children].map((row) => row.dataset.item).join(",");
  const began = said();
  let held = null;
  for (const row of list.children) row.draggable = true;
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-item]");
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-item]");
    if (!held || !over) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (over !== held) over[event.clientY < box.top + box.height / 2 ? "before" : "after"](held);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    held = null;
    if (said() === began) return;
    order.value = said();
    order.disabled = false;
    form.requestSubmit();
  });
}
// A button of the agenda brought us back to the row it moved: the keys go on from there.
const moved = location.hash.startsWith("#item-") && document.getElementById(location.hash.slice(1));
if (moved) (moved.querySelector("button:not([disabled])") ?? moved).focus();
