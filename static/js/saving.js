// A page that saves itself while one types. Knows no words and no subject: both stand in the page.
//
// What the page holds (root is usually the form):
//   root            data-saving="address to post to"  data-saving-user="whose page"  data-saving-place="what it is about"
//                   data-saving-version, data-saving-now (address of all cells as they stand): to notice what others saved
//                   data-saving-state is written here: "unsaved" as long as something typed is not stored, else "saved"
//   [data-cell=key] holds the inputs that are saved together, one text for each name in their order; or names them, where
//                   the layout keeps them apart: data-names="name name". data-seen='["text", …]' is what stood there when
//                   the page was made (left out: nothing did). data-unsaved says that what the inputs show is not stored:
//                   "typed" (send it), "half" (left so; what waits in the browser is newer), "wrong" or "conflict"
//                   (data-theirs is then the answer that told of it)
//   [data-told]     in a cell, or the cell itself: where errors, doubts and conflicts are told (saving_told.js)
//   [data-saved]    the state in words (saving_status.js)
// The server's side is core/autosave.py. Cells may be added to the page later; inputs may be filled by scripts, which
// then dispatch a bubbling "input" or "change". On the cell "cell:saved" is dispatched with the answer as detail, and
// "cell:refreshed" when what somebody else wrote was put into it.

import { Cell } from "./saving_cell.js";
import { Status } from "./saving_status.js";
import { Leftovers } from "./saving_store.js";

const PAUSE = 1000; // ms after the last letter
const PATIENCE = 20_000; // ms until an answer is given up
const AGAIN = [2, 5, 10, 20, 40, 60]; // seconds between attempts
const LARGEST_LAST_WORD = 60_000; // bytes that may still be sent while a page is being left

export function startSaving(root, options = {}) {
  return new Saver(root, options);
}

class Saver {
  /** `beforePost` is called before the whole page is posted, `answered` with every answer to a save. */
  constructor(root, { beforePost = () => {}, answered = () => {} }) {
    this.root = root;
    this.beforePost = beforePost;
    this.answeredBy = answered;
    this.address = root.dataset.saving;
    this.user = Number(root.dataset.savingUser);
    this.version = root.dataset.savingVersion === undefined ? null : Number(root.dataset.savingVersion);
    this.cells = new Map();
    this.status = new Status(root, () => this.retry());
    this.leftovers = new Leftovers(this.user, root.dataset.savingPlace);
    this.flight = null; // the one request under way
    this.timer = 0;
    this.failures = 0;
    this.stopped = ""; // why nothing is sent: signed_out, other_person, moved_on …
    this.isQuiet = false; // while this script itself fills inputs
    this.isLeaving = false;
    this.listen();
    for (const element of root.querySelectorAll("[data-cell]")) this.cellOf(element);
    this.bringBack();
    this.changed();
  }

  // --- what is typed ---

  listen() {
    const { root } = this;
    root.addEventListener("input", (event) => this.typed(event, PAUSE));
    root.addEventListener("change", (event) => this.typed(event, 0));
    root.addEventListener("compositionstart", (event) => this.composes(event, true));
    root.addEventListener("compositionend", (event) => this.composes(event, false));
    root.addEventListener("focusout", (event) => this.showAsStored(event));
    root.addEventListener("submit", (event) => this.submits(event));
    document.addEventListener("click", (event) => this.followsLink(event));
    window.addEventListener("online", () => this.retry());
    window.addEventListener("pageshow", (event) => this.isShown(event));
    document.addEventListener("visibilitychange", () => this.turnsAway());
    this.warn = (event) => event.preventDefault();
    this.channel = new BroadcastChannel("saving");
    this.channel.addEventListener("message", ({ data }) => this.hears(data));
  }

  cellOf(target) {
    const name = CSS.escape(target.name ?? "");
    const element = target.closest?.("[data-cell]") ?? this.root.querySelector(`[data-cell][data-names~="${name}"]`);
    if (!element || !this.root.contains(element)) return null;
    const key = element.dataset.cell;
    if (this.cells.get(key)?.element !== element) {
      this.cells.set(key, new Cell(element, (cell, whose) => this.chooses(cell, whose)));
    }
    return this.cells.get(key);
  }

  typed(event, pause) {
    const cell = this.isQuiet ? null : this.cellOf(event.target);
    if (!cell?.inputs.includes(event.target) || event.isComposing) return;
    cell.typed(event.type === "input");
    this.keep(cell);
    this.changed();
    if (cell.state === "dirty") this.schedule(pause);
  }

