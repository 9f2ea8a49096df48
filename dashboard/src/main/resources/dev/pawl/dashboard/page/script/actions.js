// What changes something: always asked about first, in words that say what will happen; then the answer's own words.
import { button, dialog, div, footer, h, h2, p, useEffect, useRef, useState } from "./html.js";
import { icon } from "./icons.js";
import { notice } from "./parts.js";
import { get, post } from "./api.js";
import { refresh } from "./live.js";

let ask = null;
let session = null;

/** Who the user is and what they may do, read again when the page has been away. */
export function useSession() {
  const [current, set] = useState(session);
  useEffect(() => {
    let gone = false;
    const read = async () => {
      try {
        session = await get("v1/session");
        if (!gone) {
          set(session);
        }
      } catch {
        if (!gone) {
          setTimeout(read, 3_000);
        }
      }
    };
    if (session === null) {
      read();
    }
    return () => (gone = true);
  }, []);
  return current;
}

/** Whether the user may do this: CANCEL, RETRY, PAUSE, SKIP, REPAIR. */
export const may = (current, permission) => Boolean(current?.actions && current.permissions.includes(permission));

/** Asks the server to do something that needs no question first. */
export const send = (path, body) => post(path, session, body);

/**
 * A button that asks first. title is the question, words say what will happen, path is asked to do it with body.
 */
export function actionButton({ label, mark, title, words, verb = label, harsh = false, path, body, more, told }) {
  return button(
    { class: `button${harsh ? " harsh" : ""}`, type: "button", onClick: () => ask?.({ title, words, verb, harsh, path, body, more, told }) },
    mark && icon(mark, 14), label,
  );
}

/** The one dialog of the page. */
export function Asking() {
  const [asked, set] = useState(null);
  const [state, become] = useState({ doing: false });
  const box = useRef(null);
  useEffect(() => {
    ask = (what) => {
      become({ doing: false });
      set(what);
    };
    return () => (ask = null);
  }, []);
  useEffect(() => {
    if (asked && !box.current.open) {
      box.current.showModal();
    }
  }, [asked]);
  if (!asked) {
    return null;
  }
  const run = async () => {
    become({ doing: true });
    try {
      const answer = await post(asked.path, session, asked.body);
      become({ doing: false, done: (asked.told ?? ((it) => it.done))(answer) });
    } catch (problem) {
      become({ doing: false, problem });
      session = await get("v1/session").catch(() => session); // its token may have gone stale
    }
    refresh();
  };
  return dialog(
    { ref: box, "aria-labelledby": "asked", onClose: () => set(null) },
    div({ class: "card-head" }, h2({ id: "asked" }, asked.title)),
    div(
      { class: "card-body" },
      [asked.words].flat().map((one) => p({ class: "soft" }, one)),
      asked.more,
      state.done && notice({ tone: "good", mark: "check", words: state.done }),
      state.problem && notice({ tone: "bad", mark: "alert", title: state.problem.title, words: state.problem.detail, role: "alert" }),
    ),
    footer(
      null,
      button({ class: "button", type: "button", autofocus: true, onClick: () => box.current.close() }, state.done ? "Close" : "Leave it"),
      !state.done && button(
        { class: `button main-one${asked.harsh ? " harsh" : ""}`, type: "button", disabled: state.doing, onClick: run },
        state.doing ? "Asking the server…" : state.problem ? "Try again" : asked.verb,
      ),
    ),
  );
}

export const asking = () => h(Asking);
