// What a transaction moved, between whom, and how the walk prints it.
import { balance, keccak, send } from "./chain.mjs";

const TRANSFER = keccak("Transfer(address,address,uint256)");
const GREY = process.stdout.isTTY ? ["\x1b[2m", "\x1b[0m"] : ["", ""];
const BOLD = process.stdout.isTTY ? ["\x1b[1m", "\x1b[0m"] : ["", ""];

export const title = (text) => console.log(`\n${BOLD.join(text)}`);
export const note = (who, what) => console.log(`  ${who.padEnd(9)}${what.padEnd(44)}${GREY.join("signature")}`);
export const wait = (text) => console.log(`  ${GREY.join(`... ${text}`)}`);
export const field = (name, value) => console.log(`    ${name.padEnd(14)}${value}`);

/** An amount as people write it. */
export function money(amount, decimals, symbol) {
  const digits = amount.toString().padStart(decimals + 1, "0");
  const cents = digits.slice(-decimals).replace(/0+$/, "").padEnd(2, "0");
  return `${digits.slice(0, -decimals)}.${cents} ${symbol}`;
}

/** Sends the transactions of a walk and prints who paid whom. */
export class Ledger {
  constructor(people, escrow, usd) {
    this.names = new Map([...Object.entries(people), ["escrow", escrow]].map(([name, at]) => [at.toLowerCase(), name]));
    this.usd = usd.toLowerCase();
    this.gas = 0n;
  }

  /** `from` sends a call of `contract`; the answer is the transaction's receipt. */
  async send(from, what, contract, data, value = 0n) {
    const before = await this.#coins();
    const receipt = await send(from, contract.address, data, value);
    const used = BigInt(receipt.gasUsed);
    this.gas += used;
    const after = await this.#coins();
    after.set(this.#name(from), after.get(this.#name(from)) + used * BigInt(receipt.effectiveGasPrice));
    const lines = [...this.#tokens(receipt.logs), ...this.#ether(before, after)];
    const head = `  ${this.#name(from).padEnd(9)}${what.padEnd(44)}${used.toLocaleString("en").padStart(9)} gas   `;
    console.log(head + (lines[0] ?? ""));
    for (const line of lines.slice(1)) console.log(" ".repeat(head.length) + line);
    return receipt;
  }

  #name(address) {
    return this.names.get(address.toLowerCase()) ?? address;
  }

  #tokens(logs) {
    const moved = logs.filter((log) => log.address === this.usd && log.topics[0] === TRANSFER);
    return moved.map(({ topics, data }) => {
      const [from, to] = [topics[1], topics[2]].map((topic) => this.#name(`0x${topic.slice(-40)}`));
      return this.#line(from, to, money(BigInt(data), 6, "USD"));
    });
  }

  /** Coins move between the escrow and the others only. */
  #ether(before, after) {
    const lines = [];
    for (const [name, held] of after) {
      const gain = held - before.get(name);
      if (name === "escrow" || gain === 0n) continue;
      lines.push(gain > 0n ? this.#line("escrow", name, money(gain, 18, "ETH")) : this.#line(name, "escrow", money(-gain, 18, "ETH")));
    }
    return lines;
  }

  #line(from, to, amount) {
    return `${from.padEnd(6)} -> ${to.padEnd(8)} ${amount.padStart(12)}`;
  }

  async #coins() {
    const coins = new Map();
    for (const [address, name] of this.names) coins.set(name, await balance(address));
    return coins;
  }
}
