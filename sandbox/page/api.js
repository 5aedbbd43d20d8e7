// Talks to the control of the sandbox: `POST /control/{verb}` and the stream of changes.

/** Call one verb. Throws an Error with words for a person when it is refused. */
export async function control(verb, body = {}) {
  const answer = await fetch(`/control/${verb}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.said || told.error);
  return told.answer;
}

/** Call `changed` whenever the workspace changes, and `lost` while it cannot be reached. */
export function live(changed, lost) {
  const stream = new EventSource("/control/live");
  stream.onmessage = changed;
  stream.onerror = lost;
}
