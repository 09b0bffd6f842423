import { createConfig } from "ponder";
import { parseAbi } from "viem";

const { PEERS_NODE: node, PEERS_ESCROW: escrow, PEERS_VAULT: vault, PEERS_DATABASE: database } = process.env;
if (!node || !escrow || !vault) throw new Error("this project is run by `make bench-peers`");

export default createConfig({
  // its default, PGlite, unless there is a PostgreSQL
  database: database ? { kind: "postgres", connectionString: database } : undefined,
  // with the websocket it hears of a block at once, as the indexer does
  chains: { local: { id: 31337, rpc: node, ws: node.replace("http", "ws") } },
  contracts: {
    Escrow: {
      chain: "local",
      abi: parseAbi([
        "event SimpleOrderCreated(bytes32 indexed key, address indexed buyer, address indexed seller, bytes32 orderId, uint256 amount, uint256 commitmentDeadline, uint256 claimDeadline, uint256 timedRelease)",
      ]),
      address: escrow as `0x${string}`,
    },
    Vault: {
      chain: "local",
      abi: parseAbi(["event BatchAnchored(address indexed sender, bytes32 indexed root)"]),
      address: vault as `0x${string}`,
    },
  },
});
