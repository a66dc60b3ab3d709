import { UsageError } from "../../core/errors.ts";
import { shellWords } from "../../core/shell_words.ts";
import type { Dataset } from "../../data/dataset.ts";
import { loadDataset } from "../../data/load_dataset.ts";
import { setLeaksApart } from "../../data/set_leaks_apart.ts";
import { countRepeats } from "../../detection/count_repeats.ts";
import {
  leaksFound,
  searchDuplicates,
} from "../../detection/search_duplicates.ts";
import { slug } from "../../report/figure.ts";
import { MOST_RATIO } from "../../spec/axes/ratio.ts";
import { contentName } from "../../spec/content_name.ts";
import type { DatasetName } from "../../spec/datasets.ts";
import {
  type CountedRepeats,
  planPairedStudy,
  ratioFound,
} from "../../spec/paired_study.ts";
import type { Reading } from "../../spec/reading.ts";
import { renewStudy } from "../../spec/renewed_fields.ts";
import { newStudySchema, type Study } from "../../spec/study.ts";
import type { StudyInput } from "../../spec/study_types.ts";
import { requestDataset } from "../../sweep/request_dataset.ts";
import { openCache } from "../cache_option.ts";
import type { CallIo } from "../io.ts";
import { withNetworks } from "../model_option.ts";
import { showLoading } from "../show_loading.ts";
import { validateOptions } from "../validate.ts";
import type { StudyOptions } from "../study.ts";

/** What the command was asked for. */
export interface StudyRequest
  extends Omit<StudyOptions, "dataset" | "paths" | "dataDir"> {
  /** Images. */
  readonly dataset: DatasetName;
  /** Their folder, where they have one. */
  readonly dataDir: string | undefined;
  /** How the images of a folder are read. */
  readonly reading: Reading;
  /** What the images are called. */
  readonly title: string;
}

/** A study that is to be run, on images that have been loaded for it. */
export interface PlannedStudy {
  /** The study. */
  readonly study: Study;
  /** Its images. */
  readonly dataset: Dataset;
  /** What was found in them, in a line. */
  readonly found: string;
}

/** Fewest images to say anything about. */
const LEAST = { train: 40, test: 20 };

/** Most characters of the images' name in that of the study. */
const LONGEST_NAME = 40;

/** Ratio that is offered where no duplicate was found. */
const OFFERED_RATIO = 0.1;

/**
 * Loads the images, counts the duplicates in them and plans the study.
 *
 * @throws {UsageError} If there are too few images, one class only, or, without
 * a ratio of copies to add, no duplicates or more than a study can add.
 */
export async function planStudy(
  { title, reading, near, repeats, ratio, ...request }: StudyRequest,
  io: CallIo,
): Promise<PlannedStudy> {
  const { model, width, epochs, limitTrain, limitTest, split, backend } =
    request;
  const { networks, ...named } = await withNetworks({ model }, io);
  const fields: Partial<StudyInput> = defined({
    dataset: request.dataset,
    split,
    ...reading,
    limitTrain,
    limitTest,
    ...named,
    networks,
    width: width === undefined ? undefined : [width],
    epochs,
    backend,
  });
  // The limits, the split and the rule for leaks decide on the images.
  const images = requestDataset(
    checkStudy({
      ...defined({ dataset: request.dataset, split, limitTrain, limitTest }),
      ...reading,
      name: "study",
      leaks: "apart",
    }),
    request.dataDir && io.path(request.dataDir),
  );
  const loading = showLoading(request.quiet ? undefined : io.terminal);
  const loaded = await loadDataset(images.name, {
    ...images,
    // They are set apart by the search that also finds what is to be counted.
    leaks: undefined,
    cache: await openCache(request.cache, io),
    onProgress: loading.report,
  }).finally(loading.stop);
  const found = await searchDuplicates(loaded, { mirrored: true });
  const leaked = leaksFound(found, loaded.train.rows);
  requireEnough(loaded, { leaked: leaked.length, title });
  const dataset = setLeaksApart(loaded, leaked);
  const counted = await countRepeats(dataset, found, { near });
  if (counted.removed === 0 && ratio === undefined) {
    throw new UsageError(
      `No training image of "${title}" has a duplicate among the ${counted.trainRows}, so there is nothing to remove: ${
        shellWords(["--ratio", String(OFFERED_RATIO)])
      } studies the effect of added duplicates`,
    );
  }
  if (ratio === undefined && ratioFound(counted) > MOST_RATIO) {
    throw new UsageError(
      `The training images of "${title}" have ${
        ratioFound(counted)
      } duplicates per distinct image, and a study adds at most ${MOST_RATIO}: ${
        shellWords(["--ratio", String(MOST_RATIO)])
      } adds as many`,
    );
  }
  let planned;
  try {
    planned = planPairedStudy(counted, {
      input: { shape: dataset.shape, classes: dataset.classNames.length },
      repeats,
      near,
      ratio,
      given: fields,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message);
  }
  const base = `study-${slug(title).slice(0, LONGEST_NAME) || "images"}`;
  const study = checkStudy({ ...planned, name: base });
  return {
    study: { ...study, name: contentName(base, study) },
    dataset,
    found: describeFound(counted, title),
  };
}

/** A study of fields that were flags: messages name these. */
function checkStudy(fields: StudyInput): Study {
  return renewStudy(
    validateOptions({ options: newStudySchema }, { ...fields }),
  );
}

function requireEnough(
  { train, test, classNames }: Dataset,
  { leaked, title }: { leaked: number; title: string },
): void {
  if (classNames.length < 2) {
    throw new UsageError(
      `"${title}" must have images of at least 2 classes, got 1, "${
        classNames[0]
      }"`,
    );
  }
  const counted = test.rows - leaked;
  if (train.rows >= LEAST.train && counted >= LEAST.test) return;
  throw new UsageError(
    `"${title}" must have at least ${LEAST.train} training images, and ${LEAST.test} test images without a duplicate among these, got ${train.rows} and ${counted}`,
  );
}

/** What was found, in a line. */
function describeFound(
  { trainRows, removed, exact, conflicting }: CountedRepeats,
  title: string,
): string {
  const count = (size: number) => size.toLocaleString("en-US");
  return `${title}: ${count(removed)} of ${count(trainRows)} training images (${
    (100 * removed / trainRows).toFixed(1)
  } %) are duplicates of an earlier one: ${count(exact)} exact, ${
    count(removed - exact)
  } near; ${count(conflicting)} with another label`;
}

/** Without the fields that are not given. */
function defined<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as T;
}
