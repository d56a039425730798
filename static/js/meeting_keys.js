// The meeting by keyboard alone. Silent while something is typed or converted; single letters can be turned off.

const OFF = "meeting-keys-off";

export function listenToKeys(form, stage) {
  const help = document.querySelector("[data-keys]");
  const single = help.querySelector("[data-single-keys]");
  help.hidden = false;
  single.checked = localStorage.getItem(OFF) === null;
  single.addEventListener("change", () => {
    if (single.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  const acts = {
    ArrowDown: () => stage.step(1),
    ArrowUp: () => stage.step(-1),
    j: () => stage.step(1),
    k: () => stage.step(-1),
    m: () => reach(form.elements["note-shared"]),
    h: () => reach(form.querySelector("[data-homework-add] input")),
    "?": () => {
      help.open = !help.open;
      if (help.open) help.querySelector("summary").focus();
      else stage.heading.focus();
    },
  };
  for (const number of [1, 2, 3, 4, 5]) acts[number] = () => choose(stage, number);

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      document.activeElement?.blur(); // what was typed is told to whoever saves it
      stage.step(1);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && form.contains(event.target) && isField(event.target)) {
      stage.heading.focus({ preventScroll: true });
      return;
    }
    if (isTyped(event.target) || !single.checked) return;
    if (event.key.startsWith("Arrow") && event.target.type === "radio") return; // chooses among its like
    const act = acts[event.key.toLowerCase()] ?? acts[event.key];
    if (!act || event.repeat) return;
    event.preventDefault();
    act();
  });
}

function isField(target) {
  return Boolean(target.closest?.("input, textarea, select"));
}

/** Whether the letter belongs to the field: it is written there, or finds an option. */
function isTyped(target) {
  if (target.isContentEditable || target.closest?.("textarea, select")) return true;
  const input = target.closest?.("input");
  return Boolean(input) && input.type !== "radio" && input.type !== "checkbox";
}

function reach(field) {
  field?.focus();
  field?.scrollIntoView({ block: "center" });
}

function choose(stage, number) {
  const words = [...stage.current.querySelectorAll(".review .choices input[type=radio]")];
  const word = words[number - 1];
  if (!word) return;
  word.focus();
  word.click();
}
