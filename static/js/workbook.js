// A workbook that would be refused is told of when it is chosen, before it is sent. The server asks again, of its content.
//
//   input[type=file]  data-largest="bytes", data-too-big and data-macros: the server's own words

const input = document.querySelector("input[type=file][data-largest]");
const error = document.createElement("div");

function problemOf(file) {
  if (!file) return "";
  if (/\.xlsm$/i.test(file.name)) return input.dataset.macros;
  return file.size > Number(input.dataset.largest) ? input.dataset.tooBig : "";
}

function look() {
  document.getElementById(`${input.id}_error`)?.remove(); // also what the server said of the file before
  const problem = problemOf(input.files[0]);
  input.classList.toggle("is-invalid", Boolean(problem));
  if (problem) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  if (!problem) return;
  error.textContent = problem;
  input.closest(".mb-3, form").append(error);
}

if (input) {
  error.id = `${input.id}_error`;
  error.className = "field-error";
  error.setAttribute("role", "alert");
  const described = new Set([...(input.getAttribute("aria-describedby") ?? "").split(" "), error.id]);
  input.setAttribute("aria-describedby", [...described].join(" ").trim());
  input.addEventListener("change", look);
  input.form.addEventListener("submit", (event) => {
    if (!problemOf(input.files[0])) return;
    event.preventDefault();
    input.focus();
  });
  if (input.files.length) look(); // chosen before this script came
}
