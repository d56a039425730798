// What could not be sent yet, in the browser's own storage: for that person and that page only, for two weeks.

const PREFIX = "unsaved:";
const LONGEST = 14 * 24 * 60 * 60 * 1000;

export class Leftovers {
  constructor(user, place) {
    this.prefix = `${PREFIX}${user}:${place}:`;
    this.isStopped = false;
    this.own = new Map(); // what this tab wrote or found; another tab's newer text is not ours to take away
    forget(({ at }) => !(Date.now() - at < LONGEST));
  }

  all() {
    const found = [];
    for (const name of keys().filter((one) => one.startsWith(this.prefix))) {
      const { typed, seen } = read(name);
      if (!Array.isArray(typed) || !Array.isArray(seen)) continue;
      const key = name.slice(this.prefix.length);
      this.own.set(key, localStorage.getItem(name));
      found.push({ key, typed, seen });
    }
    return found;
  }

  put(key, typed, seen) {
    if (this.isStopped) return;
    const text = JSON.stringify({ at: Date.now(), typed, seen });
    try {
      localStorage.setItem(this.prefix + key, text);
      this.own.set(key, text);
    } catch {
      // Full, or not allowed: the text still stands in the page.
    }
  }

  drop(key) {
    if (!this.own.has(key)) return;
    const name = this.prefix + key;
    if (localStorage.getItem(name) === this.own.get(key)) localStorage.removeItem(name);
    this.own.delete(key);
  }

  /** Somebody signed out here: nothing more is written. */
  stop() {
    this.isStopped = true;
  }

  resume() {
    this.isStopped = false;
  }
}

export function forgetAll() {
  forget(() => true);
}

function forget(isOver) {
  for (const name of keys()) if (isOver(read(name))) localStorage.removeItem(name);
}

function keys() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}
