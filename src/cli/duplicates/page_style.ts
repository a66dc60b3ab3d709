import { pageCss } from "../../report/page_style.ts";

/** Style sheet of the page of duplicates: that of the report, and what it lacks. */
export const duplicatesCss: string = `${pageCss}
.controls{background:var(--page);border-bottom:1px solid var(--line);padding:.75rem 0;margin-top:1rem;display:flex;flex-wrap:wrap;gap:.6rem 1.25rem;align-items:end}
.controls[hidden]{display:none}
.controls fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.35rem .4rem;min-width:0}
.controls legend{padding:0}
.controls legend,.field>span{font-size:.85rem;color:var(--quiet);margin-bottom:.25rem}
.chip{position:relative;display:inline-flex}
.chip input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.chip span{border:1px solid var(--line);border-radius:2rem;padding:.2rem .8rem;font-size:.92rem}
.chip input:checked+span{background:var(--link);border-color:var(--link);color:var(--page)}
.chip input:focus-visible+span{outline:3px solid var(--link);outline-offset:2px}
.field{display:flex;flex-direction:column;min-width:0}
.field select,.field input{font:inherit;font-size:.92rem;color:inherit;background:var(--page);border:1px solid var(--quiet);border-radius:.3rem;padding:.2rem .5rem;max-width:100%;height:2.1rem}
.field.find{flex:1 1 9rem;max-width:16rem}.field input{width:100%}
.status{font-size:.9rem;color:var(--quiet);margin:.6rem 0 0}
.group{border-bottom:1px solid var(--line);padding:1.1rem 0 1.2rem;content-visibility:auto;contain-intrinsic-size:auto 17rem}
.group[hidden]{display:none}
.group h2{font-size:1rem;border:0;margin:0 0 .7rem;padding:0;display:flex;flex-wrap:wrap;gap:.3rem .6rem;align-items:center}
.tag{font-size:.82rem;font-weight:500;border:1px solid var(--line);border-radius:.25rem;padding:0 .45rem;color:var(--quiet)}
.tag.urgent{color:var(--bad);border-color:currentColor}
.members{display:flex;flex-wrap:wrap;gap:1rem 1.5rem;list-style:none;margin:0;padding:0;max-width:none}
.members li{max-width:18.5rem;min-width:0}
.members li.first{max-width:9rem}
.pictures{display:flex;gap:.5rem}
.pictures>span{width:9rem;height:9rem;display:flex;align-items:center;justify-content:center;background:var(--soft);border-radius:.2rem}
.pictures img{display:block;image-rendering:auto}
.pictures img.small{image-rendering:pixelated}
.members p{margin:.35rem 0 0;font-size:.86rem;line-height:1.4;overflow-wrap:anywhere}
.members .why{color:var(--quiet)}
.members .path{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.8rem}
.members .drop{color:var(--bad);font-weight:600}.members .stay{color:var(--good);font-weight:600}
.more{color:var(--quiet);font-size:.9rem;margin:.8rem 0 0}
@media (min-width:60rem){.controls{position:sticky;top:0;z-index:1}}
@media (max-width:24rem){header,main,footer{padding-left:1rem;padding-right:1rem}.members{gap:1.1rem}}
@media print{.controls,.status{display:none}.group{break-inside:avoid;content-visibility:visible}}
`;
