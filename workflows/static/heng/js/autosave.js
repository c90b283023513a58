// Keeps what is typed into a section: on this device at once, with the service within seconds.
//
//   typing -> this device (IndexedDB) -> the service (2 s after the last key, or on leaving a field)
//
// The record on this device goes only when the service has said that it holds the same text. It
// says what was typed over what had been there, and the marks of that ("seen"), so that however
// late it is sent the service can put it together with what others did meanwhile (forms/merging.py).
// Where two people changed one answer nothing is decided here: the page asks (clashes.py).
//
// When an answer changes that others depend on, the service says what the section looks like now
// (looking.py), and only what differs is put in place: questions that came, questions that went,
// values worked out, warnings. A question that went stays in the form unseen, with its text.
// Without this file the buttons save, and all of that holds for them too.

const IDLE = 2000, APART = 5000, AT_ONCE = 300, PULSE = 20000, WAIT = 10000; // milliseconds
const SLOW = 15000, WARNING = 300000, MONTH = 30 * 86400000, PATIENCE = 500;
const OURS = /^(csrfmiddlewaretoken|seen|back|go|choose-.*)$/;

// --- this device --------------------------------------------------------------------------------
const shelf = new Promise((resolve, reject) => {
  const opening = indexedDB.open("heng", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("typed");
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
});

async function onShelf(mode, act) {
  const moving = (await shelf).transaction("typed", mode, { durability: "strict" });
  const asked = act(moving.objectStore("typed"));
  return new Promise((resolve, reject) => {
    moving.oncomplete = () => resolve(asked.result);
    moving.onabort = moving.onerror = () => reject(moving.error);
  });
}

const find = (name) => onShelf("readonly", (store) => store.get(name)).catch(() => undefined);
const put = (name, record) => onShelf("readwrite", (store) => store.put(record, name)).then(() => true, () => false);
const drop = (name) => onShelf("readwrite", (store) => store.delete(name)).catch(() => {});
const names = (record) => onShelf("readonly", (store) => store.getAllKeys()).catch(() => [])
  .then((found) => found.filter((name) => name === record || name.startsWith(`${record} `)));

// Every tab keeps its text under a name of its own, and holds the lock of that name while it lives.
// A record whose lock nobody holds was left by a tab that is gone; another one may take it over.
const taken = new Set();

const take = (name) => taken.has(name) || new Promise((resolve) => {
  const held = () => { taken.add(name); resolve(true); return new Promise(() => {}); };
  if (!navigator.locks) held();
  else navigator.locks.request(name, { signal: AbortSignal.timeout(PATIENCE) }, held).catch(() => resolve(false));
});

async function named(record) {
  const known = sessionStorage.getItem("tab"); // a copy of a tab brings the name of the other one
  if (known && (await take(`${record} ${known}`))) return `${record} ${known}`;
  const tab = crypto.getRandomValues(new Uint32Array(2)).join("");
  sessionStorage.setItem("tab", tab);
  await take(`${record} ${tab}`);
  return `${record} ${tab}`;
}

// --- marks: "name=3f2a… year=90bc…" (forms/merging.py) ---------------------------------------------
const marks = (text) => Object.fromEntries(text.split(" ").filter(Boolean).map((word) => word.split("=")));
const written = (found) => Object.entries(found).map((pair) => pair.join("=")).join(" ");
const question = (name) => name.split("-")[0]; // of a control, a cell, an end of a period

// --- the service --------------------------------------------------------------------------------
async function ask(address, body) {
  try {
    const answer = await fetch(address, {
      method: body ? "POST" : "GET", body, signal: AbortSignal.timeout(SLOW), cache: "no-store",
    });
    const told = await answer.json().catch(() => undefined);
    if (told) return told;
    return { state: answer.status === 403 ? "signed_out" : "offline" }; // an old token, or a fault
  } catch {
    return { state: "offline" }; // no connection, or no answer in time
  }
}

// --- a section somebody else is filling in ----------------------------------------------------------
async function wait(place) {
  if ((await names(place.dataset.record)).length) place.querySelector("[data-kept-here]").hidden = false;
  setInterval(async () => {
    const { state, words } = await ask(place.dataset.waiting);
    if (state === "free") location.replace(location.href);
    else if (words) place.querySelector("[data-words]").textContent = words;
  }, WAIT);
}

// --- a section to fill in -----------------------------------------------------------------------
class Section {
  constructor(form) {
    this.form = form;
    this.waits = "waits" in form.dataset; // its reader decides first; nothing is sent by itself
    this.safe = true; // this device keeps records
    this.leaving = this.closed = false;
    this.flight = null; // the sending under way
    this.sent = -APART; // when the last one began
    this.retry = APART;
    this.turn = 0; // of the last look
    this.behind = false; // what is shown follows from older answers
    this.ends = Infinity; // when the reader is signed out
    this.status = form.querySelector(".saved [role=status]");
    this.saved = this.status.textContent; // the last good news
  }

  async begin() {
    const { form } = this;
    form.reset(); // a browser may put old text back; what counts is the service's, then the record
    this.held = this.waits ? {} : this.fields();
    await this.restore();
    form.addEventListener("input", ({ target }) => this.typed(target));
    form.addEventListener("change", () => { this.plan(0); if (this.wondering) this.wonder(0); });
    form.addEventListener("focusout", () => { this.plan(0); if (this.late) this.wonder(0); });
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => this.keep());
    addEventListener("beforeunload", (event) => this.unsent && !this.leaving && event.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden && this.plan(0));
    if (this.waits) return;
    addEventListener("pagehide", () => navigator.sendBeacon(form.dataset.keep, this.words({ leave: 1 })));
    setInterval(() => this.pulse(), PULSE);
    await this.pulse();
  }

  get seen() {
    return marks(this.form.elements.seen.value);
  }

  set seen(found) {
    this.form.elements.seen.value = written(found);
  }

  fields() {
    return Object.fromEntries([...new FormData(this.form)].filter(([name]) => !OURS.test(name)));
  }

  get changes() { // a row that was taken away is a row of nothing
    const now = this.fields();
    return Object.keys({ ...this.held, ...now })
      .filter((name) => now[name] !== this.held[name])
      .map((name) => [name, now[name] ?? ""]);
  }

  get unsent() {
    return this.changes.length > 0;
  }

  words(told) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    for (const [name, value] of Object.entries(told)) body.set(name, value);
    return body;
  }

  // --- typing
  typed(control) {
    this.leaving = false;
    clearTimeout(this.storing);
    this.storing = setTimeout(() => this.remember(), AT_ONCE);
    this.plan(IDLE);
    if (control.closest("[data-leading]")) this.wonder(AT_ONCE);
  }

  async remember() {
    const typed = this.changes;
    if (!typed.length) return drop(this.name);
    this.safe = await put(this.name, { typed, seen: this.form.elements.seen.value, at: Date.now() });
  }

  async restore() {
    this.name = await named(this.form.dataset.record);
    if (this.waits) return this.remember(); // the page has the text already
    return this.resume(this.name);
  }

  async adopt() { // the text of a tab that is gone
    for (const name of await names(this.form.dataset.record)) {
      if (this.unsent || this.closed) return;
      if (!(await take(name)) || this.unsent) continue;
      this.name = name;
      await this.resume(name);
    }
  }

  async resume(name) {
    const record = await find(name);
    if (!record) return;
    if (Date.now() - record.at > MONTH) return drop(name);
    const then = marks(record.seen), typed = new Set(record.typed.map(([each]) => question(each)));
    this.seen = { ...this.seen, ...Object.fromEntries(Object.entries(then).filter(([code]) => typed.has(code))) };
    for (const [each, value] of record.typed) this.lay(each, value);
    if (!this.unsent) return drop(name);
    this.show("restored");
    this.wonder(0);
    this.plan(0);
  }

  lay(name, value) {
    const { elements } = this.form;
    if (!elements[name]) this.form.dispatchEvent(new CustomEvent("row", { bubbles: true, detail: name }));
    if (!elements[name] && !value) return;
    if (!elements[name]) { // a question the page does not ask just now
      const laid = Object.assign(document.createElement("input"), { type: "hidden", name });
      laid.dataset.laid = question(name);
      this.form.append(laid);
    }
    const control = elements[name];
    control.value = value;
    if (control.dispatchEvent) control.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- what follows from the answers
  wonder(rest) {
    clearTimeout(this.wondering);
    this.late = false;
    this.wondering = setTimeout(() => { this.wondering = 0; this.look(); }, rest);
  }

  async look() {
    const turn = ++this.turn;
    const answer = await ask(this.form.dataset.look, new FormData(this.form));
    if (turn !== this.turn || this.wondering) return; // a newer look is on its way
    this.behind = answer.state !== "shown";
    if (!this.behind) this.draw(answer);
  }

  draw({ html, seen }) {
    const fresh = new DOMParser().parseFromString(html, "text/html"), { form } = this;
    const before = this.fields(), told = { came: [], gone: [], words: [] };
    for (const place of fresh.querySelectorAll("[data-question]")) {
      const here = form.querySelector(`[data-question="${place.dataset.question}"]`);
      if (here) this.redraw(here, place, told);
    }
    for (const part of form.querySelectorAll("[data-part]")) {
      part.hidden = !part.querySelector("[data-question]:not([hidden])");
    }
    for (const [name, value] of Object.entries(this.fields())) {
      if (!(name in before)) this.held[name] ??= value; // nobody typed it: it came with its question
    }
    this.seen = { ...marks(seen), ...this.seen };
    renew(document.querySelector("[data-follows]"), fresh.querySelector("[data-follows]"));
    this.tell(told);
  }

  redraw(here, place, told) {
    const { label } = here.dataset;
    if (place.hidden && !here.hidden) {
      const inside = here.contains(document.activeElement);
      this.late ||= inside;
      if (inside) return; // it goes when its reader has left it
      told.gone.push(label);
    } else if (here.hidden && !place.hidden) {
      told.came.push(label);
      if (!here.childElementCount) this.fill(here, place);
    }
    here.hidden = place.hidden;
    const value = renew(here.querySelector("[data-derived]"), place.querySelector("[data-derived]"));
    if (value) told.words.push(`${label}: ${value.querySelector("[data-value]").textContent.trim()}`);
    const warning = renew(here.querySelector("[data-warnings]"), place.querySelector("[data-warnings]"));
    if (warning) told.words.push(warning.textContent.trim());
  }

  fill(here, place) {
    for (const laid of this.form.querySelectorAll(`[data-laid="${here.dataset.question}"]`)) laid.remove();
    here.replaceChildren(...place.childNodes);
  }

  tell({ came, gone, words }) {
    const all = new Intl.ListFormat(document.documentElement.lang), { dataset } = this.form;
    const say = (sentence, labels) => labels.length ? [sentence.replace("{questions}", () => all.format(labels))] : [];
    const told = [...say(dataset.came, came), ...say(dataset.gone, gone), ...words].join(" ");
    if (told) this.form.querySelector("[data-told]").textContent = told;
  }

  // --- sending
  plan(rest) {
    clearTimeout(this.timer);
    if (this.waits || this.closed || !this.unsent) return;
    this.timer = setTimeout(() => this.keep(), Math.max(rest, this.sent + APART - Date.now()));
  }

  keep() {
    if (this.waits || this.closed || !this.unsent) return Promise.resolve("kept");
    return this.send();
  }

  send() {
    clearTimeout(this.timer);
    this.flight ??= this.exchange().finally(() => { this.flight = null; });
    return this.flight;
  }

  async exchange() {
    this.sent = Date.now();
    this.say("saving");
    const now = this.fields();
    const answer = await ask(this.form.dataset.keep, new FormData(this.form));
    if (answer.seen) this.seen = { ...this.seen, ...marks(answer.seen) };
    if (answer.state === "kept") this.held = now;
    await this.remember();
    this.heed(answer);
    return answer.state;
  }

  async pulse() {
    if (Date.now() > this.ends - WARNING) open("ending");
    if (this.flight || this.closed) return;
    if (this.unsent) this.keep();
    else {
      this.heed(await ask(this.form.dataset.keep, this.words({})));
      await this.adopt();
    }
  }

  // --- what the service says
  heed({ state, words, asker, elsewhere }) {
    const reached = !["offline", "busy"].includes(state);
    this.retry = reached ? APART : Math.min(2 * this.retry, PULSE);
    this.closed = state === "closed";
    if (state === "taken" && !this.waits) return this.leave();
    if (state === "signed_out") this.signIn();
    if (asker !== undefined) asked(asker);
    if (elsewhere) this.show("elsewhere");
    this.show("offline", !reached);
    this.show("clash", state === "clash");
    if (this.unsent) this.plan(this.retry);
    if (this.behind && state === "kept") this.wonder(0);
    if (!reached || state === "signed_out") return this.say(this.safe ? "offline" : "lost");
    if (state === "kept") this.saved = words ?? this.saved;
    this.say(state === "kept" ? "saved" : "warn", state === "kept" ? this.saved : words);
  }

  say(state, words = this.form.dataset[state]) {
    const good = state === "saved" && words, bad = ["offline", "lost", "warn"].includes(state);
    this.form.querySelector("[data-mark=ok]").hidden = !good;
    this.form.querySelector("[data-mark=warn]").hidden = !bad;
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  show(state, shown = true) {
    this.form.querySelector(`[data-state=${state}]`).hidden = !shown;
  }

  async signIn() { // in another window, perhaps: then only the forms' token is an old one
    if (!(await this.back())) open("sign-in");
  }

  async back() {
    const { who, token } = await ask(this.form.dataset.keep);
    if (!who) return false;
    if (String(who) !== this.form.dataset.who) this.leave();
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    dialog("sign-in").close();
    this.plan(0);
    return true;
  }

  leave() { // somebody else is writing here; what is unsent stays on this device
    this.leaving = this.closed = true;
    location.replace(location.href);
  }

  // --- the buttons: first the rest is kept, then the page is sent as ever
  async submit(event) {
    if (this.leaving || !(this.unsent || this.flight)) return;
    event.preventDefault();
    event.stopPropagation();
    const { submitter } = event;
    if (this.flight) await this.flight;
    const state = this.unsent ? await this.send() : "kept";
    if (["offline", "busy", "signed_out"].includes(state)) return;
    this.leaving = true;
    this.form.requestSubmit(submitter);
  }
}

// What is there becomes what is new; nothing happens where both say the same, or the reader is in it.
function renew(here, fresh) {
  if (!here || !fresh || here.innerHTML === fresh.innerHTML || here.contains(document.activeElement)) return null;
  here.hidden = fresh.hidden;
  here.replaceChildren(...fresh.childNodes);
  return here;
}

// --- dialogs --------------------------------------------------------------------------------------
const dialog = (id) => document.getElementById(id);
const open = (id) => dialog(id).open || dialog(id).showModal();

function asked(name) {
  dialog("asked").querySelector("[data-asker]").textContent = name;
  if (name) open("asked");
  else dialog("asked").close();
}

function answering(section) {
  for (const button of dialog("asked").querySelectorAll("[data-answer]")) {
    button.addEventListener("click", async () => {
      if (section.unsent) await section.send();
      section.heed(await ask(section.form.dataset.keep, section.words({ answer: button.dataset.answer })));
    });
  }
}

function staying(section) {
  const { left, stay } = dialog("ending").dataset;
  const count = (seconds) => { section.ends = Date.now() + 1000 * seconds; };
  if (Number(left)) count(left);
  dialog("ending").querySelector("[data-more]").addEventListener("click", async () => {
    const answer = await ask(stay, section.words({}));
    dialog("ending").close();
    if (answer.left) count(answer.left);
    else section.heed(answer);
  });
}

function signing(section) {
  const door = dialog("sign-in"), form = door.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
    }).catch(() => {});
    form.elements.password.value = "";
    form.querySelector("[data-failed]").hidden = await section.back();
  });
  addEventListener("focus", () => door.open && section.back());
}

// --------------------------------------------------------------------------------------------------
const form = document.querySelector("form[data-keep]");
const waiting = document.querySelector("[data-waiting]");
if (waiting) wait(waiting);
if (form) {
  const section = new Section(form);
  for (const prepare of [answering, staying, signing]) prepare(section);
  section.begin();
}
