// Photos and files: shows what was chosen, sends it one by one, and says how far it is. What could not be sent
// stays chosen. Without this script the form sends everything at once.

const form = document.querySelector("form[data-files]");
const words = form.dataset;
const part = (name) => form.querySelector(`[data-${name}]`);
const list = part("chosen");
const template = part("chosen-item");
const status = part("status");
const button = part("send");
const inputs = [...form.querySelectorAll("input[type=file]")];
const people = part("people");
const consent = part("consent");
const PATIENCE = 90_000; // ms without a sign of life until a file is given up
const FATAL = { failed: "failed", signedOut: "signedOut" };

let items = []; // { file, row, isSent }
let isSending = false;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
const isPhoto = (file) => file.type.startsWith("image/") || /\.(jpe?g|png|hei[cf])$/i.test(file.name);
const readable = (bytes) =>
  bytes <= 1000 * 1024 ? `${Math.max(1, Math.ceil(bytes / 1024))}KB` : `${Math.ceil(bytes / 104857.6) / 10}MB`;

function say(text, kind = "") {
  status.textContent = text;
  status.className = `chosen-status small${text ? ` saved ${kind}` : ""}`;
}

function showError(name, isWrong, text = "") {
  const error = form.querySelector(`[data-error=${name}]`);
  if (text) error.textContent = text;
  error.hidden = !isWrong;
  return isWrong;
}

// --- what was chosen ---

function add(files) {
  for (const file of files) {
    if (items.some(({ file: there }) => isSame(there, file))) continue;
    const row = template.content.firstElementChild.cloneNode(true);
    const item = { file, row };
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("[data-name-again]").textContent = ` ${file.name}`;
    row.querySelector("[data-size]").textContent = readable(file.size);
    row.querySelector("[data-take-out]").addEventListener("click", () => takeOut(item));
    list.append(row);
    items.push(item);
    item.isBarred = file.size > Number(words.largest) || file.size === 0;
    if (item.isBarred) tell(item, file.size ? words.tooBig : words.empty);
    draw(file, row.querySelector("canvas"));
  }
  refresh();
}

const isSame = (one, two) =>
  one.name === two.name && one.size === two.size && one.lastModified === two.lastModified;

function tell(item, problem) {
  const place = item.row.querySelector("[data-problem]");
  place.textContent = problem;
  place.hidden = !problem;
}

function takeOut(item) {
  const next = item.row.nextElementSibling ?? item.row.previousElementSibling;
  item.row.remove();
  items = items.filter((other) => other !== item);
  refresh();
  (next?.querySelector("[data-take-out]") ?? inputs[0]).focus();
}

// A canvas, because the page's policy shows no picture that is not the server's own.
async function draw(file, canvas) {
  if (!isPhoto(file)) return;
  try {
    const picture = await createImageBitmap(file, { resizeWidth: 192 });
    const pen = canvas.getContext("2d");
    const scale = Math.max(canvas.width / picture.width, canvas.height / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    pen.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
    picture.close();
  } catch {
    // A HEIC, which most browsers cannot draw: its name stands beside.
  }
}

function refresh() {
  list.hidden = items.length === 0;
  people.hidden = !items.some(({ file }) => isPhoto(file));
  consent.hidden = people.querySelector("input[type=radio]:checked")?.value !== "somebody";
  if (items.length) showError("chosen", false);
}

function takeIn(input) {
  add(input.files);
  input.value = ""; // the list below holds them, so that the same one can be chosen again
}

for (const input of inputs) {
  input.addEventListener("change", () => takeIn(input));
  if (input.files.length) takeIn(input); // chosen before this script came
}
people.addEventListener("change", refresh);

const drop = part("drop");
part("with-script").hidden = false;
for (const type of ["dragenter", "dragover"]) {
  drop.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  });
}
drop.addEventListener("dragleave", (event) => {
  if (!drop.contains(event.relatedTarget)) drop.classList.remove("is-over");
});
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("is-over");
  add(event.dataTransfer.files);
});

// --- sending ---

function isReady() {
  const chosen = people.querySelector("input[type=radio]:checked")?.value;
  const asks = !people.hidden;
  const wrong = [
    showError("chosen", items.length === 0, words.choose),
    showError("people", asks && !chosen),
    showError("consent", asks && chosen === "somebody" && !consent.querySelector("input").checked),
  ];
  if (!wrong.includes(true)) return true;
  const first = form.querySelector("[data-error]:not([hidden])");
  first.parentElement.querySelector("input:not([type=hidden])").focus();
  return false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isSending || !isReady()) return;
  isSending = true;
  button.disabled = true;
  part("sign-in").hidden = true;
  const count = await sendAll();
  isSending = false;
  button.disabled = false;
  if (count.fatal) {
    part("sign-in").hidden = count.fatal !== FATAL.signedOut;
    button.textContent = words.again;
    say(words[count.fatal], "saved-failed");
    if (count.kept) await showKept();
    return;
  }
  await showKept();
  if (items.length) {
    say(fill(words.left, { count: items.length }), "saved-failed");
  } else {
    form.reset();
    refresh();
    say(count.kept ? fill(words.kept, { count: count.kept }) : words.same);
  }
});

async function sendAll() {
  const waiting = items.filter((item) => !item.isBarred);
  let kept = 0;
  for (const [index, item] of waiting.entries()) {
    const place = { all: waiting.length, nth: index + 1 };
    const answer = await send(item.file, place);
    if (answer.fatal) return { kept, fatal: answer.fatal };
    kept += answer.kept;
    if (answer.problems.length) {
      tell(item, answer.problems.join(" "));
    } else {
      item.row.remove();
      items = items.filter((other) => other !== item);
    }
  }
  return { kept };
}

function send(file, place) {
  const data = new FormData(form);
  data.delete("chosen");
  data.append("chosen", file);
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/); // a sign-in elsewhere has changed it
  if (token) data.set("csrfmiddlewaretoken", token[1]);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    let patience = 0;
    const wait = () => {
      clearTimeout(patience);
      patience = setTimeout(() => request.abort(), PATIENCE);
    };
    const done = (answer) => {
      clearTimeout(patience);
      resolve(answer);
    };
    request.upload.addEventListener("progress", (event) => {
      const percent = `${Math.floor((event.loaded / (event.total || 1)) * 100)}%`;
      say(fill(words.sending, { ...place, percent }), "saved-busy");
      wait();
    });
    request.upload.addEventListener("load", () => say(fill(words.reading, place), "saved-busy"));
    for (const type of ["error", "abort"]) request.addEventListener(type, () => done({ fatal: FATAL.failed }));
    request.addEventListener("load", () => done(read(request)));
    wait();
    request.send(data);
  });
}

function read(request) {
  if (new URL(request.responseURL).pathname === words.login) return { fatal: FATAL.signedOut };
  try {
    const { kept, problems, reason } = JSON.parse(request.responseText);
    if (Array.isArray(problems)) return { kept, problems };
    return { fatal: reason ? FATAL.signedOut : FATAL.failed }; // csrf: the sign-in is another one than the page's
  } catch {
    return { fatal: FATAL.failed };
  }
}

// The list as it stands on the server now, in place of the one on the page.
async function showKept() {
  try {
    const answer = await fetch(window.location.pathname);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-attached]");
    if (fresh) document.querySelector("[data-attached]").replaceWith(document.adoptNode(fresh));
  } catch {
    // The line broke just now; the files are kept all the same.
  }
}

window.addEventListener("beforeunload", (event) => {
  if (items.length) event.preventDefault();
});
refresh();
