// Helps with typing into a form: counts long texts, and takes cells of a spreadsheet into a table.
// Without this file the count is right after each save, and a table is typed cell by cell.

// --- counting -------------------------------------------------------------------------------------
// The characters of a long text, as the server will count them: line breaks are one, spaces at the
// ends none. Turns red past the limit, and says so aloud once typing pauses.

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

// --- tables ---------------------------------------------------------------------------------------
// What is pasted fills cells from where the reader is, to the right and downwards, and adds rows up
// to the most the table takes. What does not fit is told, and one press undoes it all.

const SPARE = 9998; // the number of the row others are made from (forms/controls.py)
const CELL = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/y;
const undoing = new WeakMap(); // the place of a table -> how its last pasting is undone

const words = (place) => place.querySelector("[data-pasted]");
const rows = (place) => [...place.querySelectorAll("[data-row]")];
const columns = (row) => [...row.querySelectorAll("[data-column]")];
const control = (column) => column.querySelector("input, select");
const plain = (text) => text.normalize("NFKC").replaceAll(/\s/g, "").toLowerCase();

function parsed(text) {
  const found = [[]], whole = text.replaceAll(/\r\n?/g, "\n").replace(/\n+$/, "");
  for (CELL.lastIndex = 0; ;) {
    const [, quoted, bare, end] = CELL.exec(whole);
    found.at(-1).push((quoted?.replaceAll('""', '"') ?? bare).replaceAll(/\s+/g, " ").trim());
    if (!end) return found;
    if (end === "\n") found.push([]);
  }
}

function titles(row, from, texts) {
  const there = columns(row).slice(from);
  return texts.every((text, at) => there[at] && [there[at].dataset.column, there[at].dataset.th]
    .some((title) => plain(title) === plain(text)));
}

function added(place) {
  const spare = place.querySelector("[data-spare]"), body = place.querySelector("[data-body]");
  if (!spare || rows(place).length >= Number(words(place).dataset.most)) return null;
  const number = 1 + Math.max(-1, ...rows(place).map((row) => Number(row.dataset.row)));
  const made = document.createElement("template");
  made.innerHTML = spare.innerHTML.replaceAll(SPARE, number).replaceAll(SPARE + 1, number + 1);
  body.append(made.content);
  return rows(place).at(-1);
}

// What becomes of a cell: of a list the answer with this value or label, else the text; undefined
// where the list has no such answer.
function fitting(cell, text) {
  if (cell.options) {
    return [...cell.options].find(({ value, label }) => [value, label].some((one) => plain(one) === plain(text)))?.value;
  }
  return ["numeric", "decimal"].includes(cell.inputMode) ? text.normalize("NFKC") : text;
}

function fill(row, from, texts, done) {
  const there = columns(row).slice(from).map(control);
  done.beside = Math.max(done.beside, texts.findLastIndex(Boolean) + 1 - there.length);
  done.filled += 1;
  texts.slice(0, there.length).forEach((text, at) => {
    const value = fitting(there[at], text);
    if (value === undefined) done.unknown += 1;
    else {
      done.was.push([there[at], there[at].value]);
      there[at].value = value;
    }
  });
}

function paste(place, here, found) {
  const start = here.closest("[data-row]"), before = rows(place), first = before.indexOf(start);
  const from = columns(start).findIndex((column) => column.contains(here));
  const done = { filled: 0, over: 0, beside: 0, unknown: 0, was: [] };
  for (const [at, texts] of found.slice(titles(start, from, found[0]) ? 1 : 0).entries()) {
    const row = rows(place)[first + at] ?? added(place);
    if (row) fill(row, from, texts, done);
    else done.over += 1;
  }
  const made = rows(place).filter((row) => !before.includes(row));
  undoing.set(place, () => {
    for (const [cell, value] of done.was) cell.value = value;
    for (const row of made) row.remove();
    return here;
  });
  return done;
}

function say(place, text, undoable) {
  words(place).querySelector("[role=status]").textContent = text;
  words(place).querySelector("[data-undo]").hidden = !undoable;
}

function told(place, done) {
  const { dataset } = words(place);
  const facts = ["filled", "over", "beside", "unknown"].filter((each) => each === "filled" || done[each]);
  return facts.map((each) => dataset[each].replace("{count}", done[each])).join(" ");
}

function changed(cell) {
  for (const kind of ["input", "change"]) cell.dispatchEvent(new Event(kind, { bubbles: true }));
}

const table = (place) => place.closest("[data-question]:has([data-body])");

document.addEventListener("paste", (event) => {
  const here = event.target, text = event.clipboardData.getData("text/plain").replace(/[\r\n]+$/, "");
  if (!here.closest("[data-column]") || !/[\t\r\n]/.test(text)) return; // one cell is pasted as ever
  event.preventDefault();
  const place = table(here), done = paste(place, here, parsed(text));
  say(place, told(place, done), true);
  changed(here);
});

document.addEventListener("click", ({ target }) => {
  if (!target.matches("[data-undo]")) return;
  const place = table(target), here = undoing.get(place)();
  say(place, "", false);
  here.focus();
  changed(here);
});

// A script that has text for a row the page does not show asks for it: "revenue-4-year".
document.addEventListener("row", ({ detail }) => {
  const [code, number] = detail.split("-");
  const place = document.querySelector(`[data-question="${code}"]:has([data-body])`);
  while (place && Number(number) > Math.max(-1, ...rows(place).map((row) => Number(row.dataset.row))) && added(place));
});
