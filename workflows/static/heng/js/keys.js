// Single-key shortcuts (interface 4.9). A key presses the element that carries it in data-key;
// "g i" is two keys in a row. J and K walk the rows marked data-row, or press what carries
// them; 1 2 3 answer the current row of radios, X ticks the current row's box.
// Silent in text fields, while an input method composes, and when switched off (WCAG 2.1.4);
// with data-keys="alt" on the page every key wants Alt. A key held down acts once.

const TEXTLESS = ["button", "checkbox", "radio", "submit", "reset", "image", "color", "range", "file"];
const PAUSE = 1000; // milliseconds between the two keys of a pair
const COMPOSING = 229; // the key code of whatever an input method takes for itself

let first = "";
let timer = 0;
let picked = null; // the box ticked last, where a range begins

function writing(target) {
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input") && !TEXTLESS.includes(target.type);
}

function visible(element) {
  return element.getClientRects().length > 0 && element.getAttribute("aria-disabled") !== "true";
}

function carrier(key) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(visible);
  const row = document.activeElement?.closest("[data-row]"); // its own, where rows carry one each
  return all.find((element) => row?.contains(element)) ?? all[0];
}

function press(element) {
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
  return true;
}

// --- rows ---------------------------------------------------------------------------------------
const RADIOS = "input[type=radio]";

function rows(inner) {
  return [...document.querySelectorAll("[data-row]")].filter((row) => visible(row) && row.querySelector(inner));
}

function focused(all) {
  return all.findIndex((row) => row.contains(document.activeElement));
}

function current(all) {
  const found = focused(all);
  return found >= 0 ? found : all.findIndex((row) => row.matches(".is-open, .is-now"));
}

function focusOn(all, place, inner) {
  const row = all[Math.min(Math.max(place, 0), all.length - 1)];
  const target = row?.querySelector(inner);
  target?.focus();
  row?.scrollIntoView({ block: "nearest" });
  return Boolean(target);
}

function walk(key) {
  const every = rows("a[href], input");
  const list = every.filter((row) => !row.querySelector(RADIOS)); // cases come before checks
  const all = list.length ? list : every;
  const next = focused(all) < 0 && carrier(key); // in a case: on to the one beside it
  if (next) return press(next);
  return focusOn(all, current(all) + (key === "j" ? 1 : -1), "a[href], input:checked, input");
}

function answer(number) {
  const all = rows(RADIOS);
  const now = current(all);
  const choice = all[now]?.querySelectorAll(RADIOS)[number - 1];
  if (!choice) return false;
  choice.click();
  return focusOn(all, now + 1, "input:checked, input");
}

function pick(range) {
  const all = rows("input[type=checkbox]");
  const boxes = all.map((row) => row.querySelector("input[type=checkbox]"));
  const now = current(all);
  if (now < 0) return false;
  const from = range ? boxes.indexOf(picked) : -1;
  if (from < 0) {
    boxes[now].click();
  } else {
    const [start, end] = [Math.min(from, now), Math.max(from, now)];
    for (const box of boxes.slice(start, end + 1)) if (box.checked !== picked.checked) box.click();
  }
  picked = boxes[now];
  return true;
}

// --- keys ---------------------------------------------------------------------------------------
function called(event) {
  // By its place where a layout, Shift or Alt would call it something else.
  const { code, key, shiftKey } = event;
  if (code === "Digit1" && shiftKey) return "!";
  if (/^Digit\d$/.test(code) && !shiftKey) return code.slice(-1);
  if (event.altKey && /^Key[A-Z]$/.test(code)) return code.slice(-1).toLowerCase();
  const full = { "？": "?", "！": "!", "／": "/", "、": "/", "【": "[", "】": "]" };
  return key.length === 1 ? (full[key] ?? key.toLowerCase()) : key;
}

function act(key, shift) {
  const whole = first ? `${first} ${key}` : key;
  clearTimeout(timer);
  if (!first) {
    if (key === "j" || key === "k") return walk(key);
    if (key === "x") return pick(shift);
    if (/^[1-9]$/.test(key)) return answer(Number(key));
  }
  first = "";
  const element = carrier(whole);
  if (element) return press(element);
  if (document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
    first = key;
    timer = setTimeout(() => (first = ""), PAUSE);
    return true;
  }
  return false;
}

function send(target) {
  (target.form ?? document.getElementById("decision"))?.requestSubmit();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === COMPOSING || event.defaultPrevented) return;
  const asked = document.documentElement.dataset.keys ?? "";
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (!event.repeat && !document.querySelector("dialog[open]")) send(event.target);
    return;
  }
  if (asked === "off" || event.ctrlKey || event.metaKey || event.altKey !== (asked === "alt")) return;
  if (writing(event.target) || document.querySelector("dialog[open]")) return;
  const key = called(event);
  const walks = key === "j" || key === "k";
  if (event.repeat && !walks) return;
  if (act(key, event.shiftKey)) event.preventDefault();
});

// Buttons that open a dialog exist only where this file runs.
for (const button of document.querySelectorAll("[data-opens]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
}
