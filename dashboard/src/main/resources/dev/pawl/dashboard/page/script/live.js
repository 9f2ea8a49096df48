// Keeps what is shown fresh: the server tells that something changed; where it can't, the page asks again and again.
import { useEffect, useRef, useState } from "./html.js";
import { get } from "./api.js";

const EVENTS = "v1/events";
const POLL = 4_000;
const LIVE = 30_000; // what no event tells of, such as audits
const LOST = 2_000;
const APART = 1_000;
const RECONNECT = 20_000;

const shown = new Set(); // what is on the page now: a function each, which reads it anew
const watchers = new Set();
let state = { kind: "connecting", problem: null, since: Date.now() };
let source = null;
let planned = null;
let put = null; // a refresh that came too early, and waits
let last = 0;

export const connection = () => state;

function become(kind, problem = null) {
  if (kind !== state.kind || problem?.message !== state.problem?.message) {
    state = { kind, problem, since: kind === state.kind ? state.since : Date.now() };
    watchers.forEach((tell) => tell(state));
  }
}

/** The state of the connection: connecting, live, polling, or lost with the problem. */
export function useConnection() {
  const [current, tell] = useState(state);
  useEffect(() => {
    tell(state);
    watchers.add(tell);
    return () => watchers.delete(tell);
  }, []);
  return current;
}

/** Called after each answer: one that shows that the server or its database is away, or null. */
function answered(problem) {
  if (problem?.passes && problem.status !== 429) {
    become("lost", problem);
  } else {
    become(source?.readyState === EventSource.OPEN ? "live" : "polling");
  }
  plan();
}

function plan() {
  clearTimeout(planned);
  if (!document.hidden) {
    planned = setTimeout(refresh, { lost: LOST, live: LIVE }[state.kind] ?? POLL);
  }
}

/** Reads everything that is shown anew, at most once a second. */
export function refresh() {
  const early = last + APART - Date.now();
  if (early > 0) {
    put ??= setTimeout(refresh, early);
    return;
  }
  clearTimeout(put);
  put = null;
  last = Date.now();
  shown.forEach((read) => read());
}

function listen() {
  source?.close();
  if (document.hidden) {
    return;
  }
  source = new EventSource(EVENTS);
  const current = source;
  current.onopen = () => state.kind !== "lost" && become("live");
  current.addEventListener("changed", refresh);
  current.addEventListener("down", refresh); // the requests will tell what is down, and when it is up again
  current.onerror = () => {
    if (state.kind === "live") {
      become("polling");
      refresh();
    }
    if (current.readyState === EventSource.CLOSED) {
      setTimeout(() => source === current && listen(), RECONNECT);
    }
  };
}

/** Begins. A page that nobody looks at asks for nothing. */
export function start() {
  listen();
  plan();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      source?.close();
      clearTimeout(planned);
    } else {
      listen();
      refresh();
    }
  });
  addEventListener("pagehide", () => source?.close());
}

/**
 * What is at this path: { data, problem, loading, refresh }. After a failure the last data stay, beside the problem. Null asks for nothing.
 */
export function useData(path, { live = true } = {}) {
  const [answer, set] = useState({ path, data: null, problem: null });
  const read = useRef(null);
  useEffect(() => {
    if (path === null) {
      return undefined;
    }
    let gone = false;
    let asking = false;
    let again = false;
    read.current = async () => {
      if (asking) {
        again = true;
        return;
      }
      asking = true;
      try {
        const data = await get(path);
        if (!gone) {
          set({ path, data, problem: null });
          answered(null);
        }
      } catch (problem) {
        if (!gone) {
          set((before) => ({ path, data: before.path === path ? before.data : null, problem }));
          answered(problem);
        }
      } finally {
        asking = false;
      }
      if (again && !gone) {
        again = false;
        read.current();
      }
    };
    const mine = read.current;
    mine();
    if (live) {
      shown.add(mine);
    }
    return () => {
      gone = true;
      shown.delete(mine);
    };
  }, [path, live]);
  const current = answer.path === path ? answer : { data: null, problem: null };
  return { ...current, loading: current.data === null && current.problem === null, refresh: () => read.current?.() };
}
