import { assertEquals, assertStringIncludes } from "@std/assert";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { runMain } from "../cli/run_main.ts";
import { slowTest } from "../slow.ts";
import { startCommand } from "./command_line.ts";
import { reference, runPlainly } from "./reference.ts";
import { inFolder, small, study, tiny, toArgs } from "./tiny_sweep.ts";

// Finding a sweep's workers from outside needs Linux's /proc.
const ignore = Deno.build.os !== "linux";

/** Process ids of the workers of a sweep; any of its threads may have one. */
async function workersOf(pid: number): Promise<number[]> {
  // Through a shell, because Deno itself does not read below /proc.
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `cat /proc/${pid}/task/*/children 2>/dev/null`],
  }).output();
  return new TextDecoder().decode(stdout).split(" ")
    .filter((text) => text.trim() !== "").map(Number);
}

slowTest(
  "sweep has the same digest when a worker is killed",
  () =>
    inFolder(async (folder) => {
      const out = `${folder}/out.json`;
      const child = startCommand([
        "sweep",
        ...study,
        `--out=${out}`,
        "--jobs=1",
      ]);
      const output = child.output();
      let isRunning = true;
      output.finally(() => isRunning = false);
      let killed = 0;
      while (isRunning && killed === 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        // Only once it is at work: a journal with a finished cell.
        const journal = await Deno.readTextFile(`${folder}/out.journal.jsonl`)
          .catch(() => "");
        if (journal.split("\n").length < 3) continue;
        for (const worker of await workersOf(child.pid)) {
          Deno.kill(worker, "SIGKILL");
          killed++;
        }
      }
      assertEquals((await output).code, 0);
      assertEquals(killed, 1);
      const set = await readResultSet(out);
      assertEquals(set.digest, (await reference()).digest);
    }),
  { ignore },
);

Deno.test({
  name:
    "sweep records cells whose workers die twice, exits with 1, and runs them when called again",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const out = `${folder}/out.json`;
      const flags = { ...tiny, ...small, out, jobs: "1" };
      const args = ["sweep", ...toArgs(flags)];
      const child = startCommand(args);
      const output = child.output();
      let isRunning = true;
      output.finally(() => isRunning = false);
      while (isRunning) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        for (const worker of await workersOf(child.pid)) {
          try {
            Deno.kill(worker, "SIGKILL");
          } catch {
            // It has ended already.
          }
        }
      }
      const { code, stderr } = await output;
      assertEquals(code, 1);
      assertStringIncludes(new TextDecoder().decode(stderr), "failed twice");
      const failed = await readResultSet(out);
      assertEquals(
        failed.cells.map(({ status }) => status),
        ["failed", "failed"],
      );
      const again = await runMain(args);
      assertEquals(again.code, 0, again.stderr);
      const set = await readResultSet(out);
      const { digest } = await runPlainly({
        training: ["standard"],
        trainSteps: 10,
        seeds: [0],
        attacks: ["fgsm"],
      });
      assertEquals(set.digest, digest);
    }),
});

Deno.test({
  name: "sweep refuses an output that another sweep is writing",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const args = ["sweep", ...study, `--out=${folder}/out.json`, "--jobs=1"];
      const child = startCommand(args);
      const reader = child.stderr.getReader();
      let seen = "";
      while (!seen.includes("[1/8]")) {
        seen += new TextDecoder().decode((await reader.read()).value);
      }
      // It is halted, so that it cannot finish before the second looks.
      child.kill("SIGSTOP");
      const second = await runMain(args);
      child.kill("SIGKILL");
      await reader.cancel();
      await child.stdout.cancel();
      await child.status;
      assertEquals(second.code, 2);
      assertStringIncludes(second.stderr, "Another sweep");
    }),
});
