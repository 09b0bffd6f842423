import { bigEndian, concat, fromHex, hex, utf8 } from "./bytes.js";
import { keccak256 } from "./keccak.js";

/** A message's fields as the vectors write them: numbers as decimal text, words and addresses as hex. */
export type Fields = { [name: string]: string | boolean | Fields[] };

type Member = readonly [type: string, name: string];

/** The types of contracts/eip712.json by their names. */
export class Types {
  private readonly members = new Map<string, Member[]>();

  constructor(types: { name: string; fields: string }[]) {
    for (const { name, fields } of types) {
      this.members.set(name, fields.split(",").map((field) => field.split(" ") as unknown as Member));
    }
  }

  names(): string[] {
    return [...this.members.keys()];
  }

  private of(name: string): Member[] {
    const members = this.members.get(name);
    if (!members) throw new Error(`no type is called ${name}`);
    return members;
  }

  /** The type and, in the order of their names, the types that it holds. */
  encodeType(name: string): string {
    const held = new Set<string>();
    const visit = (outer: string): void => {
      for (const [type] of this.of(outer)) {
        const inner = type.replace("[]", "");
        if (this.members.has(inner) && !held.has(inner)) {
          held.add(inner);
          visit(inner);
        }
      }
    };
    visit(name);
    const written = (type: string): string => `${type}(${this.of(type).map((member) => member.join(" ")).join(",")})`;
    return [name, ...[...held].sort()].map(written).join("");
  }

  hashStruct(name: string, fields: Fields): Uint8Array {
    const members = this.of(name);
    if (Object.keys(fields).length !== members.length) throw new Error(`${name} has other fields than its type`);
    const words = members.map(([type, field]) => {
      const value = fields[field];
      if (value === undefined) throw new Error(`${name} has no ${field}`);
      return this.word(type, value);
    });
    return keccak256(concat(keccak256(utf8(this.encodeType(name))), ...words));
  }

  private word(type: string, value: string | boolean | Fields[]): Uint8Array {
    if (Array.isArray(value)) {
      const inner = type.replace("[]", "");
      return keccak256(concat(...value.map((element) => this.hashStruct(inner, element))));
    }
    if (typeof value === "boolean") return bigEndian(value ? 1n : 0n, 32);
    if (type === "string") return keccak256(utf8(value));
    if (type === "bytes32") return fromHex(value.slice(2));
    if (type === "address") return concat(new Uint8Array(12), fromHex(value.slice(2).toLowerCase()));
    const bits = Number(/^uint([0-9]+)$/.exec(type)?.[1]);
    const number = BigInt(value);
    if (!(number >> BigInt(bits) === 0n)) throw new Error(`${value} is no ${type}`);
    return bigEndian(number, 32);
  }
}

const DOMAIN = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

/** What is signed: the message in the domain of its contract. */
export function digest(name: string, chainId: string, contract: string, structHash: Uint8Array): string {
  const separator = keccak256(
    concat(
      keccak256(utf8(DOMAIN)),
      keccak256(utf8(name)),
      keccak256(utf8("1")),
      bigEndian(BigInt(chainId), 32),
      new Uint8Array(12),
      fromHex(contract.slice(2).toLowerCase()),
    ),
  );
  return `0x${hex(keccak256(concat(fromHex("1901"), separator, structHash)))}`;
}
