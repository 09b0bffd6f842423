// When locks must end: section 2.3 of the design of multi-hop settlement. Times are in milliseconds, delays in seconds.
import { need } from "./fields.js";
import { instant, timeText } from "./values.js";

/** What a chain and its gateway may take, in seconds. */
export interface Delays {
  observation: number;
  clock: number;
  outage: number;
  slack: number;
  inclusion: number;
  reorg: number;
  censorship: number;
}

/** s + r + k + c: until a claim is in the chain for good. */
const claim = (chain: Delays): number => chain.inclusion + chain.reorg + chain.clock + chain.censorship;

/** D = p_j + k_j + o + g + s_i + r_i + k_i + c_i, incoming i and outgoing j; o and g are the gateway's own. */
export function distance(incoming: Delays, outgoing: Delays): number {
  const own = Math.max(incoming.outage, outgoing.outage) + Math.max(incoming.slack, outgoing.slack);
  return outgoing.observation + outgoing.clock + own + claim(incoming);
}

export const payeeBudget = (service: number, chain: Delays): number => service + claim(chain);

const after = (time: string, seconds: number): number => instant(time) + seconds * 1000;

export const lastReveal = (timeout: string, chain: Delays): string => timeText(after(timeout, -claim(chain)));

/** What a gateway knows when it decides whether to lock. */
export interface HopTimes {
  now: string;
  timeout_in: string;
  timeout_out: string;
  incoming_final: boolean;
  incoming: Delays;
  outgoing: Delays;
  outgoing_finality: number;
  below: number;
}

/** Until when the outgoing lock may enter its chain. */
export function enterBy(times: HopTimes): string {
  const { incoming, outgoing } = times;
  const between = instant(times.timeout_in) - instant(times.timeout_out);
  need(between >= distance(incoming, outgoing) * 1000, "TooLittleTime", "timeout");
  need(times.incoming_final, "IncomingNotFinal", "lock_ref");
  const needed = outgoing.inclusion + times.outgoing_finality + times.below;
  need(after(times.now, needed) <= instant(times.timeout_out), "TooLittleTime", "timeout");
  return timeText(after(times.now, outgoing.inclusion));
}

/** The ends of all locks of a path, from the client's down. */
export function plan(
  now: string,
  locks: { chain: Delays; finality: number }[],
  service: number,
  most: number,
): string[] {
  const last = locks.at(-1);
  if (!last) return [];
  const locking = locks.reduce((sum, { chain, finality }) => sum + chain.inclusion + finality, 0);
  const ends = [locking + payeeBudget(service, last.chain)];
  for (let at = locks.length - 2; at >= 0; at -= 1) {
    const [upper, lower] = [locks[at], locks[at + 1]];
    if (upper && lower) ends.unshift((ends[0] ?? 0) + distance(upper.chain, lower.chain));
  }
  need((ends[0] ?? 0) <= most, "TooMuchTime", "timeout");
  return ends.map((end) => timeText(after(now, end)));
}
