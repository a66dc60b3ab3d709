import { assertEquals } from "@std/assert";
import type { ResultSet } from "../../src/results/result_set.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { runMain } from "../cli/run_main.ts";

/** A sweep of eight cells that take a fraction of a second each. */
export const tiny = {
  "limit-train": "60",
  "limit-test": "20",
  training: "standard,adversarial",
  "train-steps": "2",
  ratios: "0,1",
  seeds: "0,1",
  epochs: "2",
  batch: "16",
  attacks: "fgsm,pgd-2",
  backend: "wasm",
  name: "tiny",
};

/** Flags as arguments of a command line. */
export function toArgs(flags: Record<string, string>): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}

/** The tiny sweep as arguments. */
export const study: string[] = toArgs(tiny);

/** Standard training alone, which has no steps of PGD to choose: their default. */
export const standardOnly = { training: "standard", "train-steps": "10" };

/** Makes it two cells instead of eight. */
export const small = {
  ...standardOnly,
  seeds: "0",
  attacks: "fgsm",
};

/** Runs a test in an empty folder of its own, which is removed afterwards. */
export async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs the tiny sweep with other flags; it must succeed. */
export async function sweep(
  folder: string,
  flags: Record<string, string>,
): Promise<ResultSet> {
  const out = `${folder}/out.json`;
  const ended = await runMain(
    ["sweep", ...toArgs({ ...tiny, jobs: "1", ...flags, out })],
  );
  assertEquals(ended.code, 0, ended.stderr);
  return await readResultSet(out);
}
