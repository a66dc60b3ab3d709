import { build, stop } from "esbuild";
import { fileURLToPath } from "node:url";
import { resolvePackages } from "./resolve_packages.ts";
const here = (p: string) => fileURLToPath(new URL(p, import.meta.url));
const entry = here("../worker.ts");
const { plugin, close } = await resolvePackages(entry);
const r = await build({
  entryPoints: [entry], bundle: true, minify: true, format: "iife", platform: "browser", target: "es2022",
  plugins: [{name:"replace",setup(b){b.onLoad({filter:/@tensorflow\/tfjs\/[^/]+\/dist\/index\.js$/},()=>({contents:`import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import { version_core } from "@tensorflow/tfjs-core";
export * from "@tensorflow/tfjs-core";
export * from "@tensorflow/tfjs-backend-cpu";
export const version = { "tfjs-core": version_core };`, resolveDir: undefined}));b.onResolve({filter:/reencode_jpeg\.ts$/},()=>({path:here("../node/reencode_jpeg.ts")}))}}, plugin], write: false, metafile: true, logLevel: "warning", charset: "utf8",
  alias: { "node:crypto": here("../node/crypto.ts"), "node:process": here("../node/process.ts"), "node:buffer": here("../node/process.ts") },
});
const out = r.outputFiles![0]!;
console.log(out.contents.length);
await Deno.writeFile("/tmp/worker.js", out.contents);
const ins = Object.entries(Object.values(r.metafile!.outputs)[0]!.inputs).map(([k, v]) => [v.bytesInOutput, k] as const).sort((a, b) => b[0] - a[0]);
console.log(ins.slice(0, 12).map(([n,k])=>n+" "+k.slice(-90)).join("\n"));
const by: Record<string, number> = {};
for (const [n, k] of ins) { const m = /registry[^/]*\/((@[^/]+\/)?[^/]+)/.exec(k); const p = m ? m[1]! : "own"; by[p] = (by[p] ?? 0) + n; }
console.log(by);
await close(); await stop();
