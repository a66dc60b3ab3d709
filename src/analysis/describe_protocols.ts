import { countOf } from "../core/count_of.ts";
import { canonicalJson } from "../core/digest.ts";
import { axes } from "../spec/axes.ts";
import type { Axis } from "../spec/axis.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { nameArm } from "./arm.ts";
import type { ArmRuns } from "./group_arms.ts";

/** Values that a config has, by what they are called. */
type Named = readonly (readonly [name: string, value: string])[];

const conditions = (axes as readonly Axis[]).filter(({ role }) =>
  role === "condition"
);

/** Fields of configs that belong to axes. */
const ofAxes = new Set(
  (axes as readonly Axis[]).flatMap(({ shape }) => Object.keys(shape)),
);

/**
 * What the protocols of arms differ in, one phrase for each, such as "2 widths:
 * 0.5, 1" or "2 training set sizes: 10000, 20000". Where values of axes and the
 * images tell all protocols apart, further fields are left out, as they follow from
 * these (the recipes of networks).
 *
 * @returns Empty where there is one protocol.
 */
export function describeProtocols(arms: readonly ArmRuns[]): string[] {
  const byProtocol = new Map(
    arms.map(({ protocol, seeds }) => {
      const [cells] = seeds.values();
      const [cell] = cells!.values();
      return [protocol, cell!.config] as const;
    }),
  );
  const configs = [...byProtocol.values()];
  const first = differencesOf(configs.map(mainValues));
  const tellsApart = new Set(
    configs.map((config) =>
      canonicalJson(mainValues(config).map(([, value]) => value))
    ),
  ).size === configs.length;
  return tellsApart
    ? first
    : [...first, ...differencesOf(configs.map(otherValues))];
}

/** Arms by name, with their numbers of seeds. */
export function describeOmitted(arms: readonly ArmRuns[]): string[] {
  return arms.map(({ arm, seeds }) =>
    `${nameArm(arm)} (${countOf(seeds.size, "seed")})`
  );
}

/** Conditions and images. */
function mainValues(config: CellConfig): Named {
  const { name, limitTrain } = config.dataset;
  return [
    ["data sets", name],
    ["training set sizes", String(limitTrain ?? "all")],
    ...conditions.map((axis) =>
      [`values of ${axis.heading}`, String(axis.valueOf(config))] as const
    ),
  ];
}

/** Everything else of a config, by field. */
function otherValues(config: CellConfig): Named {
  const rest = Object.entries(config).filter(([field]) =>
    !ofAxes.has(field) && field !== "seed" && field !== "duplication"
  );
  return rest.map(([field, value]) =>
    [`values of ${field}`, canonicalJson(value)] as const
  );
}

function differencesOf(values: readonly Named[]): string[] {
  const names = [...new Set(values.flatMap((of) => of.map(([name]) => name)))];
  return names.flatMap((name) => {
    const found = new Set(
      values.map((of) => of.find(([other]) => other === name)?.[1] ?? "none"),
    );
    return found.size < 2
      ? []
      : [`${found.size} ${name}: ${inOrder([...found]).join(", ")}`];
  });
}

/**
 * Numbers ascending, then the others, such as "all": the order of the sets must not
 * matter.
 */
function inOrder(values: readonly string[]): string[] {
  const numberOf = (text: string) => {
    const number = Number(text);
    return Number.isNaN(number) ? Infinity : number;
  };
  return values.toSorted((a, b) => {
    const [first, second] = [numberOf(a), numberOf(b)];
    return first === second ? 0 : first - second;
  });
}
