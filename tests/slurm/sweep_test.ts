import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder, sweep, tiny, toArgs } from "../sweep/tiny_sweep.ts";
import {
  type Cluster,
  daemonLogs,
  exists,
  slurm,
  slurmIsRequired,
  startCluster,
  until,
} from "./_cluster.ts";

// A real cluster: it needs Slurm, munge and root (deno task test:slurm).
const ignore = !slurmIsRequired;
const root = fromFileUrl(new URL("../../", import.meta.url));
/** Long enough that a task can be stopped between two of its cells. */
const flags = { ...tiny, seeds: "0,1,2", epochs: "3" };
const shards = 3;

/** Runs the script of docs/slurm, as a user does; returns the ids of its jobs. */
async function submit(
  { env }: Pick<Cluster, "env">,
  folder: string,
): Promise<{ sweep: string | undefined; missing: string; merge: string }> {
  const { success, stdout, stderr } = await new Deno.Command(
    `${root}docs/slurm/submit.sh`,
    { args: [folder, String(shards), ...toArgs(flags)], env },
  ).output();
  const text = new TextDecoder().decode(stdout);
  assert(success, new TextDecoder().decode(stderr));
  const [, sweep, missing = ""] = /^sweep (\d+): shards ([\d ]+) of 3$/m
    .exec(text) ?? [];
  const [, merge] = /^merge (\d+): /m.exec(text) ?? [];
  assert(merge !== undefined, text);
  return { sweep, missing, merge };
}

/**
 * Puts a `deno` without any network before the one on PATH, as on the nodes of
 * many clusters.
 *
 * @returns The new PATH.
 */
async function cutOff(folder: string): Promise<string> {
  await Deno.mkdir(`${folder}/bin`);
  await Deno.writeTextFile(
    `${folder}/bin/deno`,
    `#!/bin/sh\nexec unshare --net '${Deno.execPath()}' "$@"\n`,
    { mode: 0o755 },
  );
  return `${folder}/bin:${Deno.env.get("PATH")}`;
}

/** A field of a job, from the controller. */
async function field(
  cluster: Cluster,
  job: string,
  name: string,
): Promise<string> {
  const text = await slurm(cluster, "scontrol", ["show", "job", job, "-o"]);
  return new RegExp(`\\b${name}=(\\S+)`).exec(text)?.[1] ?? "";
}

/** Waits until a job ends; returns its last state. */
async function stateAtEnd(
  cluster: Cluster,
  folder: string,
  job: string,
): Promise<string> {
  let state = "";
  await until(
    async () => {
      state = await field(cluster, job, "JobState");
      return !["PENDING", "RUNNING", "COMPLETING"].includes(state);
    },
    async () => `job ${job} is ${state}\n${await daemonLogs(folder)}`,
    120_000,
  );
  return state;
}

/** Waits until a running shard has a finished cell in its journal. */
async function firstCell(folder: string, shard: number): Promise<void> {
  const journal = `${folder}/${shard}-of-${shards}.journal.jsonl`;
  await until(
    async () =>
      (await Deno.readTextFile(journal).catch(() => "")).split("\n").length >
        2,
    () => daemonLogs(folder),
    // The shards before it may have to end first.
    120_000,
  );
}

async function digestOf(path: string): Promise<string> {
  return JSON.parse(await Deno.readTextFile(path)).digest;
}

Deno.test({
  name:
    "slurm: an array job and its merge have the digest of one sweep, without network and although a task is requeued",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const { digest } = await sweep(folder, flags);
      const logs = `${folder}/shards`;
      await using cluster = await startCluster(folder);
      const PATH = await cutOff(folder);
      const jobs = await submit({ env: { ...cluster.env, PATH } }, logs);
      assertEquals(jobs.missing, "1 2 3");
      // What Slurm sends to the batch shell alone before the time limit.
      await firstCell(logs, 2);
      await slurm(cluster, "scancel", [
        "--batch",
        "--signal=USR1",
        `${jobs.sweep}_2`,
      ]);
      assertEquals(await stateAtEnd(cluster, logs, jobs.merge), "COMPLETED");
      assertEquals(await field(cluster, `${jobs.sweep}_2`, "Restarts"), "1");
      assertEquals(await field(cluster, `${jobs.sweep}_1`, "Restarts"), "0");
      // The cells of the first attempt are not run again.
      assertMatch(
        await Deno.readTextFile(`${logs}/dupbench-sweep-${jobs.sweep}-2.log`),
        /shard 2\/3 is requeued[^]*: [1-9]\d* of \d+ cells are done/,
      );
      assertEquals(await digestOf(`${logs}/merged.json`), digest);
    }),
});

Deno.test({
  name:
    "slurm: after a cancelled task nothing is merged, and the same call runs only that shard",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const { digest } = await sweep(folder, flags);
      const logs = `${folder}/shards`;
      await using cluster = await startCluster(folder);
      const jobs = await submit(cluster, logs);
      await firstCell(logs, 3);
      await slurm(cluster, "scancel", [`${jobs.sweep}_3`]);
      assertEquals(await stateAtEnd(cluster, logs, jobs.merge), "CANCELLED");
      assertEquals(await exists(`${logs}/merged.json`), false);
      await until(
        async () => (await slurm(cluster, "squeue", ["-h"])).trim() === "",
        () => daemonLogs(logs),
      );
      const again = await submit(cluster, logs);
      assertEquals(again.missing, "3");
      const last = await stateAtEnd(cluster, logs, again.merge);
      assertEquals(last, "COMPLETED", await daemonLogs(logs));
      assertEquals(await digestOf(`${logs}/merged.json`), digest);
    }),
});
