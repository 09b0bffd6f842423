import { parseAbi } from "viem";

/** The one event of the vault that this project reads, as docs/events.md has it. */
export const vaultAbi = parseAbi([
  "event ReceiptIssued(bytes32 indexed orderId, address indexed buyer, address indexed seller, bytes32 sessionId, bytes32 offerHash, address token, uint256 paid, uint256 refunded, uint256 fee, uint8 outcome, uint256 settledAt, bytes32 evidence, bytes32 receiptAddress, bytes32 deliveryCommitment)",
]);
