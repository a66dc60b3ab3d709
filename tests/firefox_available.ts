import { needBrowser } from "./need_browser.ts";

const firefox = await needBrowser("firefox", "/usr/bin/firefox-esr");

/** The program of Firefox. */
export const firefoxPath: string = firefox.path;

/** Whether it is there. */
export const hasFirefox: boolean = firefox.isAvailable;

/** A slow test that needs Firefox. */
export const firefoxTest: typeof firefox.test = firefox.test;
