import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { fromFileUrl } from "../sweep/paths.ts";

/** Runs a test in an empty folder of its own, which is removed afterwards. */
export async function inTempDir(
  test: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "dupbench-data-" });
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Asserts that a promise is refused with exactly this one line. */
export async function assertRefused(
  promise: () => Promise<unknown>,
  message: string,
): Promise<void> {
  const error = await assertRejects(promise, UsageError);
  assertEquals(error.message, message);
}

/** Path of a committed fixture. */
export function fixture(path: string): string {
  return decodeURIComponent(
    fromFileUrl(new URL(`../../fixtures/${path}`, import.meta.url)),
  );
}
