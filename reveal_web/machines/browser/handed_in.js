// The scenes from sealed to passed on: sending, sent, and the passphrase, which is on the page from the moment in which
// something is on its way that only it can open.

import { button, facts, make } from "./elements.js";
import { follow } from "./following.js";
import { showCleared } from "./notices.js";
import { harmless, say } from "./saying.js";
import { complain, quiet, show, tell, work } from "./scene.js";
import { countDown, duration, moment } from "./times.js";

function copyButton(text) {
  return button(say("copy"), async () => {
    complain("");
    try {
      await navigator.clipboard.writeText(text);
      tell(say("copy.done"));
    } catch {
      complain(say("copy.failed"));
    }
  });
}

/** The passphrase with Copy, or a reminder of the one that was typed. */
function passphraseParts(order, passphrase) {
  const recipient = order.recipientName;
  if (!passphrase.wasMade) return [make("p", {}, say("sent.known", { recipient }))];
  return [
    make("p", { id: "made-label", class: "label" }, say("sent.passphrase")),
    make("p", { class: "made", "aria-labelledby": "made-label", role: "group", translate: "no" }, passphrase.text),
    make("div", { class: "row" }, copyButton(passphrase.text)),
    make("p", {}, make("strong", {}, say("sent.pass_on", { recipient })), " ", say("sent.once")),
  ];
}

/** Show that it is on its way; {share, wait}: how much has left, and why nothing moves, until when. */
export function showSending(order, passphrase) {
  const clock = make("span", { class: "count" });
  let hurry = () => {};
  const again = button(say("send.now"), () => hurry(), { class: "quiet" });
  const row = make("div", { class: "row clock", hidden: true }, clock, again);
  show(say("sending.heading"), passphraseParts(order, passphrase), { below: [row] });
  let stop = () => {};
  const share = (much) => {
    work(much);
    tell(say(much === undefined ? "sending.answer" : "sending"));
  };
  share(0);
  return {
    share,
    /** Before each wait; the sentence is said once, the clock counts silently. */
    wait(answer, seconds, onHurry) {
      hurry = onHurry;
      work(null);
      tell(say(`trouble.${answer.slug}`));
      row.hidden = false;
      const count = (left) => {
        clock.textContent = say("send.again", { time: duration(left) });
      };
      stop = countDown(Date.now() + seconds * 1000, count, () => {});
    },
    /** After each wait. */
    retry() {
      stop();
      // Hidden with the focus in it, the button would leave a keyboard at the top.
      if (document.activeElement === again) document.querySelector("h1").focus();
      row.hidden = true;
      share(0);
    },
  };
}

/** Show that it is sealed; `onDone()` is called when the person has passed the passphrase on. */
export function showSent(order, passphrase, until, look, onDone) {
  const word = make("p", { class: "ack", role: "status" });
  const clear = () => {
    onDone();
    showCleared(word);
  };
  show(
    say("sent.heading", { recipient: order.recipientName }),
    [
      ...passphraseParts(order, passphrase),
      facts([say("fact.label"), harmless(order.label)], [say("fact.opens"), say("fact.opens.until", { time: moment(until) })]),
      make("p", { class: "safe" }, say("sent.gone")),
    ],
    {
      below: [
        word,
        button(say(passphrase.wasMade ? "sent.clear" : "sent.close"), clear, { class: "quiet wide" }),
        make("p", { class: "help lost" }, say(order.kind === "request" ? "sent.lost.request" : "sent.lost", { recipient: order.recipientName })),
      ],
    },
  );
  quiet();
  follow(look, order, (sentence) => {
    word.textContent = sentence;
  });
}
