// Who and what the names on the page stand for: people and channels by id, faces, presence.
import { control } from "./api.js";
import { aside, make } from "./dom.js";

export const BOT = "U0SENDSEC1";

/** The three who are played on this page. */
export const PLAYED = [
  { user: "U0MAYA0001", name: "Maya", role: "sends – platform engineer", first: "D0MAYADANA" },
  { user: "U0DANA0001", name: "Dana", role: "receives – contractor", first: "D0MAYADANA" },
  { user: "U0SAM00001", name: "Sam", role: "watches – security", first: "C0AUDIT001" },
];

const people = new Map();
const channels = new Map();

export async function loadPeople() {
  for (const person of await control("people")) people.set(person.id, person);
}

export function rememberChannels(conversations) {
  for (const one of conversations) channels.set(one.id, one.name);
}

export function everybody() {
  return [...people.values()];
}

export function nameOf(id) {
  const person = people.get(id);
  return person ? person.profile.real_name : id;
}

export function titleOf(id) {
  return people.get(id)?.profile.title || "";
}

export function handleOf(id) {
  const person = people.get(id);
  return person ? person.name : id;
}

export function channelName(id) {
  return channels.get(id) || id;
}

/** A conversation's name as one speaks of it. */
export function placeName(conversation) {
  if (conversation.kind === "bot_im") return nameOf(BOT);
  return conversation.with ? nameOf(conversation.with) : `#${conversation.name}`;
}

/** What makes a person different from a full member, in words; empty for full members. */
export function standing(person) {
  if (person.deleted) return "deactivated";
  if (person.id === "USLACKBOT" || person.is_bot) return "app";
  if (person.is_stranger !== undefined) return "external";
  return person.is_restricted ? "guest" : "";
}

/** The badge beside a name; null for full members. */
export function badge(id) {
  const person = people.get(id);
  const word = person ? standing(person) : "";
  return word ? make("span", { class: "badge" }, word) : null;
}

/** A drawn face: the app's sign, or initials on a colour that is always the same for one person. */
export function avatar(id, size = "") {
  if (id === BOT) return make("img", { class: `avatar ${size}`, src: "/page/app.svg", alt: "" });
  const letters = nameOf(id).split(" ").map((word) => word[0]).join("").slice(0, 2);
  const hue = [...id].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 6, 0);
  return make("span", { class: `avatar hue-${hue} ${size}`, "aria-hidden": "true" }, letters);
}

/** A dot: green for the three on this page, hollow for everybody else. */
export function presence(id) {
  const here = PLAYED.some((one) => one.user === id);
  const word = here ? "active" : "away";
  return make("span", { class: `presence ${word}`, title: word }, aside(word));
}
