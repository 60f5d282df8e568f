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

// Triage: the form says how many issues it will give.
const form = document.querySelector("[data-ticks]");
const ticked = form?.querySelector("[data-ticked]");
if (ticked) {
  const tell = () => {
    const count = form.querySelectorAll("input[name=issue]:checked").length;
    ticked.textContent = count === 0 ? "ticked issues" : count === 1 ? "ticked issue" : `${count} ticked issues`;
  };
  form.addEventListener("change", tell);
  tell();
}

// In the queue the arrow keys go from one tick box to the next; the space bar ticks, as everywhere.
document.querySelector("[data-ticks] .queue")?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.name !== "issue") return;
  const boxes = [...event.currentTarget.querySelectorAll("input[name=issue]")];
  const next = boxes[boxes.indexOf(event.target) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
