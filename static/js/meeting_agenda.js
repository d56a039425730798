// What of the agenda is done and how old its links are, after something was saved; and the head of the page.

const PAUSE = 1500; // ms after the last save

export function keepAgenda(form, stage) {
  let timer = 0;
  form.addEventListener("cell:saved", ({ detail }) => {
    if (detail.state !== "saved") return;
    clearTimeout(timer);
    timer = setTimeout(() => refresh(form, stage), PAUSE);
  });
}

async function refresh(form, stage) {
  try {
    const response = await fetch(form.dataset.savingNow, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const { agenda, head } = await response.json();
    for (const [key, { done, age }] of Object.entries(agenda)) say(key, done, age);
    const line = document.querySelector("[data-head]");
    if (line.textContent.trim() !== head) line.textContent = head;
    stage.mark();
  } catch {
    // The agenda is a help; what was written is saved.
  }
}

function say(key, isDone, age) {
  for (const item of document.querySelectorAll(`[data-agenda] [data-for="${CSS.escape(key)}"]`)) {
    item.classList.toggle("done", isDone);
    item.querySelector("[data-done]").hidden = !isDone;
    item.querySelector("[data-mark]").hidden = isDone;
    const beside = item.querySelector("[data-mark-beside]");
    if (beside) beside.hidden = !isDone;
    item.querySelector("[data-age]").textContent = age;
  }
  const told = document.getElementById(key)?.querySelector("[data-stale]");
  if (told) {
    told.hidden = !age;
    told.querySelector("[data-age]").textContent = age;
  }
}
