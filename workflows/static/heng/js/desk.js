// The desk: keys, what a decision on its way needs, the seconds of undo. One file, because a page of
// the staff asks for few. Without it the page's own buttons do all that is needed.

// --- keys (interface 4.9) -----------------------------------------------------------------------
// A key presses the element that carries it in data-key; "g i" is two keys in a row. J and K walk
// the rows marked data-row, or press what carries them; 1 2 3 answer the current row of radios, X
// ticks the current row's box. Silent in text fields, while an input method composes, while the page
// goes, and when switched off (WCAG 2.1.4); with data-keys="alt" on the page every key wants Alt.
// A key held down acts once.
const TEXTLESS = ["button", "checkbox", "radio", "submit", "reset", "image", "color", "range", "file"];
const PAIR = 1000; // milliseconds between the two keys of a pair
const LEAVING = 5000; // milliseconds a page that goes has to be gone; a download leaves it there
const COMPOSING = 229; // the key code of whatever an input method takes for itself

let first = "";
let waiting = 0; // for the second key
let picked = null; // the box ticked last, where a range begins
let went = -LEAVING; // when this page began to go

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
  const target = row?.querySelector(inner) ?? row?.querySelector("input:checked, input");
  target?.focus();
  row?.scrollIntoView({ block: "nearest" });
  return Boolean(target);
}

function walk(key) {
  const every = rows("a[href], input");
  const list = every.filter((row) => !row.querySelector(RADIOS)); // cases come before checks
  const [all, inner] = list.length ? [list, "a[href]"] : [every, "input:checked, input"];
  const next = focused(all) < 0 && carrier(key); // in a case: on to the one beside it
  if (next) return press(next);
  return focusOn(all, current(all) + (key === "j" ? 1 : -1), inner);
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
  picked.focus(); // J goes on in the list, not to the next case
  return true;
}

// The row of the list that has the focus, where another case than its own stands open beside it.
function other() {
  const row = document.activeElement?.closest(".mail:not(.is-open)");
  return row && visible(row) ? row : null;
}

// A key about the case that is open is not meant for it while another row has the focus: C claims
// the task of that row, any other key opens it first.
function turn(row, key) {
  const link = row.querySelector("a[href]");
  if (key === "c" && /\/tasks\/\d+\/$/.test(link.pathname) && document.querySelector(".bulk [value=claim]")) {
    const form = document.createElement("form");
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    Object.assign(form, { method: "post", action: `${link.pathname}claim/` });
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "csrfmiddlewaretoken", value: token }));
    document.body.append(form);
    form.submit();
    return true;
  }
  return press(link);
}

// --- a key pressed ------------------------------------------------------------------------------
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
  clearTimeout(waiting);
  if (!first) {
    if (key === "j" || key === "k") return walk(key);
    if (key === "x") return pick(shift);
    if (/^[1-9]$/.test(key)) return other() && rows(RADIOS).length ? turn(other(), key) : answer(Number(key));
  }
  first = "";
  const element = carrier(whole);
  const row = key.length === 1 && other();
  if (row && (key === "c" || (key !== "z" && element?.closest(".case")))) return turn(row, key);
  if (element) return press(element);
  if (document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
    first = key;
    waiting = setTimeout(() => (first = ""), PAIR);
    return true;
  }
  return false;
}

// The button that sends the form one is in, pressed, so that its question is asked; a decision only
// where one button can be meant: the only one, or the main one.
function send(target) {
  const form = target.form ?? target.closest("form") ?? document.getElementById("decision");
  const sends = (each) => each.type === "submit" && !each.formTarget && !each.matches("[data-keeps], [data-default], [value=remaining]");
  const all = [...(form?.elements ?? [])].filter((each) => sends(each) && visible(each));
  const main = all.filter((each) => each.matches(".btn-primary"));
  if (form?.id !== "decision") (all.find((each) => !each.dataset.confirm) ?? all[0])?.click();
  else if (all.length === 1 || main.length === 1) (main[0] ?? all[0]).click();
}

// A menu closes on Escape, before that key does anything else, and on a click elsewhere.
const OPEN = "details.sort[open]";
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(OPEN);
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(OPEN)) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === COMPOSING || event.defaultPrevented) return;
  const asked = document.documentElement.dataset.keys ?? "";
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (!event.repeat && !document.querySelector("dialog[open]")) send(event.target);
    return;
  }
  if (asked === "off" || event.ctrlKey || event.metaKey || event.altKey !== (asked === "alt")) return;
  if (writing(event.target) || document.querySelector("dialog[open]")) return;
  if (performance.now() - went < LEAVING) return; // meant for the page that comes, not for this one
  const key = called(event);
  const walks = key === "j" || key === "k";
  if (event.repeat && !walks) return;
  if (act(key, event.shiftKey)) event.preventDefault();
});

addEventListener("beforeunload", () => (went = performance.now()));
addEventListener("pageshow", () => (went = -LEAVING));

