// The page: its frame, and the one of its parts that the address names.
import { a, aside, button, div, h, h1, header, main, nav, p, render, span, useEffect, useRef, useState } from "./html.js";
import { Mark, icon } from "./icons.js";
import { to, useAddress } from "./address.js";
import { Asking, useSession } from "./actions.js";
import { start, useConnection, useData } from "./live.js";
import { notice } from "./parts.js";
import { choose, chosen } from "./theme.js";
import { ago } from "./time.js";
import { Overview } from "./pages/overview.js";
import { Active } from "./pages/active.js";
import { History } from "./pages/history.js";
import { Job } from "./pages/job.js";
import { Queues } from "./pages/queues.js";
import { Scans } from "./pages/scans.js";
import { Audit } from "./pages/audit.js";

const PAGES = [
  { page: "overview", title: "Overview", mark: "home", show: Overview },
  { page: "active", title: "Active jobs", brief: "Active", mark: "bolt", show: Active },
  { page: "history", title: "History", mark: "list", show: History },
  { page: "queues", title: "Queues", mark: "queue", show: Queues },
  { page: "scans", title: "Scans", mark: "scan", show: Scans },
  { page: "audit", title: "Audit", mark: "shield", show: Audit },
];
const JOB = { page: "job", under: "history", title: "Job", show: Job };

function Navigation({ current, attention }) {
  return nav({ class: "nav", "aria-label": "Pages" }, PAGES.map(({ page, title, brief, mark }) => a(
    { href: to(page), "aria-current": current.page === page ? "page" : current.under === page ? "true" : undefined },
    icon(mark), span({ class: "title" }, brief ?? title, brief && span({ class: "rest" }, title.slice(brief.length))),
    page === "overview" && attention > 0 && span({ class: "count" }, attention, span({ class: "sr" }, " need attention")),
  )));
}

function Themes() {
  const [theme, set] = useState(chosen());
  const options = [["light", "sun", "Light"], ["system", "screen", "As the system"], ["dark", "moon", "Dark"]];
  return div({ class: "segments icons", role: "group", "aria-label": "Colours" }, options.map(([name, mark, words]) => button(
    {
      type: "button", title: words, "aria-label": words, "aria-pressed": String(theme === name),
      onClick: () => {
        choose(name);
        set(name);
      },
    },
    icon(mark, 14),
  )));
}

const STATES = { connecting: "Connecting", live: "Live", polling: "Every few seconds", lost: "Not connected" };

/** What is told on every page when the server or its database is away. */
function Lost({ connection }) {
  const { problem } = connection;
  const since = new Date(connection.since).toISOString();
  return notice({
    tone: "bad", mark: "plug", role: "alert", title: problem.title,
    words: [problem.detail, " What you see is as of ", ago(since), ". This page tries again by itself."],
  });
}

function App() {
  const address = useAddress();
  const session = useSession();
  const connection = useConnection();
  const overview = useData("v1/dashboard/overview");
  const current = [...PAGES, JOB].find(({ page }) => page === address.page)
    ?? { page: "", title: "No such page", show: NoSuchPage };
  const [title, name] = useState(current.title);
  const content = useRef(null);
  const at = location.hash.replace(/\?.*/s, "");
  const first = useRef(true);
  useEffect(() => {
    name(current.title);
    if (!first.current) {
      scrollTo(0, 0);
      content.current.focus({ preventScroll: true });
    }
    first.current = false;
  }, [at]);
  useEffect(() => {
    document.title = `${title} · ${session?.title || "Pawl"}`;
  }, [title, session]);
  return div(
    { class: "frame" },
    a({ class: "skip", href: location.hash || "#/", onClick: (event) => {
      event.preventDefault();
      content.current.focus();
    } }, "Skip to the content"),
    header({ class: "side" }, div(
      { class: "side-in" },
      a({ class: "brand", href: "#/" }, h(Mark, {}), span({ class: "cut" }, session?.title || "Pawl")),
      h(Navigation, { current, attention: overview.data?.attention?.length ?? 0 }),
      div(
        { class: "side-foot" },
        session && span({ class: "who", title: `what you do is recorded as ${session.user}` }, icon("person", 12), " ", session.name),
        span({ class: "state", "data-state": connection.kind, role: "status" }, span({ class: "dot" }), STATES[connection.kind]),
        h(Themes),
      ),
    )),
    main(
      { class: "main", ref: content, tabIndex: -1, id: "content" },
      connection.kind === "lost" && h(Lost, { connection }),
      h(current.show, { key: at, address, session, overview, name, title: current.title }),
    ),
    h(Asking),
  );
}

function NoSuchPage() {
  return div(null, h1(null, "No such page"), p({ class: "soft" }, "Take one from the list of pages."));
}

start();
render(h(App), document.getElementById("page"));
