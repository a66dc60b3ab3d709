import { firefoxPath } from "./firefox_available.ts";

/** A page in a headless browser. */
export interface BrowserPage {
  goto(url: string): Promise<void>;
  /** The string that an expression, or the promise that it gives, comes to. */
  evaluate(expression: string): Promise<string>;
  /** Chooses files, by their paths, in the input that a selector names. */
  chooseFiles(selector: string, paths: string[]): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: string;
  readonly message?: string;
}

/**
 * Opens Debian's Firefox over WebDriver BiDi (W3C), which it speaks without a
 * driver: playwright can start only a Firefox of its own making.
 *
 * @param use Gets a page; the browser is closed after it.
 */
export async function openFirefox<Result>(
  use: (page: BrowserPage) => Promise<Result>,
): Promise<Result> {
  const home = await Deno.makeTempDir();
  const browser = new Deno.Command(firefoxPath, {
    args: [
      ...["--headless", "--no-remote", "--remote-debugging-port=0"],
      ...["--profile", home, "about:blank"],
    ],
    env: { HOME: home, MOZ_DISABLE_AUTO_SAFE_MODE: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  try {
    const address = await findAddress(browser.stderr);
    const { ask, hangUp } = await dial(`${address}/session`);
    await ask("session.new", { capabilities: {} });
    const { contexts } = await ask("browsingContext.getTree", {});
    const { context } = (contexts as { context: string }[])[0]!;
    const result = await use({
      async goto(url) {
        await ask("browsingContext.navigate", {
          context,
          url,
          wait: "complete",
        });
      },
      async evaluate(expression) {
        const { type, result, exceptionDetails } = await ask(
          "script.evaluate",
          { expression, target: { context }, awaitPromise: true },
        ) as {
          type: string;
          result: { value: string };
          exceptionDetails: { text: string };
        };
        if (type === "success") return result.value;
        throw new Error(exceptionDetails.text);
      },
      async chooseFiles(selector, files) {
        const { nodes } = await ask("browsingContext.locateNodes", {
          context,
          locator: { type: "css", value: selector },
        });
        const [{ sharedId }] = nodes as [{ sharedId: string }];
        const element = { sharedId };
        // Firefox 153 keeps its choice if the new one has the same names.
        await ask("input.setFiles", { context, element, files: [] });
        await ask("input.setFiles", { context, element, files });
      },
    });
    hangUp();
    return result;
  } finally {
    browser.kill("SIGKILL");
    await browser.status;
    await Deno.remove(home, { recursive: true }).catch(() => {});
  }
}

/** Firefox prints where it listens; what follows is read on, or it would wait. */
function findAddress(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const read = async () => {
    let text = "";
    for await (const part of stderr.pipeThrough(new TextDecoderStream())) {
      text += part;
      const [, address] = /listening on (ws:\S+)\n/.exec(text) ?? [];
      if (address !== undefined) resolve(address);
    }
    reject(new Error(`Firefox does not listen: ${text}`));
  };
  read().catch(reject);
  return promise;
}

/** A connection on which each command has one answer. */
async function dial(address: string) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.onmessage = ({ data }) => {
    const answer = JSON.parse(data) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  };
  let last = 0;
  return {
    async ask(
      method: string,
      params: Record<string, unknown>,
    ): Promise<Record<string, unknown>> {
      const id = ++last;
      const answered = new Promise<Answer>((resolve) =>
        waiting.set(id, resolve)
      );
      socket.send(JSON.stringify({ id, method, params }));
      const { result, error, message } = await answered;
      if (result !== undefined) return result;
      throw new Error(`${method}: ${error}: ${message}`);
    },
    hangUp: () => socket.close(),
  };
}