  composes(event, isComposing) {
    const cell = this.cellOf(event.target);
    if (!cell) return;
    cell.isComposing = isComposing;
    if (!isComposing) this.typed({ target: event.target, type: "input" }, PAUSE);
  }

  keep(cell) {
    if (cell.isUnsaved) this.leftovers.put(cell.key, cell.texts, cell.seen);
    else this.leftovers.drop(cell.key);
  }

  bringBack() {
    const homeless = [];
    let count = 0;
    for (const { key, typed, seen } of this.leftovers.all()) {
      const cell = this.cells.get(key);
      if (!cell) homeless.push({ key, typed });
      else if (cell.isHalf ? cell.hasTexts(typed) : cell.isUnsaved) continue; // the server has given back a newer text
      else if (cell.hasTexts(typed)) this.leftovers.drop(key);
      else {
        this.fill(cell, typed);
        cell.seen = seen;
        cell.typed(false);
        count += 1;
      }
    }
    if (count) this.status.notice("brought-back", { count });
    if (homeless.length) {
      const texts = homeless.map(({ typed }) => typed.join(" "));
      this.status.notice("homeless", { texts, dismissed: () => homeless.forEach(({ key }) => this.leftovers.drop(key)) });
    }
    if (this.isPending) this.schedule(0);
  }

  // --- sending ---

  get isPending() {
    return [...this.cells.values()].some((cell) => cell.state === "dirty" || cell.sent);
  }

  get isUnsaved() {
    return [...this.cells.values()].some((cell) => cell.isUnsaved);
  }

