// Scans: which lap, where the cursor stands, how many rows, and the page that fails.
import { a, code, div, dl, dd, dt, h, h2, header, p, pre, span, table, tbody, td, th, thead, tr } from "../html.js";
import { to } from "../address.js";
import { icon } from "../icons.js";
import { useData } from "../live.js";
import { actionButton, may } from "../actions.js";
import { actor, badge, card, empty, head, holder, plural, severityOf, when } from "../parts.js";
import { ago, agoAndWhen, since, told } from "../time.js";

export function Scans({ address, session }) {
  const name = address.parts[0];
  return name ? h(One, { name, session }) : h(All, { session });
}

function All({ session }) {
  const answer = useData("v1/scans");
  return [
    head("Scans", "Walks over rows, lap after lap: where each of them stands."),
    when(answer, ({ scans }) => scans.length === 0
      ? card({}, empty("scan", "No scans", "A scan shows up here when a service opens it for the first time.", 'pawl.scan("articles", rows).inTransaction(page -> …).every(Duration.ofMinutes(5));'))
      : div({ class: "grid cards" }, scans.map((scan) => h(Scan, { key: scan.name, scan, session })))),
  ];
}

function One({ name, session }) {
  const answer = useData(`v1/scans/${encodeURIComponent(name)}`);
  return [
    head(name, a({ href: to("scans") }, "All scans")),
    when(answer, ({ scan, skipped }) => [
      h(Scan, { scan, session, alone: true }),
      card({ title: "Pages that were stepped over", flush: true }, skipped.length === 0
        ? empty("check", "None", "Nobody has stepped over a page of this scan.")
        : skippedPages(skipped)),
    ]),
  ];
}

const look = (scan) => scan.failed?.failing ? { tone: "bad", icon: "cross", words: "Failing" }
  : scan.failed ? { tone: "warn", icon: "retry", words: "Trying again" }
    : scan.lap.startedAt ? { tone: "busy", icon: "play", words: "In a lap" }
      : { tone: "good", icon: "check", words: "Between laps" };

function Scan({ scan, session, alone }) {
  const { lap } = scan;
  const row = (words, value) => value !== undefined && [dt(null, words), dd(null, value)];
  const key = (json) => json !== undefined ? code(null, json) : undefined;
  return h("article", { class: "card", "aria-label": `Scan ${scan.name}` },
    header({ class: "card-head" },
      div({ class: "row" }, h2(null, alone ? "Where it stands" : a({ href: to("scans", scan.name) }, scan.name)), badge(look(scan))),
      skip(scan, session)),
    div({ class: "card-body stack" },
      div({ class: "counts" },
        figure("Lap", lap.number.toLocaleString("en-US"), lap.startedAt && ["began ", ago(lap.startedAt)]),
        figure("Rows in this lap", lap.rows.toLocaleString("en-US"), `in ${plural(lap.pages, "page")}`),
        figure("Rows in the last lap", scan.lastLapRows.toLocaleString("en-US"), scan.lastWrapAt ? ["wrapped ", ago(scan.lastWrapAt)] : "it has not wrapped yet")),
      dl({ class: "facts" },
        row("Cursor", key(lap.cursor) ?? (lap.startedAt ? "before the first row" : "between laps")),
        row("End of the lap", key(lap.end)),
        row("Keyset", code(null, scan.keyset)),
        row("Last page", scan.lastPageAt && agoAndWhen(scan.lastPageAt)),
        row("Walked by", scan.holder ? [holder(scan.holder), ` under #${scan.token}, for `, since(scan.since)] : "nobody just now"),
        row("Told of new work", scan.nudgedAt && ago(scan.nudgedAt))),
      scan.failed && failedPage(scan.failed, scan.standing)));
}

const figure = (words, value, beside) => div({ class: "count-of" }, p({ class: "faint small" }, words), p({ class: "middle" }, value), beside && p({ class: "faint small" }, beside));

/** Why it does not move: the page at which it stands, and what went wrong there. */
function failedPage(failed, standing) {
  const look = severityOf(standing?.severity ?? "WARNING");
  const row = (words, value) => value !== undefined && [dt(null, words), dd(null, value)];
  return div({ class: "failed-page", "data-tone": look.tone },
    h("h3", { class: "row tight toned" }, icon(look.icon, 14), failed.failing ? "It does not move: it stands at a page that fails" : "A page failed, and is tried again"),
    dl({ class: "facts" },
      row("Tried", [plural(failed.attempts, "time"), ", first ", ago(failed.since), ", again ", ago(failed.retryAt), ", by ", `the walk under #${failed.token}`]),
      row("After", failed.after ? code(null, failed.after) : "the start"),
      row("Up to", failed.bounds ? [code(null, failed.bounds.last), `, ${plural(failed.bounds.rows, "row")}`, failed.bounds.hasSuccessor ? "" : ", the last page of the lap"] : "unknown: its rows could not be read"),
    ),
    pre({ class: "trace", tabIndex: 0, "aria-label": "Its error" }, failed.error));
}

function skip(scan, session) {
  const { failed } = scan;
  if (!failed?.bounds || !may(session, "SKIP")) {
    return null;
  }
  return actionButton({
    label: "Step over the page", mark: "skip", harsh: true, verb: "Step over it", title: `Step over a page of ${scan.name}?`,
    path: `v1/scans/${encodeURIComponent(scan.name)}/skip`,
    body: { step: failed.step, lap: failed.lap, last: failed.bounds.last, rows: failed.bounds.rows },
    words: [
      `${plural(failed.bounds.rows, "row")} will not be handled in this lap: those ${failed.after ? `after ${failed.after}` : "from the start"} up to ${failed.bounds.last}. The scan goes on behind them.`,
      "The page is written down with its error, so that somebody can see to its rows later.",
      `It is recorded that ${session.user} did this.`,
    ],
  });
}

function skippedPages(pages) {
  const names = ["When", "By", "Lap", "From", "To", "Rows", "Error"];
  return div({ class: "table-box" }, table({ class: "folds" },
    thead(null, tr(null, names.map((name) => th({ scope: "col" }, name)))),
    tbody(null, pages.map((page) => tr(null,
      td({ "data-label": "When" }, ago(page.at)), td({ "data-label": "By" }, actor(page.by)), td({ "data-label": "Lap" }, page.lap),
      td({ "data-label": "From" }, page.after ? code(null, page.after) : "the start"), td({ "data-label": "To" }, page.last ? code(null, page.last) : "–"),
      td({ "data-label": "Rows" }, page.rows ?? "–"), td({ "data-label": "Error" }, told(page.error)))))));
}
