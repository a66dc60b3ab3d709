import { UsageError } from "./errors.ts";

/** Limits of work that a file asks for. */
export interface WorkLimit {
  /** Longest estimated time that is started, in seconds; default: any. */
  longest?: number | undefined;
}

/**
 * Requires that work is estimated to be short enough to start it.
 *
 * @param what What would be done, as the subject of a sentence.
 * @throws {UsageError} If it takes longer than `longest`.
 */
export function requireShort(
  seconds: number,
  what: string,
  { longest = Infinity }: WorkLimit,
): void {
  if (seconds <= longest) return;
  throw new UsageError(
    `${what} would take about ${formatSeconds(seconds)}, more than ${
      formatSeconds(longest)
    }: start it with "allowLong"`,
    { field: "allowLong" },
  );
}

const units = [
  ["years", 365.25 * 86_400],
  ["days", 86_400],
  ["hours", 3600],
  ["minutes", 60],
] as const;

/** How long work takes on this machine at most, and how that is known. */
export interface WorkEstimate {
  /** Seconds with one job at a time. */
  seconds: number;
  /**
   * `measured`: from rates of this machine; `assumed`: from cautious rates of any,
   * where measuring would take longer than the work or change no decision.
   */
  basis: "measured" | "assumed";
}

/** An estimate in words: `about 40 s at most, as measured here`. */
export function describeEstimate({ seconds, basis }: WorkEstimate): string {
  return `about ${formatSeconds(seconds)} at most, ${
    basis === "measured"
      ? "as measured here"
      : "by cautious rates that are not measured here"
  }`;
}

/** A duration in its largest unit: `40 s`, `7 minutes`, `3 days`. */
export function formatSeconds(seconds: number): string {
  for (const [name, length] of units) {
    const count = Math.round(seconds / length);
    if (count >= 2) return `${count.toLocaleString("en")} ${name}`;
  }
  return `${Math.ceil(seconds)} s`;
}
