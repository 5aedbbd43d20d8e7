// What the page asks of the server, and what an answer means. Retries here are safe: every route answers the same request
// the same way, and a claim is paid for once however often the same pair is sent. Knows no element of the page.

import { decode, encode } from "./base64url.js";
import { MalformedError } from "./refusals.js";

const PROBLEM = "urn:sendsecret:problem:";
const HEAD_SECONDS = 20;
const BODY_SECONDS = 60;
const BODY_BYTES_A_SECOND = 20_000;

/** An answer that is not one of ours: a proxy's error page, a captive portal, silence. Whether a guess was paid is unknown. */
const UNAVAILABLE = Object.freeze({ slug: "unavailable" });

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
const STATES = ["sealed", "locked", "paused"]; // of a drop that has not ended, as the door tells them
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

/** `answer`, unless it is a yes that lacks what this route's yes has. */
function only(answer, isOurs) {
  return answer.slug === null && !isOurs(answer) ? UNAVAILABLE : answer;
}

async function post(url, body, keepalive) {
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

/**
 * The routes of one drop. Each resolves to {slug, ...members}; slug is null for a yes, else the problem's name
 * ("unavailable" also when nobody of ours answered, "refused" for a refusal that repeating would not change).
 */
export function serverFor(base, link, linkProof) {
  const proof = encode(linkProof);
  const call = (route, members = {}, keepalive = false) =>
    post(`${base}/api/v1/drops/${link.idText}/${route}`, { link_proof: proof, ...members }, keepalive);
  return {
    door: async () =>
      only(await call("door"), (yes) => typeof yes.header === "string" && STATES.includes(yes.state)),
    /** Adds `sealed`, the envelope's bytes, to a yes. */
    async claim(authToken, claim) {
      const answer = await call("claim", { auth_token: encode(authToken), claim: encode(claim) });
      if (answer.slug !== null || answer.sealed) return answer;
      try {
        return { ...answer, sealed: decode(answer.envelope) };
      } catch (error) {
        if (error instanceof MalformedError) return UNAVAILABLE;
        throw error;
      }
    },
    /** `leaving`: the page is going away, the request must outlive it. */
    acknowledge: async (claim, leaving = false) =>
      only(await call("acknowledge", { claim: encode(claim) }, leaving), (yes) => yes.state === "destroyed"),
    notMe: async () => only(await call("not-me"), (yes) => yes.status === 202),
    ask: async (what) => only(await call("ask", { what }), (yes) => yes.status === 202),
  };
}
