// One job: where it is, why it does not move, what happened to it, and what is in it.
import { a, details, div, dl, dd, dt, h, h1, header, p, span, summary, useState } from "../html.js";
import { icon } from "../icons.js";
import { toJob, to } from "../address.js";
import { jobPath, path } from "../api.js";
import { useData } from "../live.js";
import { actionButton, may } from "../actions.js";
import { Children, LeaseAge, Stages, Timeline } from "../jobs.js";
import { JobTable } from "../jobtable.js";
import { STATUS, actor, badge, card, head, holder, json, plural, shortId, standing, statusOf, when } from "../parts.js";
import { agoAndWhen, length, since } from "../time.js";

export function Job({ address, session, name }) {
  const id = address.parts.join("/");
  const answer = useData(jobPath(id));
  return answer.data ? h(Shown, { data: answer.data, session, query: address.query, name }) : [head("Job", span({ class: "id" }, id)), when(answer)];
}

function Shown({ data, session, query, name }) {
  const { job, stages, standing: why } = data.progress;
  const called = job.childKey ?? job.key ?? `…${shortId(job.id)}`;
  name(`${called}: ${statusOf(job.status).words}`);
  const split = stages.filter((stage) => stage.children);
  return [
    header(
      { class: "head" },
      div({ class: "head-words" },
        job.parent && p({ class: "small" }, a({ href: toJob(job.parent) }, "Its parent"), span({ class: "faint" }, `, of which it is the child ${job.childKey}`)),
        div({ class: "row" }, h1(null, called), badge(statusOf(job.status))),
        p({ class: "small soft" }, `${job.pipeline} v${job.version} · `, span({ class: "id" }, job.id))),
      div({ class: "head-tools" }, actions(job, session)),
    ),
    why && standing(why),
    card({ title: "Stages", note: `${job.stagesDone} of ${job.stages} done` }, h(Stages, { job, stages })),
    div(
      { class: "split" },
      div({ class: "stack" },
        split.map((stage) => h(Family, { key: stage.name, job, stage, query })),
        happened(data, job),
        contents(data, session)),
      facts(job),
    ),
  ];
}

function actions(job, session) {
  const ended = ["COMPLETED", "FAILED", "CANCELLED"].includes(job.status);
  const open = job.children?.open ?? 0;
  return [
    !ended && may(session, "CANCEL") && actionButton({
      label: "Cancel", mark: "ban", harsh: true, verb: "Cancel the job", title: "Cancel this job?", path: `${jobPath(job.id)}/cancel`,
      words: [
        "It ends at once, for good unless it is retried. Whoever works on it is fenced: what they write from now on is refused.",
        open > 0 && `Its ${plural(open, "open child is", "open children are")} cancelled after it.`,
        `It is recorded that ${session.user} did this.`,
      ].filter(Boolean),
    }),
    (job.status === "FAILED" || job.status === "CANCELLED") && may(session, "RETRY") && actionButton({
      label: "Retry", mark: "retry", verb: "Retry the job", title: "Retry this job?", path: `${jobPath(job.id)}/retry`,
      words: [
        `It goes on after its last checkpoint: ${job.stagesDone} of ${plural(job.stages, "stage")} stay done${job.stage ? `, and ${job.stage} is next` : ""}.`,
        job.children && "Those of its children that failed or were cancelled are retried with it.",
        `It is recorded that ${session.user} did this.`,
      ].filter(Boolean),
    }),
  ];
}

