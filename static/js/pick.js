// The recorder's tray: sentences that someone marks with a finger or the mouse are ticked. Tapping one works without this.

function tickMarked(form, range) {
  for (const label of form.querySelectorAll(".sentence")) {
    const words = label.querySelector("span");
    if (range.intersectsNode(words) && touches(range, words)) label.querySelector("input").checked = true;
  }
}

// A mark that only ends at the edge of a sentence has none of its letters.
function touches(range, words) {
  const inside = document.createRange();
  inside.selectNodeContents(words);
  const part = range.cloneRange();
  if (part.compareBoundaryPoints(Range.START_TO_START, inside) < 0) part.setStart(inside.startContainer, inside.startOffset);
  if (part.compareBoundaryPoints(Range.END_TO_END, inside) > 0) part.setEnd(inside.endContainer, inside.endOffset);
  return part.toString().trim() !== "";
}

document.addEventListener("selectionchange", () => {
  const marked = document.getSelection();
  if (!marked || marked.isCollapsed) return;
  const range = marked.getRangeAt(0);
  const form = (range.commonAncestorContainer.nodeType === 1 ? range.commonAncestorContainer : range.commonAncestorContainer.parentElement).closest("[data-pick]");
  if (form) tickMarked(form, range);
});
