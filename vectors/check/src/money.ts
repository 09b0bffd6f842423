// Amounts in whole units, exactly: every amount is a count of the smallest part that the protocol can name.
import type { Reader } from "./fields.js";
import { Decimal } from "./json.js";
import { Refusal } from "./refusal.js";
import { decimalText } from "./values.js";

/** 36 places of an amount, and four more of its ten-thousandths. */
const PLACES = 40;
const MAX_U256 = 2n ** 256n - 1n;

export type Money = bigint;

export const money: Reader = (value) => {
  if (value instanceof Decimal) throw new Refusal("NumericMoney");
  if (typeof value !== "string") throw new Refusal("WrongType");
  decimalText(value);
};

export function amountOf(text: string): Money {
  const [whole = "", places = ""] = text.split(".");
  return BigInt(whole + places.padEnd(PLACES, "0"));
}

export function moneyText(amount: Money): string {
  const digits = amount.toString().padStart(PLACES + 1, "0");
  const whole = digits.slice(0, -PLACES);
  const places = digits.slice(-PLACES).replace(/0+$/, "");
  return places ? `${whole}.${places}` : whole;
}

/** What money can be: at most 36 places, and digits below 2^256. */
export function checked(amount: Money): Money {
  const text = moneyText(amount);
  const places = text.split(".")[1]?.length ?? 0;
  if (places > 36 || BigInt(text.replace(".", "")) > MAX_U256) throw new Refusal("BadSum");
  return amount;
}
