import type { BackendName } from "../spec/backends.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import type { NetworkName } from "../spec/networks.ts";

/**
 * Passes of one image of 32 x 32 pixels per second, on one core of a machine of
 * 2020 or later: less than in any of the committed result sets.
 */
const passesPerSecond: Readonly<Record<NetworkName, number>> = {
  "published-standard": 3000,
  "published-adversarial": 800,
};

/** Speed of backends, as multiples of WebAssembly's. */
const speeds: Readonly<Record<BackendName, number>> = {
  "wasm": 1,
  "webgpu": 1,
  "cpu": 1 / 50,
};

/** A software adapter is that much slower than WebAssembly. */
const SOFTWARE = 1 / 10;

/** Seconds that each cell takes whatever it does. */
const START = 0.5;

/**
 * Estimates how long a cell takes from its config alone, cautiously: the times
 * that a file records prove nothing.
 *
 * @param passes Work of the cell, from `cellCost` or `estimateCell`.
 * @param options `pixels`: of one image, height times width; `software`: whether
 * WebGPU's adapter computes on the CPU.
 * @returns Seconds.
 */
export function estimateSeconds(
  { model, backend }: Pick<CellConfig, "model" | "backend">,
  passes: number,
  { pixels = 1024, software = false }: {
    pixels?: number;
    software?: boolean;
  } = {},
): number {
  const speed = passesPerSecond[model] * speeds[backend] *
    (software && backend === "webgpu" ? SOFTWARE : 1);
  return START + passes * (pixels / 1024) / speed;
}
