// Counts the characters of a long text while it is typed, as the server will count them: line breaks
// are one, spaces at the ends none. Turns red past the limit, and says so aloud once typing pauses.
// Without this file the count is right after each save.

const PAUSE = 1200; // milliseconds
const waiting = new WeakMap();

function count(area) {
  return [...area.value.replaceAll("\r\n", "\n").trim()].length;
}

function show(area, counter) {
  const over = count(area) - Number(counter.dataset.limit);
  counter.querySelector("[data-count]").textContent = count(area);
  counter.classList.toggle("counter-over", over > 0);
  clearTimeout(waiting.get(area));
  waiting.set(area, setTimeout(() => {
    counter.querySelector("[role=status]").textContent =
      over > 0 ? counter.dataset.over.replace("{count}", over) : "";
  }, PAUSE));
}

document.addEventListener("input", (event) => {
  const counter = document.querySelector(`#${CSS.escape(`${event.target.id}-c`)}[data-limit]`);
  if (counter) show(event.target, counter);
});
