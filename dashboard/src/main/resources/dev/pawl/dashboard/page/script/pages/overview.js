// The first page: figures, charts, queues, and what needs attention.
import { a, div, h, li, p, span, table, tbody, td, th, thead, tr, ul, useState } from "../html.js";
import { icon } from "../icons.js";
import { to, toJob } from "../address.js";
import { Chart, spark } from "../chart.js";
import { useData } from "../live.js";
import { path } from "../api.js";
import { badge, card, count, empty, head, metric, percent, plural, segments, severityOf, when } from "../parts.js";
import { clock, figure, length, since, told } from "../time.js";

const WINDOWS = [["PT1H", "1 h"], ["PT24H", "24 h"], ["P7D", "7 d"], ["P30D", "30 d"]];

export function Overview({ address, overview }) {
  const window = address.query.get("window") ?? "PT24H";
  const other = useData(window === "PT24H" ? null : path("v1/dashboard/overview", { window }));
  const shown = window === "PT24H" ? overview : other;
  return [
    head("Overview", "What ended, what is under way, and what needs a look.",
      segments("Window", WINDOWS.map(([value, words]) => ({ value, words, href: to("overview", value === "PT24H" ? {} : { window: value }) })), window)),
    when(shown, (data) => isEmpty(data) ? welcome() : [
      figures(data),
      charts(data.stats),
      div({ class: "grid lean" }, attention(data), queues(data.queues)),
    ]),
  ];
}

const isEmpty = (data) => data.queues.length === 0 && data.stats.total.ended === 0;

function welcome() {
  return card({ title: "No jobs yet" }, empty("inbox", "Nothing was ever enqueued here",
    "This page is connected, and the database is there. As soon as a service enqueues its first job and a worker runs it, you see it here.",
    'pawl.jobs().enqueue(recap.job(new Request("2026-02-16")));\npawl.worker(handlers).start();'));
}

function figures({ stats, inFlight, due, oldestDue }) {
  const { total } = stats;
  return div(
    { class: "grid metrics" },
    metric({
      name: "Success", mark: "check", tone: "good", value: percent(total.successRate), unit: total.successRate === undefined ? undefined : "%",
      beside: `${plural(total.completed, "job")} completed`,
    }),
    metric({
      name: "Failed", mark: "cross", tone: total.failed ? "bad" : "calm", value: count(total.failed),
      beside: `${plural(total.failedAttempts, "failed attempt")}, ${plural(total.takeovers, "takeover")}`,
    }),
    metric({ name: "Run time, mean", mark: "clock", tone: "calm", value: total.ended ? figure(total.run.meanMs) : "–", beside: total.ended ? `half within ${length(total.run.p50Ms)}` : "nothing ended" }),
    metric({ name: "Run time, p95", mark: "clock", tone: "calm", value: total.ended ? figure(total.run.p95Ms) : "–", beside: total.ended ? `p99 ${length(total.run.p99Ms)}` : "nothing ended" }),
    metric({ name: "In flight", mark: "play", tone: "busy", value: count(inFlight), beside: ["of them running ", count(stats.running)] }),
    metric({ name: "Due", mark: "inbox", tone: "calm", value: count(due), beside: oldestDue ? ["oldest for ", since(oldestDue)] : "nothing waits to be claimed" }),
  );
}

/** The steps of a window one after the other, with those in which nothing ended. */
function steps({ from, to: until, stepMs, series }) {
  const known = new Map(series.map((step) => [Date.parse(step.from), step.figures]));
  const first = series.length ? Date.parse(series[0].from) : Date.parse(from);
  const begin = first - Math.max(0, Math.floor((first - Date.parse(from)) / stepMs)) * stepMs;
  const all = [];
  for (let at = begin; at < Date.parse(until) && all.length < 2_000; at += stepMs) {
    all.push([at / 1_000, known.get(at)]);
  }
  return all;
}

const whole = (value) => (value === null || value === undefined ? "–" : Number.isInteger(value) ? value.toLocaleString("en-US") : "");
const milliseconds = (value) => (value === null || value === undefined ? "–" : length(value));

