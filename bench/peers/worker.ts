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

/**
 * What a worker answers: its steps, or why it cannot train. `cpuMs` is the time
 * of all of its threads on processors, which load of others changes little.
 */
export type Turn =
  | { losses: number[]; ms: number[]; cpuMs: number[] }
  | { failed: string };

async function* takeSteps(
  [name, model, batch]: readonly string[],
): AsyncGenerator<Turn> {
  if (!isPeerName(name!)) throw new RangeError(`There is no library "${name}"`);
  try {
    const open = await peers[name].load();
    const peer = await open(makeProblem(model as NetworkName, Number(batch)));
    for await (const line of createInterface({ input: process.stdin })) {
      const losses: number[] = [];
      const ms: number[] = [];
      const cpuMs: number[] = [];
      for (let i = 0; i < Number(line); i++) {
        const started = performance.now();
        const before = process.cpuUsage();
        await peer.step();
        const { user, system } = process.cpuUsage(before);
        ms.push(performance.now() - started);
        cpuMs.push((user + system) / 1000);
        losses.push(await peer.loss());
      }
      yield { losses, ms, cpuMs };
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
