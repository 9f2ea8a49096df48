// What shows jobs, on whichever page.
import { a, details, div, h, heard, li, ol, p, span, summary, ul } from "./html.js";
import { icon } from "./icons.js";
import { toJob, to } from "./address.js";
import { actor, badge, holder, jobLink, plural, standing, statusOf } from "./parts.js";
import { agoAndWhen, clock, length, since, told, useNow, whole } from "./time.js";

const STAGE = {
  DONE: { mark: "check", words: "done" },
  CURRENT: { mark: "dot", words: "current" },
  TO_DO: { mark: "ring", words: "to do" },
};

function currentTone(status) {
  return { FAILED: "bad", WAITING: "wait", CANCELLED: "calm", PENDING: "calm" }[status] ?? "busy";
}

/** The stages of a job, in order, with how far it is. brief: names only where there is room. */
export function Stages({ job, stages, brief = false }) {
  const tone = currentTone(job.status);
  const mark = { FAILED: "cross", WAITING: "wait", CANCELLED: "ban" }[job.status] ?? STAGE.CURRENT.mark;
  const current = stages.find((stage) => stage.state === "CURRENT");
  return [
    ol(
      { class: `stages${brief ? " brief" : ""}`, "aria-label": "Stages", "data-tone": tone, "data-moving": job.status === "RUNNING" || undefined },
      stages.map((stage) => li(
        { class: "stage", "data-state": stage.state, title: stageWords(stage) },
        span({ class: "bar" }),
        span({ class: "name" }, icon(stage.state === "CURRENT" ? mark : STAGE[stage.state].mark, 11), span(null, stage.name), heard(`, ${STAGE[stage.state].words}`)),
        span({ class: "time" }, stage.state === "CURRENT" && stage.startedAt && job.status === "RUNNING"
          ? since(stage.startedAt)
          : stage.tookMs !== undefined ? length(stage.tookMs) : "\u00a0"),
      )),
    ),
    brief && p(
      { class: "stages-words", "aria-hidden": "true" },
      `${job.stagesDone} of ${plural(job.stages, "stage")}`, current && [" · now ", h("b", null, current.name)],
    ),
  ];
}

function stageWords(stage) {
  const took = stage.tookMs !== undefined ? `, took ${length(stage.tookMs)}` : "";
  const tried = stage.attempts > 1 ? `, tried ${plural(stage.attempts, "time")}` : "";
  return `${stage.name}: ${STAGE[stage.state].words}${took}${tried}`;
}

/** The children of a stage: how they are in all, and the first ones by name. */
export function Children({ children, more }) {
  const { counts, first } = children;
  return div(
    { class: "stack children-box" },
    h(Share, { counts }),
    ul({ class: "children", "aria-label": "Children" },
      first.map(({ key, job }) => h(Child, { key, name: key, job })),
      counts.total > first.length && li(null, more ?? span({ class: "faint small" }, `and ${plural(counts.total - first.length, "more", "more")}`))),
  );
}

function Child({ name, job }) {
  const { tone, icon: mark, words } = statusOf(job.status);
  return li(null, a({ class: "child", "data-tone": tone, href: toJob(job.id), title: `${name}: ${words}` },
    icon(mark, 11), span(null, name), heard(`, ${words}`)));
}

const SHARES = [["completed", "good"], ["failed", "bad"], ["cancelled", "calm"]];

/** How many of the children have ended, and how, as a bar and in words. */
function Share({ counts }) {
  let x = 0;
  const total = Math.max(1, counts.total);
  const words = [
    `${counts.completed} of ${plural(counts.total, "child", "children")} completed`,
    counts.failed && `${counts.failed} failed`, counts.cancelled && `${counts.cancelled} cancelled`,
    counts.open && `${counts.open} open`,
  ].filter(Boolean).join(", ");
  return div(
    null,
    p({ class: "small soft" }, words),
    div({ class: "share", "aria-hidden": "true" }, h("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none" },
      SHARES.map(([name, tone]) => {
        const width = (counts[name] / total) * 100;
        const at = x;
        x += width;
        return h("rect", { "data-tone": tone, x: at, y: 0, width, height: 6 });
      }))),
  );
}

/** How long the holder has had the lease, and how long the lease has to run. */
export function LeaseAge({ lease }) {
  const left = Date.parse(lease.expiresAt) - useNow();
  return span({ title: `held since ${clock(lease.since)}, expires at ${clock(lease.expiresAt)}` },
    since(lease.since), left >= 0 ? ` old, ${whole(left)} left` : h("b", { class: "toned", "data-tone": "bad" }, `, expired ${whole(-left)} ago`));
}

