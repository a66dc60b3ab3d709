/**
 * Decodes files, one after another, for `openDecoders`: in a thread, which can be
 * ended while it does.
 *
 * @module
 */
import { UsageError } from "../../core/errors.ts";
import { listenAsThread } from "../../core/runtime/worker_thread.ts";
import { watchLoading } from "../decode/image_magick.ts";
import { decodeFitted } from "./decode_fitted.ts";
import type { DecodingJob, DecodingReply } from "./decoding_messages.ts";

let served = Promise.resolve();

// In order: a file that is decoded waits, in parts, for others otherwise.
const port = listenAsThread((message) => {
  served = served.then(() => serve(message as DecodingJob));
});
watchLoading((isLoading) => reply({ type: isLoading ? "loading" : "loaded" }));
reply({ type: "ready" });

async function serve({ bytes, path, how }: DecodingJob): Promise<void> {
  try {
    const pixels = await decodeFitted(bytes, path, how);
    reply({ type: "pixels", pixels }, [pixels]);
  } catch (error) {
    const { message, stack } = error as Error;
    reply(
      error instanceof UsageError
        ? { type: "bad", message }
        : { type: "error", message: stack ?? message },
    );
  }
}

function reply(
  answer: DecodingReply,
  given: readonly Uint8Array<ArrayBuffer>[] = [],
): void {
  port.post(answer, given);
}
