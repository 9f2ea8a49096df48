// Parts that all pages are made of.
import { a, button, code, details, div, dl, dt, dd, h, h1, h2, header, li, p, pre, section, span, strong, summary, ul, useState } from "./html.js";
import { icon } from "./icons.js";
import { toJob, idParts } from "./address.js";
import { told } from "./time.js";

export const STATUS = {
  PENDING: { tone: "calm", icon: "clock", words: "Pending" },
  RUNNING: { tone: "busy", icon: "play", words: "Running" },
  WAITING: { tone: "wait", icon: "wait", words: "Waiting" },
  COMPLETED: { tone: "good", icon: "check", words: "Completed" },
  FAILED: { tone: "bad", icon: "cross", words: "Failed" },
  CANCELLED: { tone: "calm", icon: "ban", words: "Cancelled" },
};

export const SEVERITY = {
  ERROR: { tone: "bad", icon: "cross", words: "Error" },
  WARNING: { tone: "warn", icon: "alert", words: "Warning" },
  NOTICE: { tone: "calm", icon: "info", words: "Notice" },
};

const UNKNOWN = { tone: "calm", icon: "info" };

export const statusOf = (status) => STATUS[status] ?? { ...UNKNOWN, words: status };
export const severityOf = (severity) => SEVERITY[severity] ?? { ...UNKNOWN, words: severity };

export const badge = ({ tone, icon: name, words }) => span({ class: "badge", "data-tone": tone }, icon(name, 12), words);

/** A card with a heading; note stands beside it. */
export function card({ title, note, tools, flush = false, ...more }, ...children) {
  return section(
    { class: "card", "aria-label": title, ...more },
    title && header({ class: "card-head" }, div({ class: "row" }, h2(null, title), note && span({ class: "card-note" }, note)), tools),
    flush ? children : div({ class: "card-body" }, ...children),
  );
}

export function metric({ name, value, unit, beside, tone, mark }) {
  return dl(
    { class: "card metric", "data-tone": tone },
    dt(null, mark && span({ class: "toned" }, icon(mark, 14)), name),
    dd({ class: "figure" }, value, unit && h("small", null, unit)),
    beside && dd({ class: "beside" }, beside),
  );
}

/** When there is nothing: what that means, and what to do. */
export function empty(name, title, words, example) {
  return div({ class: "empty" }, icon(name, 28), h2(null, title), p(null, words), example && pre({ tabIndex: 0 }, code(null, example)));
}

export function notice({ tone, mark, title, words, tools, role = "status" }) {
  return div(
    { class: "notice", "data-tone": tone, role },
    icon(mark),
    div({ class: "words" }, title && strong(null, title), words && p(null, words)),
    tools,
  );
}

/** What is shown instead of data that could not be had. */
export function trouble(problem) {
  if (problem.status === 404) {
    return empty("inbox", "It is not here", problem.message);
  }
  if (problem.status === 401 || problem.status === 403) {
    return empty("key", problem.status === 401 ? "Who are you?" : "You may not see this", problem.message);
  }
  return notice({ tone: "bad", mark: "alert", title: problem.title, words: problem.detail, role: "alert" });
}

/** The page of these data, or what stands in for it meanwhile. */
export function when({ data, problem, loading }, show) {
  if (data) {
    return show(data);
  }
  return loading ? p({ class: "faint", role: "status" }, "Reading…") : trouble(problem);
}

/** A count that may be capped: 10,000+ */
export function count(counted) {
  if (counted === null || counted === undefined) {
    return "–";
  }
  const value = typeof counted === "number" ? counted : counted.value;
  const words = value.toLocaleString("en-US");
  return counted.exact === false ? span({ title: "at least; nobody counts on" }, `${words}+`) : words;
}

