// The short list of keys: open until somebody closes it, and then closed on this device.

const list = document.querySelector("[data-keys]");
const NAME = "entry-keys";

function remembered() {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null; // storage can be switched off; then it opens again
  }
}

if (list) {
  list.open = remembered() !== "closed";
  list.hidden = false;
  list.addEventListener("toggle", () => {
    try {
      localStorage.setItem(NAME, list.open ? "open" : "closed");
    } catch {
      // see above
    }
  });
}
