import { ProgressBar } from "@std/cli/unstable-progress-bar";
import { attackedImagesOf } from "../results/attacked_images.ts";
import type { FinishedCell } from "../results/result_set.ts";
import type { SweepListener, SweepPlan } from "../sweep/run_sweep.ts";
import { nameCell } from "../spec/name_cell.ts";
import type { Cell } from "../spec/plan_cells.ts";
import { describeLeaks } from "./describe_leaks.ts";
import { type Io, showPaths } from "./io.ts";

/** Shows how far a sweep is. */
export interface Progress extends SweepListener {
  /** Says what came of a cell: on a line, or in the bar. */
  tell(text: string): void;
  /** Erases the bar; to be called before anything is printed. */
  stop(): Promise<void>;
}

/**
 * Progress on standard error: a bar with cells and time left on a
 * terminal, a plain line for each finished cell elsewhere.
 */
export function showProgress(
  io: Pick<Io, "note" | "terminal" | "now" | "cwd">,
): Progress {
  let plan: SweepPlan | undefined;
  let bar: ProgressBar | undefined;
  let finished = 0;
  const held: string[] = [];
  const slow = new Set<string>();
  // A line in the middle of the bar's would be mixed up with it.
  const note = (text: string) => {
    if (bar) held.push(text);
    else io.note(text);
  };
  let told = "";
  const shares = new Map<string, number>();
  let startedAt = 0;
  let costBefore = 0;
  const costDone = () => {
    let sum = 0;
    for (const [id, share] of shares) sum += share * plan!.costs.get(id)!;
    return sum;
  };
  const total = () =>
    plan!.cells.reduce((sum, { id }) => sum + plan!.costs.get(id)!, 0);
  const timeLeft = () => {
    const spent = costDone() - costBefore;
    if (spent <= 0) return "";
    const left = (total() - costDone()) / spent *
      (io.now() - startedAt);
    return ` eta ${formatDuration(left)}`;
  };
  return {
    onPlanned(planned) {
      plan = planned;
      finished = plan.done.size + plan.reused.size;
      for (const id of [...plan.done, ...plan.reused.keys()]) {
        if (plan.costs.has(id)) shares.set(id, 1);
      }
      costBefore = costDone();
      startedAt = io.now();
      const { note, terminal } = io;
      const journal = `journal ${showPaths(plan.journal ?? "", io)}`;
      note(`backend ${plan.backend.name}: ${plan.backend.reason}`);
      for (const line of plan.notes ?? []) note(line);
      if (plan.leaks !== undefined) {
        const { split, comesSplit, ...leaks } = plan.leaks;
        note(describeLeaks({
          ...leaks,
          near: true,
          keepsGroups: split === "groups" && !comesSplit,
        }));
      }
      if (plan.torn) {
        note(`${journal}: the last line was cut short; its cell runs again`);
      }
      if (plan.done.size > 0) {
        note(
          `${journal}: ${plan.done.size} of ${plan.cells.length} cells are done`,
        );
      }
      const sources = Map.groupBy(plan.reused.values(), ({ path }) => path);
      for (const [path, { length }] of sources) {
        note(
          `${
            showPaths(path, io)
          }: ${length} of ${plan.cells.length} cells are reused`,
        );
      }
      if (terminal !== undefined) {
        bar = new ProgressBar({
          writable: terminal,
          max: total(),
          value: costDone(),
          barLength: 30,
          clear: true,
          fmt: (x) =>
            `[${x.styledTime}] [${x.progressBar}] ${finished} of ${
              plan!.cells.length
            } cells done${timeLeft()}${told && ` ${told}`}`,
        });
      }
    },
    onProgress(cell: Cell, share: number) {
      shares.set(cell.id, share);
      if (bar) bar.value = costDone();
    },
    onRetry({ id }: Cell, error: string) {
      shares.delete(id);
      note(`Cell ${id} runs once more: ${error}`);
    },
    onNotCompiled({ config: { model, backend } }: Cell, reason: string) {
      const text =
        `${model} runs operation by operation, which is slower: ${backend} cannot compile ${reason}`;
      if (!slow.has(text)) note(text);
      slow.add(text);
    },
    onFinished(cell: FinishedCell) {
      finished++;
      shares.set(cell.id, 1);
      if (bar) bar.value = costDone();
      else {
        io.note(
          `[${finished}/${plan!.cells.length}]${timeLeft()} ${
            formatCell(cell)
          }`,
        );
      }
    },
    tell(text: string) {
      if (bar) told = text;
      else io.note(text);
    },
    async stop() {
      await bar?.stop();
      bar = undefined;
      for (const text of held.splice(0)) io.note(text);
    },
  };
}

function formatCell({ config, outcome, timing }: FinishedCell): string {
  const { test } = outcome;
  const scores = test === null ? "diverged" : [
    `clean ${(test.clean.correct / test.rows).toFixed(3)}`,
    ...Object.entries(test.byAttack).map(([name, { correct }]) =>
      `${name} ${(correct / attackedImagesOf(test).rows).toFixed(3)}`
    ),
  ].join(" ");
  const seconds = (timing.trainMs + timing.evaluateMs) / 1e3;
  return `${nameCell(config, { omit: ["backend"] })}: ${scores}, ${
    seconds.toFixed(1)
  } s`;
}

function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) {
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }
  return `${String(minutes).padStart(2, "0")}:${
    String(seconds % 60).padStart(2, "0")
  }`;
}
