import { countOf } from "../core/count_of.ts";
import { UsageError } from "../core/errors.ts";
import type { SweepEstimate } from "../sweep/sweep_estimate.ts";
import type { Io } from "./io.ts";

/** Core-hours up to which a sweep starts without being asked. */
export const FREE_HOURS = 12;

/** An estimate as people read it: `3.2 core-hours`, or hours of one GPU job. */
export function formatCost(
  { hours, backend }: Pick<SweepEstimate, "hours" | "backend">,
): string {
  const unit = backend === "webgpu" ? "hours of one job" : "core-hours";
  return `${formatHours(hours)} ${unit}`;
}

function formatHours(hours: number): string {
  if (hours < 0.1) return "0.1";
  if (hours < 9.95) return hours.toFixed(1);
  return Math.round(hours).toLocaleString("en-US");
}

/**
 * Lets a sweep start that is cheap, or that the user wants nevertheless: by a
 * flag, or by an answer on a terminal.
 *
 * @param allowLong Whether the user has agreed beforehand.
 * @throws {UsageError} If it is not cheap and nobody agrees.
 */
export async function approveCost(
  estimate: SweepEstimate,
  { allowLong, signal, ask }: {
    allowLong: boolean;
    signal: AbortSignal;
    ask: Io["ask"];
  },
): Promise<void> {
  const { hours, cells } = estimate;
  if (allowLong || hours <= FREE_HOURS) return;
  const cost = `${countOf(cells, "cell needs", "cells need")} up to ${
    formatCost(estimate)
  } on this machine, more than ${FREE_HOURS}`;
  if (ask === undefined) {
    throw new UsageError(`${cost}: use --allow-long to start it`);
  }
  const answer = await ask(`${cost}. Start? [y/N] `, signal);
  if (signal.aborted || /^y(es)?$/i.test(answer.trim())) return;
  throw new UsageError(`Not started: ${cost}`);
}
