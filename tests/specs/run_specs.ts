/**
 * Runs TensorFlow.js's own operation specs, which npm's `@tensorflow/tfjs-core`
 * ships, on a backend. It has a process of its own: the specs reset the engine
 * and its registries.
 *
 * Arguments: the backend, `plain` or `ours`, the address of tfjs-core (which is
 * known only where it is imported), the file to which the results go and, for
 * some of the specs only, a regular expression of their names.
 */
import jasmineCore from "jasmine-core";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { unpackSpecs } from "./unpack_specs.ts";

/** What the specs came to, by name. */
export type SpecResults = Record<
  string,
  {
    readonly status: "passed" | "failed" | "pending";
    readonly message?: string;
  }
>;

/**
 * The specs of operations whose kernels on `webgpu` are ours, and of those like
 * them, by the beginning of their names.
 */
export const webgpuSpecs =
  "^(conv|depthwise|separable|pool|maxPool|avgPool|matmul|dot|outer|fused|batchNorm)";

interface SpecDone {
  readonly fullName: string;
  readonly status: string;
  readonly failedExpectations: readonly { readonly message: string }[];
}

if (import.meta.main) {
  const [backend, kernels, core, output, only] = Deno.args as [
    string,
    string,
    string,
    string,
    string?,
  ];
  const results = await runSpecs(
    backend,
    kernels === "ours",
    core,
    only === undefined ? undefined : new RegExp(only),
  );
  await Deno.writeTextFile(output, JSON.stringify(results));
  Deno.exit(0);
}

async function runSpecs(
  backend: string,
  ours: boolean,
  core: string,
  only?: RegExp,
): Promise<SpecResults> {
  const jasmine = jasmineCore.boot(jasmineCore);
  const env = jasmine.getEnv();
  Object.assign(globalThis, jasmineCore.interface(jasmine, env), { jasmine });
  Object.assign(globalThis, { require: createRequire(core) });
  const dist = dirname(fileURLToPath(core));
  const folder = await Deno.makeTempDir({ prefix: "specs-" });
  try {
    const specs = await unpackSpecs(dist, folder);
    // First, so that its copy of the engine is the one that all others use.
    await import(`${specs}index.js`);
    await import("@tensorflow/tfjs-core");
    await import("@tensorflow/tfjs");
    if (backend === "wasm") {
      const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
      setWasmPaths(fileURLToPath(
        new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm")),
      ));
    }
    if (backend === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
    if (ours) {
      if (backend === "webgpu") {
        const { registerWebgpuTrainingKernels } = await import(
          "../../src/kernels/webgpu/mod.ts"
        );
        registerWebgpuTrainingKernels();
      } else {
        const { registerTrainingKernels } = await import(
          "../../src/kernels/wasm/mod.ts"
        );
        await registerTrainingKernels();
      }
    }
    const util = await import(`${specs}jasmine_util.js`);
    util.setTestEnvs([{
      name: "test",
      backendName: backend,
      isDataSync: backend !== "webgpu",
    }]);
    await import(`${specs}tests.js`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const results: SpecResults = {};
  env.addReporter({
    specDone({ fullName, status, failedExpectations }: SpecDone) {
      if (status === "excluded") return;
      let name = fullName.replace(/ test \{\}/g, "");
      while (name in results) name += "'";
      const message = failedExpectations[0]?.message;
      results[name] = {
        status: status as "passed",
        ...(status === "failed" && { message: message?.slice(0, 200) ?? "" }),
      };
    },
  });
  env.configure({
    random: false,
    autoCleanClosures: false,
    ...(only && {
      specFilter: (spec: { getFullName(): string }) =>
        only.test(spec.getFullName()),
    }),
  });
  await env.execute();
  return results;
}