function facts(job) {
  const row = (words, value) => value !== undefined && value !== false && [dt(null, words), dd(null, value)];
  return card({ title: "Facts" }, dl(
    { class: "facts" },
    row("Holder", job.lease && holder(job.lease.holder)),
    row("Token", job.lease && `#${job.lease.token}`),
    row("Lease", job.lease && h(LeaseAge, { lease: job.lease })),
    row("Attempt", `${job.attempt} at this stage`),
    row("Takeovers", `${job.takeovers} at this stage`),
    row("Run time", job.startedAt && (job.endedAt ? length(Date.parse(job.endedAt) - Date.parse(job.startedAt)) : since(job.startedAt))),
    row("Triggered by", actor(job.triggeredBy)),
    row("Enqueued", agoAndWhen(job.enqueuedAt)),
    row("Started", job.startedAt && agoAndWhen(job.startedAt)),
    row("Due", job.dueAt && ["PENDING", "WAITING"].includes(job.status) && agoAndWhen(job.dueAt)),
    row("Ended", job.endedAt && agoAndWhen(job.endedAt)),
    row("Queue", a({ href: to("history", { queue: job.queue }) }, job.queue)),
    row("Pipeline", a({ href: to("history", { pipeline: job.pipeline }) }, job.pipeline)),
    row("Priority", job.priority),
    row("Key", job.key),
    row("Id", span({ class: "id" }, job.uuid)),
  ));
}

/** The children of a stage: in short, and as a list by status, in pages. */
function Family({ job, stage, query }) {
  const status = query.get("children") ?? "";
  const next = query.get("stage") === stage.name ? query.get("next") ?? "" : "";
  const [open, set] = useState(Boolean(status || next));
  const { counts } = stage.children;
  return card(
    { title: `Children of ${stage.name}`, note: plural(counts.total, "child", "children") },
    h(Children, { children: stage.children }),
    details({ class: "fold", open: open || undefined, onToggle: (event) => set(event.currentTarget.open) },
      summary(null, "All of them as a list"),
      open && h(ChildList, { job, stage, status, next })),
  );
}

function ChildList({ job, stage, status, next }) {
  const children = useData(path(`${jobPath(job.id)}/children`, { stage: stage.name, status, next, limit: 50 }));
  const here = (parameters) => to("job", ...job.id.split("/"), parameters);
  return [
    h("nav", { class: "segments", "aria-label": "Children by status" }, [["", "All"], ...Object.entries(STATUS).map(([value, { words }]) => [value, words])].map(([value, words]) => a(
      { href: here({ children: value || undefined, stage: stage.name }), "aria-current": value === status ? "true" : undefined }, words))),
    when(children, ({ rows, next: after }) => [
      rows.length === 0 ? p({ class: "soft" }, "None.") : h(JobTable, { rows: rows.map((child) => child.job) }),
      after && a({ class: "button", href: here({ children: status, stage: stage.name, next: after }) }, "More", icon("arrow", 13)),
    ]),
  ];
}

function happened(data, job) {
  const failed = data.failures.filter((failure) => failure.kind === "FAILED");
  const failureOf = (event) => event.kind === "FAILED_ATTEMPT"
    ? failed.find((failure) => failure.at === event.at && failure.stage === event.stage) ?? failed.find((failure) => failure.token === event.token && failure.stage === event.stage)
    : undefined;
  return card({ title: "What happened", note: data.timelineComplete ? "oldest first" : "oldest first; there was more than is shown" },
    h(Timeline, { events: data.timeline, status: job.status, failureOf }));
}

function contents({ payload, saved, results }) {
  const part = (words, document) => details({ class: "fold", open: document.bytes < 2_000 && document.tree !== undefined || undefined },
    summary(null, words, span({ class: "faint" }, ` · ${size(document.bytes)}`)), div({ class: "stack" }, json(document, words)));
  return card({ title: "Payload and results" },
    part("Payload", payload),
    saved && part("Saved progress inside the current stage", saved),
    results.map(({ stage, result }) => part(`Result of ${stage}`, result)),
    results.length === 0 && p({ class: "faint small" }, "No stage has a result yet."));
}

const size = (bytes) => (bytes < 1_024 ? plural(bytes, "byte") : bytes < 1_048_576 ? `${(bytes / 1_024).toFixed(1)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`);
