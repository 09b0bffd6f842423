// The machines of sessions, paths and legs as text: "from: event > to (duties); ...".

export interface Row {
  readonly from: string;
  readonly event: string;
  readonly to: string;
  readonly duties: string[];
}

function table(...states: string[]): Row[] {
  return states.flatMap((line) => {
    const [, from = "", rest = ""] = /^(.*?): (.*)$/.exec(line) ?? [];
    return rest.split("; ").map((way) => {
      const [, event = "", to = "", duties] = /^(.+) > (.+?)(?: \[(.*)\])?$/.exec(way) ?? [];
      if (to === "") throw new Error(`no transition: ${way}`);
      return { from, event, to, duties: duties === undefined ? [] : duties.split(", ") };
    });
  });
}

const REFUSED = "Errored [send ERROR, record]";
const ENDED = "Errored [record]";

const SESSION = table(
  `Idle: QUERY > QuerySent [snapshot]; ERROR > ${ENDED}`,
  `QuerySent: OFFER > OfferReceived [snapshot]; rejected > ${REFUSED}; timed out > ${REFUSED}; ERROR > ${ENDED}`,
  `OfferReceived: ACCEPT > AcceptSent; rejected > ${REFUSED}; timed out > ${ENDED}; ERROR > ${ENDED}`,
  "OfferReceived: broadcast > Finalizing; locked on chain > Finalizing; SETTLE > OfferReceived [ask chain]",
  "AcceptSent: broadcast > Finalizing; locked on chain > Finalizing; SETTLE > AcceptSent [ask chain]",
  `AcceptSent: timed out > ${ENDED}; ERROR > ${ENDED}`,
  "Finalizing: ACCEPT > Finalizing; broadcast > Finalizing; locked on chain > Finalizing",
  "Finalizing: reorged > Finalizing [ask chain]; SETTLE > Finalizing [ask chain]; ERROR > Finalizing [ask chain]",
  "Finalizing: retried > Finalizing; paid, final > Settled [snapshot, record]",
  `Finalizing: split, final > Settled [snapshot, record]; refunded, final > ${ENDED}; dead, final > ${ENDED}`,
);

const PATH = table(
  "DISCOVER: ADVERT > QUOTED; abandoned > CLOSED (abandoned)",
  "QUOTED: SELECT > SELECTED; abandoned > CLOSED (abandoned)",
  "SELECTED: LOCKED > LOCKED; PROOF > PROVED; refunded, final > REFUNDED; never locked, final > CLOSED (abandoned)",
  "LOCKED: service begins > SERVING; PROOF > PROVED; refunded, final > REFUNDED",
  "SERVING: PROOF > PROVED; refunded, final > REFUNDED",
  "PROVED: settled, final > SETTLED [record]; claim missed, final > CLOSED (claim missed) [alarm, record]",
  "PROVED: refunded, final > REFUNDED; never locked, final > CLOSED (abandoned)",
  "SETTLED: closed > CLOSED (settled)",
  "REFUNDED: closed > CLOSED (refunded)",
);

const BACK = "in refunded, final > Refunded [record]";
const GONE = "in refunded, final > InGone [alarm]";
const CLAIM = "secret known > SecretKnown [claim]";
const GIVE_BACK = "OutDead [give back]";
const OURS = "secret known > OutReturned [claim]";
const LOST = "ClaimMissed [alarm, record]";
const PAID = "Settled [record]";
const MISSED = `in refunded, final > ${LOST}`;

