// The form that is open in the editor of a plan: what was typed in it stays, whatever becomes of the request.
//
// A form sent while signed out is kept by the server (mentoring/views/held.py), which sends the page to sign in and gives it
// back. Any other answer that is the page for signing in would wipe out the editor, and one that never comes would leave the
// writer wondering; both are told beside what was pressed. Knows no words: they stand in the page as
// template[data-told=signed_out] and template[data-told=not_sent], and in data-leave of the editor's frame.

const frame = document.querySelector("[data-leave]");
let isKept = false; // the server has what was typed, and leads on

const openForm = () => frame.querySelector("form.editor-form");

function isChanged(field) {
  if (!field.matches("input:not([type=hidden]), textarea, select")) return false;
  if (field.matches("select")) return Array.from(field.options).some((option) => option.selected !== option.defaultSelected);
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

/** data-unsaved: the form was given back with what was typed. */
function isUnsaved() {
  const form = openForm();
  return Boolean(form) && !isKept && ("unsaved" in form.dataset || Array.from(form.elements).some((field) => isChanged(field)));
}

function hush() {
  for (const notice of frame.querySelectorAll("[data-told-here]")) notice.remove();
}

function tell(reason, beside) {
  hush();
  const notice = document.querySelector(`template[data-told=${reason}]`).content.firstElementChild.cloneNode(true);
  notice.dataset.toldHere = "";
  (beside.closest("form.editor-form, li, section") ?? frame).append(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/** Whoever signs in beside gets a new token; the page still holds the old one. */
function renewToken(event) {
  const token = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1];
  if (token && event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = token;
}

function isLedOn(event) {
  isKept = Boolean(event.detail.xhr.getResponseHeader("HX-Redirect"));
}

function looksAtAnswer(event) {
  const { xhr, requestConfig } = event.detail; // its own elt is where the answer would go
  if (new URL(xhr.responseURL, location.href).pathname !== frame.dataset.signIn) return;
  event.detail.shouldSwap = false;
  tell("signed_out", requestConfig.elt);
}

/** Something else was pressed while a form is open. */
function asks(event) {
  const { elt } = event.detail;
  if (elt.closest("form.editor-form") || !isUnsaved()) return; // it is sent, or given up on purpose
  event.preventDefault();
  if (window.confirm(frame.dataset.leave)) event.detail.issueRequest(true);
}

if (frame) {
  document.addEventListener("htmx:configRequest", renewToken);
  document.addEventListener("htmx:beforeRequest", hush);
  document.addEventListener("htmx:confirm", asks);
  document.addEventListener("htmx:beforeOnLoad", isLedOn);
  document.addEventListener("htmx:beforeSwap", looksAtAnswer);
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => tell("not_sent", event.detail.requestConfig.elt));
  }
  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved()) event.preventDefault();
  });
}
