// Which part of the meeting is on stage. The address says it, so that going back in the browser goes back a part.
//
//   [data-stage] holds the [data-part]s; [data-agenda]s hold a li[data-for=key] with a link for each of them;
//   [data-agenda-now] is the folded agenda of a narrow screen. A part has a heading, .where and [data-going] (前へ, 次へ).

export class Stage {
  constructor(form) {
    this.form = form;
    this.element = form.querySelector("[data-stage]");
    this.agendas = [...document.querySelectorAll("[data-agenda]")];
    this.now = document.querySelector("[data-agenda-now]");
    this.watchers = [];
    this.element.classList.add("led");
    this.show(this.partOf(location.hash) ?? this.element.querySelector(".opens") ?? this.parts[0], { isQuiet: true });
    window.addEventListener("hashchange", () => this.follow());
    document.addEventListener("click", (event) => this.clicked(event));
  }

  get parts() {
    return [...this.element.querySelectorAll(":scope > [data-part]")];
  }

  /** Calls `watcher` with every part that comes on stage, and the one before. */
  watch(watcher) {
    this.watchers.push(watcher);
  }

  partOf(hash) {
    const target = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
    return target?.closest("[data-part]") ?? null;
  }

  go(key) {
    if (location.hash !== `#${key}`) history.pushState(null, "", `#${key}`);
    this.follow(); // at once: the next key may come before the browser tells of a new address
  }

  step(by) {
    const { parts } = this;
    const next = parts[parts.indexOf(this.current) + by];
    if (next) this.go(next.id);
  }

  follow() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target?.closest("[data-part]");
    if (part) this.show(part, { isQuiet: false });
    if (target && target !== part) {
      target.focus(); // a field, or what stands beside the stage
      target.scrollIntoView({ block: "center" });
    }
  }

  clicked(event) {
    const link = event.target.closest?.("a[href^='#']");
    if (link && link.hash === location.hash && this.partOf(link.hash)) this.follow(); // the address stays as it is
  }

  show(part, { isQuiet }) {
    const before = this.current;
    this.current = part;
    for (const each of this.parts) each.classList.toggle("on", each === part);
    this.mark();
    if (this.now) this.now.open = false;
    for (const watcher of this.watchers) watcher(part, before);
    if (isQuiet) return;
    part.scrollIntoView({ block: "start" });
    this.heading.focus({ preventScroll: true });
  }

  get heading() {
    const heading = this.current.querySelector("h2");
    heading.tabIndex = -1;
    return heading;
  }

  /** Says in the agendas where we are. */
  mark() {
    const { id } = this.current;
    for (const item of document.querySelectorAll("[data-agenda] [data-for]")) {
      const link = item.querySelector("a");
      if (item.dataset.for === id) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    if (!this.now) return;
    this.now.querySelector("[data-where]").textContent = `${this.parts.indexOf(this.current) + 1}／${this.parts.length}`;
    this.now.querySelector("[data-what]").textContent = this.current.dataset.name;
    const minutes = this.agendas[0].querySelector(`[data-for="${CSS.escape(id)}"] [data-minutes]`).textContent;
    this.now.querySelector("summary [data-minutes]").textContent = minutes;
  }

  /** Puts the parts in this order everywhere. */
  reorder(keys) {
    const lists = [...document.querySelectorAll("[data-agenda] ol, [data-order-list]")];
    for (const key of keys) {
      const part = document.getElementById(key);
      if (part) this.element.append(part);
      for (const list of lists) {
        const item = list.querySelector(`:scope > [data-for="${CSS.escape(key)}"]`);
        if (item) list.append(item);
      }
    }
    const { parts } = this;
    parts.forEach((part, index) => {
      const where = part.querySelector(".where");
      const words = where.querySelector("[data-words]");
      words.textContent = words.dataset.words.replace("{count}", parts.length).replace("{number}", index + 1);
      where.querySelector("[data-figures]").textContent = `${index + 1}／${parts.length}`;
      lead(part.querySelector("[data-back]"), parts[index - 1]);
      lead(part.querySelector("[data-on]"), parts[index + 1]);
    });
    this.mark();
  }
}

function lead(button, part) {
  button.hidden = !part;
  button.dataset.go = part?.id ?? "";
  if (part) button.setAttribute("formaction", `${location.pathname}#${part.id}`);
  button.querySelector("[data-name]").textContent = part?.dataset.name ?? "";
}
