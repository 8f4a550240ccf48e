// What this phone and the server say to each other. No cookie goes along: what is sent is its own proof.
import { heard } from "./clock.js";

const PATIENCE = 8000; // milliseconds

/** -> {answer} | {refused: {code, message, advice}} | {silent: true} where there is no server to be heard. */
export async function ask(address, body) {
  const sentAt = Date.now();
  try {
    const response = await fetch(address, {
      method: "POST",
      credentials: "omit",
      cache: "no-store",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    const answer = await response.json();
    if (typeof answer.server_time !== "number") return { silent: true };
    const difference = heard(answer.server_time, sentAt);
    return answer.refused ? { refused: answer.refused, difference } : { answer, difference };
  } catch {
    return { silent: true };
  }
}
