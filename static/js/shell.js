// Small helps for every page. Each page works without them.

// A form that came back with problems: start at the list of what to put right.
function startAtProblems(root) {
  root.querySelector?.("[data-focus]")?.focus();
}

// A swap that did not happen leaves the person's words where they are; say so, once.
function say(words) {
  const place = document.getElementById("messages");
  if (!place) return;
  const line = document.createElement("p");
  line.className = "notice stop";
  const text = document.createElement("span");
  text.textContent = words;
  line.append(text);
  place.replaceChildren(line);
  place.scrollIntoView({ block: "nearest" });
}

startAtProblems(document);
document.addEventListener("htmx:afterSettle", (event) => startAtProblems(event.target));
document.addEventListener("htmx:sendError", () => say("That did not reach us. Your words are still here. Try again when you have a signal."));
document.addEventListener("htmx:responseError", () => say("That was not saved. Your words are still here. Copy them, then load the page again."));

// How much fits is said only to someone who comes near the end of it; the server says it in any case.
const limitWords = (written, most) => {
  const fits = `Up to ${most.toLocaleString("en-GB")} letters fit here.`;
  if (written > most) return `This is too long now. ${fits}`;
  return written > most * 0.9 ? fits : "";
};

document.addEventListener("input", ({ target }) => {
  const most = Number(target.dataset?.most);
  const line = most && target.closest(".field")?.querySelector("[data-limit]");
  if (!line) return;
  const words = limitWords(target.value.length, most);
  line.hidden = !words;
  if (line.textContent !== words) line.textContent = words;
});
