// Where one is, kept after the # of the address: the page works at any path, and the back button works by itself.
import { useEffect, useState } from "./html.js";

/** "#/history?status=FAILED" as its path's parts, decoded, and its parameters. */
export function parse(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const parts = path.split("/").filter(Boolean).map(decoded);
  return { page: parts[0] ?? "overview", parts: parts.slice(1), query: new URLSearchParams(query) };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a page: to("job", "digest", id), to("history", { status: "FAILED" }). */
export function to(page, ...rest) {
  const parameters = typeof rest.at(-1) === "object" ? rest.pop() : {};
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== "") {
        query.append(name, one);
      }
    }
  }
  const path = [page === "overview" ? "" : page, ...rest.map(encodeURIComponent)].join("/");
  return `#/${path}${query.size ? `?${query}` : ""}`;
}

export const toJob = (id) => to("job", ...idParts(id));

/** "digest/0190…" as its queue and its UUID: a queue's name may hold a slash, a UUID does not. */
export function idParts(id) {
  const cut = id.lastIndexOf("/");
  return [id.slice(0, cut), id.slice(cut + 1)];
}

export function useAddress() {
  const [address, set] = useState(() => parse(location.hash));
  useEffect(() => {
    const moved = () => set(parse(location.hash));
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return address;
}
