/**
 * What the page starts as a worker: it runs one cell and ends.
 *
 * @module
 */
import "../core/complete_builtins.ts";
import { config } from "zod";
import { messageOf } from "../core/errors.ts";
import type { RunEvent, RunRequest } from "./messages.ts";
import { runRequest } from "./run_request.ts";

// Its compiled checks need `new Function`, which the page's policy forbids.
config({ jitless: true });

/** The part of a worker's scope that is used here. */
const scope = globalThis as unknown as {
  onmessage: (message: { data: RunRequest }) => void;
  postMessage(event: RunEvent): void;
};

scope.onmessage = async ({ data }) => {
  try {
    await runRequest(data, (event) => scope.postMessage(event));
  } catch (error) {
    scope.postMessage({ kind: "failed", message: messageOf(error) });
  }
};
