import { needBrowser } from "./need_browser.ts";

const chromium = await needBrowser("chromium", "/usr/bin/chromium");

/** The program of Chromium. */
export const chromiumPath: string = chromium.path;

/** A slow test that needs Chromium. */
export const chromiumTest: typeof chromium.test = chromium.test;
