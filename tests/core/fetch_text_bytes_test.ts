import { assertEquals, assertRejects } from "@std/assert";
import { fetchTextBytes } from "../../src/core/fetch_text_bytes.ts";

/** Fetches from a server of this process, which gives these parts of a body. */
async function fetchFrom(
  parts: (signal: AbortSignal) => AsyncGenerator<string>,
  limitMs: number,
): Promise<string> {
  const ended = new AbortController();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () =>
      new Response(
        ReadableStream.from(parts(ended.signal)).pipeThrough(
          new TextEncoderStream(),
        ),
      ),
  );
  try {
    const { hostname, port } = server.addr;
    const address = new URL(`http://${hostname}:${port}/set.json`);
    return new TextDecoder().decode(await fetchTextBytes(address, { limitMs }));
  } finally {
    ended.abort();
    await server.shutdown();
  }
}

Deno.test("fetchTextBytes() gives all parts of a body", async () => {
  assertEquals(
    await fetchFrom(async function* () {
      yield "[1,";
      await Promise.resolve();
      yield "2]";
    }, 60_000),
    "[1,2]",
  );
});

Deno.test("fetchTextBytes() says that a body does not arrive in time", async () => {
  await assertRejects(
    () =>
      fetchFrom(async function* (signal) {
        yield "[1,";
        const { promise, resolve } = Promise.withResolvers<void>();
        signal.addEventListener("abort", () => resolve());
        await promise;
      }, 3000),
    Error,
    "it did not arrive within 3 s",
  );
});
