// What the page asks of the server, and what an answer means. Retries here are safe: every route answers the same request
// the same way, and a claim is paid for once however often the same pair is sent. Knows no element of the page.

import { decode, encode } from "./base64url.js";
import { post, UNAVAILABLE } from "./posting.js";
import { MalformedError } from "./refusals.js";

const STATES = ["sealed", "locked", "paused"]; // of a drop that has not ended, as the door tells them

/** `answer`, unless it is a yes that lacks what this route's yes has. */
function only(answer, isOurs) {
  return answer.slug === null && !isOurs(answer) ? UNAVAILABLE : answer;
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
