// Queues: what is in them, and whether anything is claimed from them.
import { a, div, h, h2, header, p, span } from "../html.js";
import { to } from "../address.js";
import { useData } from "../live.js";
import { actionButton, may } from "../actions.js";
import { actor, badge, card, count, empty, head, standing, when } from "../parts.js";
import { ago, since } from "../time.js";
import { sparkOf } from "./overview.js";

export function Queues({ session }) {
  const answer = useData("v1/queues");
  return [
    head("Queues", "What is due, what runs, and whether anything may be claimed."),
    when(answer, ({ queues }) => queues.length === 0
      ? card({}, empty("queue", "No queues yet", "A queue comes into being with its first job."))
      : div({ class: "grid cards" }, queues.map((queue) => h(Queue, { key: queue.queue, queue, session })))),
  ];
}

function Queue({ queue, session }) {
  const name = queue.queue;
  const list = (words, counted, parameters, beside) => div(
    { class: "count-of" },
    p({ class: "faint small" }, words),
    p({ class: "middle" }, counted.value === 0 ? span({ class: "faint" }, "0") : parameters ? a({ href: to("history", { queue: name, ...parameters }) }, count(counted)) : count(counted)),
    beside && p({ class: "faint small" }, beside),
  );
  return h("article", { class: "card", "aria-label": `Queue ${name}` },
    header({ class: "card-head" },
      div({ class: "row" }, h2(null, name), queue.pausedAt
        ? badge({ tone: "warn", icon: "pause", words: "Paused" })
        : badge({ tone: "good", icon: "play", words: "Open" })),
      pauseOrResume(queue, session)),
    div({ class: "card-body stack" },
      queue.pausedAt && queue.standing?.severity !== "WARNING" && p({ class: "small soft" }, "Paused ", ago(queue.pausedAt), queue.pausedBy && [" by ", actor(queue.pausedBy)], ". What runs goes on; nothing new is claimed."),
      queue.standing && !(queue.pausedAt && queue.standing.severity === "NOTICE") && standing(queue.standing),
      div({ class: "counts" },
        list("Due", queue.due, { status: "PENDING" }, queue.oldestDue && ["oldest for ", since(queue.oldestDue)]),
        list("Running", queue.running, { status: "RUNNING" }),
        list("Waiting", queue.waiting, { status: "WAITING" }),
        list("Scheduled", queue.scheduled, null, "for later"),
        div({ class: "count-of" }, p({ class: "faint small" }, "Ended, 24 h"), div({ class: "middle" }, sparkOf(queue))))));
}

function pauseOrResume(queue, session) {
  if (!may(session, "PAUSE")) {
    return null;
  }
  const base = `v1/queues/${encodeURIComponent(queue.queue)}`;
  const record = `It is recorded that ${session.user} did this.`;
  return queue.pausedAt
    ? actionButton({
      label: "Resume", mark: "play", verb: "Resume the queue", title: `Resume ${queue.queue}?`, path: `${base}/resume`,
      words: ["Workers claim from it again, at once. What has been due meanwhile comes first.", record],
    })
    : actionButton({
      label: "Pause", mark: "pause", verb: "Pause the queue", title: `Pause ${queue.queue}?`, path: `${base}/pause`,
      words: ["Nothing is claimed from it until it is resumed, by any worker. Jobs that are held go on to their end.", record],
    });
}
