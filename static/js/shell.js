// Small helps for every page. Each page works without them.

// A form that came back with problems: start at the list of what to put right.
function startAtProblems(root) {
  root.querySelector("[data-focus]")?.focus();
}

startAtProblems(document);
document.addEventListener("htmx:afterSettle", (event) => startAtProblems(event.target));
