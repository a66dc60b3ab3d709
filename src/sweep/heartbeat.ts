/** Milliseconds between two signs of life of a worker. */
export const HEARTBEAT_MS = 1000;

/**
 * Seconds without a heartbeat after which a worker is regarded as hanging, where
 * no limit is given. A worker gives none while its thread computes without a
 * pause; the longest such pauses are single steps on the backend `cpu` and the
 * first step on a software adapter of WebGPU, which compiles its shaders.
 */
export const STALL_LIMIT_S = 300;

/**
 * How many times its longest silence so far a worker may be silent, where no limit
 * is given: a slow step may become slower still as other work begins.
 */
const PATIENCE = 10;

/** Judges the silence of one worker, heartbeat by heartbeat. */
export interface Silence {
  /** Notes a sign of life, or that the worker has nothing to do. */
  end(): void;
  /**
   * Notes that a heartbeat is due.
   *
   * @returns The limit in seconds, once it is exceeded.
   */
  tick(): number | undefined;
}

/**
 * Starts to judge a worker. It counts ticks and not the time, so that a sweep that
 * was itself stopped, as by Ctrl-Z or a laptop's lid, does not blame its workers.
 *
 * @param limitS Seconds of silence that are allowed; default: 300, or ten times as
 * long as the worker has been silent before, as steps on a slow backend or on a
 * machine with much else to do can take minutes.
 */
export function judgeSilence(limitS?: number): Silence {
  const given = limitS && Math.max(1, Math.round(limitS * 1000 / HEARTBEAT_MS));
  let silent = 0;
  let longest = 0;
  return {
    end() {
      longest = Math.max(longest, silent);
      silent = 0;
    },
    tick() {
      const limit = given ??
        Math.max(STALL_LIMIT_S * 1000 / HEARTBEAT_MS, PATIENCE * longest);
      return ++silent > limit ? limit * HEARTBEAT_MS / 1000 : undefined;
    },
  };
}

/**
 * Calls `onStall` once, with the limit in seconds, if a silence exceeds it.
 *
 * @returns Ends the watch.
 */
export function watchSilence(
  silence: Silence,
  onStall: (limitS: number) => void,
): () => void {
  const stop = () => {
    clearInterval(timer);
    silence.end();
  };
  const timer = setInterval(() => {
    const limit = silence.tick();
    if (limit === undefined) return;
    clearInterval(timer);
    onStall(limit);
  }, HEARTBEAT_MS);
  return stop;
}
