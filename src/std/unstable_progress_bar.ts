/**
 * `ProgressBar` of `@std/cli/unstable-progress-bar`, for networks that do not
 * reach JSR: the same options and the same lines on the stream.
 *
 * @module
 */
import process from "node:process";

/** What a bar shows at one moment, for the caller's own format. */
export interface ProgressBarFormatter {
  /** Time since the start, as `mm:ss`. */
  styledTime: string;
  /** The bar itself, such as `###-------`. */
  progressBar: string;
  /** Milliseconds since the start. */
  time: number;
  /** `time` of the drawing before; 0 at first. */
  previousTime: number;
  /** How far the work is. */
  value: number;
  /** `value` of the drawing before. */
  previousValue: number;
  /** How far the work goes. */
  max: number;
}

/** How a bar looks and where it is drawn. */
export interface ProgressBarOptions {
  /** Where it is drawn; standard error by default. */
  writable?: WritableStream<Uint8Array>;
  /** How far the work is at the start; 0 by default. */
  value?: number;
  /** How far the work goes. */
  max: number;
  /** Length of the bar in characters; 50 by default. */
  barLength?: number;
  /** Character of the part done; `#` by default. */
  fillChar?: string;
  /** Character of the part to do; `-` by default. */
  emptyChar?: string;
  /** Whether the line is erased at the end; false by default. */
  clear?: boolean;
  /** The line to draw; by default the time, the bar and bytes of bytes. */
  fmt?: (fmt: ProgressBarFormatter) => string;
  /** Whether the stream is left open at the end; true by default. */
  keepOpen?: boolean;
}

const redrawMs = 1000;
/** Standard error as a stream. */
const standardError = new WritableStream<Uint8Array>({
  write: (bytes) => void process.stderr.write(bytes),
});
const clearLine = "\r\x1b[K";

/**
 * A progress bar on one line of a terminal, drawn at once and then every
 * second until it is stopped. A stream that fails only ends the drawing, never
 * the work.
 */
export class ProgressBar {
  /** How far the work is: what the caller counts up. */
  value: number;
  /** How far the work goes. */
  max: number;

  #look: Required<Omit<ProgressBarOptions, "writable" | "value" | "max">>;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #timer: ReturnType<typeof setInterval>;
  #start = Date.now();
  #previous: { time: number; value: number };
  /** Every write so far, one after another. */
  #written: Promise<void> = Promise.resolve();

  /** Draws the bar for the first time. */
  constructor(options: ProgressBarOptions) {
    const { writable = standardError, value = 0, max, ...look } = options;
    this.value = value;
    this.max = max;
    this.#look = {
      barLength: 50,
      fillChar: "#",
      emptyChar: "-",
      clear: false,
      fmt: (x) => `[${x.styledTime}] [${x.progressBar}] [${bytes(x)}]`,
      keepOpen: true,
      ...look,
    };
    this.#previous = { time: 0, value };
    this.#writer = writable.getWriter();
    this.#timer = setInterval(() => this.#draw(), redrawMs);
    this.#draw();
  }

  /** Draws the last state, or erases it, and gives the stream back. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#look.clear) this.#write(clearLine);
    else {
      this.#draw();
      this.#write("\n");
    }
    await this.#written;
    if (!this.#look.keepOpen) await this.#writer.close().catch(() => {});
    this.#writer.releaseLock();
  }

  #draw(): void {
    const { barLength, fillChar, emptyChar, fmt } = this.#look;
    const { value, max } = this;
    const time = Date.now() - this.#start;
    const done = Math.min(Math.max(value / max, 0), 1) || 0;
    const filled = Math.trunc(done * barLength);
    const line = fmt({
      styledTime: minutesAndSeconds(time),
      progressBar: fillChar.repeat(filled) +
        emptyChar.repeat(barLength - filled),
      time,
      previousTime: this.#previous.time,
      value,
      previousValue: this.#previous.value,
      max,
    });
    this.#previous = { time, value };
    this.#write(clearLine + line);
  }

  #write(text: string): void {
    const chunk = new TextEncoder().encode(text);
    this.#written = this.#written
      .then(() => this.#writer.write(chunk))
      .catch(() => clearInterval(this.#timer));
  }
}

function minutesAndSeconds(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return [Math.floor(seconds / 60), seconds % 60]
    .map((part) => String(part).padStart(2, "0")).join(":");
}

/** Value and max in the unit that fits the max, such as `0.24/97.66 KiB`. */
function bytes({ value, max }: ProgressBarFormatter): string {
  const units = ["KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = Math.log2(Math.max(max, 1)) / 10;
  const unit = Math.min(Math.max(Math.floor(power), 1), units.length);
  const [part, whole] = [value, max].map((n) => (n / 1024 ** unit).toFixed(2));
  return `${part}/${whole} ${units[unit - 1]}`;
}
