// Handing in one sealed secret until somebody answers: the same bytes again and again, so that however often they arrive it is
// one drop. Knows no element of the page.

const WAITS = [1, 2, 4, 8, 15];
const WORTH_WAITING = ["unavailable", "busy", "slow-down"];
const LONGEST_SECONDS = 120;

/** Resolves after `seconds`, when `hurry` (given to `onWait`) is called, or as soon as the device is online again. */
function pause(answer, seconds, onWait) {
  return new Promise((resolve) => {
    const hurry = () => {
      clearTimeout(timer);
      removeEventListener("online", hurry);
      resolve();
    };
    const timer = setTimeout(hurry, seconds * 1000);
    addEventListener("online", hurry);
    onWait(answer, seconds, hurry);
  });
}

/**
 * The first answer of `attempt()` that waiting would not change, with `troubled`: whether an earlier one was lost, which may
 * have been a yes. `onWait(answer, seconds, hurry)` is called before each wait, `onTry()` after it.
 */
export async function untilTaken(attempt, onWait, onTry) {
  let troubled = false;
  for (let round = 0; ; round += 1) {
    const answer = await attempt();
    if (!WORTH_WAITING.includes(answer.slug)) return { ...answer, troubled };
    troubled ||= answer.slug === "unavailable";
    const usual = WAITS[Math.min(round, WAITS.length - 1)] * (1 + Math.random() / 4);
    await pause(answer, Math.max(usual, Math.min(answer.retry_after_seconds ?? 0, LONGEST_SECONDS)), onWait);
    onTry();
  }
}
