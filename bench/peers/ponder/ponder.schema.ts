import { onchainTable } from "ponder";

export const order = onchainTable("order", (t) => ({
  key: t.hex().primaryKey(),
  buyer: t.hex().notNull(),
  seller: t.hex().notNull(),
  amount: t.bigint().notNull(),
  commitBy: t.bigint().notNull(),
  deliverBy: t.bigint().notNull(),
  block: t.bigint().notNull(),
}));

export const anchor = onchainTable("anchor", (t) => ({
  root: t.hex().primaryKey(),
  sender: t.hex().notNull(),
  block: t.bigint().notNull(),
}));