function charts(stats) {
  const all = steps(stats);
  const times = all.map(([at]) => at);
  const of = (name) => all.map(([, figures]) => figures?.[name] ?? 0);
  const run = (name) => all.map(([, figures]) => (figures?.ended ? figures.run[name] : null));
  const cancelled = of("cancelled");
  return div(
    { class: "grid two" },
    card({ title: "Ended jobs", note: `by steps of ${length(stats.stepMs)}` }, h(Chart, {
      label: "Jobs that ended over time", times, bars: true, format: whole,
      series: [
        { name: "Completed", colour: "--chart-good", values: of("completed") },
        { name: "Failed", colour: "--chart-bad", values: of("failed") },
        ...(cancelled.some(Boolean) ? [{ name: "Cancelled", colour: "--line-strong", values: cancelled }] : []),
      ],
    })),
    card({ title: "Run time", note: "from the first claim to the end" }, h(Chart, {
      label: "Run time over time", times, format: milliseconds,
      series: [
        { name: "Mean", colour: "--chart-one", values: run("meanMs") },
        { name: "p95", colour: "--chart-two", dashed: true, values: run("p95Ms") },
      ],
    })),
  );
}

const FEW = 8;

function attention({ attention: all, audit }) {
  const note = audit.state === "NONE" ? a({ href: to("audit") }, "No audit yet")
    : a({ href: to("audit") }, audit.state === "RUNNING" ? "An audit is under way" : ["Audited", audit.endedAt && ` at ${clock(audit.endedAt)}`]);
  return card(
    { title: "Needs attention", flush: true, tools: span({ class: "card-note" }, note) },
    all.length === 0
      ? empty("check", "Nothing does", "No queue is behind or paused, no scan fails, no lease has expired without a successor.")
      : h(Attention, { all }),
  );
}

function Attention({ all }) {
  const [shown, show] = useState(FEW);
  return ul(
    { class: "attention" },
    all.slice(0, shown).map((one) => {
      const look = severityOf(one.severity);
      return li(
        { "data-tone": look.tone },
        span({ class: "mark", title: look.words }, icon(look.icon, 14), span({ class: "sr" }, look.words)),
        div(null,
          p(null, h("b", null, one.subject), one.since && span({ class: "faint small" }, " for ", since(one.since))),
          p(null, told(one.sentence)),
          p({ class: "faint" }, one.advice)),
        where(one),
      );
    }),
    all.length > shown && li(null, span(null), h("button", { class: "button", type: "button", onClick: () => show(all.length) }, `${all.length - shown} more`)),
  );
}

function where({ job, queue, scan, subject }) {
  const href = job ? toJob(job) : scan ? to("scans", scan) : queue ? to("history", { queue }) : to("audit");
  return a({ class: "button", href, "aria-label": `Look at ${subject}` }, "Look", icon("arrow", 13));
}

function queues(all) {
  return card(
    { title: "Queues", flush: true, tools: a({ class: "small", href: to("queues") }, "All about them") },
    div({ class: "table-box" }, table(
      { class: "folds" },
      thead(null, tr(null, ["Queue", "Due", "Running", "Waiting"].map((name, at) => th({ scope: "col", class: at ? "number" : undefined }, name)), th({ scope: "col" }, "Ended, 24 h"))),
      tbody(null, all.map((queue) => tr(
        null,
        td({ class: "lead" }, span({ class: "row" }, a({ href: to("history", { queue: queue.queue }) }, queue.queue),
          queue.pausedAt && badge({ tone: "warn", icon: "pause", words: "Paused" }))),
        td({ class: "number", "data-label": "Due" }, span(null, count(queue.due), queue.oldestDue && span({ class: "second" }, "for ", since(queue.oldestDue)))),
        td({ class: "number", "data-label": "Running" }, count(queue.running)),
        td({ class: "number", "data-label": "Waiting" }, count(queue.waiting)),
        td({ "data-label": "Ended, 24 h" }, sparkOf(queue)),
      ))),
    )),
  );
}

/** How many jobs of a queue ended in each of the last 24 hours. */
export function sparkOf({ queue, ended }) {
  if (ended.length === 0) {
    return span({ class: "faint small" }, "none");
  }
  const hour = 3_600_000;
  const last = Date.parse(ended.at(-1).from);
  const sums = new Map(ended.map((step) => [Date.parse(step.from), step.completed + step.failed + step.cancelled]));
  const values = Array.from({ length: 24 }, (_, at) => sums.get(last - (23 - at) * hour) ?? 0);
  const all = values.reduce((sum, value) => sum + value, 0);
  return spark(values, `${plural(all, "job")} of ${queue} ended in the last 24 hours, ${plural(values.at(-1), "job")} in the last hour`);
}
