// A local chain as the walk sees it: calls, transactions, signatures and the passing of time. anvil holds the keys.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = new URL("../../", import.meta.url).pathname;
const node = process.env.DEMO_NODE;

export const readJson = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));
export const cast = (...words) => execFileSync(join(root, ".tools/bin/cast"), words, { encoding: "utf8" }).trim();

let calls = 0;
export async function rpc(method, ...params) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: ++calls, method, params });
  const answer = await fetch(node, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = await answer.json();
  if (error) throw new Error(`${method}: ${error.message} ${error.data ?? ""}`);
  return result;
}

export const keccak = (data) => cast("keccak", data);
export const word = (value) => BigInt(value).toString(16).padStart(64, "0");

/** A deployed contract, called by the names in its ABI. */
export class Contract {
  constructor(name, address, artifact = `out/${name}.sol/${name}.json`) {
    this.name = name;
    this.address = address;
    const { abi, methodIdentifiers } = readJson(artifact);
    this.abi = abi;
    this.signatures = Object.keys(methodIdentifiers);
  }

  data(verb, ...values) {
    const signature = this.signatures.find((one) => one.startsWith(`${verb}(`));
    return cast("calldata", signature, ...values.map(text));
  }

  call(verb, ...values) {
    return rpc("eth_call", { to: this.address, data: this.data(verb, ...values) }, "latest");
  }

  /** The fields of this contract's event in a transaction's logs; every field is one word. */
  event(name, logs) {
    const { inputs } = this.abi.find((item) => item.type === "event" && item.name === name);
    const topic = keccak(`${name}(${inputs.map((input) => input.type)})`);
    const log = logs.find((one) => one.address === this.address.toLowerCase() && one.topics[0] === topic);
    if (!log) throw new Error(`${this.name} logged no ${name}`);
    const topics = log.topics.slice(1);
    const words = log.data.slice(2).match(/.{64}/g).map((one) => `0x${one}`);
    return Object.fromEntries(inputs.map((input) => {
      const raw = input.indexed ? topics.shift() : words.shift();
      if (input.type === "address") return [input.name, `0x${raw.slice(-40)}`];
      return [input.name, input.type.startsWith("uint") ? BigInt(raw) : raw];
    }));
  }
}

/** A value as cast reads it: arrays are tuples. */
function text(value) {
  if (Array.isArray(value)) return `(${value.map(text)})`;
  if (value === "") return '""';
  return String(value);
}

/** An EIP-712 signature by one of anvil's accounts. */
export function sign(signer, domain, name, fields, message) {
  const types = {
    EIP712Domain: parse("string name,string version,uint256 chainId,address verifyingContract"),
    [name]: parse(fields),
  };
  return rpc("eth_signTypedData_v4", signer, { types, primaryType: name, domain, message });
}

const parse = (fields) => fields.split(",").map((field) => {
  const [type, name] = field.split(" ");
  return { type, name };
});

/** Sends a transaction, waits for it and fails when it failed. */
export async function send(from, to, data, value = 0n) {
  const transaction = { from, to, data, value: `0x${value.toString(16)}` };
  // Before a payout 136,000 gas must be left, more than the estimate of what is used.
  const gas = BigInt(await rpc("eth_estimateGas", transaction)) + 400_000n;
  const hash = await rpc("eth_sendTransaction", { ...transaction, gas: `0x${gas.toString(16)}` });
  let receipt = null;
  for (let tries = 0; receipt === null && tries < 500; ++tries) {
    receipt = await rpc("eth_getTransactionReceipt", hash);
    // anvil answers before its block is made when the machine is busy.
    if (receipt === null) await new Promise((done) => setTimeout(done, 20));
  }
  if (receipt?.status !== "0x1") throw new Error(`the transaction ${hash} failed`);
  return receipt;
}

export const now = async () => Number((await rpc("eth_getBlockByNumber", "latest", false)).timestamp);

export async function pass(seconds) {
  await rpc("evm_increaseTime", seconds);
  await rpc("evm_mine");
}

export const balance = async (account) => BigInt(await rpc("eth_getBalance", account, "latest"));
