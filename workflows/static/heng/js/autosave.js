// Keeps what is typed into a section: on this device at once, with the service within seconds.
//
//   typing -> this device (IndexedDB) -> the service (2 s after the last key, or on leaving a field)
//
// The record on this device goes only when the service has said that it holds the same text. It
// says what was typed over what had been there, and the marks of that ("seen"), so that however
// late it is sent the service can put it together with what others did meanwhile (forms/merging.py).
// Where two people changed one answer nothing is decided here: the page asks (clashes.py).
// Without this file the buttons save, and all of that holds for them too.

const IDLE = 2000, APART = 5000, AT_ONCE = 300, PULSE = 20000, WAIT = 10000; // milliseconds
const SLOW = 15000, WARNING = 300000, MONTH = 30 * 86400000;
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
  if (await find(place.dataset.record)) place.querySelector("[data-kept-here]").hidden = false;
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
    this.name = form.dataset.record;
    this.waits = "waits" in form.dataset; // its reader decides first; nothing is sent by itself
    this.safe = true; // this device keeps records
    this.leaving = this.closed = false;
    this.flight = null; // the sending under way
    this.sent = -APART; // when the last one began
    this.retry = APART;
    this.ends = Infinity; // when the reader is signed out
    this.status = form.querySelector(".saved [role=status]");
    this.saved = this.status.textContent; // the last good news
  }

  async begin() {
    const { form } = this;
    form.reset(); // a browser may put old text back; what counts is the service's, then the record
    this.held = this.waits ? {} : this.fields();
    await this.restore();
    form.addEventListener("input", () => this.typed());
    form.addEventListener("change", () => this.plan(0));
    form.addEventListener("focusout", () => this.plan(0));
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => this.keep());
    addEventListener("beforeunload", (event) => this.unsent && !this.leaving && event.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden && this.plan(0));
    if (this.waits) return;
    addEventListener("pagehide", () => navigator.sendBeacon(form.dataset.keep, this.words({ leave: 1 })));
    setInterval(() => this.pulse(), PULSE);
    this.pulse();
  }

  fields() {
    return Object.fromEntries([...new FormData(this.form)].filter(([name]) => !OURS.test(name)));
  }

  get unsent() {
    const now = this.fields();
    return Object.keys(now).some((name) => now[name] !== this.held[name]);
  }

  words(told) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    for (const [name, value] of Object.entries(told)) body.set(name, value);
    return body;
  }

  // --- typing
  typed() {
    this.leaving = false;
    clearTimeout(this.storing);
    this.storing = setTimeout(() => this.remember(), AT_ONCE);
    this.plan(IDLE);
  }

  async remember() {
    const now = this.fields();
    const typed = Object.entries(now).filter(([name, value]) => value !== this.held[name]);
    if (!typed.length) return drop(this.name);
    this.safe = await put(this.name, { typed, seen: this.form.elements.seen.value, at: Date.now() });
  }

  async restore() {
    if (this.waits) return this.remember(); // the page has the text already
    const record = await find(this.name);
    if (!record) return;
    if (Date.now() - record.at > MONTH) return drop(this.name);
    this.form.elements.seen.value = record.seen;
    for (const [name, value] of record.typed) this.lay(name, value);
    if (this.unsent) this.show("restored");
    else drop(this.name);
  }

  lay(name, value) {
    let control = this.form.elements[name];
    if (!control) { // a question the page does not ask just now
      control = Object.assign(document.createElement("input"), { type: "hidden", name });
      this.form.append(control);
    }
    control.value = value;
    if (control.dispatchEvent) control.dispatchEvent(new Event("input", { bubbles: true }));
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
    if (answer.seen) this.form.elements.seen.value = answer.seen;
    if (answer.state === "kept") this.held = now;
    await this.remember();
    this.heed(answer);
    return answer.state;
  }

  async pulse() {
    if (Date.now() > this.ends - WARNING) open("ending");
    if (this.flight || this.closed) return;
    if (this.unsent) this.keep();
    else this.heed(await ask(this.form.dataset.keep, this.words({})));
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
const taken = document.querySelector("[data-waiting]");
if (taken) wait(taken);
if (form) {
  const section = new Section(form);
  for (const prepare of [answering, staying, signing]) prepare(section);
  section.begin();
}
