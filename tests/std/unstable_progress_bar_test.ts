import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  ProgressBar,
  type ProgressBarFormatter,
} from "@std/cli/unstable-progress-bar";

/** A stream that keeps what is written, in place of a terminal. */
function capture() {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const state = { closed: false };
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) => void chunks.push(chunk.slice()),
    close: () => void (state.closed = true),
  });
  const text = async () => await new Blob(chunks).text();
  return { writable, text, state };
}

Deno.test("ProgressBar draws at once and once more at the end", async () => {
  const { writable, text, state } = capture();
  const bar = new ProgressBar({ writable, max: 4, barLength: 8 });
  bar.value += 1;
  await bar.stop();
  assertEquals(
    await text(),
    "\r\x1b[K[00:00] [--------] [0.00/0.00 KiB]" +
      "\r\x1b[K[00:00] [##------] [0.00/0.00 KiB]\n",
  );
  assert(!state.closed);
  assert(!writable.locked);
});

Deno.test("ProgressBar redraws every second", async () => {
  const { writable, text } = capture();
  const bar = new ProgressBar({
    writable,
    max: 1,
    fmt: (x) => `${x.styledTime};`,
  });
  await new Promise((resolve) => setTimeout(resolve, 1300));
  await bar.stop();
  const times = (await text()).replaceAll("\r\x1b[K", "");
  assertMatch(times, /^00:00;(00:0[1-9];){2,}\n$/);
});

Deno.test("ProgressBar hands the caller's format the last two states", async () => {
  const { writable, text } = capture();
  const seen: ProgressBarFormatter[] = [];
  const fmt = (x: ProgressBarFormatter) => {
    seen.push(x);
    return `${x.progressBar} ${x.value}/${x.max}`;
  };
  const bar = new ProgressBar({
    writable,
    value: 1,
    max: 2,
    barLength: 4,
    fillChar: "=",
    emptyChar: ".",
    fmt,
  });
  bar.value = 9;
  bar.max = 3;
  await bar.stop();
  assertEquals(await text(), "\r\x1b[K==.. 1/2\r\x1b[K==== 9/3\n");
  assertEquals(
    seen.map((x) => [x.previousValue, x.value]),
    [[1, 1], [1, 9]],
  );
  assertEquals(seen[1]!.previousTime, seen[0]!.time);
});

Deno.test("ProgressBar erases its line and closes the stream if told", async () => {
  const { writable, text, state } = capture();
  const bar = new ProgressBar({
    writable,
    max: 3 * 2 ** 20,
    value: 2 ** 20,
    clear: true,
    keepOpen: false,
  });
  await bar.stop();
  assert((await text()).endsWith("1.00/3.00 MiB]\r\x1b[K"));
  assert(state.closed);
});

Deno.test("ProgressBar stops without an error when its stream has failed", async () => {
  const writable = new WritableStream<Uint8Array>({
    write: () => Promise.reject(new Error("gone")),
  });
  await new ProgressBar({ writable, max: 0, keepOpen: false }).stop();
});
