// Every sentence of the reader's page, whole, in one place. A translation is another catalogue of the same shape.
// {name} is replaced; a value from outside is fenced so that its writing direction cannot rearrange the sentence.

export const LANGUAGE = "en";
export const DIRECTION = "ltr";

const WORDS = {
  "opening": "Opening…",
  "duration.seconds": { one: "{count} second", other: "{count} seconds" },

  "door.heading": "{sender} sent you a credential",
  "door.label": "What it is",
  "door.hint": "Hint from the sender",
  "door.until": "Can be opened until",
  "door.safe.p": "Nothing is used up until the right passphrase is entered.",
  "door.safe.n": "Nothing is used up until you open it.",
  "door.once": "It opens once. After that it is destroyed.",

  "field.free": "Passphrase",
  "field.digits": "Passphrase, in digits",
  "field.words": "Passphrase, in words",
  "field.free.help": "Exactly as you were given it: capitals count.",
  "field.digits.help": "Spaces and dashes do not matter.",
  "field.words.help": "Capitals, spaces and dashes do not matter.",
  "show": "Show",
  "hide": "Hide",
  "open": "Open",
  "tries.left": { one: "{count} try left.", other: "{count} tries left." },
  "refused.empty": "Type the passphrase first. No try is used up.",
  "refused.empty.digits": "This passphrase is made of the digits 0 to 9. No try is used up.",
  "refused.empty.words": "This passphrase is made of words with the letters a to z. No try is used up.",
  "refused.too-long": "That is longer than a passphrase can be. No try is used up.",
  "refused.surrogate": "That holds half a character, so it was not copied whole. No try is used up.",
  "refused.unassigned": "That holds a character which no passphrase has. No try is used up.",
  "refused.unprintable": "That holds an invisible character, perhaps from copying. Type it by hand. No try is used up.",
  "wrong": { one: "That is not the passphrase. {count} try left.", other: "That is not the passphrase. {count} tries left." },
  "wait": "There is a pause before the next try, so that nobody can guess fast.",
  "wait.button": "Next try in {time}",
  "wait.over": "You can try again.",

  "checking": "Checking the passphrase on this device…",
  "checking.slow": "Checking the passphrase. This takes a little longer on this device.",
  "fetching": "Fetching the secret…",
  "trouble.door": "The server does not answer. Nothing is used up. Trying again.",
  "trouble.door.slow-down": "Too many requests come from your network. Nothing is used up. Trying again in {time}.",
  "trouble.claim": "The server does not answer. Your try counts once, however often it is repeated. Trying again.",
  "trouble.claim.slow-down": "Too many requests come from your network. Your passphrase is not used up. Trying again in {time}.",
  "trouble.claim.key-unreadable": "The server cannot reach the key at the moment. Your passphrase is not used up. Trying again.",
  "trouble.small": "The server does not answer. Try that again in a moment.",

  "act.heading": "{sender} sent you a credential",
  "act.hold": "Hold to open",
  "act.help": "Hold the button, or hold the space bar on it, for a second.",
  "act.type": "Or type open",

  "verify.heading": "Press Open in Slack first",
  "verify.text": "This link opens only within ten minutes after you pressed Open in your Slack message. Nothing is used up. Press it there, and the page that opens will let you in.",

  "locked.heading": "Locked: all tries are used up",
  "locked.text": "The secret is still there. {sender} can unlock it, which gives you new tries.",
  "locked.ask": "Ask {sender} to unlock it",
  "locked.asked": "{sender} has been asked to unlock it. Come back to this page afterwards.",
  "locked.look": "Look again",
  "locked.still": "It is still locked.",

  "dead.heading": "This link no longer exists.",
  "dead.stranger": "It was opened, taken back, or has expired; or the address is not complete. Ask the person who sent it for a new one.",
  "dead.viewed": "The secret was opened and shown on {time}, and then destroyed.",
  "dead.released": "The secret was handed out on {time}, and then destroyed. Whether it was shown has not been confirmed.",
  "dead.revoked": "The sender took it back on {time}. Nobody opened it.",
  "dead.expired": "It expired on {time}. Nobody opened it.",
  "dead.undelivered": "It could not be delivered and was destroyed on {time}. Nobody opened it.",
  "dead.locked_out": "Too many wrong passphrases were tried, so it was destroyed on {time}. Nobody opened it.",
  "dead.lost": "Its key was found missing on {time}, so nobody can open it any more.",
  "dead.other": "It ended on {time}.",
  "dead.undated": "It has ended.",
  "dead.not_me": "Were you not the one who opened it? Then say so: the sender and their security team will be told.",
  "not_me": "That was not me",
  "not_me.done": "The sender and their security team have been told. Do not use this credential.",
  "again": "Ask for a new one",
  "again.done": "The sender has been told that you need a new one.",

  "lost_passphrase": "I don't have the passphrase",
  "lost_passphrase.text": "The passphrase does not come with the link. It comes by phone or text, or it is something you already know. {sender} has it; this page cannot find it out.",
  "lost_passphrase.ask": "Ask {sender} for the passphrase",
  "lost_passphrase.done": "{sender} has been told that you need the passphrase.",
  "carry": "Copy this link for another device",
  "carry.done": "The link is copied. It still opens only once.",
  "carry.failed": "Your browser did not allow copying. Copy the address of this page instead, all of it.",

  "secret.heading": "Here is the secret",
  "secret.heading.file": "Here is the file",
  "secret.field": "The secret",
  "secret.hidden": "hidden",
  "secret.once": "It is shown this once. Put it where it belongs before you clear the page.",
  "secret.length": { one: "{count} character", other: "{count} characters" },
  "secret.length.break": { one: "{count} character, ends with a line break", other: "{count} characters, ends with a line break" },
  "secret.lines": { one: "{count} character in {lines} lines", other: "{count} characters in {lines} lines" },
  "secret.lines.break": { one: "{count} character in {lines} lines, ends with a line break", other: "{count} characters in {lines} lines, ends with a line break" },
  "secret.nothing": "The secret is empty: the sender sealed no text.",
  "file.name": "Name",
  "file.size": "Size",
  "file.bytes": { one: "{count} byte", other: "{count} bytes" },
  "file.unnamed": "secret",
  "copy": "Copy",
  "copy.done": "Copied. Your clipboard keeps it until you copy something else.",
  "copy.failed": "Your browser did not allow copying. Press Show, then select and copy the text yourself.",
  "save": "Save as file",
  "save.help": "Saving leaves a copy in your Downloads folder.",
  "save.done": "Saved. This leaves a copy in your Downloads folder: delete it when you are done.",
  "clear": "I have it, clear this page",
  "ends": "This page clears itself in {time}.",
  "ends.soon": "This page clears itself in less than a minute.",
  "ends.more": "Five more minutes",
  "ends.extended": "You have five more minutes.",
  "ack.waiting": "Telling the server that the secret arrived…",
  "ack.done": "The secret is destroyed on the server.",
  "ack.trying": "The server has not confirmed yet that the secret is destroyed. Trying again.",
  "ack.failed": "The server has not confirmed it. It destroys the secret by itself after a minute.",

  "cleared.heading": "This page is clear",
  "cleared.text": "The secret is gone from this page. If you copied it, your clipboard still holds it: copy something else over it.",
  "cleared.timed": "The time was over, so the page cleared itself. If you copied the secret, your clipboard may still hold it.",
  "cleared.before": "The secret was shown here once and the page was cleared. It cannot be shown again.",

  "cut.heading": "This link was cut off",
  "cut.text": "Its last part is missing or changed. That happens when a link is copied by hand or wrapped by a mail program. Nothing is used up.",
  "cut.field": "Paste the whole link",
  "cut.help": "It contains #1 and ends four characters after the last dot.",
  "cut.still": "That is not the whole link yet. Copy all of it, from https to the end.",
  "cut.elsewhere": "That link belongs to {host}. Open it there.",
  "newer.heading": "This page cannot read that link",
  "newer.text": "The link was changed on its way, or a newer version made it. Nothing is used up. Copy the whole link again, or ask the sender for a new one.",

  "insecure.heading": "This page needs https",
  "insecure.text": "The secret is opened with the browser's own cryptography (WebCrypto), which browsers offer on https pages only. Nothing is used up. Ask the sender for the https address, or open the link in another browser.",
  "foreign.heading": "This does not belong to your link",
  "foreign.text": "What the server says about this secret does not fit the link you opened, so the page stopped before asking for anything. Nothing is used up. Tell the person who sent it.",
  "damaged.heading": "The secret arrived damaged",
  "damaged.text": "The passphrase was right, but what the server sent cannot be opened. Tell the person who sent it, and ask for a new one.",
  "nokdf.heading": "This browser cannot check the passphrase",
  "nokdf.text": "The part of the page that does it could not be loaded, or cannot run here. Nothing is used up. Load the page again, or open the link in another browser.",
  "confused.door.heading": "The page and the server do not understand each other",
  "confused.door.text": "Nothing is used up. Load the page again; if that does not help, tell the person who sent the link.",
  "confused.claim.heading": "The page and the server do not understand each other",
  "confused.claim.text": "The server refused this in a way that the page does not know. Load the page again: it will say how many tries are left, or what happened. If that does not help, tell the person who sent the link.",
  "broken.heading": "Something on this page went wrong",
  "broken.text": "Load the page again. If the secret had already been handed out, the page will say so, and you can ask for a new one.",
  "reload": "Load the page again",
};

const plurals = new Intl.PluralRules(LANGUAGE);
const numbers = new Intl.NumberFormat(LANGUAGE);
const FENCE = ["\u2068", "\u2069"]; // first strong isolate, pop directional isolate

/** What a stranger wrote, without the controls that could reorder or hide what stands around it. */
export function harmless(text) {
  // Joiners and direction marks belong to names in several scripts and stay within the fence.
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => (/[\u200c-\u200f]/.test(found) ? found : "\ufffd"));
}

/** The sentence `name` with `values` in it; `count` chooses the plural form. */
export function say(name, values = {}) {
  const entry = WORDS[name];
  const sentence = typeof entry === "string" ? entry : entry[plurals.select(values.count)];
  return sentence.replace(/\{(\w+)\}/g, (_, key) => {
    const value = values[key];
    return typeof value === "number" ? numbers.format(value) : FENCE[0] + value + FENCE[1];
  });
}

/** Whether the catalogue has a sentence of this name. */
export function has(name) {
  return Object.hasOwn(WORDS, name);
}
