import type { LegendEntry } from "./figure.ts";
import { drawingCss } from "./palette.ts";

/** Style sheet of the page: light and dark, wide and narrow, and print. */
export const pageCss: string = `
:root{color-scheme:light dark;--page:#fff;--text:#1b1c1d;--quiet:#55575a;--line:#d9dadc;--soft:#f5f5f4;--link:#00568a;--good:#00664c;--bad:#9a3412;--open:#55575a}
@media screen and (prefers-color-scheme:dark){:root{--page:#141516;--text:#ececed;--quiet:#b0b0b1;--line:#3a3b3c;--soft:#1e1f21;--link:#7cc4f2;--good:#4fd1a5;--bad:#f5a475;--open:#b9babb}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:break-word}
header,main,footer{max-width:66rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:clamp(1.35rem,1.05rem + 1.2vw,1.9rem);line-height:1.25;max-width:54rem;letter-spacing:-.015em;margin:0 0 .6rem;font-weight:650}
h2{font-size:1.3rem;line-height:1.3;margin:3rem 0 .75rem;padding-top:1rem;border-top:1px solid var(--line);letter-spacing:-.01em}
h3{font-size:1.08rem;margin:2.25rem 0 .25rem}
h4{font-size:.95rem;margin:1.5rem 0 .4rem}
p,ul{margin:.5rem 0 1rem;max-width:46rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.kicker{color:var(--quiet);margin:0 0 .4rem;font-size:.9rem}
.findings{padding-left:1.2rem;max-width:56rem;margin:1rem 0 1.5rem}
.findings li{margin:.3rem 0}
.answer{margin:.8rem 0 1.2rem;max-width:60rem}
.answer div{display:grid;grid-template-columns:8.5rem 1fr;gap:0 1rem;padding:.4rem 0;border-top:1px solid var(--line)}
.answer dt{display:block}.answer dt::after{content:""}
.answer dd{color:var(--text)}
@media (max-width:40rem){.answer div{display:block}}
.warning{border-left:4px solid var(--bad);padding-left:.8rem}
.effects .panels{grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr))}
.effects .panel>svg{max-width:28rem}
.wide{display:none}
.wide>svg{display:block;width:100%;height:auto}
@media screen and (min-width:54rem){.wide{display:block}.wide+.panels{display:none}}
@media (min-width:60rem){.question{display:grid;grid-template-columns:minmax(0,1fr) 24rem;column-gap:3rem}.question h2,.question>details{grid-column:1/-1}.question .panels{grid-template-columns:1fr}}
@media (min-width:60rem){.question.several>figure{grid-column:1/-1}.question.several .panels{grid-template-columns:repeat(auto-fill,minmax(22rem,1fr))}}
.question .panel>svg{max-width:24rem}
.plain{list-style:none;padding:0}
.facts{color:var(--quiet);font-size:.92rem}
.skip{position:absolute;left:-100vw;top:0;background:var(--page);padding:.6rem 1rem;z-index:1}
.skip:focus{left:0}
.contents ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;padding:0;margin:1rem 0 0;font-size:.92rem;max-width:none}
.terms{margin:.5rem 0 1rem;columns:24rem 2;column-gap:3rem;font-size:.92rem}
.terms div{break-inside:avoid;padding-bottom:.4rem}
dt{font-weight:600;display:inline}
dt::after{content:": "}
dd{margin:0;display:inline;color:var(--quiet)}
.verdict{font-weight:650}
.supported{color:var(--good)}.contradicted{color:var(--bad)}.inconclusive{color:var(--open)}
.small,figcaption,.legend{font-size:.88rem;color:var(--quiet)}
figure{margin:.25rem 0 1rem}
figcaption{max-width:46rem;margin:.3rem 0 .5rem}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;padding:0;margin:.25rem 0 .25rem;max-width:none;color:var(--text)}
.legend li{display:flex;align-items:center;gap:.45rem}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,18.5rem),1fr));gap:1rem 1.5rem}
.panel{break-inside:avoid}
.name{font-size:.9rem;font-weight:600;margin:.35rem 0 .2rem}
.panel>svg{display:block;width:100%;max-width:22rem;height:auto}
.levels .panels{grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr))}
.levels .panel>svg{max-width:30rem}
details{margin:.4rem 0 .9rem}
summary{cursor:pointer;color:var(--link);width:fit-content;padding:.15rem 0}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.86rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);padding:.2rem 0}
caption span{display:block;position:sticky;left:0;width:fit-content;max-width:min(60rem,100vw - 2.5rem)}
th,td{text-align:left;padding:.3rem 1rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{font-weight:600;color:var(--quiet);white-space:nowrap}
.data td{white-space:nowrap}
.data tbody th{font-weight:400;min-width:4.5rem}
.data thead th{white-space:normal;vertical-align:bottom}
.data.dense td{white-space:normal}
.dense{font-size:.8rem}
.dense th,.dense td{padding-right:.6rem}
.dense tbody th:first-child{min-width:7rem}
@media (max-width:40rem){.data tbody th:first-child{min-width:8rem}.data.dense td{white-space:nowrap}}
.record{width:100%}
.record th{font-weight:500;color:var(--quiet);white-space:nowrap}
.record td{overflow-wrap:anywhere}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.command{background:var(--soft);padding:.7rem .9rem;border-radius:.3rem;max-width:none}
.images{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19.5rem),1fr));gap:1.25rem 1.5rem;margin:0}
.images>div{break-inside:avoid}
.strip{display:flex;flex-wrap:wrap;gap:.5rem;margin:.4rem 0 1rem}
.strip>div{width:96px;break-inside:avoid}
.strip img{width:96px;height:96px;image-rendering:pixelated;display:block;outline:1px solid var(--line)}
.strip span{display:block;white-space:pre-line;font-size:.78rem;line-height:1.3;color:var(--quiet);margin-top:.25rem}
.strip span+img{margin-top:.6rem}
footer{padding-top:1rem;padding-bottom:3rem;color:var(--quiet);font-size:.88rem}
${drawingCss}
@media (max-width:40rem){.record th,.record td{display:block;border:0;padding:.1rem 0}.record tr{display:block;border-bottom:1px solid var(--line);padding:.35rem 0}}
@media print{.legend,.name{break-after:avoid}caption span{position:static;max-width:none}@page{margin:16mm 14mm}html{font-size:9.5pt}figcaption{break-inside:avoid}.skip,.contents{display:none}header,main,footer{max-width:none;padding-left:0;padding-right:0}header{padding-top:0}h2,h3,h4,summary{break-after:avoid;break-inside:avoid}details::details-content{content-visibility:visible;display:block;block-size:auto}.images{grid-template-columns:repeat(2,1fr)}.panels{display:block}.panel{display:inline-block;vertical-align:top;width:48%;margin:0 1% .6rem 0}.scroll{overflow:visible}table{width:100%;font-size:7.5pt}.data td,.data tbody th,thead th{white-space:normal}th,td{padding:.12rem .5rem .12rem 0}tr{break-inside:avoid}caption,thead{break-after:avoid}tbody tr:first-child{break-before:avoid}a{color:inherit;text-decoration:none}}
`;

/** A sample of a curve, for a legend. */
export function legendMark({ style, isPointsOnly }: LegendEntry): string {
  const { light, dash, shape } = style;
  const line = isPointsOnly
    ? ""
    : `<line x1="1" y1="8" x2="37" y2="8" stroke="${light}" stroke-width="2" stroke-dasharray="${
      dash.join(" ")
    }"/>`;
  const point = {
    "circle": "M15,8a4,4 0 1,0 8,0a4,4 0 1,0 -8,0",
    "square": "M15.5,4.5h7v7h-7z",
    "triangle-up": "M19,3.5l4.5,8h-9z",
    "diamond": "M19,2.5l4.5,5.5l-4.5,5.5l-4.5,-5.5z",
    "triangle-down": "M19,12.5l4.5,-8h-9z",
    "cross": "M17.5,3.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
  }[shape];
  return `<svg width="38" height="16" viewBox="0 0 38 16" aria-hidden="true">${line}<path d="${point}" fill="${light}"/></svg>`;
}
