// Sessions with their timers, and walks through the machines of paths and legs.
import { Refusal, shown } from "./refusal.js";
import { MACHINES, type Row } from "./tables.js";

type Json = any;

/** Seconds, and what is to be done then. */
const TIMERS: Record<string, readonly [number, string]> = {
  QuerySent: [30, "fail"],
  OfferReceived: [300, "ask chain, then fail"],
  AcceptSent: [300, "ask chain, then fail"],
  tx_pending: [600, "alarm and broadcast again"],
  escrow_open: [600, "ask chain, collect what is due"],
};

const KINDS: Record<string, string> = {
  query: "QUERY", offer: "OFFER", accept: "ACCEPT", reject: "rejected", broadcast: "broadcast",
  locked: "locked on chain", reorged: "reorged", settle: "SETTLE", retried: "retried", timed_out: "timed out",
  failed: "ERROR",
};

function step(machine: string, state: string, event: string): Row {
  const rows = MACHINES[machine]?.rows.filter(({ from }) => from === state) ?? [];
  if (rows.length === 0) throw new Refusal("Ended");
  const row = rows.find((way) => way.event === event);
  if (!row) throw new Refusal("WrongState");
  return row;
}

const written = (millis: number): string => new Date(millis).toISOString().replace(".000Z", "Z");

class Session {
  state = "Idle";
  through: string | null = null;
  duties: string[] = [];
  private timer: { kind: string; at: number } | undefined;
  private offerId: string | undefined;

  constructor(private updated: number) {}

  apply(event: Json): void {
    const now = Date.parse(event.at);
    const kind = event.event === "final" ? `${event.end}, final` : KINDS[event.event];
    const row = step("session", this.state, kind ?? "");
    this.check(event, now);
    this.through = this.state === "OfferReceived" && row.to === "Finalizing" ? "AcceptSent" : null;
    this.setTimer(event, now, row.to);
    this.state = row.to;
    this.duties = row.duties;
    this.updated = Math.max(this.updated, now);
  }

  private over(now: number): boolean {
    return this.timer !== undefined && now > this.timer.at;
  }

  private check(event: Json, now: number): void {
    if (event.event === "timed_out" && !this.over(now)) throw new Refusal("NotDue");
    if (event.event === "offer") {
      if (this.over(now)) throw new Refusal("TooLate");
      if (event.expires_at && Date.parse(event.expires_at) <= now) throw new Refusal("InThePast", "expires_at");
    }
    if (event.event === "accept") {
      if (event.offer_id !== this.offerId) throw new Refusal("OtherOffer", "offer_id");
      if (this.state === "OfferReceived" && this.over(now)) throw new Refusal("InThePast");
    }
  }

  private start(kind: string, from: number): void {
    this.timer = { kind, at: from + 1000 * (TIMERS[kind]?.[0] ?? 0) };
  }

  private setTimer(event: Json, now: number, to: string): void {
    if (event.event === "query") this.start("QuerySent", now);
    else if (event.event === "offer") {
      this.offerId = event.offer_id;
      this.start("OfferReceived", now);
      if (this.timer && event.expires_at) this.timer.at = Math.min(this.timer.at, Date.parse(event.expires_at));
    } else if (event.event === "accept" && to === "AcceptSent") this.start("AcceptSent", now);
    else if (event.event === "broadcast" && this.timer?.kind !== "escrow_open") this.start("tx_pending", now);
    else if (event.event === "locked") this.start("escrow_open", Date.parse(event.ends_at));
    else if (event.event === "reorged") this.start("tx_pending", now);
    else if (event.event === "retried" && this.timer) this.start(this.timer.kind, now);
    if (to === "Settled" || to === "Errored") this.timer = undefined;
  }

  shown(now: string | undefined): Json {
    const timer = this.timer ? { kind: this.timer.kind, at: written(this.timer.at) } : null;
    const { state, through, duties } = this;
    const found: Json = { state, through, duties, timer, updated_at: written(this.updated) };
    if (now === undefined) return found;
    const due = this.timer && this.over(Date.parse(now)) ? TIMERS[this.timer.kind]?.[1] : null;
    return { ...found, due };
  }
}

function walk(machine: string, events: string[]): Json[] {
  let state = MACHINES[machine]?.start ?? "";
  return events.map((event) => {
    try {
      if (event === "wrong secret") throw new Refusal("WrongSecret");
      const row = step(machine, state, event);
      state = row.to;
      return { state, duties: row.duties };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { refused: shown(error) };
    }
  });
}

/** By their numbers: name, state of the session, end. */
const ORDERS: readonly (readonly [string, string | null, string | null])[] = [
  ["NONE", null, null],
  ["BUYER_COMMITTED", "Finalizing", null],
  ["SELLER_COMMITTED", null, null],
  ["BOTH_COMMITTED", "Finalizing", null],
  ["SELLER_CLAIMED", "Finalizing", null],
  ["BUYER_CLAIMED", "Finalizing", null],
  ["BOTH_CLAIMED", "Settled", "paid"],
  ["DISPUTED", "Finalizing", null],
  ["EXPIRED", "Errored", "refunded"],
  ["FULFILLED", "Finalizing", null],
  ["RESOLVED", "Settled", "split"],
];

const PATHS: Record<string, string> = {
  DISCOVER: "QuerySent", QUOTED: "OfferReceived", SELECTED: "AcceptSent", LOCKED: "Finalizing", SERVING: "Finalizing",
  PROVED: "Finalizing", SETTLED: "Settled", REFUNDED: "Errored", "CLOSED (settled)": "Settled",
  "CLOSED (refunded)": "Errored", "CLOSED (abandoned)": "Errored", "CLOSED (claim missed)": "Errored",
};

export function checkSession(input: Json): Json {
  if (input.order_state !== undefined) {
    const [state, session_state, end] = ORDERS[input.order_state] ?? [null, null, null];
    return { state, session_state, end };
  }
  if (input.path_state !== undefined) return { session_state: PATHS[input.path_state] };
  if (input.walk !== undefined) return { steps: walk(input.machine, input.walk) };
  if (input.machine === "timers") {
    return { table: Object.entries(TIMERS).map(([kind, [seconds, action]]) => [kind, seconds, action]) };
  }
  if (input.table !== undefined) {
    // the order of rows says nothing
    const key = (row: Json[]): string => JSON.stringify(row);
    const ours = MACHINES[input.machine]?.rows.map(({ from, event, to, duties }) => [from, event, to, duties]) ?? [];
    const same = ours.map(key).sort().join() === input.table.map(key).sort().join();
    return { table: same ? input.table : ours };
  }
  const session = new Session(Date.parse(input.opened_at));
  input.events.forEach((event: Json, place: number) => {
    try {
      session.apply(event);
    } catch (error) {
      if (error instanceof Refusal && place + 1 < input.events.length) throw new Error(`event ${place} is refused`);
      throw error;
    }
  });
  return session.shown(input.now);
}
