/**
 * Writes the table of `docs/ordinary-models.md`: what comes of ordinary models on
 * the official `wasm` backend, with our kernels, and on `cpu`.
 */
import { judgeModel, rightLosses, type Verdict } from "./judge_model.ts";
import { ordinaryModels } from "./ordinary_models.ts";
import { steps } from "./run_models.ts";
import { startModels } from "./start_models.ts";

/** A verdict in a few words. */
function wordsOf(verdict: Verdict): string {
  if (verdict.kind === "trains") return "trains";
  if (verdict.kind === "wrong") {
    const { difference } = verdict;
    return Number.isFinite(difference)
      ? `wrong by ${difference.toPrecision(1)}`
      : "wrong: NaN";
  }
  const kernel = /Kernel '(\w+)' not registered/.exec(verdict.error)?.[1] ??
    /gradient function not found for (\w+)/.exec(verdict.error)?.[1];
  return kernel === undefined ? "refuses" : `refuses: ${kernel}`;
}

const cpu = await startModels("cpu", "plain");
const plain = await startModels("wasm", "plain");
const ours = await startModels("wasm", "ours");
const rows = ordinaryModels.map(({ name, group, reference }) => {
  const right = rightLosses(cpu, name);
  const verdicts = [plain, ours].map((results) =>
    judgeModel(results[name]!, right)
  );
  const onCpu = reference?.reason ?? "trains";
  return { name, group, verdicts, onCpu };
});
const count = (which: number, kind: Verdict["kind"]) =>
  rows.filter(({ verdicts }) => verdicts[which]!.kind === kind).length;
const summary = (["trains", "refuses", "wrong"] as const).map((kind) => {
  const cpuCount = rows.filter(({ onCpu }) => onCpu.startsWith(kind)).length;
  return `| ${kind} | ${count(0, kind)} | ${count(1, kind)} | ${cpuCount} |`;
});
const groups = [...new Set(rows.map(({ group }) => group))].map((group) =>
  `## ${group}

| Model | wasm | wasm with our kernels | cpu |
| ----- | ---- | --------------------- | --- |
${
    rows.filter((row) => row.group === group).map(({ name, verdicts, onCpu }) =>
      `| ${name} | ${verdicts.map(wordsOf).join(" | ")} | ${onCpu} |`
    ).join("\n")
  }`
);
await Deno.writeTextFile(
  new URL("../../../docs/ordinary-models.md", import.meta.url),
  `# Ordinary models on WebAssembly

The tables show whether ${rows.length} ordinary TensorFlow.js models train on tiny
data: on the official \`wasm\` backend, with the kernels of
\`registerTrainingKernels()\`, and on \`cpu\`. "Trains" means that the losses of
${steps} steps are within 1e-3 of those of \`cpu\` (relative for losses above 1).
If \`cpu\` is wrong or refuses, the reference is an equivalent model of operations
that it computes correctly. "Refuses" names the kernel or gradient that is
missing. \`deno task test:slow\` trains the models;
\`tests/kernels/ordinary/write_table.ts\` writes this page.

|     | wasm | wasm with our kernels | cpu |
| --- | ---: | --------------------: | --: |
${summary.join("\n")}

TensorFlow.js itself refuses some models on every backend, which kernels cannot
change: the gradient of \`tf.layers.conv2d\` with a \`dilationRate\` above 1 and no
activation (with one, it trains with our kernels), causal \`tf.layers.conv1d\`
(\`tf.pad\` and \`tf.conv1d\` do the same), \`thresholdedReLU\` and
\`conv3dTranspose\`.

${groups.join("\n\n")}
`,
);
