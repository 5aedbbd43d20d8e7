// What somebody has typed or chosen and not sealed yet: one secret at a time, in this one place, so that taking it away is
// one act.

import { hasLoneSurrogate, utf8 } from "./bytes.js";
import { writePayload } from "./payload_v1.js";

// A text is written as JSON, in which some characters take more room than in a file.
const ROOM_BESIDE = 32 * 1024;

/** An empty draft. `text` and `file` ({name, type, body}) are never both there. */
export function newDraft() {
  return {
    text: "",
    file: null,
    isEmpty() {
      return this.text === "" && this.file === null;
    },
    /** Why this cannot be sealed: "empty", "surrogate" or "too-large"; null when it can. `most` is in bytes. */
    refusal(most) {
      if (this.isEmpty()) return "empty";
      if (this.file) return this.file.body.length > most ? "too-large" : null;
      if (hasLoneSurrogate(this.text)) return "surrogate";
      const isTooLarge = utf8(this.text).length > most || writePayload({ text: this.text }).length > most + ROOM_BESIDE;
      return isTooLarge ? "too-large" : null;
    },
    /** As format v1 seals it. */
    secret() {
      return this.file ? { file: this.file } : { text: this.text };
    },
    wipe() {
      this.file?.body.fill(0);
      this.file = null;
      this.text = "";
    },
  };
}
