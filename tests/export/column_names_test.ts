import { assertEquals, assertMatch } from "@std/assert";
import { configFields } from "../../src/export/config_columns.ts";
import { cellTable, classTable } from "../../src/export/result_table.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { coordinates } from "../../src/spec/axes.ts";
import { quick } from "./_sets.ts";

/** As published with dupbench 0.1: a name that people's scripts use never goes. */
const published = [
  "study",
  "cell",
  "status",
  "error",
  "dataset",
  "limit_train",
  "limit_test",
  "model",
  "network_layers",
  "training",
  "training_epsilon",
  "training_alpha",
  "training_steps",
  "training_random_start",
  "training_lowest",
  "policy",
  "ratio",
  "mode",
  "stand_in",
  "duplicated_class",
  "class_weights",
  "multiplicity",
  "near_kinds",
  "dedup",
  "dedup_max_difference",
  "dedup_mirrored",
  "budget",
  "epochs",
  "evaluate_every",
  "batch",
  "optimizer",
  "learning_rate",
  "momentum",
  "weight_decay",
  "schedule",
  "schedule_every",
  "schedule_gamma",
  "augmentation",
  "augmentation_copies",
  "attacks",
  "epsilon",
  "alpha",
  "lowest",
  "random_start",
  "test_augmentation",
  "seed",
  "backend",
  "originals",
  "copies",
  "distinct_copied",
  "removed_originals",
  "removed_copies",
  "steps_done",
  "images_done",
  "first_loss",
  "last_loss",
  "diverged_at",
  "test_images",
  "clean_correct",
  "clean_accuracy",
  "worst_case_correct",
  "worst_case_accuracy",
  "train_unique_images",
  "train_unique_correct",
  "train_unique_accuracy",
  "train_copies_images",
  "train_copies_correct",
  "train_copies_accuracy",
  "flags",
  "weights_sha256",
  "train_ms",
  "evaluate_ms",
  "first_epoch_ms",
  "epoch_ms",
  "data_ms",
  "attack_ms",
  "update_ms",
  "started_at",
];

/** Columns that later versions added. */
const added = [
  "split",
  "leaks",
  "batching",
  "augmentation_padding",
  "augmentation_border",
  "augmentation_flip",
  "augmentation_cutout",
  "test_flip",
  "flipped_correct",
  "flipped_accuracy",
  "attack_training",
  "attack_images",
  "attacked_images",
  "width",
  "average_decay",
  "training_batch_norm",
  "training_noise",
  "training_overfitting_images",
  "validation",
  "schedule_warmup",
  "schedule_start",
  "schedule_end",
  "nesterov",
  "decay_on",
  "bias_rate",
  "label_smoothing",
  "conflict",
  "draw_train",
  "plans",
  "conflicting_copies",
  "reading_image_fit",
  "reading_image_background",
  "reading_image_orientation",
  "reading_image_size",
  "reading_nested_folders",
  "reading_on_bad_image",
];

const publishedByAttack = ["correct", "accuracy", "max_perturbation"];

const publishedClasses = [
  "study",
  "cell",
  "policy",
  "ratio",
  "seed",
  "evaluation",
  "class",
  "train_copies",
  "test_images",
  "correct",
  "accuracy",
];

Deno.test("cellTable() has every published column, and those of each attack", async () => {
  const { columns } = cellTable(await readResultSet(quick));
  assertEquals(
    columns.map(({ name }) => name).sort(),
    [
      ...published,
      ...added,
      ...["fgsm", "pgd_10"].flatMap((attack) =>
        publishedByAttack.map((name) => `${attack}_${name}`)
      ),
    ].sort(),
  );
});

Deno.test("cellTable() has columns of averaged weights and of the best epoch where cells have them", async () => {
  const set = await readResultSet(quick);
  const cells = set.cells.map((cell, i) => {
    if (cell.status === "failed" || i > 0) return cell;
    const test = cell.outcome.test!;
    const weightsSha256 = "a".repeat(64);
    const outcome = {
      ...cell.outcome,
      averaged: {
        test: {
          ...test,
          clean: { ...test.clean, correct: 123 },
          flipped: { ...test.clean, correct: 125 },
        },
        weightsSha256,
      },
      best: {
        epoch: 2,
        test: { ...test, worstCase: { ...test.clean, correct: 7 } },
        weightsSha256,
      },
    };
    return { ...cell, outcome };
  });
  const { columns, rows } = cellTable({ ...set, cells });
  const valueOf = (row: number, name: string) =>
    rows[row]![columns.findIndex((column) => column.name === name)];
  const { rows: images } = (cells[0] as { outcome: { test: { rows: number } } })
    .outcome.test;
  assertEquals(valueOf(0, "averaged_clean_correct"), 123);
  assertEquals(valueOf(0, "averaged_clean_accuracy"), 123 / images);
  assertEquals(valueOf(0, "averaged_flipped_correct"), 125);
  assertEquals(valueOf(0, "averaged_flipped_accuracy"), 125 / images);
  assertEquals(valueOf(1, "averaged_flipped_correct"), null);
  assertEquals(valueOf(0, "best_epoch"), 2);
  assertEquals(valueOf(0, "best_worst_case_correct"), 7);
  assertEquals(valueOf(0, "best_worst_case_accuracy"), 7 / images);
  assertEquals(valueOf(0, "best_weights_sha256"), "a".repeat(64));
  assertEquals(valueOf(1, "averaged_clean_correct"), null);
  assertEquals(valueOf(1, "best_epoch"), null);
});

Deno.test("classTable() has the published columns in their order", async () => {
  const { columns } = classTable(await readResultSet(quick));
  assertEquals(columns.map(({ name }) => name), publishedClasses);
});

Deno.test("cellTable() has a column for every coordinate, near copies by their kinds", () => {
  const names = new Set(configFields.map(({ name }) => name));
  for (const { key } of coordinates) {
    const name = key === "copies"
      ? "near_kinds"
      : key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    assertEquals(names.has(name), true, name);
  }
});

Deno.test("cellTable() describes every column in a line that begins with a capital letter or a name", async () => {
  const set = await readResultSet(quick);
  for (const table of [cellTable(set), classTable(set)]) {
    for (const { name, description } of table.columns) {
      assertMatch(description, /^[A-Za-z][^\n]*[^.\n]$/, name);
    }
  }
});
