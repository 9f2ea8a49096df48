// Elements as functions: div({ class: "card" }, "text", child). What is a string becomes a text node, always.
const { h, render, Fragment } = self.preact;

export const { useEffect, useLayoutEffect, useMemo, useRef, useState, useCallback } = self.preactHooks;
export { render, Fragment, h };

function element(name) {
  return (attributes, ...children) => {
    if (attributes && "dangerouslySetInnerHTML" in attributes) {
      throw new TypeError("nothing on this page is made of markup in a string");
    }
    return h(name, attributes, ...children);
  };
}

export const {
  a, article, aside, b, button, code, dd, details, dialog, div, dl, dt, footer, form, h1, h2, h3, h4, header, input, label, li,
  main, nav, ol, option, p, pre, section, select, small, span, strong, summary, svg, table, tbody, td, th, thead, time, tr, ul,
} = new Proxy({}, { get: (_, name) => element(name) });

/** Text for those who hear the page. */
export const heard = (text) => span({ class: "sr" }, text);
