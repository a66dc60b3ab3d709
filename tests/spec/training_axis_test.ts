import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";

/** The training of the first cell of a study. */
function trainingOf(fields: Partial<StudyInput>) {
  const study = parseStudy({ name: "x", ratios: [0], ...fields });
  return planCells(study, "wasm")[0]!.config.training;
}

Deno.test("n-fgsm has the published noise and step, and not the step of PGD", () => {
  // De Jorge et al. 2022: noise in ±2 epsilon, a step of epsilon.
  const epsilon = 8 / 255;
  assertEquals(trainingOf({ training: ["n-fgsm"], alpha: 1 / 255 }), {
    name: "n-fgsm",
    epsilon,
    alpha: epsilon,
    noise: 2,
    overfittingImages: 250,
  });
  const own = { noise: 1, trainAlpha: 0.01 };
  assertEquals(trainingOf({ training: ["n-fgsm"], ...own }), {
    name: "n-fgsm",
    epsilon,
    alpha: 0.01,
    noise: 1,
    overfittingImages: 250,
  });
});

Deno.test("trainAlpha is the step of PGD in training, and not in the evaluation", () => {
  const study = parseStudy({
    name: "x",
    training: ["adversarial"],
    alpha: 0.01,
    trainAlpha: 0.02,
  });
  const { training, evaluation } = planCells(study, "wasm")[0]!.config;
  assertEquals(training.name === "adversarial" && training.alpha, 0.02);
  assertEquals(evaluation.alpha, 0.01);
});

Deno.test("configs say in which mode batch normalisation is attacked, where there is any", () => {
  const modeOf = (fields: Partial<StudyInput>) => {
    const training = trainingOf(fields);
    return training.name === "standard" ? undefined : training.batchNorm;
  };
  const inBlock: Partial<StudyInput> = {
    model: ["mine"],
    networks: {
      mine: {
        layers: [
          { type: "conv", filters: 4 },
          {
            type: "residual",
            layers: [{ type: "conv", filters: 4 }, { type: "batchNorm" }],
          },
          { type: "flatten" },
          { type: "dense" },
        ],
      },
    },
  };
  for (const training of ["adversarial", "n-fgsm"] as const) {
    assertEquals(modeOf({ training: [training] }), undefined);
    assertEquals(modeOf({ training: [training], ...inBlock }), "running");
    const model = ["resnet-20"];
    assertEquals(modeOf({ training: [training], model }), "running");
  }
  assertEquals(modeOf({ training: ["standard"], ...inBlock }), undefined);
});

for (
  const [fields, message] of [
    [{ noise: 1 }, '"noise" has no effect without training n-fgsm'],
    [
      { trainAlpha: 0.1 },
      '"trainAlpha" has no effect without training other than standard',
    ],
    [
      { overfittingImages: 50 },
      '"overfittingImages" has no effect without training other than standard',
    ],
    [{ validation: 5 }, '"validation" has no effect without evaluateEvery'],
    [
      { training: ["adversarial"], noise: 1 },
      '"noise" has no effect without training n-fgsm',
    ],
  ] as const
) {
  Deno.test(`parseStudy() refuses ${JSON.stringify(fields)}`, () => {
    const input = { name: "x", ...fields };
    const { message: found } = assertThrows(
      () => parseStudy(input),
      UsageError,
    );
    assertEquals(found.includes(message), true, found);
  });
}
