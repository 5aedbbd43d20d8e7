// One request of a page to its own server, and what an answer means, whoever gave it. Knows no route and no element.

const PROBLEM = "urn:sendsecret:problem:";
const HEAD_SECONDS = 20;
const BODY_SECONDS = 60;
const BODY_BYTES_A_SECOND = 20_000;

/** An answer that is not one of ours: a proxy's error page, a captive portal, silence. Whether a guess was paid is unknown. */
export const UNAVAILABLE = Object.freeze({ slug: "unavailable" });

// The problems that the page tells apart. Every other word, ours of today or of a later version, goes by its status.
const WORDS = [
  "not-found",
  "ended",
  "locked",
  "paused",
  "wrong-passphrase",
  "verification-required",
  "too-soon",
  "slow-down",
  "key-unreadable",
  "unavailable",
];
const BY_STATUS = { 404: "not-found", 408: "unavailable", 410: "ended", 423: "locked", 429: "slow-down" };

/** The problem's name for the word and status of one of our refusals. */
function named(word, status) {
  if (WORDS.includes(word)) return word;
  return BY_STATUS[status] ?? (status >= 500 ? "unavailable" : "refused");
}

function seconds(value) {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

async function read(response) {
  const type = (response.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
  // The number tells an envelope from any other download that something on the way answers with.
  if (response.ok && type === "application/octet-stream" && response.headers.has("sends-left")) {
    const sends_left = seconds(response.headers.get("sends-left"));
    return { slug: null, sends_left, sealed: new Uint8Array(await response.arrayBuffer()) };
  }
  // A proxy's refusal says nothing about the drop, whatever its status: a final one would throw away a paid claim.
  const later = { ...UNAVAILABLE, retry_after_seconds: seconds(response.headers.get("retry-after")) };
  if (type !== "application/json" && type !== "application/problem+json") return later;
  const body = await response.json();
  if (typeof body !== "object" || body === null || Array.isArray(body)) return later;
  if (response.ok) return { ...body, slug: null, status: response.status };
  if (typeof body.type !== "string" || !body.type.startsWith(PROBLEM)) return later;
  const slug = named(body.type.slice(PROBLEM.length), response.status);
  return { ...body, slug, retry_after_seconds: seconds(body.retry_after_seconds ?? later.retry_after_seconds) };
}

/**
 * Post `body` as JSON: {slug, ...members}; slug is null for a yes, else the problem's name. `keepalive`: the request must
 * outlive the page.
 */
export async function post(url, body, keepalive) {
  const giveUp = new AbortController();
  let timer = setTimeout(() => giveUp.abort(), HEAD_SECONDS * 1000);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: giveUp.signal,
      keepalive,
    });
    clearTimeout(timer);
    const bytes = Number(response.headers.get("content-length") ?? 0);
    timer = setTimeout(() => giveUp.abort(), (BODY_SECONDS + bytes / BODY_BYTES_A_SECOND) * 1000);
    return await read(response);
  } catch {
    return UNAVAILABLE;
  } finally {
    clearTimeout(timer);
  }
}
