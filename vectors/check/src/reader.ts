// Typed reading of JSON with the place of what is wrong.
import { Decimal, type Json, type JsonObject } from "./json.js";
import { type Reason, Refusal, within } from "./refusal.js";

export type Read<T> = (value: Json) => T;

/** A member that may be left out, or be null where that says the same. */
export interface Optional<T> {
  readonly optional: Read<T>;
  readonly orNull: boolean;
}

type Shape = Record<string, Read<unknown> | Optional<unknown>>;

type Shaped<S extends Shape> = {
  [Name in keyof S]: S[Name] extends Read<infer T> ? T : S[Name] extends Optional<infer T> ? T | undefined : never;
};

export const text =
  <T>(read: (text: string) => T): Read<T> =>
  (value) => {
    if (typeof value !== "string") throw new Refusal("WrongType");
    return read(value);
  };

export const anyText: Read<string> = text((written) => written);

export const truth: Read<boolean> = (value) => {
  if (typeof value !== "boolean") throw new Refusal("WrongType");
  return value;
};

export const integer =
  (most: bigint, reason: Reason = "OutOfRange"): Read<bigint> =>
  (value) => {
    if (!(value instanceof Decimal) || value.places > 0) throw new Refusal("WrongType");
    if (value.mantissa < 0n) throw new Refusal("OutOfRange");
    if (value.mantissa > most) throw new Refusal(reason);
    return value.mantissa;
  };

export const u64 = integer(2n ** 64n - 1n);
export const bps = integer(10_000n, "BadBps");

export const choice = <T extends string>(...values: T[]): Read<T> =>
  text((written) => {
    const value = values.find((known) => known === written);
    if (value === undefined) throw new Refusal("UnknownValue");
    return value;
  });

export const optional = <T>(read: Read<T>): Optional<T> => ({ optional: read, orNull: true });

/** A member that may be left out. */
export const given = <T>(read: Read<T>): Optional<T> => ({ optional: read, orNull: false });

export const list =
  <T>(read: Read<T>): Read<T[]> =>
  (value) => {
    if (!Array.isArray(value)) throw new Refusal("WrongType");
    return value.map((element, place) => within(`[${place}]`, () => read(element)));
  };

/** A list in which nothing stands twice. */
export const distinct =
  <T>(read: Read<T>, key: (entry: T) => string = String): Read<T[]> =>
  (value) => {
    const entries = list(read)(value);
    onlyOnce(entries, key);
    return entries;
  };

export function onlyOnce<T>(entries: T[], key: (entry: T) => string): void {
  const seen = new Set<string>();
  entries.forEach((entry, place) => {
    if (seen.has(key(entry))) throw new Refusal("RepeatedEntry", `[${place}]`);
    seen.add(key(entry));
  });
}

export function asObject(value: Json): JsonObject {
  if (!(value instanceof Map)) throw new Refusal("WrongType");
  return value;
}

/** Members in the order of the canonical form. */
export function sorted(object: JsonObject): [string, Json][] {
  return [...object].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What null says as a member that is known: what an absent one says, or in documents of rules a value. */
type Nulls = "absent" | "values";

const membersBy =
  (nulls: Nulls) =>
  <S extends Shape>(shape: S, others: "open" | "closed" = "open"): Read<Shaped<S>> =>
  (value) => {
    const object = asObject(value);
    const found: Record<string, unknown> = {};
    sorted(object).forEach(([name, member], place) => {
      const read = Object.hasOwn(shape, name) ? shape[name] : undefined;
      if (read === undefined) {
        if (others === "closed") throw new Refusal("UnknownField", `[${place}]`);
      } else if (typeof read === "function") {
        if (member === null && nulls === "absent") throw new Refusal("Missing", name);
        found[name] = within(name, () => read(member));
      } else if (member !== null || !read.orNull) {
        found[name] = within(name, () => read.optional(member));
      }
    });
    for (const [name, read] of Object.entries(shape)) {
      if (typeof read === "function" && !object.has(name)) throw new Refusal("Missing", name);
    }
    return found as Shaped<S>;
  };

/**
 * An object with these members. Others are passed over, or with "closed" refused; what is refused has no name of its
 * own, so its place in the canonical form says which it is. One that must be there and is null is missing.
 */
export const members = membersBy("absent");

/** The same for a document of rules, where null is of another type than what must be there. */
export const ruleMembers = membersBy("values");
