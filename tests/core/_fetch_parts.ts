/**
 * Fetches from a server of this process, which may use the network, and prints
 * what it got. Arguments: the limit in milliseconds, and `whole` or `late`.
 */
import { messageOf } from "../../src/core/errors.ts";
import { fetchTextBytes } from "../../src/core/fetch_text_bytes.ts";

const [limitMs, kind] = Deno.args;
const ended = new AbortController();

async function* parts(): AsyncGenerator<string> {
  yield "[1,";
  if (kind === "late") {
    await new Promise((resolve) =>
      ended.signal.addEventListener("abort", resolve)
    );
  }
  yield "2]";
}

const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen() {} },
  () =>
    new Response(
      ReadableStream.from(parts()).pipeThrough(new TextEncoderStream()),
    ),
);
const { hostname, port } = server.addr;
try {
  const bytes = await fetchTextBytes(
    new URL(`http://${hostname}:${port}/set.json`),
    { limitMs: Number(limitMs) },
  );
  console.log(new TextDecoder().decode(bytes));
} catch (error) {
  console.log(messageOf(error));
}
ended.abort();
await server.shutdown();
