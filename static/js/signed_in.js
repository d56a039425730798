// Tells the pages that wait in other tabs who has signed in (static/js/saving.js sends what they hold).

const { signedIn } = document.querySelector("[data-signed-in]").dataset;

new BroadcastChannel("saving").postMessage({ signedIn: Number(signedIn) });
