// A decision on its way: what is ticked and typed is kept as one goes, checks are counted, phrases
// go into the field above them. Without this file the page's own buttons do all that is needed.

const PAUSE = 800; // milliseconds after the last change

// --- keeping ------------------------------------------------------------------------------------
let timer = 0;

function keeper(form) {
  return form?.querySelector("[data-keeps]");
}

async function keep(button) {
  clearTimeout(timer);
  timer = 0;
  const { form, formAction, parentElement } = button;
  const status = parentElement.querySelector("[data-kept]");
  const asked = { method: "POST", body: new FormData(form), keepalive: true };
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
  timer = setTimeout(keep, PAUSE, button);
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
  if (button) keep(button);
}
addEventListener("pagehide", leave);
document.addEventListener("submit", leave);
document.addEventListener("htmx:beforeSwap", leave);

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
