/** Milliseconds between two signs of life of a worker. */
export const HEARTBEAT_MS = 1000;

/**
 * Seconds without a heartbeat after which a worker is regarded as hanging.
 * A worker gives none while its thread computes without a pause; the longest
 * such pauses are single steps on the backend `cpu` and the first step on a
 * software adapter of WebGPU, which compiles its shaders.
 */
export const STALL_LIMIT_S = 300;

/** Watches for signs of life. */
export interface Watch {
  /** Records a heartbeat. */
  beat(): void;
  /** Ends the watch. */
  stop(): void;
}

/**
 * Calls `onStall` once if there is no heartbeat for `limitS` seconds. It
 * counts its own ticks and not the time, so that a sweep that was itself
 * stopped, as by Ctrl-Z or a laptop's lid, does not blame its workers.
 */
export function watchHeartbeat(limitS: number, onStall: () => void): Watch {
  const limit = Math.max(1, Math.round(limitS * 1000 / HEARTBEAT_MS));
  let silent = 0;
  const timer = setInterval(() => {
    if (++silent <= limit) return;
    clearInterval(timer);
    onStall();
  }, HEARTBEAT_MS);
  return {
    beat: () => void (silent = 0),
    stop: () => clearInterval(timer),
  };
}
