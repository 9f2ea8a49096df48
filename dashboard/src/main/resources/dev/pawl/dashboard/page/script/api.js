// Talks to the server beside this page. Addresses are relative, so that any path prefix will do.
import { toldTheTime } from "./time.js";

const PATIENCE = 15_000;

// Whose "as of" is by the database's clock, which is also that of the times in them.
const BY_THE_DATABASE = /^v1\/(dashboard|jobs|queues)\b/;

const TITLES = {
  unreachable: "The database can't be reached",
  "store-failed": "The database failed",
  "too-slow": "The database is too slow",
  closed: "The service is shutting down",
  refused: "It was refused",
  busy: "It is busy just now",
  "changed-since": "It has changed since",
  "too-many": "Too many requests",
  csrf: "This page is out of date",
};

/** What went wrong, in the server's words where it said any. Its status is 0 if there was no answer at all. */
export class Problem extends Error {
  constructor(status, title, detail, code) {
    super(detail ?? title);
    this.status = status;
    this.title = TITLES[code] ?? title;
    this.detail = detail;
    this.code = code;
  }

  /** Whether the same request may succeed later without anybody doing anything about it. */
  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

async function ask(path, options, before) {
  let answer;
  try {
    answer = await fetch(path, {
      ...options,
      headers: { Accept: "application/json, application/problem+json", ...options.headers },
      credentials: "same-origin",
      redirect: "error", // a login page is not an answer
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    throw new Problem(0, "The server does not answer", error.name === "TimeoutError"
      ? `There was no answer within ${PATIENCE / 1_000} s.`
      : "The service that serves this page is down, or the way to it is cut.");
  }
  if (answer.status === 304) {
    return unchanged(path, answer, before);
  }
  const body = await json(answer);
  if (!answer.ok) {
    throw new Problem(answer.status, body?.title ?? `The server answered ${answer.status}`, body?.detail, body?.code);
  }
  if (body === undefined) {
    throw new Problem(502, "The server's answer is not JSON", "Something between this page and its service answered instead.");
  }
  told(path, body.asOf);
  if (options.method === "GET" && answer.headers.has("ETag")) {
    keep(path, { etag: answer.headers.get("ETag"), body });
  }
  return body;
}

function told(path, asOf) {
  if (asOf && BY_THE_DATABASE.test(path)) {
    toldTheTime(asOf);
  }
}

// The last answers, for requests whose answer may be "as before". The browser keeps none of them: they are told not to be stored.
const KEPT = 32;
const kept = new Map();

function keep(path, answer) {
  kept.delete(path);
  kept.set(path, answer);
  if (kept.size > KEPT) {
    kept.delete(kept.keys().next().value);
  }
}

function unchanged(path, answer, before) {
  const asOf = answer.headers.get("Pawl-As-Of") ?? before.body.asOf;
  told(path, asOf);
  return { ...before.body, asOf };
}

async function json(answer) {
  if (!/\bjson\b/.test(answer.headers.get("Content-Type") ?? "")) {
    return undefined;
  }
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}

export function get(path) {
  const before = kept.get(path);
  return ask(path, { method: "GET", headers: before ? { "If-None-Match": before.etag } : {} }, before);
}

/** Does something. The session's token shows that it is this page that asks. */
export const post = (path, session, body) =>
  ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Pawl-Csrf": session.csrfToken },
    body: body === undefined ? undefined : JSON.stringify(body),
  });

/** v1/jobs/digest/0190… of "digest/0190…" */
export const jobPath = (id) => `v1/jobs/${id.split("/").map(encodeURIComponent).join("/")}`;

/** v1/jobs?queue=…: without what is empty. */
export function path(base, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== "") {
        query.append(name, one);
      }
    }
  }
  return query.size ? `${base}?${query}` : base;
}
