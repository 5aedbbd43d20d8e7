// Asking again until somebody answers: the same request, later and later, and the person is told.

const WAITS = [1, 2, 4, 8, 15];
const WORTH_WAITING = ["unavailable", "key-unreadable", "slow-down"];

/** Resolves after `seconds`, or as soon as the device is online again. */
function pause(seconds) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", done);
  });
}

/**
 * The first answer of `attempt()` that waiting would not change. `tell(answer, seconds)` is called before each wait.
 * With `until`, a moment in milliseconds, gives up then and returns the last answer.
 */
export async function untilAnswered(attempt, tell, until = Infinity) {
  for (let round = 0; ; round += 1) {
    const answer = await attempt();
    if (!WORTH_WAITING.includes(answer.slug) || Date.now() > until) return answer;
    // A little apart from each other, so that all pages of a restarted server do not come at once.
    const usual = WAITS[Math.min(round, WAITS.length - 1)] * (1 + Math.random() / 4);
    const seconds = Math.max(usual, Math.min(answer.retry_after_seconds ?? 0, 120));
    tell(answer, seconds);
    await pause(seconds);
  }
}
