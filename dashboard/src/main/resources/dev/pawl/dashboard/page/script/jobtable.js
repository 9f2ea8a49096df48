// Jobs as rows.
import { div, span, table, tbody, td, th, thead, tr } from "./html.js";
import { actor, badge, jobLink, statusOf } from "./parts.js";
import { ago, length, since } from "./time.js";

const COLUMNS = ["Job", "Pipeline", "Status", "Stage", "Triggered by", "Enqueued", "Run time"];

/** ended: whether the time of the end is told, and not that of the enqueue. */
export function JobTable({ rows, ended = false }) {
  const when = ended ? "Ended" : "Enqueued";
  return div({ class: "table-box" }, table(
    { class: "folds" },
    thead(null, tr(null, COLUMNS.map((name) => th({ scope: "col", class: name === "Run time" ? "number" : undefined }, name === "Enqueued" ? when : name)))),
    tbody(null, rows.map((job) => tr(
      { key: job.id },
      td({ class: "lead" }, span(null, jobLink(job), (job.key || job.childKey) && span({ class: "second id" }, job.id.slice(-8)))),
      td({ "data-label": "Pipeline" }, span(null, job.pipeline, span({ class: "second" }, `v${job.version} in ${job.queue}`))),
      td({ "data-label": "Status" }, badge(statusOf(job.status))),
      td({ "data-label": "Stage" }, span(null, job.stage ?? "all done", span({ class: "second" }, `${job.stagesDone} of ${job.stages} done`))),
      td({ "data-label": "Triggered by" }, actor(job.triggeredBy)),
      td({ class: "nowrap", "data-label": when }, ago(ended ? job.endedAt : job.enqueuedAt)),
      td({ class: "number nowrap", "data-label": "Run time" }, runTime(job)),
    ))),
  ));
}

function runTime({ startedAt, endedAt }) {
  if (!startedAt) {
    return "–";
  }
  return endedAt ? length(Date.parse(endedAt) - Date.parse(startedAt)) : since(startedAt);
}
