import { assert, assertEquals } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { timeSteps } from "../../src/train/time_steps.ts";

for (
  const { what, stepsInFlight, warmup, wait, jobsPerRun } of [
    {
      what: "on a device",
      stepsInFlight: 16,
      warmup: 3,
      wait: 0,
      jobsPerRun: 16,
    },
    {
      what: "without a device",
      stepsInFlight: 1,
      warmup: 3,
      wait: 0,
      jobsPerRun: 1,
    },
    {
      what: "that take long",
      stepsInFlight: 16,
      warmup: 1,
      wait: 250,
      jobsPerRun: 1,
    },
    {
      what: "not run before",
      stepsInFlight: 16,
      warmup: 0,
      wait: 0,
      jobsPerRun: 1,
    },
  ]
) {
  Deno.test(`wasm: timeSteps() waits once per run, of ${jobsPerRun} jobs ${what}`, async () => {
    const wasm = await openBackend("wasm");
    let waits = 0;
    const time = await timeSteps({
      model: "published-standard",
      batch: 1,
      job: "evaluate",
      runs: 3,
      warmup,
      backend: {
        stepsInFlight,
        async settle() {
          waits++;
          if (wait > 0) await new Promise((go) => setTimeout(go, wait));
          await wasm.settle();
        },
      },
    });
    assertEquals(time.jobsPerRun, jobsPerRun);
    assertEquals(waits, warmup + 3);
    assert(time.minMs <= time.medianMs && time.medianMs <= time.maxMs);
    assert(wait === 0 || time.minMs >= wait * 0.9);
  });
}
