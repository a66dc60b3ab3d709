import type { Page } from "playwright-core";

/** What a page asked of a network, and what it complained of. */
export interface Watched {
  /** Addresses that it requested, in order. */
  readonly requests: string[];
  /** Messages on its console, and errors that nothing caught. */
  readonly complaints: string[];
}

/**
 * Notes what a page does from now on.
 *
 * @param watched Where to; default: new lists.
 */
export function watchPage(
  page: Page,
  watched: Watched = { requests: [], complaints: [] },
): Watched {
  const { requests, complaints } = watched;
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  return watched;
}
