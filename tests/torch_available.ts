import { assert } from "@std/assert";
import { slowTest } from "./slow.ts";

/** Python with PyTorch, as Debian's python3-torch has it; `PYTHON` names another. */
const python: string = Deno.env.get("PYTHON") ?? "/usr/bin/python3";

const isAvailable = await hasTorch();

/** With `DUPBENCH_REQUIRE_TORCH=1` tests without PyTorch fail. */
const isRequired = Deno.env.get("DUPBENCH_REQUIRE_TORCH") === "1";

/**
 * A slow test that needs PyTorch. Without it, the test is ignored, and the run
 * says so; where PyTorch is required, it fails instead.
 */
export function torchTest(name: string, run: () => Promise<void>): void {
  const ignore = !isAvailable && !isRequired;
  if (ignore) console.warn(`skipped "torch: ${name}": ${python} has no torch`);
  const fn = async () => {
    if (!isAvailable) {
      throw new Error(`DUPBENCH_REQUIRE_TORCH=1 requires torch in "${python}"`);
    }
    await run();
  };
  slowTest(`torch: ${name}`, fn, { ignore });
}

/**
 * Runs Python with these arguments. PyTorch keeps its memory instead of giving it
 * back after every operation, which takes several times as long where page faults
 * are slow.
 */
export function runTorch(args: string[]): Promise<Deno.CommandOutput> {
  return new Deno.Command(python, { args, env: environment }).output();
}

const environment = {
  MALLOC_MMAP_MAX_: "0",
  MALLOC_TRIM_THRESHOLD_: "20000000000",
};

/** Lists that a script in Python prints as JSON, which reads JSON on its input. */
export async function runPython(
  script: string,
  given: unknown,
): Promise<number[][]> {
  const process = new Deno.Command(python, {
    args: ["-c", script],
    env: environment,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(given)));
  await writer.close();
  const { success, stdout, stderr } = await process.output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function hasTorch(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(python, {
      args: ["-c", "import torch"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}
