import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { recipeOf } from "../../src/spec/find_network.ts";
import { networkNames } from "../../src/spec/networks.ts";
import { withRecipe } from "../../src/spec/recipe.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";

const said = fc.record({
  optimizer: fc.constantFrom("sgd", "adam", "adamw"),
  learningRate: fc.constantFrom(0.1, 0.2),
  weightDecay: fc.constantFrom(0, 0.3),
  biasRate: fc.constantFrom(1, 7),
  schedule: fc.constantFrom("constant", "step", "cosine", "one-cycle"),
  labelSmoothing: fc.constantFrom(0, 0.1),
  batch: fc.constantFrom(7, 9),
  augment: fc.constantFrom("none", "crop-flip"),
}, { requiredKeys: [] });

Deno.test("withRecipe() takes from a network what a study does not say, and no numbers of another choice", () => {
  fc.assert(
    fc.property(said, fc.constantFrom(...networkNames), (study, model) => {
      const recipe: Readonly<Record<string, unknown>> = { ...recipeOf(model) };
      const given: Readonly<Record<string, unknown>> = { ...study };
      const chosen: Readonly<Record<string, unknown>> = {
        ...withRecipe(study, model),
      };
      const ownNumbers = {
        optimizer: [
          "learningRate",
          "momentum",
          "nesterov",
          "weightDecay",
          "decayOn",
          "biasRate",
        ],
        schedule: [
          "scheduleEvery",
          "scheduleGamma",
          "scheduleWarmup",
          "scheduleStart",
          "scheduleEnd",
        ],
        augment: ["cropPadding", "border", "flip", "cutout"],
      };
      for (const field of new Set(Object.keys({ ...recipe, ...study }))) {
        const choice = Object.entries(ownNumbers).find(([, fields]) =>
          fields.includes(field)
        )?.[0];
        const isForeign = choice !== undefined &&
          given[choice] !== undefined && given[choice] !== recipe[choice];
        assertEquals(
          chosen[field],
          given[field] ?? (isForeign ? undefined : recipe[field]),
          field,
        );
      }
    }),
  );
});

Deno.test("planCells() trains each network of a study by its own recipe", () => {
  const model = [...networkNames];
  const cells = planCells(
    parseStudy({ name: "all", model, ratios: [0], seeds: [1] }),
    "wasm",
  );
  assertEquals(cells.map(({ config }) => config.model), model);
  for (const { config } of cells) {
    const { optimizer, augment, ...numbers } = recipeOf(config.model);
    assertEquals(config.optimizer.name, optimizer);
    assertEquals(config.augmentation.name, augment);
    assertEquals(config.batch, numbers.batch ?? 128);
    assertEquals(config.schedule.name, numbers.schedule ?? "constant");
    assertEquals(config.labelSmoothing ?? 0, numbers.labelSmoothing ?? 0);
  }
});