const GATEWAY = table(
  "Quoted: SELECT > InLockPending; quote expired > Dead",
  `InLockPending: in locked, final > InLockFinal; in never locked, final > Dead [record]; ${BACK}; ${OURS}`,
  `InLockFinal: lock signed > OutReserved; not forwarded > ${GIVE_BACK}; ${BACK}; ${OURS}`,
  `OutReserved: lock broadcast > OutBroadcast; out locked, final > OutLockFinal; ${CLAIM}; ${GONE}`,
  `OutReserved: out never locked, final > ${GIVE_BACK}; out refunded, final > ${GIVE_BACK}`,
  `OutBroadcast: out locked, final > OutLockFinal; ${CLAIM}; ${GONE}`,
  `OutBroadcast: out never locked, final > ${GIVE_BACK}; out refunded, final > ${GIVE_BACK}`,
  `OutLockFinal: LOCKED > Locked; ${CLAIM}; refund signed > OutRefunding [refund]`,
  `OutLockFinal: out refunded, final > ${GIVE_BACK}; ${GONE}`,
  `Locked: ${CLAIM}; refund signed > OutRefunding [refund]; out refunded, final > ${GIVE_BACK}; ${GONE}`,
  `OutRefunding: ${CLAIM}; out refunded, final > ${GIVE_BACK}; ${GONE}`,
  `OutDead: release signed > InReleased; ${BACK}; ${OURS}`,
  `InReleased: ${BACK}; secret known > InReleased; in claimed, final > ${PAID}`,
  `SecretKnown: in claimed, final > InClaimed; ${GONE}; out locked, final > SecretKnown`,
  "SecretKnown: out claimed, final > OutClaimed; out refunded, final > OutReturned",
  "SecretKnown: out never locked, final > OutReturned",
  "InClaimed: out locked, final > InClaimed; refund signed > InClaimed [refund]",
  `InClaimed: out claimed, final > ${PAID}; out refunded, final > ${PAID}; out never locked, final > ${PAID}`,
  `OutClaimed: in claimed, final > ${PAID}; ${MISSED}`,
  `OutReturned: in locked, final > OutReturned; in claimed, final > ${PAID}; ${BACK}`,
  "OutReturned: in never locked, final > Dead [record]",
  "InGone: out locked, final > InGone; refund signed > InGone [refund]; secret known > InGone [alarm]",
  "InGone: out never locked, final > Refunded [record]; out refunded, final > Refunded [record]",
  `InGone: out claimed, final > ${LOST}`,
);

const OWN_BACK = "out refunded, final > Refunded [record]";
const OWN_NEVER = "out never locked, final > Dead [record]";
const PAYER = table(
  "Quoted: lock signed > OutReserved; quote expired > Dead",
  "OutReserved: lock broadcast > OutBroadcast; out locked, final > OutLockFinal",
  `OutReserved: ${OWN_NEVER}; ${OWN_BACK}; secret known > SecretKnown`,
  `OutBroadcast: out locked, final > OutLockFinal; ${OWN_NEVER}; ${OWN_BACK}; secret known > SecretKnown`,
  `OutLockFinal: LOCKED > Locked; secret known > SecretKnown; refund signed > OutRefunding [refund]; ${OWN_BACK}`,
  `Locked: secret known > SecretKnown; refund signed > OutRefunding [refund]; ${OWN_BACK}`,
  `OutRefunding: secret known > SecretKnown; ${OWN_BACK}`,
  `SecretKnown: out locked, final > SecretKnown; out claimed, final > ${PAID}; ${OWN_BACK}; ${OWN_NEVER}`,
  "SecretKnown: refund signed > SecretKnown [refund]",
);

const PAYEE = table(
  "Quoted: SELECT > InLockPending; quote expired > Dead",
  `InLockPending: in locked, final > InLockFinal; in never locked, final > Dead [record]; ${BACK}`,
  `InLockFinal: LOCKED > Locked; release signed > InReleased; ${BACK}; in claimed, final > ${PAID}`,
  `Locked: ${CLAIM}; release signed > InReleased; ${BACK}`,
  `InReleased: ${BACK}; in claimed, final > ${PAID}`,
  `SecretKnown: in claimed, final > Settled [record]; ${MISSED}`,
);

/** Each machine with the state in which it begins. */
export const MACHINES: Record<string, { readonly rows: Row[]; readonly start: string }> = {
  session: { rows: SESSION, start: "Idle" },
  path: { rows: PATH, start: "DISCOVER" },
  "leg of a gateway": { rows: GATEWAY, start: "Quoted" },
  "leg of a payer": { rows: PAYER, start: "Quoted" },
  "leg of a payee": { rows: PAYEE, start: "Quoted" },
};