// Buttons that open a dialog exist only where this file runs.
for (const button of document.querySelectorAll("[data-opens]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
}

// --- what is ticked and typed is kept as one goes -----------------------------------------------
const STILL = 800; // milliseconds after the last change
const SMALL = 50_000; // bytes that may outlive the page; browsers refuse more than 64 KiB
let timer = 0;

function keeper(form) {
  return form?.querySelector("[data-keeps]");
}

async function keep(button, last) {
  clearTimeout(timer);
  timer = 0;
  const { form, formAction, parentElement } = button;
  const status = parentElement.querySelector("[data-kept]");
  const body = new FormData(form);
  const keepalive = Boolean(last) && new Blob([...body.values()]).size < SMALL;
  const asked = { method: "POST", body, keepalive };
  try {
    const answer = await fetch(formAction, { ...asked, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const { kept } = await answer.json();
    status.textContent = `${status.dataset.kept} ${kept}`;
  } catch {
    status.textContent = status.dataset.lost;
  }
}

document.addEventListener("input", (event) => {
  const button = keeper(event.target.form);
  if (!button) return;
  clearTimeout(timer);
  timer = setTimeout(keep, STILL, button);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-keeps]");
  if (!button) return;
  event.preventDefault();
  keep(button);
});

// Whatever was typed last is kept before the page goes, also when it goes because it was sent:
// a decision taken back finds its words again.
function leave() {
  const button = timer && keeper(document.getElementById("decision"));
  if (button) keep(button, true);
}
addEventListener("pagehide", leave);
document.addEventListener("submit", leave);
document.addEventListener("htmx:beforeSwap", leave);

// --- parts of a page ----------------------------------------------------------------------------
// A tab of the case that is answered by another page (a refusal, the sign-in, a page of its own)
// is opened as that page.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, requestConfig, serverResponse } = event.detail;
  if (target.id !== "view" || serverResponse.includes('id="view"')) return;
  event.detail.shouldSwap = false;
  location.assign(requestConfig.verb === "get" ? xhr.responseURL : location.href);
});

// --- checks -------------------------------------------------------------------------------------
function count() {
  const items = [...document.querySelectorAll("#decision .check__item:has(input[type=radio])")];
  const open = items.filter((item) => !item.querySelector(":checked"));
  for (const item of items) item.classList.toggle("is-now", item === open[0]);
  const told = document.querySelector("[data-checked]");
  if (told) told.textContent = items.length - open.length;
  const rest = document.getElementById("rest");
  if (rest) {
    rest.hidden = open.length === 0;
    rest.textContent = rest.textContent.replace(/\d+/, open.length);
  }
}

document.addEventListener("change", (event) => event.target.closest("[data-row] .seg") && count());

// "All remaining in order" needs no page, so that a decision pressed at once finds them ticked; they
// are named as confirmed together. Where something is flagged the server refuses it in words.
function confirm(button) {
  const form = button.form;
  if (form.querySelector(".check__item input:is([value=unsure], [value=no]):checked")) return false;
  const items = [...form.querySelectorAll(".check__item:has(input[type=radio])")];
  const open = items.filter((item) => !item.querySelector(":checked"));
  const radios = open.map((item) => item.querySelector("input[value=yes]"));
  for (const radio of radios) radio.checked = true;
  const together = form.elements.namedItem("together");
  together.value = [together.value, ...radios.map((radio) => radio.name.replace("check-", ""))].join(" ").trim();
  if (document.activeElement === button) radios.at(-1)?.focus();
  button.remove();
  count();
  together.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#decision button[name=decision][value=remaining]");
  if (button && confirm(button)) event.preventDefault();
});

// --- phrases ------------------------------------------------------------------------------------
function above(button) {
  const fields = [...(button.form ?? document).querySelectorAll("textarea:not([disabled])")];
  const before = (field) => field.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING;
  return fields.filter(before).at(-1);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-phrase]");
  const field = button && above(button);
  if (!field) return;
  const [start, end] = [field.selectionStart, field.selectionEnd];
  const most = field.maxLength < 0 ? Infinity : field.maxLength;
  const free = most - (field.value.length - (end - start));
  field.focus();
  field.setRangeText(button.dataset.phrase.slice(0, Math.max(0, free)), start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

function show() {
  for (const button of document.querySelectorAll("[data-phrase][hidden]")) button.hidden = false;
}

document.addEventListener("htmx:afterSwap", show);
show();

// --- the rail on a phone -------------------------------------------------------------------------
// It is one line there: what is open stands in its middle, not beyond its end.
const here = document.querySelector(".rail [aria-current]");
if (here) {
  const rail = here.closest(".rail");
  rail.scrollLeft = here.offsetLeft - (rail.clientWidth - here.offsetWidth) / 2;
}

// --- undo ---------------------------------------------------------------------------------------
// Counts down the seconds in which a press may be taken back; then the button goes and the words
// stay. The figures are for the eye: a screen reader heard once how long it takes.
for (const form of document.querySelectorAll("[data-undo]")) {
  const end = performance.now() + 1000 * Number(form.dataset.undo);
  const seconds = form.querySelector("[data-seconds]");
  const show = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left > 0) {
      seconds.textContent = left;
      return;
    }
    clearInterval(beat);
    if (form.contains(document.activeElement)) document.querySelector("[data-focus], #main")?.focus();
    form.remove();
  };
  const beat = setInterval(show, 250);
  show();
}
