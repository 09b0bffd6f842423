// The gas figures in snapshots/, by "Group/row".
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./artifacts.mjs";

export const figures = new Map();
for (const file of readdirSync(join(root, "snapshots")).filter((name) => name.endsWith(".json"))) {
  const rows = JSON.parse(readFileSync(join(root, "snapshots", file), "utf8"));
  for (const [row, value] of Object.entries(rows)) figures.set(`${file.replace(/\.json$/, "")}/${row}`, Number(value));
}

/** 12,345 */
export const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
