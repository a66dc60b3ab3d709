import { drawingCss } from "./palette.ts";

/** What the text of each file of a report has, and no other program's. */
const marks: Readonly<Record<string, RegExp>> = {
  "report.html": /<title>[^<]*: dupbench report<\/title>/,
  "report.md": /\nThis report: `[^\n]+`\n$/,
  "series.csv": /^study,[^\r\n]*,metric,unit,ratio,seeds,mean,low,high\r\n/,
  "classes.csv": /^study,[^\r\n]*,class,name,ratio,seeds,change,low,high\r\n/,
  "conditions.csv": /^study,condition,value,usual,/,
};

/**
 * Whether a text is that of a file of a report, so that it may be replaced or
 * removed.
 *
 * @param name Of the file in the folder of the report, such as `figures/a.svg`.
 */
export function isOfReport(name: string, text: string): boolean {
  return Object.hasOwn(marks, name)
    ? marks[name]!.test(text)
    : /^figures\/.*\.svg$/.test(name) &&
      text.includes(`<style>${drawingCss}</style>`);
}
