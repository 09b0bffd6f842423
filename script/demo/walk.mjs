// Walks one order of each payment preset on a local chain: every step a real transaction or a real signature.
import { Contract, keccak, now, pass, readJson, rpc } from "./chain.mjs";
import { Ledger, field, money, note, title, wait } from "./ledger.mjs";
import { NOTHING, Role, Source, ZERO, authorize, order, signMessage } from "./order.mjs";

const FEE_BPS = 50;
const OUTCOMES = [, "CLAIMED", "TIMED_OUT", "RELEASED", "REFUNDED", "SETTLED", "RULED", "SILENT", "SWAPPED", "SIMPLE"];

const deployment = readJson(process.env.DEMO_DEPLOYMENT);
const contract = (name) => new Contract(name, deployment.contracts[name].address);
const escrow = contract("CoreProverEscrow");
const vault = contract("ReceiptVault");
const usd = new Contract("TestUSD", deployment.tokens.TestUSD);

const [, buyer, seller, relayer, gateway, carrier, arbiter] = await rpc("eth_accounts");
const people = { buyer, seller, relayer, gateway, carrier, arbiter };
const ledger = new Ledger(people, escrow.address, usd.address);

const idOf = (o) => escrow.call("orderIdOf", o.terms);

/** The seller's commitment: who he is, what he sells, and his signature unless he sends it himself. */
async function commitment(id, signed) {
  const names = { businessName: "Mario's #4521", businessLicense: "LICENSE-789" };
  const message = { orderId: id, ...names, documentHash: keccak("the order in writing"), deliveryCommitment: NOTHING };
  const signature = signed ? await signMessage(escrow, seller, "SellerCommitment", message) : "0x";
  return [...Object.values(message).slice(1), signature];
}

async function begin(name, token, amount, price) {
  const preset = readJson(`profiles/${name}.json`);
  title(`${preset.title}. Price ${price}, fee ${FEE_BPS / 100} %.`);
  return order({ preset, people, token, amount, feeBps: FEE_BPS });
}

/** Prints the receipt of the transaction that ended an order, and whether the vault knows it. */
async function receiptOf(o, { logs }) {
  const issued = vault.event("ReceiptIssued", logs);
  const print = o.token === ZERO ? (amount) => money(amount, 18, "ETH") : (amount) => money(amount, 6, "USD");
  const receipt = [
    BigInt(await rpc("eth_chainId")), escrow.address, issued.orderId, issued.buyer, issued.seller, issued.sessionId,
    issued.offerHash, issued.token, issued.paid, issued.refunded, issued.fee, BigInt(issued.outcome), issued.settledAt,
    issued.evidence, issued.receiptAddress, issued.deliveryCommitment,
  ];
  const known = BigInt(await vault.call("verify", o.terms, receipt)) === 1n;
  console.log("  receipt");
  field("order", issued.orderId);
  field("parties", `buyer ${issued.buyer}, seller ${issued.seller}`);
  field("paid", `${print(issued.paid)}, of which fee ${print(issued.fee)}; refunded ${print(issued.refunded)}`);
  field("outcome", `${OUTCOMES[Number(issued.outcome)]} at ${new Date(Number(issued.settledAt) * 1000).toISOString()}`);
  if (issued.evidence !== NOTHING) field("evidence", issued.evidence);
  field("vault.verify", known);
  if (!known) throw new Error("the vault does not know this receipt");
}

async function pizza() {
  const o = await begin("pizza", usd.address, 25_000_000n, "25.00 USD");
  const id = await idOf(o);
  note("buyer", "signs an EIP-3009 payment for this order");
  const payment = await authorize(usd, escrow, buyer, id, Role.BUYER, o.amount, o.fundBy);
  note("seller", "signs the commitment to deliver");
  const promise = await commitment(id, true);
  await ledger.send(relayer, "brings both: paid in and committed at once", escrow,
    escrow.data("createWithCommitment", o.terms, Source.EIP3009, NOTHING, payment, promise, Source.CALLER, "0x"));
  wait("the pizza arrives; 90 minutes pass without a complaint");
  await pass(o.timedRelease - (await now()));
  await receiptOf(o, await ledger.send(relayer, "releases the payment, as anybody may now", escrow,
    escrow.data("claim", o.terms, NOTHING)));
}

async function digital() {
  const amount = 10n ** 16n;
  const o = await begin("digital", ZERO, amount, "0.01 ETH");
  const id = await idOf(o);
  await ledger.send(buyer, "pays in", escrow, escrow.data("create", o.terms, Source.CALLER, NOTHING, "0x"), amount);
  await ledger.send(seller, "commits and hands over the key", escrow,
    escrow.data("commit", o.terms, await commitment(id, false), Source.CALLER, "0x"));
  const everything = [0n, amount, 0n, 0n, false];
  const deadline = (await now()) + 600;
  await receiptOf(o, await ledger.send(buyer, "accepts, and does not wait for the release", escrow,
    escrow.data("settle", o.terms, everything, deadline, "0x", "0x", NOTHING)));
}

async function physical() {
  const o = await begin("physical", usd.address, 480_000_000n, "480.00 USD");
  const id = await idOf(o);
  await ledger.send(buyer, "lets the escrow take the price", usd, usd.data("approve", escrow.address, o.amount));
  await ledger.send(buyer, "pays in", escrow, escrow.data("create", o.terms, Source.CALLER, NOTHING, "0x"));
  note("seller", "signs the commitment and the bond");
  const bond = await authorize(usd, escrow, seller, id, Role.SELLER, o.bond, o.commitBy);
  await ledger.send(relayer, "brings the commitment with the bond", escrow,
    escrow.data("commit", o.terms, await commitment(id, true), Source.EIP3009, bond));
  wait("three days on the road");
  await pass(3 * 86_400);
  note("carrier", "signs that the parcel was handed over");
  const delivery = { orderId: id, evidence: keccak("tracking 1Z999AA10123456784"), deliveredAt: await now() };
  const proof = await signMessage(escrow, carrier, "Delivery", delivery);
  await ledger.send(relayer, "brings the tracking evidence", escrow,
    escrow.data("fulfilAttested", o.terms, delivery.evidence, delivery.deliveredAt, proof));
  wait("two days in which the buyer may contest");
  await pass(o.preset.terms.review_window);
  await receiptOf(o, await ledger.send(relayer, "claims: price and bond go to the seller", escrow,
    escrow.data("claim", o.terms, delivery.evidence)));
}

await pizza();
await digital();
await physical();
const left = [BigInt(await usd.call("balanceOf", escrow.address)), BigInt(await rpc("eth_getBalance", escrow.address, "latest"))];
if (left.some((amount) => amount !== 0n)) throw new Error(`the escrow still holds ${left}`);
title(`Three orders settled, ${ledger.gas.toLocaleString("en")} gas in all; the escrow holds nothing.`);
