/**
 * Trains ordinary models and writes their losses, in a process of its own, whose
 * registry of kernels no one else has changed.
 *
 * Arguments: the backend, `plain` or `ours`, the file to which the results go.
 */
import * as tf from "@tensorflow/tfjs";
import { trainModel } from "./ordinary_model.ts";
import { ordinaryModels } from "./ordinary_models.ts";

/** Steps of each training. */
export const steps = 20;

/** What a training came to: losses, or why there are none. */
export interface ModelResult {
  readonly losses?: readonly number[];
  readonly error?: string;
}

/** Results by name of model; those of references on cpu under `reference`. */
export type ModelResults = Record<
  string,
  ModelResult & { readonly reference?: ModelResult }
>;

async function attempt(
  start: Parameters<typeof trainModel>[0],
): Promise<ModelResult> {
  try {
    return { losses: await trainModel(start, steps) };
  } catch (error) {
    return { error: String(error).split("\n")[0]! };
  }
}

if (import.meta.main) {
  const [backend, kernels, output] = Deno.args as [string, string, string];
  if (backend === "wasm") await import("@tensorflow/tfjs-backend-wasm");
  if (kernels === "ours") {
    const { registerTrainingKernels } = await import(
      "../../../src/kernels/wasm/mod.ts"
    );
    await registerTrainingKernels();
  }
  await tf.setBackend(backend);
  await tf.ready();
  const results: ModelResults = {};
  for (const { name, start, reference } of ordinaryModels) {
    results[name] = {
      ...await attempt(start),
      ...(backend === "cpu" && reference &&
        { reference: await attempt(reference.start) }),
    };
  }
  await Deno.writeTextFile(output, JSON.stringify(results));
}
