// Transaction areas and jurisdictions.
import { type Json, parseText } from "./json.js";
import { members, optional, ruleMembers, text } from "./reader.js";
import { Refusal } from "./refusal.js";
import { chain, domain } from "./values.js";

export function jurisdiction(written: string): string {
  if (!/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(written)) throw new Refusal("BadJurisdiction");
  return written;
}

/** Whether one jurisdiction is the other, or its country. */
export function includes(outer: string, inner: string): boolean {
  return outer === inner || outer === inner.slice(0, 2);
}

function zone(written: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(written)) throw new Refusal("BadArea");
  return written;
}

const PARTS = {
  jurisdiction: text(jurisdiction),
  zone: optional(text(zone)),
  network: optional(text(chain)),
  domain: optional(text(domain)),
};
const partsOf = members(PARTS, "closed");

function joined(levels: (string | undefined)[]): string {
  return `tai:${levels.map((level) => level ?? "-").join("/")}`.replace(/(\/-)+$/, "");
}

/** The one text of an area. */
export function area(value: Json, parts = partsOf): string {
  if (typeof value !== "string") {
    const { jurisdiction: place, zone: sector, network, domain: name } = parts(value);
    const [country = "", part] = place.toLowerCase().split("-");
    return joined([country, part, sector, network, name]);
  }
  const levels = value.startsWith("tai:") ? value.slice(4).split("/") : [];
  const given = levels.map((level) => (level === "-" ? undefined : level));
  const [country, part, sector, network, name] = given;
  const sound = /^[a-z]{2}$/.test(country ?? "") && /^[a-z0-9]{1,3}$/.test(part ?? "x") && levels.length <= 5;
  if (!sound) throw new Refusal("BadArea");
  if (sector !== undefined) zone(sector);
  const known = network === undefined ? undefined : chain(network);
  if (name !== undefined) domain(name);
  if (joined([country, part, sector, known, name]) !== value) throw new Refusal("BadArea");
  return value;
}

/** The same in a registry. */
export const areaInRules = (value: Json): string => area(value, ruleMembers(PARTS, "closed"));

export function jurisdictionOf(written: string): string {
  const [country = "", part = "-"] = written.slice(4).split("/");
  return (part === "-" ? country : `${country}-${part}`).toUpperCase();
}

export function areaOf(place: string): string {
  return `tai:${place.toLowerCase().replace("-", "/")}`;
}

export function covers(outer: string, inner: string): boolean {
  return `${inner}/`.startsWith(`${outer}/`);
}

/** Refuses the first area that lies in one that the path has left. */
function checkPath(path: string[]): void {
  const left = new Set<string>();
  path.forEach((now, place) => {
    if ([...left].some((earlier) => covers(earlier, now))) throw new Refusal("AreaLoop", `[${place}]`);
    for (const earlier of path.slice(0, place)) if (!covers(earlier, now)) left.add(earlier);
  });
}

export function checkArea(input: any): any {
  if (input.path !== undefined) {
    checkPath(input.path);
    return { loops: false };
  }
  if (input.outer !== undefined) return { covers: covers(input.outer, input.inner) };
  const written = area(parseText(input.text));
  return { written, depth: written.split("/").length };
}