  schedule(pause) {
    if (this.stopped || this.failures) return; // an attempt is due anyway, or none is of any use
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  retry() {
    if (this.stopped && this.stopped !== "signed_out" && this.stopped !== "other_person") return;
    this.failures = 0;
    this.stopped = "";
    this.status.clear("other_person");
    this.send();
  }

  send({ everything = false, isLast = false } = {}) {
    clearTimeout(this.timer);
    this.flight ??= this.fly(everything, isLast).finally(() => {
      this.flight = null;
      this.changed();
    });
    return this.flight;
  }

  async fly(everything, isLast) {
    const ready = [...this.cells.values()].filter((cell) => cell.isReady(everything));
    if (!ready.length || this.stopped) {
      if (this.isPending) this.schedule(PAUSE);
      return;
    }
    const cells = Object.fromEntries(ready.map((cell) => [cell.key, cell.send()]));
    const { status, body } = await this.post({ user: this.user, cells }, isLast);
    for (const cell of ready) cell.landed();
    if (status === 200) this.saved(ready, body);
    else this.refused(status, body);
  }

  async post(body, isLast) {
    const text = JSON.stringify(body);
    try {
      const response = await fetch(this.address, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "",
        },
        body: text,
        keepalive: isLast && text.length * 3 < LARGEST_LAST_WORD,
        signal: AbortSignal.timeout(PATIENCE),
      });
      return { status: response.status, body: await response.json() };
    } catch {
      return { status: 0, body: {} };
    }
  }

  saved(ready, body) {
    this.failures = 0;
    this.time = body.saved_at;
    this.status.clear("signed_out");
    this.answeredBy(body);
    for (const [old, key] of Object.entries(body.renamed ?? {})) this.rename(old, key);
    let isWritten = false;
    for (const cell of ready) {
      const answer = body.cells[cell.key] ?? { state: "gone", errors: [] };
      isWritten ||= answer.state === "saved";
      this.quietly(() => cell.answered(answer));
      this.keep(cell);
      cell.element.dispatchEvent(new CustomEvent("cell:saved", { bubbles: true, detail: answer }));
    }
    if (this.version !== null) {
      if (body.version > this.version + (isWritten ? 1 : 0)) this.refresh();
      this.version = Math.max(this.version, body.version);
    }
    if (isWritten) for (const cell of this.cells.values()) if (!ready.includes(cell)) cell.waitsNoMore();
    if (this.isPending) this.schedule(0);
  }

  refused(status, body) {
    if (status >= 400 && status < 500 && body.reason) {
      this.stopped = body.reason === "csrf" ? "signed_out" : body.reason;
      this.status.notice(this.stopped, { message: body.message });
      return;
    }
    const wait = AGAIN[Math.min(this.failures, AGAIN.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.send(), wait * 1000);
  }

  rename(old, key) {
    const cell = this.cells.get(old);
    if (!cell) return;
    this.leftovers.drop(old);
    this.cells.delete(old);
    cell.rename(key);
    this.cells.set(key, cell);
  }

  /** Sends whatever is unsaved, until all of it has been answered; false when that did not work. */
  async flush() {
    if (this.stopped === "signed_out") this.stopped = "";
    this.failures = 0;
    do {
      await this.flight; // one of before: what was typed since is not in it
      await this.send({ everything: true });
    } while (!this.failures && !this.stopped && [...this.cells.values()].some((cell) => cell.isReady(true)));
    return !this.failures && (!this.stopped || this.stopped === "moved_on"); // the server then gives the texts back
  }

  // --- what others wrote ---

  chooses(cell, whose) {
    this.quietly(() => cell.choose(whose));
    this.keep(cell);
    this.changed();
    if (cell.state === "dirty") this.schedule(0);
  }

  async refresh() {
    const address = this.root.dataset.savingNow;
    if (!address) return;
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
      if (!response.ok) return;
      const { cells, version } = await response.json();
      this.version = Math.max(this.version, version);
      for (const [key, { stored, shown }] of Object.entries(cells)) {
        const cell = this.cells.get(key);
        if (cell && this.quietly(() => cell.refresh(stored, shown))) {
          cell.element.dispatchEvent(new CustomEvent("cell:refreshed", { bubbles: true }));
        }
      }
    } catch {
      // Nothing of this writer's is at stake; the next save asks again.
    }
  }

  fill(cell, texts) {
    this.quietly(() => cell.fill(texts));
  }

  quietly(act) {
    const before = this.isQuiet;
    this.isQuiet = true;
    try {
      return act();
    } finally {
      this.isQuiet = before;
    }
  }

  showAsStored(event) {
    const cell = this.cellOf(event.target);
    if (cell?.inputs.includes(event.target) && !cell.inputs.includes(event.relatedTarget)) this.quietly(() => cell.showAsStored());
  }

  // --- leaving ---

  async submits(event) {
    if (event.defaultPrevented) return;
    if (!this.isLeaving && (this.isPosting || !this.isPending)) {
      this.leave();
      return;
    }
    event.preventDefault(); // not yet; or pressed twice
    if (this.isLeaving || this.isFlushing) return;
    this.isFlushing = true;
    const isSaved = await this.flush();
    this.isFlushing = false;
    if (!isSaved) return;
    this.isPosting = true;
    this.root.requestSubmit(event.submitter);
    this.isPosting = false;
  }

  leave() {
    this.beforePost(this);
    this.isLeaving = true;
    setTimeout(() => this.stays(), PATIENCE); // the answer did not come, or was no page
    this.changed();
  }

  stays() {
    this.isLeaving = false;
    this.changed();
  }

  /** What stands in the cells that were saved since the page was made, for the post of the whole page. */
  seenSince() {
    const since = {};
    for (const cell of this.cells.values()) if (cell.isSeenAnew) since[cell.key] = cell.seen;
    return since;
  }

  async followsLink(event) {
    const link = event.target.closest?.("a[href]");
    const isPlain = !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!link || !isPlain || link.target || link.download || !this.isPending || this.failures || this.stopped) return;
    if (link.origin !== location.origin || (link.pathname === location.pathname && link.hash)) return;
    event.preventDefault();
    await this.flush();
    location.assign(link.href);
  }

  isShown(event) {
    const cameBack = event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    if (event.persisted) this.stays();
    if (cameBack) this.refresh();
  }

  turnsAway() {
    if (document.visibilityState === "hidden") this.send({ everything: true, isLast: true });
    else if (this.stopped === "signed_out") this.retry();
  }

  /** From static/js/signed_in.js and signed_out.js, in other tabs. */
  hears({ signedIn, signedOut }) {
    if (signedOut) this.leftovers.stop();
    if (signedIn === this.user) {
      this.leftovers.resume();
      for (const cell of this.cells.values()) this.keep(cell);
    }
    if (signedIn) this.retry();
  }

  /** Says how things stand, and warns before leaving as long as something is unsaved. */
  changed() {
    const open = [...this.cells.values()].filter((cell) => cell.isOpen);
    const isUnsaved = this.isUnsaved && !this.isLeaving;
    if (isUnsaved) window.addEventListener("beforeunload", this.warn);
    else window.removeEventListener("beforeunload", this.warn);
    this.root.dataset.savingState = isUnsaved ? "unsaved" : "saved";
    if (this.stopped || this.failures) this.status.failed(!this.stopped);
    else if (this.isPending) this.status.busy();
    else if (open.length) this.status.open(open);
    else if (this.time) this.status.done(this.time);
    if (!isUnsaved) this.status.clear("brought-back");
  }
}
