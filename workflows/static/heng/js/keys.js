// Single-key shortcuts (interface 4.9). A key presses the element that carries it in data-key;
// "g i" is two keys in a row. J and K walk the rows marked data-row; 1 2 3 answer the current one.
// Silent in text fields, while an input method composes, and when switched off (WCAG 2.1.4).

const TEXTLESS = ["button", "checkbox", "radio", "submit", "reset", "image", "color", "range", "file"];
const PAUSE = 1000; // milliseconds between the two keys of a pair

let first = "";
let timer = 0;

function writing(target) {
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input") && !TEXTLESS.includes(target.type);
}

function visible(element) {
  return element.getClientRects().length > 0 && element.getAttribute("aria-disabled") !== "true";
}

function carrier(key) {
  return [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(visible);
}

function press(element) {
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter(visible);
}

function current(all) {
  const focused = all.findIndex((row) => row.contains(document.activeElement));
  return focused >= 0 ? focused : all.findIndex((row) => row.matches(".is-open, .is-now"));
}

function walk(step) {
  const all = rows();
  const row = all[Math.min(Math.max(current(all) + step, 0), all.length - 1)];
  const target = row?.querySelector("a, input:checked, input");
  target?.focus();
  row?.scrollIntoView({ block: "nearest" });
  return Boolean(target);
}

function answer(number) {
  const all = rows();
  const choices = all[current(all)]?.querySelectorAll("input[type=radio]");
  const choice = choices?.[number - 1];
  if (!choice) return false;
  choice.click();
  walk(1);
  return true;
}

function act(key) {
  if (key === "j") return walk(1);
  if (key === "k") return walk(-1);
  if (/^[1-9]$/.test(key) && !first) return answer(Number(key));
  const whole = first ? `${first} ${key}` : key;
  clearTimeout(timer);
  first = "";
  const element = carrier(whole);
  if (element) {
    press(element);
    return true;
  }
  if (document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
    first = key;
    timer = setTimeout(() => (first = ""), PAUSE);
    return true;
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.form?.requestSubmit();
    return;
  }
  if (document.documentElement.dataset.keys === "off") return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (writing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (act(key)) event.preventDefault();
});

// Buttons that open a dialog exist only where this file runs.
for (const button of document.querySelectorAll("[data-opens]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
}
