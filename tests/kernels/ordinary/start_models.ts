import type { ModelResults } from "./run_models.ts";

/** Trains all ordinary models in a process of their own. */
export async function startModels(
  backend: "cpu" | "wasm",
  kernels: "plain" | "ours",
): Promise<ModelResults> {
  const output = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "--no-prompt",
        "--allow-all",
        new URL("./run_models.ts", import.meta.url).href,
        backend,
        kernels,
        output,
      ],
      cwd: new URL("../../../", import.meta.url),
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(await Deno.readTextFile(output));
  } finally {
    await Deno.remove(output);
  }
}
