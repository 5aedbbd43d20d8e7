// The files of a receipt, from the server of this page.

const SECONDS = 20;

/** `get` and `post` for addresses of this origin; each gives {status, text}, status 0 when nobody answered. */
async function ask(url, options) {
  try {
    const response = await fetch(url, {
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(SECONDS * 1000),
      ...options,
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return { status: 0, text: "" };
  }
}

/** POST of a JSON object. */
export function post(url, body) {
  return ask(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** The text of a file, or null. */
export async function textFrom(url) {
  const { status, text } = await ask(url, {});
  return status === 200 ? text : null;
}

/** {files, notYet} for receipt_check.js; `addresses` holds `jws`, `proof`, `jwks` and `vkeys`. */
export async function fetchFiles(addresses) {
  const names = Object.keys(addresses);
  const answers = await Promise.all(names.map((name) => ask(addresses[name], {})));
  const files = Object.fromEntries(names.map((name, at) => [name, answers[at].status === 200 ? answers[at].text : null]));
  return { files, notYet: answers[names.indexOf("proof")].status === 404 };
}
