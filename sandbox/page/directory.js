// Who and what the names on the page stand for: people and channels by id, colours, initials.
import { control } from "./api.js";
import { make } from "./dom.js";

const people = new Map();
const channels = new Map();
const SHORT = { U0SENDSEC1: "Sendsecret" };

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
  return SHORT[id] || (person ? person.profile.real_name : id);
}

export function handleOf(id) {
  const person = people.get(id);
  return person ? person.name : id;
}

export function channelName(id) {
  return channels.get(id) || id;
}

/** What makes a person different from a full member, in words; empty for full members. */
export function standing(person) {
  if (person.deleted) return "deactivated";
  if (person.id === "USLACKBOT" || person.is_bot) return "app";
  if (person.is_stranger !== undefined) return "external";
  return person.is_restricted ? "guest" : "";
}

export function avatar(id) {
  const letters = nameOf(id).split(" ").map((word) => word[0]).join("").slice(0, 2);
  const hue = [...id].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 6, 0);
  return make("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, letters);
}
