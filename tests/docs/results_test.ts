// The numbers in README.md and results/README.md are those of the recorded analyses,
// each rounded once.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ArmTrend } from "../../src/analysis/trends.ts";
import { inferenceOf, type ZeroTest } from "../../src/analysis/effect.ts";
import type { LevelEffect } from "../../src/analysis/levels.ts";
import { readAnalysis } from "../../src/analysis/read_analysis.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { formatChange } from "../../src/core/format_change.ts";
import { formatP } from "../../src/core/format_p.ts";
import { read, root } from "./_pages.ts";

const analysisOf = (name: string) =>
  readAnalysis(`${root}results/${name}-analysis.json`);

const { claims, trends } = await analysisOf("protocol");
const [images, uneven, evenAttacked, unevenAttacked, even, concentrated] =
  claims.map((claim) => ({ ...claim, test: claim.test! }));

const control = (claim: typeof uneven, name: string) =>
  claim!.controls.find(({ control }) => control === name)!;
const information = (claim: typeof uneven, label: string): ZeroTest => {
  const { test, crossed } = claim!.informational.find((one) =>
    one.label === label
  )!;
  return { test: test!, crossed };
};

/** A number with a minus sign, if any. */
function number(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** The mean of a test, or minus it. */
const mean = ({ test }: ZeroTest, sign = 1, digits = 1) =>
  number(sign * test.mean, digits);

/** A mean with its interval, or minus both. */
function withInterval(
  effect: ZeroTest,
  { sign = 1, unit = "", digits = 1 } = {},
): string {
  const ends = inferenceOf(effect).interval!.map((end) => sign * end)
    .sort((a, b) => a - b);
  return `${mean(effect, sign, digits)}${unit}, [${
    ends.map((end) => number(end, digits)).join(", ")
  }]`;
}

/** What is lost: minus the mean, with its interval. */
const cost = (effect: ZeroTest, unit = "") =>
  withInterval(effect, { sign: -1, unit });

/** Text on one line. */
const pageOf = async (path: string) =>
  (await read(path)).replaceAll(/\s+/g, " ");

const trendOf = (
  of: readonly ArmTrend[],
  arm: Partial<Record<keyof ArmTrend["arm"], string>>,
) =>
  of.find((one) =>
    one.metric === "clean" &&
    Object.entries({ standIn: "copies", ...arm }).every(([key, value]) =>
      one.arm[key as keyof ArmTrend["arm"]] === value
    )
  )!;

/** The first slopes of clean accuracy and of that under attack. */
const slopesOf = (of: readonly ArmTrend[]) =>
  (["clean", "adversarial"] as const).map((metric) =>
    of.find((one) => one.metric === metric)!
  ) as [ArmTrend, ArmTrend];

const freshOf = (policy: string) =>
  trendOf(trends, { policy, standIn: "fresh", training: "standard" });

const biased = information(uneven, "class-biased only");
const single = information(uneven, "single-class only");
const restored = trendOf(trends, {
  policy: "single-class",
  standIn: "prior-restored",
});
const attacked = "worst-case accuracy";

Deno.test("results/README.md answers with the numbers of the analysis of the study", async () => {
  const page = await pageOf("results/README.md");
  for (
    const text of [
      `class-biased copies lower accuracy by ${
        cost(biased, " points")
      }, copies of a single class by ${cost(single)}.`,
      `in place of class-biased copies cost ${
        cost(control(uneven, "fresh"), " points less")
      }, and so`,
      `the ${mean(single, -1)} points become ${cost(restored)}.`,
      `class-biased copies lower accuracy by ${
        cost(unevenAttacked!, " points")
      }, and accuracy under attack by ${
        cost(information(unevenAttacked, attacked))
      }.`,
      `(the difference is ${
        cost(control(unevenAttacked, "fresh"))
      }, within a point)`,
      `copies cost ${
        cost(control(unevenAttacked, "prior-restored"), " points less")
      }.`,
      `if at all (${
        withInterval(even!)
      }), where as many fresh images raise it by ${
        withInterval(freshOf("uniform"))
      }.`,
      `no effect is shown: ${withInterval(evenAttacked!)}.`,
      `lower accuracy in standard training by ${
        cost(concentrated!, " points")
      }, where fresh images raise it by ${mean(freshOf("concentrated"))}.`,
      `even copies take ${withInterval(images!, { unit: " % more" })},`,
      `${
        withInterval(control(images, "fresh"), {
          unit: " % more than fresh images do",
          digits: 0,
        })
      },`,
      `in adversarial training at most ${
        number(-inferenceOf(evenAttacked!).interval![0])
      } points, and under attack at most ${
        number(-inferenceOf(information(evenAttacked, attacked)).interval![0])
      } (${withInterval(information(evenAttacked, attacked))})`,
    ]
  ) assert(page.includes(text), text);
});

Deno.test("results/README.md has the verdicts, slopes, p-values and powers of the claims", async () => {
  const page = await pageOf("results/README.md");
  claims.forEach((claim, i) => {
    const effect = { ...claim, test: claim.test! };
    const { interval, detectable } = inferenceOf(effect);
    const ends = interval!.map(formatChange);
    const isByMargin = claim.verdict === "supported" && claim.holmP! >= 0.05;
    const p = isByMargin ? claim.boundHolmP! : claim.holmP!;
    const row = new RegExp(
      `\\| ${
        i + 1
      }\\. [^|]* \\| ${claim.verdict} \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\|`,
    ).exec(page)!;
    const unit = i === 0 ? " % images to an accuracy" : " points";
    assertStringIncludes(
      row[1]!,
      `${formatChange(effect.test.mean)}${unit}, [${ends.join(", ")}]`,
    );
    assertEquals(
      row[2],
      `${p < 0.001 ? "< .001" : p.toFixed(2).slice(1)}${
        isByMargin ? " (margin)" : ""
      }`,
    );
    assertEquals(
      row[3],
      `${number(detectable!)} ${i === 0 ? "%" : "points"}`,
    );
  });
});

Deno.test("results/README.md has the rows of report-secondary for the last levels", async () => {
  const [page, report] = await Promise.all(
    ["results/README.md", "results/report-secondary/report.md"].map(read),
  );
  const cellsOf = (line: string) =>
    line.split("|").slice(1, -1)
      .map((cell) => cell.trim());
  const rows = report!.split("\n").filter((line) => line.startsWith("| "))
    .map(cellsOf);
  /** Panel and runs, first and last level, of each row of the table. */
  const ends: [string, string, string][] = [
    [
      "Copies of each chosen image · ratio 0.8, concentrated",
      "1",
      "100",
    ],
    [
      "Share of copies with another class's label · ratio 0.8, uniform",
      "0",
      "0.3",
    ],
    ["Ratio (copies per original image), class-biased", "0.3", "3"],
    ["Ratio (copies per original image), uniform", "0.3", "3"],
    [
      "Kind of copies · ratio 0.8 · duplicates kept, class-biased",
      "exact copies",
      "near copies",
    ],
    [
      "Duplicates removed before training · ratio 0.8 · near copies, class-biased",
      "duplicates kept",
      "near duplicates removed",
    ],
    ["Width of the network · ratio 0.8, class-biased", "0.25", "1"],
    [
      "Training images · ratio 0.8, class-biased",
      "5,000",
      "all training images",
    ],
  ];
  const table = page!.slice(page!.indexOf("## Secondary questions"))
    .split("\n").filter((line) => line.startsWith("| ")).map(cellsOf).slice(2);
  assertEquals(table.length, ends.length);
  const plain = (text: string) =>
    text.replaceAll("+", "").replaceAll(/[()[\]]/g, "").replaceAll(",", "");
  ends.forEach(([panel, first, last], i) => {
    const find = (level: string) =>
      rows.find(([name, at]) => name === panel && at === level)!;
    const [, , change] = find(first);
    const [, , lastChange, difference, p, , power, finding] = find(last);
    const [, own, ownLast, ownDifference, ownP, ownPower, ownFinding] =
      table[i]!;
    assertEquals(plain(own!), plain(change!.split(" ")[0]!), panel);
    assertEquals(plain(ownLast!), plain(lastChange!), panel);
    assertEquals(plain(ownDifference!), plain(difference!), panel);
    assertEquals([ownP, ownPower], [p, power], panel);
    assertEquals(ownFinding === "inconclusive", finding === "inconclusive");
    assertEquals(/cost more$/.test(ownFinding!), finding === "lower");
  });
});

Deno.test("results/files.md says what secondary studies show by themselves, and results/README.md their slopes", async () => {
  const [page, files] = await Promise.all(
    ["results/README.md", "results/files.md"].map(pageOf),
  ) as [string, string];
  const names = ["multiplicity", "conflict", "ratios", "dedup"];
  const found: string[] = [];
  let largest = 0;
  for (const name of [...names, "widths", "sizes"]) {
    const { levels } = await analysisOf(`protocol-${name}`);
    for (const { key, runs, levels: own } of levels) {
      for (const { value, conclusion } of own as LevelEffect[]) {
        if (conclusion?.finding !== "lower") continue;
        found.push(`${key} ${value} ${runs.policy}`);
        largest = Math.max(largest, conclusion.holmP!);
      }
    }
  }
  assertEquals(found, [
    "multiplicity 3 concentrated",
    "multiplicity 10 concentrated",
    "multiplicity 30 concentrated",
    "multiplicity 100 concentrated",
    "conflict 0.1 uniform",
    "conflict 0.3 uniform",
    "ratio 3 class-biased",
  ]);
  assertStringIncludes(
    files,
    `3 or more copies of each chosen image, a tenth of other labels and ratio 3 of class-biased copies are then also found to cost more (adjusted p at most ${
      formatP(largest)
    })`,
  );
  const ratios = (await analysisOf("protocol-ratios")).trends;
  const [steep, flat] = ["class-biased", "uniform"].map((policy) =>
    trendOf(ratios, { policy })
  ) as [ArmTrend, ArmTrend];
  const fashion = await analysisOf("protocol-fashion");
  const [drop, hardly] = ["class-biased", "uniform"].map((policy) =>
    trendOf(fashion.trends, { policy })
  ) as [ArmTrend, ArmTrend];
  const below = fashion.claims.find(({ metric, controls }) =>
    metric === "clean" && controls.length === 1
  )!.controls[0]!;
  for (
    const text of [
      `copies cost ${
        cost(steep, " points per copy per original")
      }, over ratios 0, 0.3, 0.8 and 3, and no curvature is shown (p = ${
        inferenceOf(steep.curvature!).p!.toFixed(2).slice(1)
      })`,
      `slope ${formatChange(flat.test.mean)}, ${
        withInterval(flat).split(", ").slice(1).join(", ")
      }`,
      `slopes of ${withInterval(drop)}, for class-biased and ${
        withInterval(hardly)
      }, for uniform copies`,
      `uniform ones are ${mean(below, -1)} below as many fresh images, ${
        cost(below).split(", ").slice(1).join(", ")
      }`,
    ]
  ) assert(page.includes(text), text);
});

Deno.test("README.md says what was found with the numbers of the analyses", async () => {
  const page = await pageOf("README.md");
  const lastOf = async (name: string, key: string) => {
    const { levels } = await analysisOf(`protocol-${name}`);
    return levels.find((one) => one.key === key)!.levels;
  };
  const conflicts = await lastOf("conflict", "conflict");
  const copies = await lastOf("multiplicity", "multiplicity");
  const many = copies.filter(({ value }) => Number(value) >= 10)
    .map(({ change }) => Math.round(-change.test.mean));
  assertEquals([Math.min(...many), Math.max(...many)], [3, 4]);
  const ratios = (await analysisOf("protocol-ratios")).trends;
  const steep = trendOf(ratios, { policy: "class-biased" });
  for (
    const text of [
      `copies that favour some classes cost ${
        mean(biased, -1)
      } points of accuracy`,
      `Copies of a single class cost ${mean(single, -1)}, of which ${
        mean(restored, -1)
      } remain with the weight of every class restored.`,
      `copies that favour some classes cost ${
        mean(unevenAttacked!, -1)
      } points, and ${
        mean(information(unevenAttacked, attacked), -1)
      } under attack`,
      `with the weight of every class restored, copies cost ${
        mean(
          trendOf(trends, { training: "n-fgsm", standIn: "prior-restored" }),
          -1,
        )
      }.`,
      `as many fresh images raise it by ${mean(freshOf("uniform"))}.`,
      `Many copies of few images cost ${
        mean(concentrated!, -1)
      } points in standard training.`,
      `even copies cost ${
        mean(conflicts.at(-1)!.change, -1)
      } points if three tenths of them`,
      `copies that favour some classes cost ${
        mean(steep, -1)
      } points per copy per original`,
    ]
  ) assert(page.includes(text), text);
});

Deno.test("README.md, results/README.md and results/files.md have the effect of a whole copy by the published protocol", async () => {
  const published = trendOf(
    (await analysisOf("published-standard-25d6eadf")).trends,
    { policy: "whole-copies" },
  );
  const [first, last] = published.means.map((mean) => number(mean!)) as [
    string,
    string,
  ];
  const change = withInterval(published, { unit: " points" });
  for (
    const [path, text] of [
      [
        "README.md",
        `is more training and raises accuracy by ${mean(published)}.`,
      ],
      ["results/README.md", `from ${first} to ${last} %, by ${change}`],
      ["results/files.md", `from ${first} % to ${last} %, by ${change}`],
    ] as const
  ) assert((await pageOf(path)).includes(text), text);
});

Deno.test("README.md, results/README.md and results/files.md have the effects in training on PGD-10", async () => {
  const own = (await analysisOf("protocol-pgd")).trends;
  const [clean, robust] = slopesOf(own);
  const under = information(unevenAttacked, attacked);
  const ends = (trend: ArmTrend) =>
    trend.means.map((mean) => number(mean!)).join(" to ");
  for (
    const [path, text] of [
      [
        "README.md",
        `in place of N-FGSM, copies cost ${mean(clean, -1)} and ${
          mean(robust, -1)
        } (four seeds).`,
      ],
      [
        "results/README.md",
        `class-biased copies cost ${
          cost(clean, " points per copy per original")
        }, and ${cost(robust, " under attack")}, where they cost ${
          mean(unevenAttacked!, -1)
        } and ${mean(under, -1)} with N-FGSM`,
      ],
      [
        "results/files.md",
        `accuracy falls from ${ends(clean)} %, and accuracy under attack from ${
          ends(robust)
        } %`,
      ],
    ] as const
  ) assert((await pageOf(path)).includes(text), text);
});

Deno.test("README.md, results/README.md and results/files.md have the spread and the effects of published adversarial training", async () => {
  const name = "published-adversarial-0736264c";
  const { trends: own, published } = await analysisOf(name);
  const [clean, robust] = slopesOf(own);
  const { cells } = await readResultSet(`${root}results/${name}.json`);
  /** Least and largest accuracy of the seeds at a ratio, in per cent. */
  const endsAt = (ratio: number) => {
    const all = cells.flatMap((cell) =>
      cell.status === "finished" && cell.config.duplication.ratio === ratio
        ? [cell.outcome.test!.clean.correct / 100]
        : []
    );
    assertEquals(all.length, 4);
    return [Math.min(...all), Math.max(...all)] as const;
  };
  const [least, most] = endsAt(0);
  const spread = `differ by ${number(most - least)} points between`;
  const values = published.rows.filter(({ training }) =>
    training === "adversarial"
  ).map(({ clean }) => clean);
  assertEquals(values.length, 11);
  const range = number(Math.max(...values) - Math.min(...values));
  for (
    const [path, text] of [
      ["README.md", spread],
      [
        "results/README.md",
        `${spread} seeds; one copy per original changes accuracy by ${
          withInterval(clean)
        }, and accuracy under attack by ${withInterval(robust)}.`,
      ],
      [
        "results/files.md",
        `between ${number(least)} and ${
          number(most)
        } %, depending on the seed, and between ${
          endsAt(1).map((end) => number(end)).join(" and ")
        } % with one copy per original. The published values at eleven ratios, one run each, differ by ${range} points`,
      ],
    ] as const
  ) assert((await pageOf(path)).includes(text), text);
});
