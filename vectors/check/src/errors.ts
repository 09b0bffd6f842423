// The error registry, and one error as each plane writes it.
import { canonical, type Json } from "./json.js";
import { Refusal } from "./refusal.js";

/** Code, class, status on plane B, and the other spellings; one with a dot and X402 or TGP is the name on plane S. */
const REGISTRY = `
INVALID_QUERY F 400
UNSUPPORTED F 400 ERROR.unsupported unsupported
UNSUPPORTED_VERSION F 400
UNSUPPORTED_ASSET F 422 INVALID_ASSET
POLICY_VIOLATION F 403 TGP.POLICY_BLOCKED
CONTRACT_BLACKLISTED F 403
INSUFFICIENT_FUNDS F 402 X402.BALANCE_INSUFFICIENT
TIMEOUT T 504
SETTLEMENT_FAILED F 422 TGP.FINAL_SETTLEMENT_FAIL
SETTLEMENT_PENDING T 202 X402.SETTLEMENT_PENDING
INVALID_STATE F 409
QUOTE_EXPIRED R 410 TGP.QUOTE_EXPIRED
SSO_MISMATCH R 409 ERROR.SSO_MISMATCH
RATE_LIMIT T 429 ERROR.RATE_LIMIT
BOND_REQUIRED R 402 ERROR.BOND_REQUIRED
HTLC_TIMEOUT F 410
INSUFFICIENT_TIMELOCK R 422
INSUFFICIENT_LIQUIDITY T 503
NO_ROUTE F 404
LOOP_DETECTED F 508
HOP_VERIFICATION_FAIL F 422 TGP.HOP_VERIFICATION_FAIL
SIG_INVALID F 401 X402.SIG_INVALID
REPLAY F 409 X402.NONCE_REUSED
WINDOW_EXPIRED R 410 X402.WINDOW_EXPIRED
NETWORK_OR_TOKEN_MISMATCH F 422 X402.NETWORK_OR_TOKEN_MISMATCH
SIMULATION_FAIL R 422 X402.SIMULATION_FAIL
NOT_FINAL T 425
TOO_LARGE F 413
INTERNAL T 500`;

const CODES = REGISTRY.trim().split("\n").map((line) => {
  const [code = "", letter = "", status, ...spellings] = line.split(" ");
  const dotted = spellings.find((spelling) => /^(X402|TGP)\./.test(spelling)) ?? `TGP.${code}`;
  return { code, letter, status: Number(status), dotted, spellings: [code, dotted, ...spellings] };
});

export function codeOf(spelling: string): (typeof CODES)[number] {
  const found = CODES.find(({ spellings }) => spellings.includes(spelling));
  if (!found) throw new Refusal("UnknownValue");
  return found;
}

const written = (members: Record<string, Json>): string => canonical(new Map(Object.entries(members)));

/** The ids and tags are those of the generator. */
export function rendered(error: string, field: string, name: string, reason: string): Record<string, unknown> {
  const { code, letter, status, dotted } = codeOf(error);
  const message = `${field}: ${reason}`;
  return {
    class: letter,
    http_status: status,
    dotted,
    plane_b: written({
      phase: "ERROR", tgp_version: "0.1", id: "err-1", correlation_id: "q-1", code, class: letter, hop: "tbc-1",
      message, reason: name,
    }),
    plane_g: written({
      message_type: "ERROR", tgp_version: "0.1", request_id: "req-1", timestamp: "2026-11-21T10:00:00Z",
      sender: "gw.example", error_code: code, class: letter, description: message, reason: name,
    }),
    plane_s: written({ error: dotted, class: letter, hop: "gwB", reason: name, message, pathId: "gwA>gwB" }),
  };
}
