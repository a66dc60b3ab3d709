import { assertEquals } from "@std/assert";
import { webgpuTest } from "../webgpu_available.ts";

const adapter = new URL("../../src/backend/adapter.ts", import.meta.url);

/** Opens a device in a process of its own. */
async function openDevice(
  chosen?: string,
): Promise<{ setting: string; libraries: string[] }> {
  const script = `
    import { requestAdapter } from ${JSON.stringify(adapter.href)};
    const adapter = await requestAdapter();
    if (typeof adapter === "string") throw new Error(adapter);
    await adapter.requestDevice();
    const maps = Deno.readTextFileSync("/proc/self/maps");
    console.log(JSON.stringify({
      setting: Deno.env.get("DENO_WEBGPU_BACKEND"),
      libraries: ["libvulkan", "libEGL"].filter((name) => maps.includes(name)),
    }));
  `;
  const { DENO_WEBGPU_BACKEND: _, ...env } = Deno.env.toObject();
  if (chosen !== undefined) env["DENO_WEBGPU_BACKEND"] = chosen;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", script],
    clearEnv: true,
    env,
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

webgpuTest(
  "requestAdapter() loads no OpenGL library, whose end may abort a process",
  async () => {
    if (Deno.build.os !== "linux") return;
    assertEquals(await openDevice(), {
      setting: "vulkan,metal,dx12",
      libraries: ["libvulkan"],
    });
  },
);

webgpuTest("requestAdapter() keeps the user's choice of drivers", async () => {
  if (Deno.build.os !== "linux") return;
  assertEquals((await openDevice("vulkan,gl")).setting, "vulkan,gl");
});
