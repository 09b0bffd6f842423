import { readFileSync } from "node:fs";
import { createConfig } from "ponder";
import { vaultAbi } from "./vault";

const { RPC, DEPLOYMENT } = process.env;
if (!RPC || !DEPLOYMENT) throw new Error("set RPC to a node's URL and DEPLOYMENT to deployments/<chainId>.json");
const { chainId, contracts } = JSON.parse(readFileSync(DEPLOYMENT, "utf8"));

export default createConfig({
  chains: { settlement: { id: chainId, rpc: RPC } },
  contracts: {
    ReceiptVault: {
      chain: "settlement",
      abi: vaultAbi,
      address: contracts.ReceiptVault.address,
      // it logs nothing before
      startBlock: contracts.ReceiptVault.block,
    },
  },
});
