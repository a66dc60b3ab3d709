/**
 * One library in a process of its own: reads how many steps to take, a number
 * per line, and answers with their losses and times as a line of JSON.
 *
 * @module
 */
import process from "node:process";
import { createInterface } from "node:readline";
import type { NetworkName } from "../../src/spec/networks.ts";
import { isPeerName, peers } from "./peer.ts";
import { makeProblem } from "./problem.ts";

/** What a worker answers: its steps, or why it cannot train. */
export type Turn =
  | { losses: number[]; ms: number[] }
  | { failed: string };

async function* takeSteps(
  [name, model, batch]: readonly string[],
): AsyncGenerator<Turn> {
  if (!isPeerName(name!)) throw new RangeError(`There is no library "${name}"`);
  try {
    const open = await peers[name].load();
    const peer = await open(makeProblem(model as NetworkName, Number(batch)));
    for await (const line of createInterface({ input: process.stdin })) {
      const [losses, ms]: [number[], number[]] = [[], []];
      for (let i = 0; i < Number(line); i++) {
        const started = performance.now();
        await peer.step();
        ms.push(performance.now() - started);
        losses.push(await peer.loss());
      }
      yield { losses, ms };
    }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    yield { failed: text.split("\n")[0]! };
  }
}

if (import.meta.main) {
  for await (const turn of takeSteps(Deno.args)) {
    console.log(JSON.stringify(turn));
  }
  Deno.exit();
}
