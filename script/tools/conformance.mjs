// Holds the requirements in conformance/ against the claims in the tests: each row is claimed, owned by a component that
// is not built yet, or not testable. Prints the counts, names every row that is none or two of these, and writes
// docs/conformance.md, the list of all; `--check` also fails when the page is stale.
import { readClaims } from "./claims.mjs";
import { finish, textOf } from "./generated-files.mjs";

const OWNERS = [
  "contracts", "protocol", "bindings", "store", "indexer", "controller", "sdk", "cli", "zk", "x402", "gateway", "web", "ops",
];
const MOST_NOT_TESTABLE = 25;
const HOWS = ["claimed", "owned", "not testable"];
const DOCUMENTS = {
  "000": "VGP one-pager",
  "001": "Three-domain flow",
  "002": "TGP-00, gateways",
  "003": "x402 exact mapping",
  "004": "TGP-00, controller and CoreProver",
};

let failed = false;
const fail = (message) => {
  console.error(message);
  failed = true;
};

/** The rows of a table in conformance/, each with the line it stands on. */
function tableOf(name, columns) {
  const path = `conformance/${name}.tsv`;
  const [head, ...lines] = textOf(path).replace(/\n$/, "").split("\n");
  if (head !== columns.join("\t")) fail(`${path}:1: the columns are ${columns.join(", ")}`);
  const seen = new Map();
  lines.forEach((line, index) => {
    const where = `${path}:${index + 2}`;
    const cells = line.split("\t");
    if (cells.length !== columns.length) return fail(`${where}: ${columns.length} columns, not ${cells.length}`);
    const row = { ...Object.fromEntries(columns.map((column, at) => [column, cells[at]])), where };
    if (seen.has(row.id)) return fail(`${where}: ${row.id} stands at ${seen.get(row.id).where} already`);
    seen.set(row.id, row);
  });
  return seen;
}

const requirements = tableOf("requirements", ["id", "document", "section", "level", "kind", "requirement", "ref"]);
const owned = tableOf("owned", ["id", "owner", "reason"]);
const notTestable = tableOf("not-testable", ["id", "reason"]);

let number = 0;
for (const { id, document, where } of requirements.values()) {
  const expected = `R-${String(++number).padStart(3, "0")}`;
  if (id !== expected) fail(`${where}: ${id}, where ${expected} is due`);
  if (!DOCUMENTS[document]) fail(`${where}: there is no document ${document}`);
}

for (const { id, where, owner, reason } of [...owned.values(), ...notTestable.values()]) {
  if (!requirements.has(id)) fail(`${where}: ${id} is no requirement`);
  if (owner !== undefined && !OWNERS.includes(owner)) fail(`${where}: ${owner} is no owner`);
  if (!reason) fail(`${where}: ${id} has no reason`);
}
if (notTestable.size > MOST_NOT_TESTABLE) {
  fail(`conformance/not-testable.tsv: ${notTestable.size} rows, at most ${MOST_NOT_TESTABLE} are allowed`);
}

const { claims, errors } = readClaims();
errors.forEach(fail);
const claimed = new Map();
for (const claim of claims) {
  if (requirements.has(claim.id)) claimed.set(claim.id, [...(claimed.get(claim.id) ?? []), claim]);
  else fail(`${claim.path}:${claim.line}: ${claim.id} is no requirement`);
}

for (const id of requirements.keys()) {
  const [claim] = claimed.get(id) ?? [];
  const row = owned.get(id);
  const plan = notTestable.get(id);
  if (!claim && !row && !plan) fail(`${id} has no claim, no owner, and is not listed as not testable`);
  for (const stale of claim ? [row, plan] : []) {
    if (stale) fail(`${stale.where}: ${id} is claimed by ${claim.path}:${claim.line}; delete this line`);
  }
  if (row && plan) fail(`${row.where}: ${id} stands in ${plan.where} too; delete one of the lines`);
}

