// Audits: what was found, what a repair would do, repairs, and what was repaired.
import { a, button, div, h, h3, h4, input, label, p, span, table, tbody, td, th, thead, tr, ul, li, useState } from "../html.js";
import { icon } from "../icons.js";
import { to, toJob } from "../address.js";
import { path } from "../api.js";
import { refresh, useData } from "../live.js";
import { actionButton, may, send } from "../actions.js";
import { actor, card, empty, head, notice, pager, plural, severityOf, shortId, when } from "../parts.js";
import { agoAndWhen, length, moment, told as withTimes } from "../time.js";

const LIMIT = 50;

export function Audit({ address, session }) {
  const next = address.query.get("next") ?? "";
  const audit = useData("v1/audit");
  const repairs = useData(path("v1/repairs", { limit: LIMIT, next }), { live: next === "" });
  const [refused, refuse] = useState(null);
  const begin = () => send("v1/audit").then(() => refuse(null), refuse).then(refresh);
  return [
    head("Audit", "Looks at all jobs, queues, scans and leases for what must not be. It changes nothing.",
      session?.permissions && button({ class: "button main-one", type: "button", disabled: audit.data?.state === "RUNNING", onClick: begin },
        icon("shield", 14), audit.data?.state === "RUNNING" ? "Under way…" : "Audit now")),
    refused && notice({ tone: "bad", mark: "alert", title: refused.title, words: refused.detail, role: "alert" }),
    when(audit, (data) => h(Found, { key: data.startedAt, data, session })),
    when(repairs, ({ repairs: all, next: after }) => card({ title: "Repairs", note: next ? "older ones; newer ones are a page back" : "latest first", flush: true }, all.length === 0
      ? empty("wrench", "Nothing was repaired", "Each repair is recorded here: who, when, what the job was, and what it became.")
      : [record(all), pager(plural(all.length, "repair"), after && to("audit", { next: after }))])),
  ];
}

function told(data) {
  const jobs = plural(data.jobs, "job");
  switch (data.state) {
    case "NONE": return "There was none since this service started.";
    case "RUNNING": return `It has looked at ${jobs} so far.`;
    case "FAILED": return `The last one failed at ${moment(data.endedAt)}: ${data.note ?? "the log says why"}`;
    default: return `It looked at ${jobs} within ${length(Date.parse(data.endedAt) - Date.parse(data.startedAt))}, until ${moment(data.endedAt)}${data.note ? `. ${data.note}` : ""}`;
  }
}

function Found({ data, session }) {
  const [picked, pick] = useState(new Set());
  const [planned, plan] = useState(null);
  const [problem, fail] = useState(null);
  const repairs = may(session, "REPAIR");
  const asked = (ids) => send("v1/repairs/plan", { violations: ids }).then((plans) => {
    fail(null);
    plan(plans);
  }, fail);
  const toggle = (id) => {
    const now = new Set(picked);
    pick(now.delete(id) ? now : now.add(id));
  };
  return card(
    {
      title: "Findings", note: told(data), flush: true,
      tools: repairs && picked.size > 0 && button({ class: "button", type: "button", onClick: () => asked([...picked]) },
        icon("wrench", 14), `Plan ${plural(picked.size, "repair")}`),
    },
    problem && div({ class: "card-body" }, notice({ tone: "bad", mark: "alert", title: problem.title, words: problem.detail, role: "alert" })),
    planned && h(Plans, { planned, session, close: () => plan(null) }),
    data.violations.length === 0
      ? data.state === "NONE"
        ? empty("shield", "Not audited yet", "An audit finds jobs whose rows contradict each other, work that nobody takes, forgotten pauses and scans that stand still. It takes no lock and can run at any time.")
        : data.state !== "RUNNING" && empty("check", "Nothing is wrong", "No invariant is violated.")
      : ul({ class: "attention" }, data.violations.map((one) => finding(one, repairs, picked.has(one.id), () => toggle(one.id)))),
    data.found > data.violations.length && p({ class: "card-body small soft" }, `${data.found} were found; the first ${data.violations.length} are shown.`),
  );
}

const capital = (sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1);

function finding(one, repairs, checked, toggle) {
  const look = severityOf(one.severity);
  return li(
    { "data-tone": look.tone, key: one.id },
    span({ class: "mark", title: look.words }, icon(look.icon, 14), span({ class: "sr" }, look.words)),
    div(null,
      p({ class: "row" }, h("code", null, one.code), one.job ? a({ class: "id", href: toJob(one.job) }, one.job) : h("b", null, one.subject)),
      p(null, h("b", null, withTimes(capital(one.found)))),
      p(null, one.meaning),
      p({ class: "faint" }, one.advice)),
    repairs && one.job && label({ class: "tick nowrap" }, input({ type: "checkbox", checked, onChange: toggle, "aria-label": `Choose ${one.code} of ${one.subject}` }), "Choose"),
  );
}

/** What would be done, before and after, and what has no plan. */
function Plans({ planned, session, close }) {
  const { plans, without } = planned;
  const done = (answer) => answer.repaired.map((one) => `${one.subject}: ${RESULT[one.result] ?? one.result}`).join(" ");
  return div(
    { class: "card-body stack plans" },
    div({ class: "row spread" }, h3(null, plans.length === 0 ? "There is nothing to repair" : `${plural(plans.length, "repair")} planned, nothing done yet`),
      button({ class: "button plain", type: "button", onClick: close }, "Put it away")),
    plans.map((one) => div({ class: "stack plan" },
      p({ class: "row small" }, h("code", null, one.code), one.job ? a({ class: "id", href: toJob(one.job) }, one.job) : one.subject,
        one.outputsExist !== undefined && span({ class: "soft" }, one.outputsExist ? "its outputs exist" : "its outputs do not exist")),
      change(one))),
    without.length > 0 && ul({ class: "small soft" }, without.map((one) => li(null, one.why))),
    plans.length > 0 && div({ class: "row" }, actionButton({
      label: "Repair", mark: "wrench", verb: "Repair", title: `Carry out ${plural(plans.length, "repair")}?`, path: "v1/repairs", told: done,
      body: { plans: plans.map((one) => one.plan) },
      words: [
        "Each job becomes what the plan shows, if it still is what it was when the plan was made; if not, nothing is done to it.",
        "Whoever holds one of them is fenced: what they write from now on is refused.",
        `It is recorded that ${session.user} did this, with what was before and after.`,
      ],
    })),
  );
}

const RESULT = { DONE: "repaired.", HAS_CHANGED_SINCE: "has changed since, and was left alone. Audit again.", BUSY: "somebody's open transaction has it locked; nothing was done." };

const change = (one) => div({ class: "change" },
  div({ "data-tone": "bad" }, h4(null, "Before"), p(null, one.before)),
  div({ "data-tone": "good" }, h4(null, "After"), p(null, one.after)));

function record(all) {
  return div({ class: "table-box" }, table({ class: "folds" },
    thead(null, tr(null, ["When", "By", "Job", "What", "Before and after"].map((name) => th({ scope: "col" }, name)))),
    tbody(null, all.map((one) => tr(null,
      td({ class: "nowrap", "data-label": "When" }, agoAndWhen(one.at)), td({ "data-label": "By" }, actor(one.by)),
      td({ "data-label": "Job" }, a({ class: "id", href: toJob(one.job), title: one.job }, `…${shortId(one.job)}`)),
      td({ "data-label": "What" }, h("code", null, one.code)),
      td({ class: "wide", "data-label": "" }, change(one)))))));
}
