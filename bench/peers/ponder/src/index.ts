import { ponder } from "ponder:registry";
import { anchor, order } from "ponder:schema";

ponder.on("Escrow:SimpleOrderCreated", async ({ event, context }) => {
  const { key, buyer, seller, amount, commitmentDeadline: commitBy, claimDeadline: deliverBy } = event.args;
  await context.db.insert(order).values({ key, buyer, seller, amount, commitBy, deliverBy, block: event.block.number });
});

ponder.on("Vault:BatchAnchored", async ({ event, context }) => {
  await context.db.insert(anchor).values({ ...event.args, block: event.block.number });
});
