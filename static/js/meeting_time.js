// How long each part is on stage, while somebody sees the page. Shown in whole minutes, and sent now and then.

const SHOW = 5_000; // ms
const SEND = 30_000;

export function measureTime(form, stage) {
  new Clock(form, stage).start();
}

class Clock {
  constructor(form, stage) {
    this.form = form;
    this.stage = stage;
    this.address = stage.element.dataset.time;
    this.unsent = new Map(); // milliseconds by part
    this.kept = new Map(stage.parts.map((part) => [part.id, Number(part.dataset.seconds)]));
    this.since = performance.now();
    this.isSeen = document.visibilityState === "visible";
  }

  start() {
    this.stage.watch((_part, before) => this.count(before));
    document.addEventListener("visibilitychange", () => {
      this.count(this.stage.current);
      this.isSeen = document.visibilityState === "visible";
      if (!this.isSeen) this.send();
    });
    window.addEventListener("pagehide", () => {
      this.count(this.stage.current);
      this.send();
    });
    setInterval(() => {
      this.count(this.stage.current);
      this.show();
    }, SHOW);
    setInterval(() => this.send(), SEND);
    this.show();
  }

  count(part) {
    const now = performance.now();
    if (this.isSeen && part) this.unsent.set(part.id, (this.unsent.get(part.id) ?? 0) + now - this.since);
    this.since = now;
  }

  async send() {
    const spent = {};
    for (const [key, ms] of this.unsent) if (ms >= 1000) spent[key] = Math.floor(ms / 1000);
    if (!Object.keys(spent).length || this.isSending) return;
    for (const [key, seconds] of Object.entries(spent)) this.unsent.set(key, this.unsent.get(key) - seconds * 1000);
    this.isSending = true;
    try {
      const token = this.form.elements.csrfmiddlewaretoken.value;
      const body = new URLSearchParams({ spent: JSON.stringify(spent), csrfmiddlewaretoken: token });
      const response = await fetch(this.address, { method: "POST", keepalive: true, body });
      if (!response.ok || response.redirected) throw new Error("not kept");
      const { seconds } = await response.json();
      for (const [key, kept] of Object.entries(seconds)) this.kept.set(key, kept);
    } catch {
      for (const [key, seconds] of Object.entries(spent)) this.unsent.set(key, (this.unsent.get(key) ?? 0) + seconds * 1000);
    }
    this.isSending = false;
  }

  secondsOf(key) {
    return (this.kept.get(key) ?? 0) + Math.floor((this.unsent.get(key) ?? 0) / 1000);
  }

  show() {
    const words = this.stage.element.dataset.ofMinutes;
    let all = 0;
    for (const { id } of this.stage.parts) {
      const seconds = this.secondsOf(id);
      all += seconds;
      const minutes = Math.floor(seconds / 60);
      for (const item of document.querySelectorAll(`[data-agenda] [data-for="${CSS.escape(id)}"] [data-minutes]`)) {
        item.textContent = minutes ? words.replace("{minutes}", minutes) : "";
      }
    }
    const soFar = this.form.querySelector("[data-so-far]");
    soFar.textContent = all >= 60 ? soFar.dataset.soFar.replace("{minutes}", Math.floor(all / 60)) : "";
    this.stage.mark();
  }
}
