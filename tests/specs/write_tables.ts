/**
 * Writes the list of failing specs and the table of
 * `docs/operation-specs.md` from results of `run_specs.ts`.
 *
 * Arguments: results of plain wasm, of wasm with our kernels, of plain cpu, of
 * cpu with our kernels registered, and of some specs on plain webgpu and on
 * webgpu with our kernels.
 */
import type { SpecResults } from "./run_specs.ts";

const [plain, ours, cpu, cpuOurs, webgpu, webgpuOurs] = await Promise.all(
  Deno.args.map(async (path) =>
    JSON.parse(await Deno.readTextFile(path)) as SpecResults
  ),
) as [
  SpecResults,
  SpecResults,
  SpecResults,
  SpecResults,
  SpecResults,
  SpecResults,
];

/** Why a spec fails, as far as its message says. */
function reasonOf(name: string, message: string): string {
  if (/complex|fft|stft/i.test(name + message)) {
    return "complex numbers: the wasm backend cannot hold them";
  }
  if (/ragged/i.test(name)) return "ragged tensors";
  if (/string|decode|encode/i.test(name + message)) return "strings";
  if (name.startsWith("pool ")) {
    return "the spec expects the result of a shortcut of the cpu backend, which leaves out the padding of 1x1 windows; a window beyond the image holds no pixel";
  }
  return message.split("\n")[0]!.slice(0, 120);
}

const list = (results: SpecResults) =>
  Object.entries(results).filter(([, { status }]) => status === "failed")
    .map(([spec, { message = "" }]) => ({
      spec,
      reason: reasonOf(spec, message),
    }))
    .sort((a, b) => a.spec < b.spec ? -1 : 1);

await Deno.writeTextFile(
  new URL("./failing_specs.json", import.meta.url),
  JSON.stringify({ wasm: list(ours), cpu: list(cpuOurs) }, null, 2) + "\n",
);

const groups = new Map<string, { specs: number; failed: number[] }>();
for (const spec of Object.keys(ours)) {
  const group = spec.split(/[\s:(]/)[0]!;
  const entry = groups.get(group) ?? { specs: 0, failed: [0, 0, 0] };
  entry.specs++;
  [plain, ours, cpu].forEach((results, i) => {
    if (results[spec]?.status === "failed") entry.failed[i]!++;
  });
  groups.set(group, entry);
}
const rows = [...groups].filter(([, { failed }]) => failed.some((n) => n > 0))
  .sort(([a], [b]) => a < b ? -1 : 1);
const total = (i: number) =>
  [...groups.values()].reduce((sum, { failed }) => sum + failed[i]!, 0);
const count = Object.keys(ours).length;
const countFailing = (results: SpecResults) =>
  Object.values(results).filter(({ status }) => status === "failed").length;
await Deno.writeTextFile(
  new URL("../../docs/operation-specs.md", import.meta.url),
  `# TensorFlow.js's operation specs

Failures of the ${count} operation specs that \`@tensorflow/tfjs-core\` 4.22.0
ships and that run on the \`wasm\` backend: on the official backend, with the
kernels of \`registerTrainingKernels()\`, and on \`cpu\`. Groups without a failure
are left out. \`deno task test:specs\` runs them; \`tests/specs/failing_specs.json\`
lists each failing spec with its reason.

| Group | Specs | wasm | wasm with our kernels | cpu |
| ----- | ----: | ---: | --------------------: | --: |
${
    [
      ...rows.map(([name, { specs, failed }]) =>
        `| ${name} | ${specs} | ${failed.join(" | ")} |`
      ),
      `| All | ${count} | ${[0, 1, 2].map(total).join(" | ")} |`,
    ].join("\n")
  }

On \`webgpu\`, of the ${
    Object.keys(webgpuOurs).length
  } specs of convolution, pooling, products and normalisation
${countFailing(webgpu)} fail on the official backend, and ${
    countFailing(webgpuOurs)
  } with the kernels of
\`registerWebgpuTrainingKernels()\` (Mesa's llvmpipe).
`,
);
