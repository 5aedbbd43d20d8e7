// What the app shows of itself besides its messages: Home, which it publishes, and About, which Slack knows.
import { avatar, BOT, nameOf } from "./directory.js";
import { drawBlocks } from "./blocks.js";
import { make, refill } from "./dom.js";

const MAY = {
  commands: "answer its slash commands",
  "chat:write": "send messages under its own name",
  "im:write": "start direct messages with people",
  "users:read": "see who is in the workspace",
  "usergroups:read": "see user groups and who is in them",
};

/** Home: the view that the app published for this person, or that there is none yet. */
export function drawHome(root, view, desk) {
  refill(root, view ? [view.id, view.hash, view.trouble] : "none", () => {
    if (!view) {
      return make("div", { class: "beginning" }, make("strong", {}, "No Home yet"),
        make("p", { class: "empty" }, "The app has not shown anything here yet."));
    }
    const trouble = view.trouble ? make("p", { class: "error", role: "alert" }, view.trouble) : null;
    return [trouble, drawBlocks(view.blocks, desk)];
  });
}

/** About: commands and what the app may do. */
export function drawAbout(root, state) {
  refill(root, [state.commands, state.scopes], () => [
    make("div", { class: "card" }, avatar(BOT, "large"),
      make("div", {}, make("h3", {}, nameOf(BOT)), make("p", { class: "soft" }, "An app in this pretend workspace"))),
    make("h3", {}, "Commands"),
    make("dl", {}, state.commands.map((one) => [
      make("dt", {}, make("code", {}, `${one.command} ${one.usage}`.trim())), make("dd", {}, one.description),
    ]).flat()),
    make("h3", {}, "This app can"),
    make("ul", {}, state.scopes.map((one) => make("li", {}, MAY[one] || one))),
  ]);
}
