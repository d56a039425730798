// How the saving stands, in the words of the page.
//
//   [data-saved]                role=status; data-busy, data-done ("{time} …"), data-failed, data-open ("{count} …")
//   button[data-saved-retry]    shown when trying again is of use
//   a[data-saved-open]          leads to the first cell that wants to be looked at
//   template[data-notice=name]  what is said at the top of [data-notices]: signed_out, moved_on, brought-back …;
//                               in it [data-message] takes the server's words, data-says="… {count} …" is said, [data-texts]
//                               holds a box for each text, [data-dismiss] takes the notice away

const SLOW = 400; // ms before 保存中 is said at all

export class Status {
  constructor(root, retry) {
    this.root = root;
    this.line = document.querySelector("[data-saved]");
    this.button = document.querySelector("[data-saved-retry]");
    this.link = document.querySelector("[data-saved-open]");
    this.button?.addEventListener("click", retry);
    this.notices = new Map();
  }

  busy() {
    this.timer ||= setTimeout(() => this.say("busy", this.line?.dataset.busy), SLOW);
  }

  done(time) {
    this.say("done", this.line?.dataset.done.replace("{time}", time));
  }

  failed(isRetryOfUse) {
    this.say("failed", this.line?.dataset.failed, { isRetryOfUse });
  }

  open(cells) {
    const [first] = cells;
    this.say("failed", this.line?.dataset.open.replace("{count}", cells.length), { anchor: first.inputs[0]?.id });
  }

  say(state, words, { isRetryOfUse = false, anchor = "" } = {}) {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.line) return;
    this.line.hidden = false;
    this.line.classList.toggle("saved-busy", state === "busy");
    this.line.classList.toggle("saved-failed", state === "failed");
    if (this.line.textContent !== words) this.line.textContent = words;
    if (this.button) this.button.hidden = !isRetryOfUse;
    if (this.link) {
      this.link.hidden = !anchor;
      this.link.href = `#${anchor}`;
    }
  }

  notice(name, { message = "", count = 0, texts = [], dismissed = () => {} } = {}) {
    const source =
      this.root.querySelector(`template[data-notice="${name}"]`) ?? this.root.querySelector('template[data-notice="other"]');
    const place = this.root.querySelector("[data-notices]");
    if (!source || !place) return;
    this.clear(name);
    const notice = source.content.cloneNode(true).firstElementChild;
    for (const part of notice.querySelectorAll("[data-message]")) part.textContent = message;
    for (const part of notice.querySelectorAll("[data-says]")) part.textContent = part.dataset.says.replace("{count}", count);
    const list = notice.querySelector("[data-texts]");
    for (const text of texts) {
      const box = list.firstElementChild.cloneNode(true);
      box.querySelector("textarea").value = text;
      list.append(box);
    }
    list?.firstElementChild.remove();
    notice.querySelector("[data-dismiss]")?.addEventListener("click", () => {
      this.clear(name);
      dismissed();
    });
    place.append(notice);
    this.notices.set(name, notice);
  }

  clear(name) {
    this.notices.get(name)?.remove();
    this.notices.delete(name);
  }
}
