import { compilePeak } from "./_peak.ts";

const { run, operations } = await compilePeak();
const ROUNDS = 1e7;

Deno.bench({
  name: `${operations * ROUNDS / 1e6} million float32 operations in registers`,
  group: "peak",
  // deno-lint-ignore require-await
  async fn() {
    run(ROUNDS);
  },
});
