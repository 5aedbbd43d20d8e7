// Starts the page: three screens side by side, or one with a switcher where there is no room.
import { control, live } from "./api.js";
import { loadPeople, rememberChannels } from "./directory.js";
import { make } from "./dom.js";
import { screen } from "./screen.js";

const PLAYED = [
  { user: "U0MAYA0001", name: "Maya", role: "Sends. Platform engineer, full member", first: "D0MAYADANA" },
  { user: "U0DANA0001", name: "Dana", role: "Receives. Contractor, single-channel guest", first: "D0MAYADANA" },
  { user: "U0SAM00001", name: "Sam", role: "Watches. Security", first: "C0AUDIT001" },
];
const connection = document.getElementById("connection");
const switcher = document.getElementById("switcher");
await loadPeople();
const screens = PLAYED.map(screen);
let asking = false;
let again = false;

/** Fetch all three screens; a change during the fetch makes one more fetch, not many. */
async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const states = await Promise.all(screens.map((one) => control("screen", { user: one.user })));
    for (const state of states) rememberChannels(state.conversations);
    states.forEach((state, index) => screens[index].update(state));
    connection.textContent = states[0].connected ? "The app is connected" : "No app is connected yet";
    connection.dataset.on = String(states[0].connected);
    tabs();
  } catch {
    lost();
  } finally {
    asking = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

function lost() {
  connection.textContent = "The sandbox is not running";
  connection.dataset.on = "false";
}

function tabs() {
  const chosen = document.body.dataset.chosen;
  switcher.replaceChildren(...PLAYED.map((person, index) => {
    const unread = screens[index].unread();
    return make("button", {
      type: "button", "aria-pressed": String(person.user === chosen), onclick: () => choose(person.user),
    }, person.name, unread ? make("span", { class: "count", "aria-label": `${unread} unread` }, String(unread)) : null);
  }));
}

function choose(user) {
  document.body.dataset.chosen = user;
  for (const one of screens) one.root.classList.toggle("chosen", one.user === user);
  tabs();
  for (const one of screens) one.refresh();
}

document.getElementById("screens").append(...screens.map((one) => one.root));
document.addEventListener("visibilitychange", () => { if (!document.hidden) screens.forEach((one) => one.refresh()); });
choose(PLAYED[0].user);
live(refresh, lost);
