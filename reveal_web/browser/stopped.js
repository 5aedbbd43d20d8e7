// The scenes of a drop that is still there and cannot be opened for now: locked by guesses, paused by its recipient.
// Who decides is the sender, and the way back is to look again.

import { requestButton, unexpected } from "./asking.js";
import { button, make } from "./elements.js";
import { say } from "./saying.js";
import { show } from "./scene.js";

/** All guesses are used; `look` asks the server again. */
export function showLocked(drop, look) {
  const sender = drop.sender;
  show(
    say("locked.heading"),
    [
      make("p", {}, say("locked.text", { sender })),
      make(
        "div",
        { class: "row" },
        requestButton(say("locked.ask", { sender }), say("locked.asked", { sender }), () => drop.server.ask("tries")),
        button(say("look"), look, { class: "quiet" }),
      ),
    ],
    { extras: [unexpected(drop)] },
  );
}

/**
 * The recipient said that they were not expecting this. `cost` says what the person's own act has cost: "door" (none was
 * made), "claim" (a passphrase that was not tried), "act" (mode "n"), "unsure" (an answer was lost on the way).
 */
export function showPaused(drop, look, cost) {
  const sender = drop.sender;
  show(say("paused.heading", { sender }), [
    make("p", {}, say("paused.text", { sender })),
    make("p", { class: "safe" }, say(`paused.safe.${cost}`)),
    make("p", {}, say("paused.waiting", { sender })),
    button(say("look"), look),
  ]);
}
