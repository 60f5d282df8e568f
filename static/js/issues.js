// Helps for the issue log, the raise form and triage. Each page works without them.

// One live region that is there from the start: what a swap brought in is said once.
const region = document.createElement("p");
region.className = "sr";
region.setAttribute("role", "status");
document.body.append(region);

document.addEventListener("htmx:afterSettle", (event) => {
  const said = event.target.querySelector?.("[data-say]") ?? document.getElementById(event.target.id)?.querySelector("[data-say]");
  if (said && said.textContent !== region.textContent) region.textContent = said.textContent;
});

// Triage: the form says how many issues it will gather or give.
const form = document.querySelector("[data-ticks]");
const ticked = [...(form?.querySelectorAll("[data-ticked]") ?? [])];
if (ticked.length) {
  const tell = () => {
    const count = form.querySelectorAll("input[name=issue]:checked").length;
    const words = count === 0 ? "ticked issues" : count === 1 ? "ticked issue" : `${count} ticked issues`;
    for (const place of ticked) place.textContent = words;
  };
  form.addEventListener("change", tell);
  tell();
}

// In the queue the arrow keys go from one tick box to the next, through all its parts; the space bar ticks, as everywhere.
form?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.name !== "issue") return;
  const boxes = [...form.querySelectorAll(".queue input[name=issue]")];
  const next = boxes[boxes.indexOf(event.target) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

// Beside the queue: an item of the agenda that came to an end of it takes its button from the keys, so they get the other.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "agenda" && event.detail.target?.id !== "agenda") return;
  const pressed = event.detail.requestConfig?.parameters;
  const item = document.getElementById(`item-${pressed?.up ?? pressed?.down}`);
  const button = document.getElementById(pressed?.up ? `up-${pressed.up}` : `down-${pressed?.down}`);
  (button?.disabled ? item?.querySelector(".move button:not([disabled])") : button)?.focus();
});
