import { textLimitBytes } from "./read_json.ts";

/** Longest time for the whole answer, in milliseconds. */
const LIMIT_MS = 60_000;

/** Redirects that are followed. */
const REDIRECTS = 5;

/** The address that a text names, if it begins as one of the web does. */
export function webAddress(text: string): URL | undefined {
  return /^https?:\/\//i.test(text) && URL.canParse(text)
    ? new URL(text)
    : undefined;
}

/**
 * Fetches a file of text. Redirects are followed on the host that was named and
 * nowhere else, so that the permission of one host is enough.
 *
 * @param options `limitMs`: longest time for the whole answer; default: a minute.
 * @throws {Error} If it cannot be fetched within that time, is elsewhere, or is
 * larger than `textLimitBytes`; the caller adds which address it is.
 */
export async function fetchTextBytes(
  address: URL,
  { limitMs = LIMIT_MS }: { limitMs?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const signal = AbortSignal.timeout(limitMs);
  let url = address;
  for (let redirects = 0;; redirects++) {
    const response = await request(url, { signal, limitMs });
    const target = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || target === null) {
      try {
        return await readBody(response);
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new Error(`it did not arrive within ${limitMs / 1000} s`);
      }
    }
    await response.body?.cancel();
    const next = new URL(target, url);
    if (next.host !== address.host || redirects === REDIRECTS) {
      throw new Error(`it redirects to "${next}": give that address`);
    }
    url = next;
  }
}

async function request(
  url: URL,
  { signal, limitMs }: { signal: AbortSignal; limitMs: number },
): Promise<Response> {
  try {
    return await fetch(url, { redirect: "manual", signal });
  } catch (error) {
    if (signal.aborted) {
      throw new Error(`no answer within ${limitMs / 1000} s`);
    }
    // Node says "fetch failed" alone, and why in the cause.
    const { message, cause } = error as Error;
    throw new Error(
      cause instanceof Error ? `${message}: ${cause.message}` : message,
      { cause: error },
    );
  }
}

async function readBody(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(
      `the server answered ${
        `${response.status} ${response.statusText}`.trim()
      }`,
    );
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > textLimitBytes) {
      throw new Error(`it must have at most ${textLimitBytes} bytes`);
    }
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
