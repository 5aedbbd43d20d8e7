// Worker: Argon2id at the costs of format v1, as WebAssembly. Runs under its own policy, which allows WebAssembly and
// no network at all; the page's own policy allows no WebAssembly. One message in, one out, then the page ends it.
// Expects hash-wasm's argon2 ahead of it in the same file.

const COSTS = { parallelism: 1, iterations: 2, memorySize: 47104, hashLength: 32, outputType: "binary" };
const SMALL = { ...COSTS, iterations: 1, memorySize: 8, password: new Uint8Array(1), salt: new Uint8Array(16) };

onmessage = async ({ data: { passphrase, salt } }) => {
  try {
    postMessage({ key: await hashwasm.argon2id({ ...COSTS, password: passphrase, salt }) });
  } catch {
    // WebAssembly is off (lockdown modes, old policies) or out of memory: the page takes the other worker.
    postMessage({ failed: true });
  }
};

// The library compiles when it is first called: now, while somebody types, so that Enter waits for the derivation alone.
hashwasm.argon2id(SMALL).then(
  () => postMessage({ ready: true }),
  () => postMessage({ failed: true }),
);
