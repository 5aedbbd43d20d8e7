// Worker: Argon2id at the costs of format v1, in plain JavaScript, for browsers in which WebAssembly is off.
// Runs under a policy that allows it nothing but to compute. One message in; progress and one answer out.

import { argon2id } from "./argon2.js";

const COSTS = { p: 1, t: 2, m: 47104, dkLen: 32 };

onmessage = ({ data: { passphrase, salt } }) => {
  try {
    const onProgress = (share) => postMessage({ share });
    postMessage({ key: argon2id(passphrase, salt, { ...COSTS, onProgress }) });
  } catch {
    postMessage({ failed: true });
  }
};

postMessage({ ready: true });
