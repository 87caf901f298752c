import * as edge from "./edge.js";

const LOOKS_MAX = 4;
const LOOK_AGAIN_MS = 500;

/** The first run of the chat that no turn of ours has, if there is one. */
export async function unknownRun({ chatId, turns }) {
  return (await unknownRuns(chatId, turns))[0];
}

/**
 * The page may have been left between asking and learning the run's name. The chat then knows it:
 * it is the newest run that no turn of ours has. The request itself may still be on its way.
 */
export async function learnRunId({ chatId, turns }, turn) {
  for (let look = 1; look <= LOOKS_MAX && !turn.runId; look++) {
    const names = await unknownRuns(chatId, turns).catch(() => []);
    turn.runId = names.at(-1) ?? null;
    if (!turn.runId && look < LOOKS_MAX) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
  return turn.runId;
}

async function unknownRuns(chatId, turns) {
  const { runs } = await edge.chatState(chatId);
  const ours = new Set(turns.map(({ runId }) => runId));
  return runs.map(({ runId }) => runId).filter((runId) => !ours.has(runId));
}