/** Why it stands still is told by its children already. */
const waitsForChildren = (job) => job.status === "WAITING" && job.children && !job.dueAt;

/** A job that is under way, as a card, with its children that are under way. */
export function JobCard({ job, stages, standing: why, family = [], nested = false }) {
  const split = stages.find((stage) => stage.state === "CURRENT" && stage.children);
  return h("article", { class: nested ? "job-card nested" : "card job-card", "aria-label": `${job.pipeline} ${job.childKey ?? job.key ?? job.id}` },
    div(
      { class: "job-title" },
      span({ class: "row" }, jobLink(job), span({ class: "faint small" }, `${job.pipeline} v${job.version}`)),
      badge(statusOf(job.status)),
    ),
    h(Stages, { job, stages, brief: true }),
    why && !waitsForChildren(job) && standing(why),
    split && h(Children, { children: split.children, more: a({ class: "child", "data-tone": "calm", href: toJob(job.id) }, `${split.children.counts.total - split.children.first.length} more`) }),
    div(
      { class: "job-facts" },
      job.lease && span({ title: "who holds it, and under which token" }, icon("key", 12), span(null, holder(job.lease.holder), ` under #${job.lease.token}`)),
      job.lease && span(null, icon("clock", 12), span(null, "lease ", h(LeaseAge, { lease: job.lease }))),
      job.attempt > 0 && span({ title: "at this stage" }, icon("retry", 12), `attempt ${job.attempt}`),
      job.takeovers > 0 && span({ class: "toned", "data-tone": "warn" }, icon("swap", 12), plural(job.takeovers, "takeover")),
      job.startedAt && span(null, icon("play", 12), span(null, "under way for ", since(job.startedAt))),
      span(null, icon("queue", 12), a({ href: to("history", { queue: queueOf(job) }) }, queueOf(job))),
      job.parent && !nested && span(null, icon("fork", 12), a({ href: toJob(job.parent) }, "its parent")),
      span(null, span(null, "by ", actor(job.triggeredBy))),
    ),
    family.map((child) => h(JobCard, { key: child.job.id, ...child, nested: true })));
}

export const queueOf = (job) => job.queue;

const EVENTS = {
  ENQUEUED: { tone: "calm", mark: "inbox", words: "Enqueued" },
  REPAIRED: { tone: "warn", mark: "wrench", words: "Repaired" },
  TAKEN_OVER: { tone: "warn", mark: "swap", words: "Taken over" },
  FANNED_OUT: { tone: "wait", mark: "fork", words: "Split into children" },
  CHECKPOINTED: { tone: "good", mark: "check", words: "Stage done" },
  FAILED_ATTEMPT: { tone: "bad", mark: "cross", words: "Attempt failed" },
  CANCELLED: { tone: "calm", mark: "ban", words: "Cancelled" },
  ENDED: { tone: "good", mark: "check", words: "Ended" },
  REFUSED: { tone: "warn", mark: "shield", words: "Write refused" },
  RETRIED: { tone: "busy", mark: "retry", words: "Retried" },
};

const ENDS = {
  FAILED: { tone: "bad", mark: "cross", words: "Failed" },
  CANCELLED: { tone: "calm", mark: "ban", words: "Cancelled" },
  COMPLETED: { tone: "good", mark: "check", words: "Completed" },
};

/** What happened to a job, oldest first, with the failure of each failed attempt folded under it. */
export function Timeline({ events, status, failureOf }) {
  return ol({ class: "timeline" }, events.map((event) => h(Event, { event, status, failure: failureOf(event) })));
}

function Event({ event, status, failure }) {
  const look = event.kind === "ENDED" ? ENDS[status] ?? EVENTS.ENDED : EVENTS[event.kind] ?? { tone: "calm", mark: "dot", words: event.kind };
  const whose = event.kind === "TAKEN_OVER" ? " from " : " by ";
  const under = [event.holder && [whose, holder(event.holder)], event.token && ` under #${event.token}`].filter(Boolean);
  return li(
    { class: "event", "data-tone": look.tone },
    span({ class: "mark" }, icon(look.mark, 13)),
    div(
      { class: "what" },
      p(null, h("b", null, look.words), event.stage && [": ", event.stage],
        under.length > 0 && span({ class: "soft" }, under), event.by && [" · ", actor(event.by)]),
      event.detail && p(null, told(event.detail)),
      failure?.stackTrace && details({ class: "fold" }, summary(null, "Stack trace"),
        h("pre", { class: "trace", tabIndex: 0 }, failure.stackTrace)),
    ),
    span({ class: "at" }, agoAndWhen(event.at)),
  );
}
