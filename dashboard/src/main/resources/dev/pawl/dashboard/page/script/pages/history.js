// All jobs, by filters that stand in the address.
import { a, button, div, form, h, input, label, option, select, span, useEffect, useRef, useState } from "../html.js";
import { to } from "../address.js";
import { path } from "../api.js";
import { useData } from "../live.js";
import { JobTable } from "../jobtable.js";
import { STATUS, card, empty, head, pager, plural, when } from "../parts.js";

const TEXTS = ["queue", "pipeline", "status", "trigger", "user", "roots", "ended"];
const ENDED = [["", "at any time"], ["PT1H", "in the last hour", 1], ["PT24H", "in the last 24 hours", 24], ["P7D", "in the last 7 days", 168]];
const LIMIT = 50;

function filterOf(query) {
  return Object.fromEntries(TEXTS.map((name) => [name, name === "status" ? query.getAll(name) : query.get(name) ?? ""]));
}

/** The request for a filter. A span of ends begins at a whole minute, so that pages after the first have the same one. */
function request(filter, query) {
  const hours = ENDED.find(([value]) => value === filter.ended)?.[2];
  const from = query.get("since") ?? (hours ? new Date(Math.floor(Date.now() / 60_000 - hours * 60) * 60_000).toISOString() : "");
  const { ended, ...rest } = filter;
  return { ...rest, ...(hours ? { endedFrom: from, endedTo: "9999-01-01T00:00:00Z" } : {}) };
}

export function History({ address, overview }) {
  const { query } = address;
  const filter = filterOf(query);
  const next = query.get("next") ?? "";
  const text = query.toString();
  const [asked, ask] = useState(() => request(filter, query));
  useEffect(() => ask(request(filter, query)), [text]);
  const jobs = useData(path("v1/jobs", { ...asked, limit: LIMIT, next }), { live: next === "" });
  const filtered = TEXTS.some((name) => filter[name].length > 0);
  return [
    head("History", next ? "Older jobs; newer ones are a page back." : "All jobs, newest first."),
    card({ "aria-label": "Filter" }, h(Filter, { text, filter, queues: overview.data?.queues ?? [] })),
    card({ "aria-label": "Jobs", flush: true }, when(jobs, ({ rows, next: after }) => [
      rows.length > 0 && h(JobTable, { rows, ended: filter.ended !== "" }),
      rows.length === 0 && !after && (filtered || next
        ? empty("list", "No such job", "Take a part of the filter away. What was deleted after its time is not here any more.")
        : empty("inbox", "No jobs yet", "Enqueue one: it shows up here by itself.")),
      (rows.length > 0 || after) && pager(
        rows.length === 0 ? "None among the jobs that this page looked at" : plural(rows.length, "job"),
        after && to("history", { ...filter, since: asked.endedFrom ?? "", next: after }),
      ),
    ])),
  ];
}

function Filter({ text: at, filter, queues }) {
  const box = useRef(null);
  useEffect(() => { // fields are set when the address changes only, so that no update takes away what is being typed
    for (const name of TEXTS) {
      const field = box.current.elements[name];
      if (field.type === "checkbox") {
        field.checked = filter[name] === "true";
      } else {
        field.value = [filter[name]].flat()[0] ?? "";
      }
    }
  }, [at]);
  const change = (event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget.form ?? event.currentTarget);
    const user = fields.get("user").trim();
    const chosen = Object.fromEntries(TEXTS.map((name) => [name, fields.get(name)?.trim() ?? ""]));
    location.hash = to("history", { ...chosen, user, trigger: user ? "USER" : chosen.trigger });
  };
  const text = (name, words, more) => label({ class: "field" }, span(null, words),
    input({ name, type: "text", onChange: change, autocomplete: "off", spellcheck: false, maxLength: 255, ...more }));
  const choice = (name, words, options) => label({ class: "field" }, span(null, words),
    select({ name, onChange: change }, options.map(([value, told]) => option({ value }, told))));
  return form(
    { ref: box, class: "fields", onSubmit: change, role: "search", "aria-label": "Jobs" },
    text("queue", "Queue", { list: "queues" }),
    h("datalist", { id: "queues" }, queues.map(({ queue }) => option({ value: queue }))),
    text("pipeline", "Pipeline"),
    choice("status", "Status", [["", "any"], ...Object.entries(STATUS).map(([value, { words }]) => [value, words])]),
    choice("trigger", "Triggered by", [["", "anybody"], ["USER", "a user"], ["SYSTEM", "the system"]]),
    text("user", "User"),
    choice("ended", "Ended", ENDED),
    label({ class: "tick" }, input({ type: "checkbox", name: "roots", value: "true", onChange: change }), "No children"),
    div({ class: "row tight" }, button({ class: "button", type: "submit" }, "Find"), a({ class: "button plain", href: to("history") }, "Clear")),
  );
}
