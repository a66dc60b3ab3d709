import { requestAdapter } from "../src/backend/adapter.ts";
import { slowTest } from "./slow.ts";

const found = await requestAdapter();

/** Whether this machine has a WebGPU adapter, in hardware or software. */
export const available: boolean = typeof found !== "string";

/** Why there is none, or the adapter's name. */
export const reason: string = typeof found === "string"
  ? found
  : found.info.description;

/** With `DUPBENCH_REQUIRE_WEBGPU=1` tests without an adapter fail. */
const isRequired = Deno.env.get("DUPBENCH_REQUIRE_WEBGPU") === "1";

/**
 * A test that needs WebGPU. Without an adapter it is ignored, and the run says
 * so; where WebGPU is required it fails instead.
 *
 * @param options `isSlow`: whether it is slow by design, see `slowTest`.
 */
export function webgpuTest(
  name: string,
  run: () => Promise<void>,
  { isSlow = false }: { isSlow?: boolean } = {},
): void {
  const ignore = !available && !isRequired;
  if (ignore) console.warn(`skipped "webgpu: ${name}": ${reason}`);
  const fn = async () => {
    if (!available) {
      throw new Error(
        `DUPBENCH_REQUIRE_WEBGPU=1 requires a WebGPU adapter: ${reason}`,
      );
    }
    await run();
  };
  if (isSlow) slowTest(`webgpu: ${name}`, fn, { ignore });
  else Deno.test({ name: `webgpu: ${name}`, ignore, fn });
}
