// What the page asks of the server. Both may be repeated: looking consumes nothing, and a wrong pair of attempt and token is
// paid for once however often it is sent. Knows no element of the page.

import { decode, encode } from "./base64url.js";
import { post, UNAVAILABLE } from "./posting.js";
import { MalformedError } from "./refusals.js";

const STATES = ["live", "locked"];

/** The routes of one record; each resolves to {slug, ...members}, slug being null for a yes, else the problem's name. */
export function recordAt(base, link, linkProof) {
  const proof = encode(linkProof);
  const call = (route, members = {}) =>
    post(`${base}/api/v1/records/${link.idText}/${route}`, { link_proof: proof, ...members }, false);
  return {
    async door() {
      const answer = await call("door");
      const isOurs = answer.slug !== null || (typeof answer.header === "string" && STATES.includes(answer.state));
      return isOurs ? answer : UNAVAILABLE;
    },
    /** Makes `sealed` of a yes the bytes that it stands for. */
    async view(authToken, attempt) {
      const answer = await call("view", { auth_token: encode(authToken), attempt: encode(attempt) });
      if (answer.slug !== null) return answer;
      try {
        return { ...answer, sealed: decode(answer.sealed) };
      } catch (error) {
        if (error instanceof MalformedError || error instanceof TypeError) return UNAVAILABLE;
        throw error;
      }
    },
  };
}
