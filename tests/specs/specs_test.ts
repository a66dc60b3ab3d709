import { assertEquals } from "@std/assert";
import "@tensorflow/tfjs";
import { slowTest } from "../slow.ts";
import { webgpuTest } from "../webgpu_available.ts";
import { type SpecResults, webgpuSpecs } from "./run_specs.ts";
import list from "./failing_specs.json" with { type: "json" };

/** Specs that fail, by backend; there may be none. */
const listed: Record<"wasm" | "cpu", readonly { readonly spec: string }[]> =
  list;

/** Runs the specs, or those that match, in a process of their own. */
async function runSpecs(
  backend: string,
  kernels: string,
  only?: string,
): Promise<SpecResults> {
  const core = import.meta.resolve("@tensorflow/tfjs-core");
  const output = await Deno.makeTempFile({ suffix: ".json" });
  const script = new URL("./run_specs.ts", import.meta.url);
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "--no-prompt",
        "--allow-all",
        script.href,
        backend,
        kernels,
        core,
        output,
        ...(only === undefined ? [] : [only]),
      ],
      cwd: new URL("../../", import.meta.url),
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(await Deno.readTextFile(output));
  } finally {
    await Deno.remove(output);
  }
}

const failing = (results: SpecResults) =>
  Object.keys(results).filter((name) => results[name]!.status === "failed")
    .sort();

for (const backend of ["wasm", "cpu"] as const) {
  slowTest(
    `specs: on ${backend} with our kernels, TensorFlow.js's operation specs fail where the list says and nowhere else`,
    async () => {
      const results = await runSpecs(backend, "ours");
      const expected = listed[backend].map(({ spec }) => spec).sort();
      const failed = failing(results);
      assertEquals({
        failsUnlisted: failed.filter((name) => !expected.includes(name)),
        passesListed: expected.filter((name) => !failed.includes(name)),
      }, { failsUnlisted: [], passesListed: [] });
      // All specs of tfjs-core 4.22.0 ran.
      assertEquals(Object.keys(results).length > 4200, true);
    },
  );
}

webgpuTest(
  "with our kernels, TensorFlow.js's operation specs of convolution, pooling, products and normalisation pass",
  async () => {
    const results = await runSpecs("webgpu", "ours", webgpuSpecs);
    assertEquals(failing(results), []);
    assertEquals(Object.keys(results).length > 600, true);
  },
  { isSlow: true },
);
