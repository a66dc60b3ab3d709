/** The tool as users have it: installed from the tarball, started by its bin. */
import { assert, assertEquals } from "@std/assert";
import { inUserFolder } from "./_install.ts";
import { packageTest } from "./_package_test.ts";
import { fromFileUrl } from "../sweep/paths.ts";

const study = [
  ...["--limit-test", "50", "--ratios", "0,1", "--seeds", "1"],
  ...["--epochs", "2", "--attacks", "fgsm"],
];
const root = fromFileUrl(new URL("../../", import.meta.url));

packageTest(
  "dupbench gives one digest on Node 20 and 24, Bun and Deno, and verifies the sets of the others",
  () =>
    inUserFolder(
      ["dupbench", "node@24", "bun@1.4.5"],
      async ({ path, run }, seconds) => {
        console.log(`dupbench: installed in ${seconds.toFixed(1)} s`);
        const own = `${path}/node_modules/.bin`;
        const bin = `${own}/dupbench`;
        const engines: Record<string, [string, ...string[]]> = {
          // By its first line, which finds Node on PATH, as npx starts it.
          "Node": [bin],
          "Node 24": [`${own}/node`, bin],
          "Bun": [`${own}/bun`, bin],
          "Deno": [Deno.execPath(), "run", "--no-prompt", "--allow-all", bin],
        };
        const digests: Record<string, string> = {};
        for (const backend of ["wasm", "cpu"]) {
          for (const [name, [command, ...words]] of Object.entries(engines)) {
            const out = `${backend}-${name.replace(" ", "-")}.json`;
            // Node's set by workers, to start those too.
            const jobs = name.startsWith("Deno") ? [] : ["--jobs", "2"];
            const rows = backend === "cpu" ? "20" : "100";
            await run(
              command,
              ...words,
              ...["sweep", ...study, "--limit-train", rows],
              ...["--backend", backend],
              ...[...jobs, "-o", out],
            );
            const set = JSON.parse(await Deno.readTextFile(`${path}/${out}`));
            digests[`${backend} ${name}`] = set.digest;
            const { engine } = set.provenance;
            assertEquals(engine.name, name.split(" ")[0]);
            console.log(backend, engine.name, engine.version, set.digest);
          }
        }
        assertEquals(new Set(Object.values(digests)).size, 2);
        const checkout = await new Deno.Command(Deno.execPath(), {
          args: [
            ...["task", "verify", `${path}/wasm-Node.json`],
            `${path}/wasm-Bun.json`,
          ],
          cwd: root,
        }).output();
        assert(checkout.success, new TextDecoder().decode(checkout.stderr));
        const { stdout } = await run(bin, "verify", "wasm-Deno.json");
        assert(
          /2 of 2 cells run again, equal bit for bit/.test(stdout),
          stdout,
        );
      },
    ),
);
