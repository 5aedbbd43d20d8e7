// A question before something is done: drawn over its part of the page, which waits for the answer.
import { freshId, make } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

/**
 * `place` is the overlay to draw in; what stands beside it rests meanwhile.
 * Returns ask(confirm), which promises true or false; `confirm` is Slack's confirmation object, or nothing.
 */
export function asking(place) {
  let settle = null;

  function end(answer) {
    const told = settle;
    settle = null;
    place.hidden = true;
    place.replaceChildren();
    for (const one of told?.resting || []) one.inert = false;
    told?.back?.focus?.();
    told?.done(answer);
  }

  return function ask(confirm) {
    if (!confirm) return Promise.resolve(true);
    if (settle) end(false);
    const id = freshId("ask");
    const yes = make("button", { type: "button", class: `button ${confirm.style === "danger" ? "danger filled" : "primary"}`, onclick: () => end(true) }, confirm.confirm.text);
    const no = make("button", { type: "button", class: "button", onclick: () => end(false) }, confirm.deny.text);
    const dialog = make("div", {
      class: "modal question", role: "alertdialog", "aria-modal": "true", "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-text`,
      onkeydown: (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        end(false);
      },
    },
      make("header", {}, make("h2", { class: "modal-title", id: `${id}-title` }, confirm.title.text)),
      make("p", { class: "modal-blocks text", id: `${id}-text` }, textNodes(confirm.text)),
      make("footer", {}, no, yes));
    // What rests already, under a form for example, is not ours to wake.
    const resting = [...place.parentElement.children].filter((one) => one !== place && !one.inert);
    const promised = new Promise((done) => { settle = { done, resting, back: document.activeElement }; });
    for (const one of resting) one.inert = true;
    place.replaceChildren(dialog);
    place.hidden = false;
    // Enter must not confirm what somebody hit by accident.
    (confirm.style === "danger" ? no : yes).focus();
    return promised;
  };
}
