// What is told at a cell: errors and doubts beside its inputs, and the choice between two people's texts.
// The words stand in the page: <template data-doubt> and <template data-conflict>.

/** Replaces what stands there: by an answer's errors ({name, text}) and doubts, and what it waits for. */
export function tell(cell, { errors = [], doubts = [], until = "" }) {
  untell(cell, "all");
  for (const { name, text } of errors) put(cell, name, text, "error");
  if (until) put(cell, cell.names[0], until, "wait");
  for (const { name, text } of doubts) put(cell, name, text, "doubt");
}

/** which: "errors" or "all". */
export function untell(cell, which) {
  const place = placeOf(cell);
  if (which === "all") {
    place.replaceChildren();
    for (const input of cell.inputs) document.getElementById(`${input.id}_doubt`)?.remove(); // of the first page
  } else {
    for (const error of place.querySelectorAll(".field-error, .field-wait")) error.remove();
  }
  for (const input of cell.inputs) {
    input.classList.remove("is-invalid", ...(which === "all" ? ["is-doubtful"] : []));
    input.removeAttribute("aria-invalid");
    describe(input, "");
  }
}

function put(cell, name, text, kind) {
  const inputs = cell.inputs.filter((input) => input.name === name);
  const box = cell.element.ownerDocument.createElement("div");
  box.id = `${name}-${kind}`;
  while (document.getElementById(box.id)) box.id += "-more";
  box.className = `field-${kind}`;
  if (kind === "doubt") {
    box.append(template("doubt", cell));
    box.querySelector("[data-text]").replaceWith(text);
  } else {
    box.textContent = text;
  }
  placeOf(cell).append(box);
  for (const input of inputs) {
    if (kind !== "wait") input.classList.add(kind === "error" ? "is-invalid" : "is-doubtful");
    if (kind === "error") input.setAttribute("aria-invalid", "true");
    describe(input, box.id);
  }
}

/** Both texts: this writer's stays in the inputs, the other's is shown beneath. */
export function tellConflict(cell, theirs, choose) {
  untell(cell, "all");
  const block = template("conflict", cell).firstElementChild;
  const fill = (text) => text.replaceAll("{by}", theirs.by).replaceAll("{at}", theirs.at);
  for (const part of block.querySelectorAll("[data-says]")) part.textContent = fill(part.dataset.says);
  block.querySelector("[data-theirs]").textContent = theirs.theirs;
  for (const button of block.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", () => choose(button.dataset.choose));
  }
  block.id = `${cell.key}-conflict`;
  placeOf(cell).append(block);
  for (const input of cell.inputs) describe(input, block.id);
}

function template(name, cell) {
  const place = cell.element.closest("[data-saving]") ?? document;
  return place.querySelector(`template[data-${name}]`).content.cloneNode(true);
}

function placeOf(cell) {
  if (cell.element.matches("[data-told]")) return cell.element;
  let place = cell.element.querySelector("[data-told]");
  if (!place) {
    place = document.createElement("div");
    place.dataset.told = "";
    cell.element.append(place);
  }
  return place;
}

/** Adds an id to what describes the input, and lets go of those that are gone. */
function describe(input, id) {
  const ids = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && document.getElementById(one));
  if (id && !ids.includes(id)) ids.push(id);
  if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
}
