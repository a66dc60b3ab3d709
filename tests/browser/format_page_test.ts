import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { makeVerifyingPage } from "../../src/browser/make_verifying_page.ts";
import { pageCell } from "../../src/browser/page_cell.ts";
import { UsageError } from "../../src/core/errors.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { runMain } from "../cli/run_main.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";

const root = new URL("../../", import.meta.url);
const path = "results/quick.json";
const set = await readResultSet(fromFileUrl(new URL(path, root)));
const cell = set.cells[0] as FinishedCell;

const hash = (text: string) =>
  `sha256-${createHash("sha256").update(text).digest("base64")}`;

Deno.test("page writes one file whose policy allows its own script and style alone, with the chosen cell and the kernels", () =>
  inFolder(async (folder) => {
    const out = `${folder}/verify.html`;
    const ended = await runMain(
      ["page", path, "--cells", cell.id.slice(0, 6), "-o", out],
    );
    assertEquals([ended.code, ended.stderr], [0, ""]);
    const html = await Deno.readTextFile(out);
    const policy = /Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    const directives = policy.split("; ");
    const script = /<script type="module">([^]*?)<\/script>/.exec(html)![1]!;
    const style = /<style>([^]*?)<\/style>/.exec(html)![1]!;
    assertEquals(directives, [
      "default-src 'none'",
      `script-src '${hash(script)}' 'wasm-unsafe-eval'`,
      "worker-src blob:",
      `style-src '${hash(style)}'`,
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    const blockOf = (id: string) => {
      const text = new RegExp(`id="data-${id}">([^<]*)<`).exec(html)![1]!;
      return gunzipSync(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
    };
    const { cells } = JSON.parse(new TextDecoder().decode(blockOf("cells")));
    assertEquals(cells.map((one: { recorded: unknown }) => one.recorded), [
      JSON.parse(JSON.stringify(cell)),
    ]);
    const kernels = new URL("src/kernels/wasm/kernels.wasm", root);
    assert(blockOf("kernels").equals(await Deno.readFile(kernels)));
  }));

Deno.test("page names its file as others would, without the folders of whoever made it", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/private`);
    await Deno.mkdir(`${folder}/here`);
    const file = `${folder}/private/my set.json`;
    await Deno.copyFile(new URL(path, root), file);
    const ended = await runMain(
      ["page", file, "--cells", cell.id, "-o", "page.html"],
      `${folder}/here`,
    );
    assertEquals([ended.code, ended.stderr], [0, ""]);
    const html = await Deno.readTextFile(`${folder}/here/page.html`);
    assertEquals(html.includes("private"), false);
    assert(html.includes("<code>deno task verify 'my set.json'</code> does"));
  }));

Deno.test("makeVerifyingPage() shows the worst case of sets that recorded none, and how a cell diverged", async () => {
  const changed = (change: Partial<FinishedCell["outcome"]>) => ({
    ...cell,
    outcome: { ...cell.outcome, ...change },
  });
  const { worstCase, ...test } = cell.outcome.test!;
  const rowOf = async (one: FinishedCell) => {
    const page = await makeVerifyingPage(
      { ...set, cells: [one] },
      { path, cells: undefined },
    );
    return /data-head="Worst-case accuracy">([^<]*)</.exec(page)![1];
  };
  const { correct } = worstCase!;
  const share = (100 * correct / test.rows).toFixed(1);
  assertEquals(
    await rowOf(changed({ test })),
    `${correct} of ${test.rows} (${share} %)`,
  );
  assertEquals(
    await rowOf(changed({ test: { ...test, byAttack: {} } })),
    "not attacked",
  );
  assertEquals(
    await rowOf(changed({ test: null, train: null, divergedAtEpoch: 0 })),
    "diverged",
  );
});

Deno.test("makeVerifyingPage() refuses a cell that is absent, and images that are not those of the record", async () => {
  await assertRejects(
    () => makeVerifyingPage(set, { path, cells: ["0000"] }),
    UsageError,
    '"0000" matches 0',
  );
  const dataset = { ...set.dataset, sha256: "0".repeat(64) };
  await assertRejects(
    () => makeVerifyingPage({ ...set, dataset }, { path, cells: [cell.id] }),
    UsageError,
    '"results/quick.json" was recorded with other images: dataset.sha256',
  );
});

Deno.test("page refuses in one line a set of which no cell runs in a browser, and writes nothing", () =>
  inFolder(async (folder) => {
    for (
      const [file, why] of [
        ["results/sweep-37c81226.json", 'ran on the backend "webgpu"'],
        ["results/protocol-fashion.json", 'the images of "fashion-mnist"'],
      ] as const
    ) {
      const ended = await runMain(["page", file, "-o", `${folder}/page.html`]);
      assertEquals([ended.code, ended.stdout], [2, ""]);
      assert(ended.stderr.includes(why), ended.stderr);
      assertMatch(
        ended.stderr,
        /^"results\/.*\.json" must have a cell that a browser can run, got none: [^\n]*\n$/,
      );
      assertEquals([...Deno.readDirSync(folder)], []);
    }
  }));

Deno.test("page says how many of its cells can be run, where others cannot", async () => {
  const webgpu = {
    ...cell,
    id: "0".repeat(16),
    config: { ...cell.config, backend: "webgpu" as const },
  };
  const leadOf = async (cells: FinishedCell[]) => {
    const page = await makeVerifyingPage({ ...set, cells }, { path });
    return /<p class="lead">([^<]*)</.exec(page)![1]!;
  };
  assertEquals((await leadOf([cell])).includes("can be run"), false);
  assert(
    (await leadOf([webgpu, cell])).includes(
      "This page contains 2 cells of the study",
    ),
  );
  assert(
    (await leadOf([webgpu, cell])).includes(
      "One of these can be run in a browser. Choose a cell",
    ),
  );
});

Deno.test("pageCell() says where images come from, and why a browser cannot run a cell", () => {
  const withConfig = (change: Partial<FinishedCell["config"]>) =>
    pageCell({ ...cell, config: { ...cell.config, ...change } });
  const of = (name: "cifar10" | "folder") => ({
    dataset: { ...cell.config.dataset, name },
  });
  assertEquals(pageCell(cell).images, "page");
  assertEquals(withConfig(of("cifar10")).images, "files");
  for (
    const [change, why] of [
      [of("folder"), 'images of "folder"'],
      [{ backend: "webgpu" }, 'backend "webgpu"'],
    ] as const
  ) {
    const { images, obstacle } = withConfig(change);
    assertEquals(images, null);
    assert(obstacle!.includes(why), obstacle);
  }
});
