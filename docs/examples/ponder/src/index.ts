import { ponder } from "ponder:registry";
import { receipt } from "ponder:schema";

ponder.on("ReceiptVault:ReceiptIssued", async ({ event, context }) => {
  const { orderId, buyer, seller, sessionId, token, paid, refunded, fee, outcome, settledAt } = event.args;
  await context.db.insert(receipt).values({
    orderId,
    buyer,
    seller,
    sessionId,
    token,
    paid,
    refunded,
    fee,
    outcome,
    settledAt,
    transaction: event.transaction.hash,
  });
});
