// Moments and durations in the words and the zone of whoever reads. Knows no drop.

import { LANGUAGE } from "./words.js";

// The reader's own variety of the catalogue's language, so that a date is not in another language than its sentence.
const variety = navigator.languages.find((tag) => tag === LANGUAGE || tag.startsWith(`${LANGUAGE}-`)) ?? LANGUAGE;

const PARTS = {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "numeric",
  minute: "2-digit",
  timeZoneName: "long",
};
let moments = null;

/** A moment, Unix seconds, as a person says it, zone included. */
export function moment(seconds) {
  moments ??= new Intl.DateTimeFormat(variety, PARTS);
  return moments.format(new Date(seconds * 1000));
}

/** A duration in whole seconds as "4:05" or "0:45": no words, so that it fits into any sentence. */
export function duration(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Call `tick(seconds left)` at once and about every second until 0, then `end`. Returns a function that stops it. */
export function countDown(until, tick, end) {
  // Deadlines, not counters: a phone that slept must not show a secret longer than it said.
  const look = () => {
    const left = (until - Date.now()) / 1000;
    if (left > 0) return tick(left);
    stop();
    end();
  };
  const stop = () => {
    clearInterval(beat);
    document.removeEventListener("visibilitychange", look);
  };
  const beat = setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
  look();
  return stop;
}
