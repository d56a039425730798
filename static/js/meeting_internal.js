// The pane for internal notes beside the meeting. While it is closed nothing of it is in the page. It opens in two steps,
// of which no single key or press takes both, and closes when one turns away. Its text is kept in no browser.

const IDLE = 3 * 60_000; // ms without a letter
const PAUSE = 1000;
const KEY = "note-internal";

export function guardInternal(form, stage) {
  const section = form.querySelector("[data-internal]");
  if (section) new Pane(form, section, stage).listen();
}

class Pane {
  constructor(form, section, stage) {
    this.form = form;
    this.section = section;
    this.stage = stage;
    this.closed = section.querySelector("[data-closed]");
    this.told = section.querySelector("[data-internal-told]");
    this.unsaved = null; // what could not be saved when it closed; in this page's memory only
    this.open = null;
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      if (!event.submitter?.matches("[data-internal-ask]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.ask();
    }, { capture: true });
    this.stage.watch(() => this.leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
    });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("beforeunload", (event) => {
      if (this.unsaved !== null || this.isDirty) event.preventDefault();
    });
  }

  // --- the two steps ---

  ask() {
    this.told.textContent = "";
    const block = this.section.querySelector("template[data-internal-question]").content.firstElementChild.cloneNode(true);
    const alone = block.querySelector("[data-alone]");
    const open = block.querySelector("[data-open-it]");
    alone.addEventListener("change", () => {
      open.disabled = !alone.checked;
    });
    block.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === alone) event.preventDefault(); // sends no form
      if (event.key === "Escape") this.shut();
    });
    block.querySelector("[data-not-now]").addEventListener("click", () => this.shut());
    open.addEventListener("click", () => this.fetch(alone.checked));
    this.put(block);
    block.querySelector("[data-question]").focus();
  }

  async fetch(isAlone) {
    if (!isAlone) return;
    const body = new URLSearchParams({ alone: "on", csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value });
    try {
      const response = await fetch(this.section.dataset.internal, { method: "POST", body, cache: "no-store" });
      if (!response.ok || response.redirected) throw new Error("not opened");
      const html = await response.text();
      if (document.visibilityState === "visible" && this.block) this.show(html);
    } catch {
      this.shut();
      this.told.textContent = this.told.dataset.wordsFailed;
    }
  }

  show(html) {
    const block = document.createElement("div");
    block.innerHTML = html;
    this.text = block.querySelector("textarea");
    this.seen = block.querySelector("[data-seen]").dataset.seen;
    this.text.removeAttribute("name"); // no part of the meeting's form
    if (this.unsaved !== null) this.text.value = this.unsaved;
    this.unsaved = null;
    const foot = this.section.querySelector("template[data-internal-foot]").content.firstElementChild.cloneNode(true);
    this.state = foot.querySelector("[data-state]");
    foot.querySelector("[data-close-it]").addEventListener("click", () => this.leave());
    block.append(foot);
    this.text.addEventListener("input", (event) => {
      this.rest();
      if (!event.isComposing) this.schedule();
    });
    this.text.addEventListener("compositionend", () => this.schedule());
    block.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation();
      this.leave();
    });
    this.put(block);
    this.say(true);
    this.text.focus();
    this.rest();
    if (this.isDirty) this.schedule();
  }

  put(block) {
    this.block?.remove();
    this.block = block;
    this.closed.hidden = true;
    this.section.append(block);
  }

  say(isOpen) {
    this.section.querySelector("[data-is-open]").hidden = !isOpen;
    this.section.querySelector("[data-is-closed]").hidden = isOpen;
  }

  // --- saving ---

  get isDirty() {
    return Boolean(this.text) && this.text.value !== this.seen;
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  async save(isLast = false) {
    clearTimeout(this.timer);
    const { text } = this;
    const typed = text?.value;
    if (!this.isDirty || (this.isSaving && !isLast)) return !this.isDirty;
    this.isSaving = true;
    this.tell("busy");
    const answer = await this.post(typed, isLast);
    this.isSaving = false;
    if (!answer || (answer.state !== "saved" && answer.state !== "same")) {
      this.tell("failed", answer?.theirs ? `${answer.by}: ${answer.theirs}` : answer?.errors?.[0]?.text);
      if (answer?.stored) [this.seen] = answer.stored; // the other text is shown; saving again puts this one
      return false;
    }
    if (this.text === text) [this.seen] = answer.stored;
    this.tell("done", answer.doubts.map(({ text: words }) => words).join(" "), answer.time);
    if (this.text === text && this.isDirty) this.schedule();
    return true;
  }

  async post(typed, isLast) {
    const user = Number(this.form.dataset.savingUser);
    try {
      const response = await fetch(this.section.dataset.internalCells, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
        },
        body: JSON.stringify({ user, cells: { [KEY]: { typed: [typed], seen: [this.seen] } } }),
        keepalive: isLast,
      });
      if (!response.ok) return null;
      const { cells, saved_at: time } = await response.json();
      return { ...cells[KEY], time };
    } catch {
      return null;
    }
  }

  tell(state, more = "", time = "") {
    if (!this.state) return;
    this.state.hidden = false;
    this.state.classList.toggle("saved-busy", state === "busy");
    this.state.classList.toggle("saved-failed", state === "failed");
    this.state.textContent = [this.state.dataset[state].replace("{time}", time), more].filter(Boolean).join(" ");
  }

  // --- closing ---

  /** Somebody still writes: the time runs anew. */
  rest() {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.leave(), IDLE);
  }

  /** Shuts at once, and saves what is not saved yet; what cannot be saved waits in memory until it is opened again. */
  leave() {
    if (!this.block) return;
    const { text } = this;
    if (!text) {
      this.shut();
      return;
    }
    const typed = text.value;
    const isDirty = this.isDirty;
    const saving = isDirty ? this.save(true) : Promise.resolve(true);
    this.unsaved = isDirty ? typed : null;
    this.shut();
    if (!isDirty) return;
    saving.then((isSaved) => {
      if (isSaved) this.unsaved = null;
      this.told.textContent = isSaved ? this.told.dataset.wordsSaved : this.told.dataset.wordsUnsaved;
    });
  }

  shut() {
    clearTimeout(this.idle);
    clearTimeout(this.timer);
    const hadFocus = this.block?.contains(document.activeElement);
    this.block?.remove();
    this.block = null;
    this.text = null;
    this.state = null;
    this.closed.hidden = false;
    this.say(false);
    if (hadFocus) this.section.querySelector("h2").focus({ preventScroll: true });
  }
}
