import { assert, assertEquals } from "@std/assert";
import { runCommand } from "../sweep/command_line.ts";
import { chromiumTest } from "../chromium_available.ts";

const root = new URL("../../", import.meta.url).pathname;

chromiumTest(
  "report reads from disk without script or network, narrow, dark, on paper, and axe finds nothing",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const made = await runCommand([
        "report",
        `${root}results/quick.json`,
        "-o",
        folder,
        "--no-examples",
      ]);
      assertEquals(made.code, 0, made.stderr);
      const page = `file://${folder}/report.html`;
      const { code, stdout, stderr } = await new Deno.Command(
        Deno.execPath(),
        {
          args: [
            "run",
            "--quiet",
            "--allow-all",
            `${root}tests/report/_browse.ts`,
            page,
          ],
        },
      ).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      assertEquals(code, 0, text(stderr));
      const { light, dark } = JSON.parse(text(stdout));
      for (const found of [light, dark]) {
        assertEquals(
          found.requests.filter((url: string) => !url.startsWith("data:")),
          [page],
        );
        assertEquals(found.complaints, []);
        assertEquals(found.widths, [360, 360]);
        assertEquals(found.violations, []);
        assertEquals(found.firstStop, "skip");
      }
      assertEquals(light.ground, "rgb(255, 255, 255)");
      assertEquals(dark.ground, "rgb(20, 21, 22)");
      assertEquals(light.line, "rgb(0, 114, 178)");
      assertEquals(dark.line, "rgb(86, 180, 233)");
      assertEquals(light.print.head, "%PDF-");
      assert(light.print.bytes > 20_000);
      // On paper the tables in closed details are there, too.
      assert(light.print.tables.length > 3);
      for (const height of light.print.tables) assert(height > 30);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
