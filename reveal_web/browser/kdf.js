// Argon2id in a worker, off the page's thread: WebAssembly where it runs, plain JavaScript where it does not.
// A worker does one derivation and is ended, so that no passphrase stays behind in its memory.

import { WORKER_PATHS } from "./worker_paths.js";

/** Neither worker could be loaded or run. */
export class NoDerivationError extends Error {}

const allowed = Object.values(WORKER_PATHS);
const policy = globalThis.trustedTypes?.createPolicy("drop-worker", {
  createScriptURL(path) {
    if (!allowed.includes(path)) throw new TypeError("not a worker of this page");
    return path;
  },
});

// Once WebAssembly has failed it will fail again; the page says why it is slow from the start then.
let kind = "wasm";
let waiting = null;

/** Resolves to a loaded worker, or null when this kind cannot run here. */
function launch(path) {
  return new Promise((resolve) => {
    let worker;
    try {
      worker = new Worker(policy ? policy.createScriptURL(path) : path);
    } catch {
      resolve(null);
      return;
    }
    worker.onmessage = ({ data }) => resolve(data.ready ? worker : null);
    worker.onerror = (event) => {
      event.preventDefault();
      resolve(null);
    };
  });
}

async function ready() {
  if (kind === "wasm") {
    const worker = await launch(WORKER_PATHS.wasm);
    if (worker) return worker;
    kind = "plain";
  }
  const worker = await launch(WORKER_PATHS.plain);
  if (worker) return worker;
  // Neither could be loaded, so the network may be to blame: the next try begins with the fast one again.
  kind = "wasm";
  throw new NoDerivationError();
}

/** Load a worker ahead of its use; asking twice costs nothing. */
export function warmUp() {
  waiting ??= ready();
  waiting.catch(() => {});
}

function run(worker, passphrase, salt, onShare) {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => {
      if (data.share !== undefined) onShare(data.share);
      else resolve(data.key ?? null);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      resolve(null);
    };
    worker.postMessage({ passphrase, salt });
  }).finally(() => worker.terminate());
}

/**
 * Argon2id of `passphrase` and `salt` at the costs of format v1: 32 bytes. `onSlow` is called when plain JavaScript does
 * it, then `onShare` with 0 to 1. Throws NoDerivationError.
 */
export async function stretch(passphrase, salt, { onSlow = () => {}, onShare = () => {} } = {}) {
  for (;;) {
    warmUp();
    const loaded = waiting;
    waiting = null;
    const worker = await loaded;
    if (kind === "plain") onSlow();
    const key = await run(worker, passphrase, salt, onShare);
    if (key) return key;
    if (kind === "plain") throw new NoDerivationError();
    kind = "plain";
  }
}
