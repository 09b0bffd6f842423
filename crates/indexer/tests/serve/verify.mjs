// Verifies a webhook with what Node brings along: key, id, time and signature as arguments, the body on standard input.
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const [key, id, time, signatures] = process.argv.slice(-4);
const body = readFileSync(0);

// the header of an Ed25519 key in SPKI, then its 32 bytes
const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(key, "hex")]);
const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
const signed = Buffer.concat([Buffer.from(`${id}.${time}.`), body]);
const ours = signatures
  .split(" ")
  .filter((signature) => signature.startsWith("v1a,"))
  .some((signature) => verify(null, signed, publicKey, Buffer.from(signature.slice(4), "base64")));
const recent = Math.abs(Date.now() / 1000 - Number(time)) < 300;
process.exit(ours && recent ? 0 : 1);
