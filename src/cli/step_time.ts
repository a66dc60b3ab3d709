import { z } from "zod";
import { widthAxis } from "../spec/axes/width.ts";
import { networkNames } from "../spec/networks.ts";
import { backendRequests } from "../spec/backends.ts";
import type { StepTimeOptions } from "../train/time_steps.ts";
import { defineCommand } from "./command.ts";
import { readNetworkChoice } from "./model_option.ts";
import { UsageError } from "../core/errors.ts";
import { type NetworkChoice, requireFit } from "../spec/find_network.ts";
import { usualInput } from "../spec/infer_network.ts";

/** What can be timed. */
const stepJobs = ["train", "pgd10"] as const satisfies readonly StepTimeOptions[
  "job"
][];

const options = z.strictObject({
  backend: z.enum(backendRequests).default("auto").describe(
    "TensorFlow.js backend",
  ),
  model: z.string().min(1).default("published-adversarial").meta({
    value: "NAME|FILE.json",
    path: "file",
    choices: networkNames,
  }).describe("Network, or a JSON file that holds one"),
  width: widthAxis.entry.default(1).describe(
    "Factor by which its channels and hidden units are multiplied",
  ),
  batch: z.int().min(1).max(65536).default(128).describe("Images per batch"),
  job: z.enum(stepJobs).default("train").describe(
    "A training step, or PGD with ten iterations",
  ),
  mode: z.enum(["compiled", "tape"]).optional().describe(
    "Compiled steps, or TensorFlow.js's gradient tape (default: compiled steps if the network has them)",
  ),
  runs: z.int().min(1).max(10_000).default(15).describe("Timed runs"),
  warmup: z.int().min(0).max(10_000).default(5).describe(
    "Untimed runs before these, in which shaders and WebAssembly are compiled",
  ),
  json: z.boolean().default(false).describe("Print one line of JSON"),
});

/** `step-time`: the yardstick of the backends. */
export const stepTimeCommand = defineCommand({
  examples: ["--backend wasm --job pgd10"],
  options,
  likelyOption: "model",
  async run({ backend: request, json, model: word, ...rest }, io) {
    const settings = { ...rest, ...await readNetworkChoice(word, io) };
    requireUsable(settings);
    const { chooseBackend } = await import("../backend/choose_backend.ts");
    const { openBackend } = await import("../backend/open_backend.ts");
    const { probeBackends } = await import("../backend/probe_backends.ts");
    const { timeSteps } = await import("../train/time_steps.ts");
    const chosen = chooseBackend(request, await probeBackends());
    const backend = await openBackend(chosen.name);
    const { mode, jobsPerRun, medianMs, minMs, maxMs } = await timeSteps(
      { ...settings, backend },
    );
    const { model, width, batch, job, runs } = settings;
    const imagesPerSecond = batch / medianMs * 1000;
    io.print(
      json
        ? JSON.stringify({
          backend: backend.name,
          model,
          ...(width !== 1 && { width }),
          batch,
          job,
          mode,
          median_ms: round(medianMs),
          min_ms: round(minMs),
          max_ms: round(maxMs),
          runs,
          jobs_per_run: jobsPerRun,
          images_per_s: round(imagesPerSecond),
        })
        : `${backend.name} ${model}${
          width === 1 ? "" : ` of width ${width}`
        } batch ${batch} ${job}, ${mode}: median ${
          medianMs.toFixed(1)
        } ms of ${runs} runs${jobsPerRun === 1 ? "" : ` of ${jobsPerRun}`} (${
          minMs.toFixed(1)
        } to ${maxMs.toFixed(1)}), ${imagesPerSecond.toFixed(0)} images/s`,
    );
    return 0;
  },
});

/** A network that is not for the images of this command is the user's mistake. */
function requireUsable(choice: NetworkChoice): void {
  try {
    requireFit(choice, usualInput);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
