// What the page asks of the server: what was ordered, and to take in what was sealed. Both may be repeated: looking consumes
// nothing, and the same drop twice is one drop. Knows no element of the page.

import { post, UNAVAILABLE } from "./posting.js";

const PROBLEM = "urn:sendsecret:problem:";
const BY_STATUS = { 404: "not-found", 408: "unavailable", 409: "order-used", 413: "too-large", 422: "unacceptable", 429: "slow-down" };
const PATIENCE_SECONDS = 45;
const SLOWEST_BYTES_A_SECOND = 40_000;
const OPEN_TEXTS = ["kind", "sender", "recipient", "recipient_class", "label", "way", "delivery_key", "public_url"];
const OPEN_NUMBERS = ["lives_seconds", "seconds_left", "now", "most_bytes"];

function isOpen(yes) {
  return OPEN_TEXTS.every((name) => typeof yes[name] === "string") && OPEN_NUMBERS.every((name) => Number.isSafeInteger(yes[name]));
}

/** What an answer to a handed in drop means; whatever is not one of ours says nothing about the drop. */
function read(request) {
  const later = { ...UNAVAILABLE, retry_after_seconds: Number(request.getResponseHeader("retry-after")) || 0 };
  let body;
  try {
    body = JSON.parse(request.responseText);
  } catch {
    return later;
  }
  if (request.status === 201 && body?.state === "sealed") return { slug: null };
  if (typeof body?.type !== "string" || !body.type.startsWith(PROBLEM)) return later;
  if (request.status >= 500) return { ...later, slug: body.type === `${PROBLEM}busy` ? "busy" : "unavailable" };
  return { ...later, slug: BY_STATUS[request.status] ?? "refused", why: body.why };
}

/**
 * The routes of one order. Each resolves to {slug, ...members}; slug is null for a yes, else the problem's name
 * ("unavailable" also when nobody of ours answered, "refused" for a refusal that repeating would not change).
 */
export function ordersAt(base, link) {
  const address = `${base}/api/v1/orders/${link.idText}`;
  return {
    async look() {
      const answer = await post(`${address}/look`, { token: link.tokenText });
      if (answer.slug !== null) return answer;
      return answer.state === "open" && !isOpen(answer) ? UNAVAILABLE : answer;
    },
    /** `body` is the whole request; `onShare(share)` tells how much of it has left, undefined once all of it has. */
    handIn: (body, onShare) =>
      new Promise((resolve) => {
        // Not fetch: it cannot say how much of a body has left.
        const request = new XMLHttpRequest();
        request.open("POST", `${address}/drop`);
        request.setRequestHeader("content-type", "application/octet-stream");
        request.timeout = (PATIENCE_SECONDS + body.length / SLOWEST_BYTES_A_SECOND) * 1000;
        request.upload.onprogress = ({ loaded, total }) => onShare(loaded < total ? loaded / total : undefined);
        request.onload = () => resolve(read(request));
        request.onerror = request.ontimeout = request.onabort = () => resolve(UNAVAILABLE);
        request.send(body);
      }),
  };
}
