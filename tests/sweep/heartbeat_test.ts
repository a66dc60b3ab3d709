import { assertEquals } from "@std/assert";
import { judgeSilence, type Silence } from "../../src/sweep/heartbeat.ts";

/** Seconds of silence after which a worker is killed, and the limit it is told. */
function endure(silence: Silence): [seconds: number, limit: number] {
  for (let second = 1;; second++) {
    const limit = silence.tick();
    if (limit !== undefined) return [second, limit];
  }
}

/** A silence that ends by itself, in seconds. */
function pause(silence: Silence, seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    assertEquals(silence.tick(), undefined, `second ${second}`);
  }
  silence.end();
}

Deno.test("judgeSilence() waits 300 s for a worker without long steps", () => {
  assertEquals(endure(judgeSilence()), [301, 300]);
  const brisk = judgeSilence();
  pause(brisk, 30);
  assertEquals(endure(brisk), [301, 300]);
});

Deno.test("judgeSilence() waits ten times the longest step of a worker that is slow", () => {
  const slow = judgeSilence();
  pause(slow, 40);
  // Other work begins on the same processor.
  pause(slow, 390);
  pause(slow, 1);
  assertEquals(endure(slow), [3901, 3900]);
});

Deno.test("judgeSilence() takes a limit that is given as it is", () => {
  const given = judgeSilence(50);
  pause(given, 49);
  assertEquals(endure(given), [51, 50]);
  assertEquals(endure(judgeSilence(0.2)), [2, 1]);
});
