// Files go up as soon as they are chosen, piece by piece, one file after another. What breaks off
// goes on where it stopped: after a pause by itself, after a reload once the same file is chosen.
// Without this file the form sends them whole, and the server says the same of each.

const LONGEST_PAUSE = 15000; // milliseconds between two tries
const TRIES = 6; // answers in a row that bring nothing forward
const form = document.querySelector("form[data-upload]");
const words = document.querySelector("#upload-words").dataset;
const piece = Number(form.dataset.piece);
const largest = Number(form.dataset.largest) * 1024 * 1024;
let queue = Promise.resolve();
let busy = 0;

class Refused extends Error {}
class SignedOut extends Error {}

const say = (text) => { document.querySelector("#upload-said").textContent = text; };

async function digest(bytes) {
  if (!crypto.subtle) return ""; // a page without TLS
  const made = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(made, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- asking the server ---------------------------------------------------------------------------
function pause(round) {
  const wait = Math.min(LONGEST_PAUSE, 500 * 2 ** round);
  return new Promise((go) => {
    setTimeout(go, wait);
    window.addEventListener("online", go, { once: true });
  });
}

// One request, tried until the server answers it; a refusal is thrown, any other answer is given.
async function ask(line, address, body) {
  const token = form.elements.csrfmiddlewaretoken.value;
  for (let round = 0; ; round += 1) {
    try {
      const answer = await fetch(address, {
        method: "POST", body, redirect: "manual", signal: line.stopper.signal,
        headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) throw new SignedOut();
      if (answer.ok || answer.status === 409) {
        const told = await answer.json();
        if (told.error) throw new Refused(told.error);
        return told;
      }
      if (answer.status < 500 && answer.status !== 429) {
        const told = await answer.json().catch(() => ({}));
        throw new Refused(told.error ?? words.failed);
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // a TypeError is a network that is gone
    }
    line.tell(words.interrupted);
    await pause(round);
  }
}

async function send(line) {
  const { file, code } = line;
  const sha256 = file.size > largest ? "" : await digest(await file.arrayBuffer());
  const about = { code, name: file.name, size: file.size, sha256 };
  let state = await ask(line, form.dataset.upload, new URLSearchParams(about));
  line.address = state.url;
  for (let idle = 0; !state.done; ) {
    line.show(state.offset);
    const part = await file.slice(state.offset, state.offset + piece).arrayBuffer();
    const place = new URLSearchParams({ offset: state.offset, sha256: await digest(part) });
    const next = await ask(line, `${line.address}?${place}`, part);
    idle = next.done || next.offset > state.offset ? 0 : idle + 1;
    if (idle > TRIES) throw new Refused(words.failed);
    state = next;
  }
}

// --- one line of the page ------------------------------------------------------------------------
function row(code) {
  return document.querySelector(`#paper-${CSS.escape(code)}`);
}

class Line {
  constructor(file, code) {
    const made = document.querySelector("#upload-line").content.cloneNode(true);
    Object.assign(this, { file, code, stopper: new AbortController(), element: made.firstElementChild });
    this.part("name").textContent = file.name;
    this.part("cancel").append(named(file.name));
    this.part("again").append(named(file.name));
    this.element.querySelector("progress").setAttribute("aria-label", file.name);
    this.part("cancel").addEventListener("click", () => this.cancel());
    this.part("again").addEventListener("click", () => this.start());
    row(code).append(made);
  }

  part(name) { return this.element.querySelector(`[data-${name}]`); }

  tell(text) { this.part("state").textContent = text; }

  show(arrived) {
    const percent = Math.floor((arrived * 100) / this.file.size);
    this.element.querySelector("progress").value = percent;
    this.tell(arrived + piece >= this.file.size && percent > 0 ? words.checking : `${words.sending} ${percent} %`);
  }

  start() {
    this.part("again").hidden = true;
    this.tell(words.waiting);
    busy += 1;
    queue = queue.then(() => this.run()).finally(() => { busy -= 1; });
  }

  async run() {
    if (this.stopper.signal.aborted) return;
    try {
      await send(this);
      this.element.remove();
      await refresh(this.code);
      say(words.done.replace("{name}", this.file.name));
    } catch (error) {
      this.stop(error);
    }
  }

  // Stand still and say why: for good when the file was refused, else until somebody goes on.
  stop(error) {
    if (error.name === "AbortError") return;
    const refused = error instanceof Refused;
    const text = refused ? error.message : error instanceof SignedOut ? words.signedOut : words.failed;
    this.tell("");
    this.part("again").hidden = refused;
    this.part("error").textContent = text;
    this.part("error").hidden = false;
    this.element.querySelector("progress").hidden = refused;
    row(this.code).classList.add("is-bad");
    say(`${words.refused.replace("{name}", this.file.name)}: ${text}`);
  }

  async cancel() {
    this.stopper.abort();
    this.element.remove();
    row(this.code).querySelector("input[type=file]")?.focus();
    if (!row(this.code).querySelector("[data-error]:not([hidden])")) row(this.code).classList.remove("is-bad");
    if (!this.address) return;
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    await fetch(`${this.address}cancel/`, { method: "POST", headers, redirect: "manual" }).catch(() => {});
  }
}

function named(name) {
  const text = document.createElement("span");
  text.className = "sr";
  text.textContent = ` ${name}`;
  return text;
}

// Show a row as the server has it now; uploads under way keep their lines, and focus stays.
async function refresh(code) {
  const answer = await fetch(window.location.href, { headers: { "X-Requested-With": "fetch" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(`#paper-${CSS.escape(code)}`);
  if (!fresh) return;
  const old = row(code);
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  fresh.append(...old.querySelectorAll(":scope > .upload"));
  old.replaceWith(document.adoptNode(fresh));
  prepare(fresh);
  if (focused) document.getElementById(focused)?.focus();
  document.querySelector("#papers-missing").innerHTML = page.querySelector("#papers-missing").innerHTML;
}

// --- the page --------------------------------------------------------------------------------------
function prepare(part) {
  for (const button of part.querySelectorAll("[data-plain]")) button.hidden = true;
}

form.addEventListener("change", (event) => {
  if (event.target.type !== "file") return;
  const { code } = event.target.closest("[data-code]").dataset;
  for (const file of event.target.files) new Line(file, code).start();
  event.target.value = "";
});
window.addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });
prepare(form);
