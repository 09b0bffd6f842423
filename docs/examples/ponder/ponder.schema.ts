import { index, onchainTable } from "ponder";

export const receipt = onchainTable(
  "receipt",
  (t) => ({
    orderId: t.hex().primaryKey(),
    buyer: t.hex().notNull(),
    seller: t.hex().notNull(),
    sessionId: t.hex().notNull(),
    token: t.hex().notNull(),
    paid: t.bigint().notNull(),
    refunded: t.bigint().notNull(),
    fee: t.bigint().notNull(),
    outcome: t.integer().notNull(),
    settledAt: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    ofBuyer: index().on(table.buyer),
    ofSeller: index().on(table.seller),
  }),
);
