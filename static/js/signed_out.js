// After signing out nothing that was typed stays behind in this browser, and open pages keep nothing any more.

import { forgetAll } from "./saving_store.js";

forgetAll();
new BroadcastChannel("saving").postMessage({ signedOut: true });