export const plural = (number, one, many = `${one}s`) => `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;

export const percent = (share) => (share === null || share === undefined ? "–" : (Math.floor(share * 1_000) / 10).toFixed(1));

export const shortId = (id) => idParts(id)[1].slice(-8);

/** A job's name as a link: its key or its child's key if it has one, and the end of its id. */
export function jobLink(job) {
  const name = job.childKey ?? job.key;
  return a(
    { href: toJob(job.id), title: job.id },
    name ? span({ class: "cut" }, name) : span({ class: "id" }, `…${shortId(job.id)}`),
  );
}

export function actor(by) {
  return by.kind === "USER" ? span({ title: "a user" }, icon("person", 12), " ", by.user ?? "a user") : span({ class: "soft" }, "system");
}

/** Who holds or held a lease: a worker's name, and the claim's own mark, which makes it unique. */
export function holder(name) {
  const cut = name.lastIndexOf("#");
  return span({ class: "holder" }, cut < 0 ? name : [name.slice(0, cut), span({ class: "faint" }, name.slice(cut))]);
}

/** Links of which one is where we are. */
export function segments(label, options, current) {
  return h("nav", { class: "segments", "aria-label": label },
    options.map(({ value, words, href }) => a({ href, "aria-current": value === current ? "true" : undefined }, words)));
}

const DOCUMENT = { CUT: "warn", REDACTED: "calm", HIDDEN: "calm" };

/** A payload, a position or a result, as far as the service shows it. It is text, whatever it looks like. */
export function json(document, name) {
  return [
    document.note && p({ class: "row small soft" }, h("span", { class: "badge", "data-tone": DOCUMENT[document.state] ?? "calm" }, icon("info", 12), document.state.toLowerCase()), document.note),
    document.tree && div({ class: "tree", role: "group", "aria-label": name, tabIndex: 0 }, h(Branch, { value: document.tree, open: true })),
  ];
}

const MOST = 100;

function Branch({ value, label, open = false }) {
  const [shown, show] = useState(MOST);
  const key = label !== undefined && span({ class: "key" }, label, ": ");
  if (value.type !== "object" && value.type !== "array") {
    return span(null, key, leaf(value));
  }
  const array = value.type === "array";
  const entries = (array ? value.items : value.entries) ?? [];
  const [left, right] = array ? ["[", "]"] : ["{", "}"];
  const size = entries.length + (value.more ?? 0);
  if (size === 0) {
    return span(null, key, left + right);
  }
  const many = plural(size, array ? "item" : "field");
  return details(
    { open: open || undefined },
    summary(null, key, span({ class: "faint" }, `${left} ${many} ${right}`)),
    ul(null,
      entries.slice(0, shown).map((one, at) => li({ key: at }, h(Branch, array
        ? { value: one, label: at, open: open && size < 20 }
        : { value: one.value, label: one.key, open: open && size < 20 }))),
      entries.length > shown && li(null, button({ class: "button plain", type: "button", onClick: () => show(shown + MOST) },
        `${entries.length - shown} more`)),
      value.more > 0 && li({ class: "faint" }, `… and ${value.more.toLocaleString("en-US")} more, not sent`),
    ),
  );
}

function leaf({ type, text, more }) {
  const rest = more > 0 && span({ class: "faint" }, ` … and ${plural(more, "character")} more, not sent`);
  if (type === "string") {
    return [span({ class: "text" }, JSON.stringify(text)), rest];
  }
  return type === "number" ? [span({ class: "number" }, text), rest] : span({ class: "word" }, type === "cut" ? "…" : type);
}

/** What stands over a page: its title, a word about it, and tools. */
export function head(title, words, ...tools) {
  return header({ class: "head" }, div({ class: "head-words" }, h1(null, title), words && p({ class: "small soft" }, words)), tools.some(Boolean) && div({ class: "head-tools" }, tools));
}

/** Why something does not move. */
export function standing(it, tools) {
  const look = severityOf(it.severity);
  if (it.severity === "NOTICE") {
    return p({ class: "row small soft why" }, icon("info", 14), span(null, told(it.sentence)), tools);
  }
  return notice({ tone: look.tone, mark: look.icon, title: `${look.words}: it does not move`, words: told(it.sentence), tools, role: "note" });
}

/** A page of a list, and the way to the next. Going back is the browser's button. */
export function pager(words, next) {
  return div({ class: "pager" }, span(null, words), next
    ? a({ class: "button", href: next }, "Older", icon("arrow", 13))
    : span(null, "No more"));
}

