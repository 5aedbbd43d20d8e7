// Starts the page: one person's workspace with a switcher, or all three side by side where there is room.
import { control, live } from "./api.js";
import { asking } from "./confirm.js";
import { avatar, loadPeople, PLAYED, presence, rememberChannels } from "./directory.js";
import { make, refill } from "./dom.js";
import { roving } from "./roving.js";
import { screen } from "./screen.js";

const here = (id) => document.getElementById(id);
const connection = here("connection");
const switcher = roving(here("switcher"));
const wide = window.matchMedia("(min-width: 1100px)");
const ask = asking(here("ask"));
let sideBySide = window.innerWidth >= 1600;
await loadPeople();
const screens = PLAYED.map(screen);
let asked = false;
let again = false;

/** Fetch all three screens; a change during the fetch makes one more fetch, not many. */
async function refresh() {
  if (asked) {
    again = true;
    return;
  }
  asked = true;
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
    asked = false;
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
  const waiting = screens.map((one) => one.unread());
  refill(switcher, [chosen, waiting], () => PLAYED.map((person, index) => make("button", {
    type: "button", "aria-pressed": String(person.user === chosen), tabindex: person.user === chosen ? "0" : "-1",
    "data-key": person.user, onclick: () => choose(person.user),
  },
  make("span", { class: "face" }, avatar(person.user, "tiny"), presence(person.user)), make("span", {}, person.name),
  waiting[index] ? make("span", { class: "count", "aria-label": `${waiting[index]} unread` }, String(waiting[index])) : null)));
  const name = PLAYED.find((person) => person.user === chosen).name;
  const all = waiting.reduce((sum, one) => sum + one, 0);
  document.title = `${all ? `(${all}) ` : ""}Demo: ${name} in a pretend workspace`;
}

function choose(user) {
  document.body.dataset.chosen = user;
  for (const one of screens) one.root.classList.toggle("chosen", one.user === user);
  tabs();
  for (const one of screens) one.refresh();
}

function lay() {
  const three = sideBySide && wide.matches;
  document.body.dataset.layout = three ? "three" : "one";
  here("layout").textContent = three ? "One at a time" : "Side by side";
  for (const one of screens) one.refresh();
}

const RESET = {
  title: { text: "Start with a fresh workspace?" },
  text: {
    type: "plain_text",
    text: "All messages and open forms here disappear, for Maya, Dana and Sam. The app stays connected.\n\n"
      + "Secrets that were already sent are not touched: their links work until they are opened, revoked or out of time.",
  },
  confirm: { text: "Reset the workspace" },
  deny: { text: "Cancel" },
  style: "danger",
};

async function reset() {
  if (!(await ask(RESET))) return;
  try {
    await control("reset");
  } catch {
    lost();
  }
}

here("screens").append(...screens.map((one) => one.root));
here("reset").addEventListener("click", reset);
here("layout").addEventListener("click", () => { sideBySide = !sideBySide; lay(); });
wide.addEventListener("change", lay);
document.addEventListener("visibilitychange", () => { if (!document.hidden) screens.forEach((one) => one.refresh()); });
choose(PLAYED[0].user);
lay();
live(refresh, lost);
