// Jobs under way, a card each, and those that ended last.
import { a, h, p, section } from "../html.js";
import { to } from "../address.js";
import { path } from "../api.js";
import { useData } from "../live.js";
import { JobCard } from "../jobs.js";
import { JobTable } from "../jobtable.js";
import { card, empty, head, plural, segments, when } from "../parts.js";

export function Active({ address, overview }) {
  const queue = address.query.get("queue") ?? "";
  const jobs = useData(path("v1/dashboard/job-progress", { queue }));
  const queues = overview.data?.queues.map((one) => one.queue) ?? [];
  return [
    head("Active jobs", "What runs, longest first, and what waits for its children or for a retry.",
      queues.length > 1 && queues.length < 8 && segments("Queue", [
        { value: "", words: "All queues", href: to("active") },
        ...queues.map((name) => ({ value: name, words: name, href: to("active", { queue: name }) })),
      ], queue)),
    when(jobs, ({ active, complete, recent }) => [
      active.length === 0
        ? card({}, empty("bolt", "Nothing is under way", queue
          ? `No job of ${queue} runs or waits just now.`
          : "No job runs or waits just now. Enqueue one, and start a worker: it shows up here by itself."))
        : section({ class: "grid cards", "aria-label": plural(active.length, "active job") }, families(active).map((one) => h(JobCard, { key: one.job.id, ...one }))),
      !complete && p({ class: "small soft" }, "There may be more: ", a({ href: to("history", { queue, status: ["RUNNING", "WAITING"] }) }, "all of them as a list"), "."),
      recent.length > 0 && card(
        { title: "Ended last", note: "within 24 hours", flush: true, tools: a({ class: "small", href: to("history") }, "History") },
        h(JobTable, { rows: recent, ended: true }),
      ),
    ]),
  ];
}

/** Children stand with their parent, where it is under way, too. */
function families(active) {
  const known = new Set(active.map(({ job }) => job.id));
  const withFamily = (one) => ({ ...one, family: active.filter(({ job }) => job.parent === one.job.id).map(withFamily) });
  return active.filter(({ job }) => !known.has(job.parent)).map(withFamily);
}
