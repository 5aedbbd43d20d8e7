// What the page asks of the server, and what an answer means. Retries here are safe: every route answers the same request
// the same way, and a claim is paid for once however often the same pair is sent. Knows no element of the page.

import { decode, encode } from "./base64url.js";
import { MalformedError } from "./refusals.js";

const PROBLEM = "urn:sendsecret:problem:";
const HEAD_SECONDS = 20;
const BODY_SECONDS = 60;
const BODY_BYTES_A_SECOND = 20_000;

/** An answer that is not one of ours: a proxy's error page, a captive portal, silence. */
const UNAVAILABLE = Object.freeze({ slug: "unavailable" });

async function read(response) {
  const type = (response.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
  if (response.ok && type === "application/octet-stream") {
    return { slug: null, sealed: new Uint8Array(await response.arrayBuffer()) };
  }
  if (type !== "application/json" && type !== "application/problem+json") {
    return response.status >= 400 && response.status < 500 ? { slug: "unexpected" } : UNAVAILABLE;
  }
  const body = await response.json();
  if (response.ok) return { ...body, slug: null };
  const slug = typeof body.type === "string" && body.type.startsWith(PROBLEM) ? body.type.slice(PROBLEM.length) : "";
  const retryAfter = Number(body.retry_after_seconds ?? response.headers.get("retry-after") ?? 0);
  const known = slug || (response.status >= 500 ? "unavailable" : "unexpected");
  return { ...body, slug: known, retry_after_seconds: Number.isFinite(retryAfter) ? retryAfter : 0 };
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
 * ("unavailable" also when nobody answered, "unexpected" for a refusal in no known form).
 */
export function serverFor(base, link, linkProof) {
  const proof = encode(linkProof);
  const call = (route, members = {}, keepalive = false) =>
    post(`${base}/api/v1/drops/${link.idText}/${route}`, { link_proof: proof, ...members }, keepalive);
  return {
    door: () => call("door"),
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
    acknowledge: (claim, leaving = false) => call("acknowledge", { claim: encode(claim) }, leaving),
    notMe: () => call("not-me"),
    ask: (what) => call("ask", { what }),
  };
}
