import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse, parseAllDocuments } from "yaml";
import { slowTest } from "../slow.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder, small, sweep, tiny } from "../sweep/tiny_sweep.ts";

// The recipes are not given to a scheduler here; the commands in them are run
// unchanged.

const root = fromFileUrl(new URL("../../", import.meta.url));
const read = (path: string) => Deno.readTextFile(`${root}docs/${path}`);
/** Six cells for three shards. */
const flags = { ...tiny, ...small, seeds: "0,1,2", epochs: "1" };

interface Container {
  name: string;
  command: string[];
  env: { name: string; value: string }[];
  volumeMounts: { name: string; mountPath: string }[];
}
interface Job {
  kind: string;
  metadata: { name: string };
  spec: {
    completionMode?: string;
    completions?: number;
    backoffLimitPerIndex?: number;
    podFailurePolicy?: {
      rules: { onExitCodes?: { containerName: string; values: number[] } }[];
    };
    template: {
      spec: {
        restartPolicy: string;
        containers: [Container];
        volumes: {
          name: string;
          persistentVolumeClaim: { claimName: string };
        }[];
      };
    };
  };
}
interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, string>;
}
interface Workflow {
  env: Record<string, string>;
  jobs: {
    shard: {
      env: Record<string, string>;
      strategy: { matrix: { shard: number[] } };
      steps: Step[];
    };
    merge: { needs: string; steps: Step[] };
  };
}

/** Runs a command as a recipe does; it must succeed. */
async function run(
  [command, ...args]: string[],
  env: Record<string, string>,
  cwd: string,
): Promise<void> {
  const { code, stderr } = await new Deno.Command(command!, { args, env, cwd })
    .output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

/** Writes the flags as a study file; returns its path and one sweep's digest. */
async function writeStudy(
  folder: string,
): Promise<{ study: string; digest: string }> {
  const set = await sweep(folder, flags);
  const study = `${folder}/study.json`;
  await Deno.writeTextFile(study, JSON.stringify(set.study));
  return { study, digest: set.digest };
}

async function digestOf(path: string): Promise<string> {
  return JSON.parse(await Deno.readTextFile(path)).digest;
}

async function readManifests() {
  const documents = parseAllDocuments(await read("kubernetes/sweep.yaml"));
  for (const { errors } of documents) assertEquals(errors, []);
  const [claim, job] = documents.map((document) => document.toJS());
  const merge: Job = parse(await read("kubernetes/merge.yaml"));
  return { claim, job: job as Job, merge };
}

function containerOf({ spec }: Job): Container {
  return spec.template.spec.containers[0];
}

function envOf(job: Job): Record<string, string> {
  return Object.fromEntries(
    containerOf(job).env.map(({ name, value }) => [name, value]),
  );
}

Deno.test("docs/kubernetes: each index is a shard, and all share a volume", async () => {
  const { claim, job, merge } = await readManifests();
  const { spec } = job;
  assertEquals(spec.completionMode, "Indexed");
  assertEquals(String(spec.completions), envOf(job).SHARDS);
  assertEquals(envOf(merge).SHARDS, envOf(job).SHARDS);
  assertEquals(envOf(merge).RESULTS, envOf(job).RESULTS);
  assert(spec.backoffLimitPerIndex! > 0);
  assertEquals(claim.spec.accessModes, ["ReadWriteMany"]);
  for (const { spec } of [job, merge]) {
    const { restartPolicy, containers: [container], volumes } =
      spec.template.spec;
    // Kubernetes demands it where there is a podFailurePolicy.
    assertEquals(restartPolicy, "Never");
    assertEquals(
      volumes[0]!.persistentVolumeClaim.claimName,
      claim.metadata.name,
    );
    assertEquals(container.volumeMounts[0]!.name, volumes[0]!.name);
    assert(
      envOf({ spec } as Job).RESULTS!.startsWith(
        container.volumeMounts[0]!.mountPath,
      ),
    );
  }
  const onExitCodes = spec.podFailurePolicy!.rules.find((rule) =>
    rule.onExitCodes
  )!.onExitCodes!;
  assertEquals(onExitCodes.containerName, containerOf(job).name);
  assertEquals(onExitCodes.values, [2]);
});

slowTest(
  "docs/kubernetes: the commands of three pods and the merge have the digest of one sweep",
  () =>
    inFolder(async (folder) => {
      const { study, digest } = await writeStudy(folder);
      const { job, merge } = await readManifests();
      const env = {
        STUDY: study,
        SHARDS: "3",
        JOBS: "1",
        RESULTS: `${folder}/shards`,
      };
      for (const index of [0, 1, 2]) {
        await run(containerOf(job).command, {
          ...env,
          JOB_COMPLETION_INDEX: String(index),
        }, root);
      }
      await run(containerOf(merge).command, env, root);
      assertEquals(await digestOf(`${folder}/shards/merged.json`), digest);

      // A second Job leaves a finished shard alone.
      const shard = `${folder}/shards/1-of-3.json`;
      const { mtime } = await Deno.stat(shard);
      await run(containerOf(job).command, {
        ...env,
        JOB_COMPLETION_INDEX: "0",
      }, root);
      assertEquals((await Deno.stat(shard)).mtime, mtime);
    }),
);

slowTest(
  "docs/ci/sweep.yml: the commands of a matrix and its merge have the digest of one sweep",
  () =>
    inFolder(async (folder) => {
      const { study, digest } = await writeStudy(folder);
      const { env, jobs }: Workflow = parse(await read("ci/sweep.yml"));
      assertEquals(env, { STUDY: "${{ inputs.study }}" });
      assertEquals(jobs.shard.env, {
        SHARD: "${{ matrix.shard }}",
        SHARDS: "${{ strategy.job-total }}",
      });
      assertEquals(jobs.merge.needs, "shard");
      const { shard: shards } = jobs.shard.strategy.matrix;
      assertEquals(shards, shards.map((_, i) => i + 1));
      const step = (steps: Step[], name: string) =>
        steps.find((step) => step.name === name)!.run!;
      const action = (steps: Step[], name: string) =>
        steps.find(({ uses }) => uses?.startsWith(`actions/${name}@`))!.with!;

      // As in a checkout, in which the shards are those of the workflow.
      const checkout = `${folder}/checkout`;
      await Deno.mkdir(checkout);
      for (
        const name of [
          "deno.json",
          "import_map.json",
          "deno.lock",
          "mod.ts",
          "src",
          "fixtures",
        ]
      ) {
        await Deno.symlink(`${root}${name}`, `${checkout}/${name}`);
      }
      for (const shard of [1, 2, 3]) {
        await run(["bash", "-ec", step(jobs.shard.steps, "Sweep")], {
          STUDY: study,
          SHARD: String(shard),
          SHARDS: "3",
        }, checkout);
      }
      const upload = action(jobs.shard.steps, "upload-artifact");
      const download = action(jobs.merge.steps, "download-artifact");
      assertEquals(upload.path, `${download.path}/*.json`);
      assertStringIncludes(upload.name!, "${{ matrix.shard }}");
      await run(
        ["bash", "-ec", step(jobs.merge.steps, "Merge")],
        {},
        checkout,
      );
      const { path } = action(jobs.merge.steps, "upload-artifact");
      assertEquals(await digestOf(`${checkout}/${path}`), digest);
    }),
);
