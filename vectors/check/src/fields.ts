// What the members of an object must be: readers of JSON values that refuse what is wrong and name the place.
import { Decimal, given, type Json, type JsonObject } from "./json.js";
import { type Reason, Refusal, within } from "./refusal.js";

export type Reader = (value: Json) => void;
export type Readers = Record<string, Reader>;

export const text = (read: (text: string) => unknown): Reader => (value) => {
  if (typeof value !== "string") throw new Refusal("WrongType");
  read(value);
};

export const boolean: Reader = (value) => {
  if (typeof value !== "boolean") throw new Refusal("WrongType");
};

/** One of a few words. */
export const oneOf = (...words: string[]): Reader =>
  text((word) => {
    if (!words.includes(word)) throw new Refusal("UnknownValue");
  });

export const integer = (bits: number): Reader => (value) => {
  if (!(value instanceof Decimal)) throw new Refusal("WrongType");
  if (value.places > 0) throw new Refusal("WrongType");
  if (value.mantissa < 0n || value.mantissa >> BigInt(bits) > 0n) throw new Refusal("OutOfRange");
};

export const list = (read: Reader): Reader => (value) => {
  if (!Array.isArray(value)) throw new Refusal("WrongType");
  value.forEach((element, place) => within(`[${place}]`, () => read(element)));
};

/** An object with members that must be there, members that may, and others that are carried; null is not there. */
export const record = (required: Readers, optional: Readers = {}): Reader => (value) => {
  if (!(value instanceof Map)) throw new Refusal("WrongType");
  for (const [name, member] of value) {
    const read = required[name] ?? optional[name];
    if (read && member !== null) within(name, () => read(member));
  }
  for (const name of Object.keys(required)) {
    if (given(value, name) === undefined) throw new Refusal("Missing", name);
  }
};

/** What stands at names below each other; `undefined` where a step is not there. */
export function at(value: Json | undefined, ...names: (string | number)[]): Json | undefined {
  for (const name of names) {
    if (typeof name === "number") value = Array.isArray(value) ? value[name] : undefined;
    else value = value instanceof Map ? (value.get(name) ?? undefined) : undefined;
  }
  return value ?? undefined;
}

/** The same, where a reader has made sure that text stands there. */
export const textAt = (value: Json | undefined, ...names: (string | number)[]): string => String(at(value, ...names));

export const listAt = (value: Json | undefined, ...names: string[]): Json[] => {
  const found = at(value, ...names);
  return Array.isArray(found) ? found : [];
};

export function objectAt(value: Json | undefined, ...names: string[]): JsonObject | undefined {
  const found = at(value, ...names);
  return found instanceof Map ? found : undefined;
}

export function need(condition: boolean, reason: Reason, field = ""): asserts condition {
  if (!condition) throw new Refusal(reason, field);
}
