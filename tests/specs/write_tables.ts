/**
 * Writes the list of failing specs and the table of
 * `docs/operation-specs.md` from results of `run_specs.ts`.
 *
 * Arguments: results of plain wasm, of wasm with our kernels, of plain cpu, of
 * cpu with our kernels registered, of plain webgpu and of webgpu with our kernels.
 * The last one is the day of the results of webgpu.
 */
import type { SpecResults } from "./run_specs.ts";

const day = Deno.args[6]!;
const [plain, ours, cpu, cpuOurs, webgpu, webgpuOurs] = await Promise.all(
  Deno.args.slice(0, 6).map(async (path) =>
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

/** Why specs of a group fail on the official webgpu backend, if not for a kernel that it lacks. */
const webgpuReasons: Readonly<Record<string, string>> = {
  "fromPixels,": "it reads a canvas as a browser has it",
  gather: "it does not check indices",
  prod: "it drops dimensions that are to be kept, and its gradients differ",
  sparseSegmentMean: "it does not check indices",
  sparseSegmentSum: "it does not check indices",
  tan: "it gives 1 or -1 for large numbers",
  "tensor.data": "a read that the spec does not await fails",
  threshold: "the method of Otsu gives another image",
};

/** Why a spec fails on webgpu. */
function webgpuReasonOf(name: string): string {
  const reason = webgpuReasons[groupOf(name)];
  if (reason !== undefined) return reason;
  // In most groups some specs name it, and others expect another error.
  const lacking = Object.entries(webgpuOurs).flatMap(([spec, { message }]) =>
    groupOf(spec) === groupOf(name)
      ? /Kernel '(\w+)' not registered/.exec(message ?? "")?.[1] ?? []
      : []
  );
  return lacking.length > 0
    ? `it has no kernel ${lacking[0]}`
    : webgpuOurs[name]!.message!.split("\n")[0]!;
}

const groupOf = (spec: string) => spec.split(/[\s:(]/)[0]!;

const list = (results: SpecResults) =>
  Object.entries(results).filter(([, { status }]) => status === "failed")
    .map(([spec, { message = "" }]) => ({
      spec,
      // A person puts the reason in place of what the spec says.
      reason: message.split("\n")[0]!.slice(0, 120),
    }))
    .sort((a, b) => a.spec < b.spec ? -1 : 1);

await Deno.writeTextFile(
  new URL("./failing_specs.json", import.meta.url),
  JSON.stringify(
    {
      wasm: list(ours),
      cpu: list(cpuOurs),
      webgpu: list(webgpuOurs).map(({ spec }) => ({
        spec,
        reason: webgpuReasonOf(spec),
      })),
    },
    null,
    2,
  ) + "\n",
);

/** Rows of a table: groups, their specs, and how many fail in each result. */
function listRows(
  columns: readonly SpecResults[],
  reasonOf?: (spec: string) => string,
): string {
  const groups = new Map<
    string,
    { specs: number; failed: number[]; reason?: string }
  >();
  const all = columns.map(() => 0);
  for (const spec of Object.keys(columns[0]!)) {
    const group = groupOf(spec);
    const entry = groups.get(group) ??
      { specs: 0, failed: columns.map(() => 0) };
    entry.specs++;
    columns.forEach((results, i) => {
      if (results[spec]?.status !== "failed") return;
      entry.failed[i]!++;
      all[i]!++;
      entry.reason ??= reasonOf?.(spec) ?? "";
    });
    groups.set(group, entry);
  }
  const rows = [...groups].filter(([, { failed }]) => failed.some((n) => n > 0))
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, { specs, failed, reason }]) => [
      name.replace(",", ""),
      specs,
      ...failed,
      ...(reasonOf ? [reason] : []),
    ]);
  rows.push([
    "All",
    Object.keys(columns[0]!).length,
    ...all,
    ...(reasonOf ? [""] : []),
  ]);
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const count = Object.keys(ours).length;
await Deno.writeTextFile(
  new URL("../../docs/operation-specs.md", import.meta.url),
  `# TensorFlow.js's operation specs

The table counts failures among the ${count} operation specs that
\`@tensorflow/tfjs-core\` 4.22.0 ships and that run on the \`wasm\` backend: with
the official kernels, with those of \`registerTrainingKernels()\`, and on \`cpu\`.
Groups without a failure are left out. \`deno task test:specs\` runs the specs;
\`tests/specs/failing_specs.json\` lists each failing spec with its reason.

| Group | Specs | wasm | wasm with our kernels | cpu |
| ----- | ----: | ---: | --------------------: | --: |
${listRows([plain, ours, cpu])}

## WebGPU

On \`webgpu\`, ${
    Object.keys(webgpuOurs).length
  } of the specs run: with the official kernels and with those of
\`registerWebgpuTrainingKernels()\` (${day}, Mesa's llvmpipe). The same specs
fail with both, and none of them tests an operation that we register; the
reasons are those of the official backend. \`deno task test:specs\` runs the specs
of convolution, pooling, products and normalisation;
\`deno run -A tests/specs/run_specs.ts webgpu ours ADDRESS OUTPUT\` runs all,
where \`ADDRESS\` is the \`file:\` URL of tfjs-core's \`dist/tf-core.node.js\`.

| Group | Specs | webgpu | webgpu with our kernels | Reason |
| ----- | ----: | -----: | ----------------------: | ------ |
${listRows([webgpu, webgpuOurs], webgpuReasonOf)}
`,
);
