import { assertEquals, assertStringIncludes } from "@std/assert";
import { withNetworks } from "../../src/cli/model_option.ts";
import { networkOf } from "../../src/spec/find_network.ts";
import { inferNetwork } from "../../src/spec/infer_network.ts";
import { layerSchemas } from "../../src/spec/layers.ts";
import { cellId } from "../../src/spec/cell_config.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { fromFileUrl } from "../sweep/paths.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));
const io = { path: (path: string) => `${root}/${path}` };
const example = "docs/networks/tiny-resnet.json";

Deno.test("docs/networks.md lists every type of layer with its fields", async () => {
  const text = await Deno.readTextFile(`${root}/docs/networks.md`);
  for (const [type, { shape }] of Object.entries(layerSchemas)) {
    const row = text.split("\n").find((line) =>
      line.startsWith(`| \`${type}\``)
    );
    for (const field of Object.keys(shape)) {
      if (field === "type" || field === "name") continue;
      assertStringIncludes(row ?? "", `\`${field}\``, `${type}, ${field}`);
    }
  }
});

Deno.test("withNetworks() reads the example of docs/networks.md, which fits CIFAR-10", async () => {
  const { model, networks } = await withNetworks({
    model: [example, "published-standard"],
  }, io);
  const own = model![0]!;
  assertEquals(/^tiny-resnet-[0-9a-f]{8}$/.test(own), true, own);
  const { parameters, layers } = inferNetwork(networks![own]!, {
    shape: [32, 32, 3],
    classes: 10,
  });
  assertEquals(layers.at(-1)!.output, [10]);
  assertEquals(
    parameters.some(({ name }) => name === "block2.shortcut.conv.weight"),
    true,
  );
});

Deno.test("planCells() puts a study's own network into the config of its cells, and into no other", async () => {
  const fields = await withNetworks({
    model: [example, "published-standard"],
  }, io);
  const study = parseStudy({ name: "mine", ...fields, ratios: [0] });
  const [own, published] = planCells(study, "wasm");
  assertEquals(own!.config.network, Object.values(fields.networks!)[0]);
  assertEquals("network" in published!.config, false);
  const plain = parseStudy({ name: "plain", ratios: [0] });
  assertEquals(planCells(plain, "wasm")[0]!.id, published!.id);
  // A change of the network is another cell, whatever its name.
  const network = structuredClone(own!.config.network!);
  network.layers.splice(3, 1);
  assertEquals(cellId({ ...own!.config, network }) === own!.id, false);
});

Deno.test("docs/networks/robust-groups.json is a study of one cell, of 39 million multiply-adds and one-step adversarial training", () => {
  const study = parseStudy(
    JSON.parse(
      Deno.readTextFileSync(`${root}/docs/networks/robust-groups.json`),
    ),
  );
  const cells = planCells(study, "wasm");
  assertEquals(cells.length, 1);
  const { config } = cells[0]!;
  assertEquals(config.training.name, "n-fgsm");
  const { multiplyAdds } = inferNetwork(networkOf(config), {
    shape: [32, 32, 3],
    classes: 10,
  });
  assertEquals(Math.round(multiplyAdds / 1e6), 39);
});
