// What was measured, a line of JSON for each figure in a file of the run, and the table of all of them.
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

const file = join(process.env.PEERS_FOLDER, "results.jsonl");

/** Keeps a figure: who, and `rate` (events a second) or `p50` and `p95` (microseconds). */
export const keep = (who, figures) => appendFileSync(file, `${JSON.stringify({ who, ...figures })}\n`);

const LEAST = "raw getLogs and decode";
const OURS = "this indexer";

export function table() {
  const rows = new Map();
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    const { who, ...figures } = JSON.parse(line);
    rows.set(who, { ...rows.get(who), ...figures });
  }
  const ours = rows.get(OURS);
  const number = (value, digits = 0) => (value === undefined ? "" : value.toLocaleString("en", { maximumFractionDigits: digits }));
  const ratio = (value, of) => (value === undefined || of === undefined ? "" : `${(value / of).toFixed(2)} x`);
  const lines = [["", "backfill, events/s", "of ours", "row after, p50 ms", "of ours", "p95 ms", "of ours"]];
  for (const who of [LEAST, OURS, ...[...rows.keys()].filter((name) => name !== LEAST && name !== OURS)]) {
    const { rate, p50, p95, missing } = rows.get(who) ?? {};
    if (missing) lines.push([who, missing, "", "", "", "", ""]);
    else lines.push([who, number(rate), ratio(rate, ours.rate), number(p50 && p50 / 1000, 1), ratio(p50, ours.p50), number(p95 && p95 / 1000, 1), ratio(p95, ours.p95)]);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  ")).join("\n");
}
