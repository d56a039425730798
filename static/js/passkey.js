// Starts the passkey dialogue of the browser (allauth's webauthn.js does the talking) and says in words
// when it did not work. Buttons wait hidden, so that nobody without passkeys sees one.

// No browser binds a passkey to an address of digits, as 127.0.0.1 is.
const isNumeric = /^[\d.]+$|:/.test(window.location.hostname);
const status = document.querySelector(isNumeric ? "[data-passkey-address]" : "[data-passkey-status]");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (status) {
    status.hidden = false;
    status.focus();
  }
});

if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey]")) {
    const { passkey, credential, options, passwordless } = button.dataset;
    const ids = { login: button.id, add: button.id, authenticate: button.id, credential, passwordless };
    const data = options ? JSON.parse(document.getElementById(options).textContent) : undefined;
    window.allauth.webauthn.forms[passkey]({ ids, data });
    button.hidden = false;
  }
}
