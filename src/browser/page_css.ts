import { pageCss } from "../report/page_style.ts";

/** Style sheet of a page that verifies: that of reports, and its own parts. */
export const verifyingCss: string = `${pageCss}
[hidden]{display:none!important}
#run{border:1px solid var(--line);border-radius:.5rem;padding:1.1rem 1.25rem 1.25rem;margin:1.5rem 0 0;background:var(--soft)}
#run h2{border:0;margin:0;padding:0}
#run p{margin:.4rem 0 .8rem}
label{display:block;font-weight:600;font-size:.95rem;margin-bottom:.25rem}
select,input[type=file]{font:inherit;max-width:100%;width:100%;padding:.45rem .5rem;color:inherit;background:var(--page);border:1px solid var(--quiet);border-radius:.3rem}
button{font:inherit;font-weight:600;padding:.55rem 1.1rem;border-radius:.35rem;border:2px solid var(--link);background:var(--link);color:var(--page);cursor:pointer}
#stop{background:transparent;color:var(--link)}
button:disabled{opacity:.55;cursor:not-allowed}
.bar{display:flex;align-items:center;gap:.75rem;margin-top:1rem}
progress{flex:1;height:.8rem;accent-color:var(--link)}
#share{min-width:3.2rem;text-align:right;font-variant-numeric:tabular-nums}
#status{min-height:1.55em}
#curve{display:block;width:100%;height:auto;max-width:46rem;background:var(--page);border-radius:.3rem}
#curve text{fill:var(--quiet);font:12px system-ui,sans-serif}
#curve .grid{stroke:var(--line)}
#curve .recorded{fill:var(--page);stroke:var(--text);stroke-width:2}
#curve .curve{fill:none;stroke:var(--link);stroke-width:1.5;stroke-linejoin:round}
#result{border-left:4px solid var(--open);padding-left:1rem;margin-top:1.25rem}
#result.same{border-color:var(--good)}
#result.different,#result.failed{border-color:var(--bad)}
#verdict{font-size:1.2rem;margin:0 0 .3rem}
.same #verdict{color:var(--good)}
.different #verdict,.failed #verdict{color:var(--bad)}
.compared{width:100%;margin:1rem 0}
.compared caption{font-weight:600;color:var(--text)}
.compared td,.compared th{overflow-wrap:anywhere;min-width:6rem}
.compared tbody th{font-weight:400}
.wrong th,.wrong td{color:var(--bad);font-weight:600!important}
@media (min-width:40.01rem){.runs td{white-space:nowrap}}
@media (max-width:40rem){#run{padding:.9rem}#curve text{font-size:20px}.compared thead{display:none}.compared tr{display:block;border-bottom:1px solid var(--line);padding:.35rem 0}.compared th,.compared td{display:block;border:0;padding:.1rem 0}.compared td::before{content:attr(data-head) ": ";color:var(--quiet);font-weight:400}}
`;