const howOf = (id) => HOWS[[claimed, owned, notTestable].findIndex((rows) => rows.has(id))];

/** For each value of a column: how many rows, and how many of each kind. */
function countsBy(column) {
  const counts = new Map();
  for (const row of [...requirements.values()].sort((a, b) => (a[column] < b[column] ? -1 : 1))) {
    const count = counts.get(row[column]) ?? { rows: 0, claimed: 0, owned: 0, "not testable": 0 };
    count.rows += 1;
    if (howOf(row.id)) count[howOf(row.id)] += 1;
    counts.set(row[column], count);
  }
  return counts;
}

const byOwner = OWNERS.map((owner) => [owner, [...owned.values()].filter((row) => row.owner === owner).length]);

/** The lines of a count, with its sum below: names, then numbers. */
function linesOf(title, counts) {
  const lines = [...counts].map(([name, { rows, ...count }]) => [name, rows, ...HOWS.map((how) => count[how])]);
  const sum = lines.reduce((all, line) => all.map((value, at) => value + line[at + 1]), [0, 0, 0, 0]);
  return [[title, "rows", ...HOWS], ...lines, ["all", ...sum]];
}

const tables = [
  linesOf("document", countsBy("document")),
  linesOf("kind", countsBy("kind")),
  [["owner", "rows"], ...byOwner.filter(([, rows]) => rows > 0)],
];
for (const table of tables) {
  for (const [name, ...cells] of table) {
    console.log(name.padEnd(12) + cells.map((cell) => String(cell).padStart(14)).join(""));
  }
  console.log();
}

/** Text as Markdown shows it in a cell; what is between backticks stays as it is. */
function escaped(text) {
  const parts = text.split("`");
  // an odd backtick opens nothing
  const code = parts.length % 2 === 1;
  const shown = parts.map((part, index) => {
    const bars = part.replaceAll("|", "\\|");
    return code && index % 2 === 1 ? bars : bars.replace(/[*_<>[\]~]/g, (sign) => `\\${sign}`);
  });
  return shown.join(code ? "`" : "\\`");
}

const markdown = ([head, ...lines]) =>
  [head, head.map((_, at) => (at === 0 ? "---" : "---:")), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** How a row is met, as its last cell. */
function cellOf(id) {
  const links = (claimed.get(id) ?? []).map(({ path, name }) => `[\`${path}${name ? `:${name}` : ""}\`](../${path})`);
  if (links.length > 0) return [...new Set(links)].join("<br>");
  if (owned.has(id)) return `**${owned.get(id).owner}**: ${escaped(owned.get(id).reason)}`;
  return notTestable.has(id) ? `not testable: ${escaped(notTestable.get(id).reason)}` : "";
}

function sectionOf(document) {
  const rows = [...requirements.values()].filter((row) => row.document === document);
  if (rows.length === 0) return "";
  const cells = rows.map(({ id, section, requirement, ref }) => [id, section, escaped(requirement), ref, cellOf(id)]);
  return `
## ${document}: ${DOCUMENTS[document]}

| id | section | requirement | ref | how |
|---|---|---|---|---|
${cells.map((row) => `| ${row.join(" | ")} |`).join("\n")}
`;
}

const page = `# Conformance

<!-- Generated from conformance/ and the comments of the tests by \`make conformance\`: do not edit. -->

The protocol documents 000 to 004 make ${requirements.size} requirements. This page says for each how it is met: by tests that
claim to show it, later by the component that owns it and is not built yet, or not by a test at all, with the reason. Where a
row has a reference C-.. the documents contradict each other, where G-.. they leave something open; the answer in
[resolutions.md](resolutions.md) replaces the row's own words. [How to claim a requirement](../conformance/README.md).

## Counts

${tables.map(markdown).join("\n\n")}
${Object.keys(DOCUMENTS).map(sectionOf).join("")}`;

finish({ "docs/conformance.md": page }, failed, "make conformance");
