// Finds the claims of requirements in the comments of tests: `Shows ..R-217.` beside the test that shows
// them. conformance/README.md says where a claim may stand.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./artifacts.mjs";

const ITEM = String.raw`R-\d+(?:\.\.R-\d+)?`;
const CLAIM = new RegExp(String.raw`\bShows (${ITEM}(?:, ${ITEM})*)\.(?!\.)`, "g");
// What means to be a claim, so that none is lost by a slip.
const ATTEMPT = /\bshows\s+R-/gi;

/** How far below a claim its test may begin. */
const REACH = 12;

const SLASHES = /^\s*(?:\/\/|\/\*|\*)/;
const STRAY = /\bshows R-\d/i;

const RUST_TEST = /^\s*(?:proptest!|#\[(?:\w+::)*test\b)/;

/** A Rust item below a claim: a test function, tests in `proptest!`, or a module that begins with either. */
function rustTest(lines, last) {
  const below = lines.slice(last + 1, last + 1 + REACH);
  let module;
  for (const [index, line] of below.entries()) {
    if (RUST_TEST.test(line)) return module ?? lines.slice(last + 1 + index).join("\n").match(/\bfn (\w+)/)?.[1];
    module ??= line.match(/^\s*(?:pub )?mod (\w+) \{/)?.[1];
    const between = module ? /^\s*(?:$|#|\/\/|use |(?:pub )?mod )/ : /^\s*#!?\[/;
    if (!between.test(line)) return undefined;
  }
  return undefined;
}

const SOLIDITY_TEST = /^\s*function ((?:test|invariant|check_)\w*)/;

function solidityTest(lines, last) {
  const below = lines[last + 1] ?? "";
  const [, contract] = below.match(/^(?:abstract )?contract (\w+)/) ?? [];
  if (contract) return lines.some((line) => SOLIDITY_TEST.test(line)) ? contract : undefined;
  return below.match(SOLIDITY_TEST)?.[1];
}

const SHELL_TEST = /^\s*(?:ok|expect) ['"]([^'"]+)['"]/;

function shellTest(lines, last) {
  for (let index = last + 1; index <= last + REACH && (lines[index] ?? "").trim() !== ""; ++index) {
    const [, words] = lines[index].match(SHELL_TEST) ?? [];
    if (words) return words;
  }
  return undefined;
}

const SCRIPT_TEST = /^\s*(?:await )?(?:test|it|describe|check)(?:\.\w+)?\(\s*["'`]([^"'`]+)/;

const scriptTest = (lines, last) => (lines[last + 1] ?? "").match(SCRIPT_TEST)?.[1];

/** The first comment of a file speaks for all of its tests. */
const opening = (test) => (lines, first) => first <= 1 && lines.some((line) => test.test(line));

// `comment` begins a line of a comment, `stray` is a claim in another line, `header` says whether a comment speaks for the
// whole file, `test` names the test that it stands above.
const LANGUAGES = [
  {
    folder: "crates",
    files: /\.rs$/,
    comment: SLASHES,
    stray: STRAY,
    header: (lines, first) => /^\s*\/\/!/.test(lines[first]) && lines.some((line) => RUST_TEST.test(line)),
    test: rustTest,
  },
  {
    folder: "test",
    files: /\.sol$/,
    comment: SLASHES,
    stray: STRAY,
    header: () => false,
    test: solidityTest,
  },
  {
    folder: "test/script",
    files: /\.sh$/,
    comment: /^\s*#/,
    stray: /#.*\bshows R-\d/i,
    header: opening(SHELL_TEST),
    test: shellTest,
  },
  {
    folder: "vectors",
    files: /\.m?ts$/,
    comment: SLASHES,
    stray: STRAY,
    header: opening(SCRIPT_TEST),
    test: scriptTest,
  },
];

/** The files of a folder that match, as paths from the root, in order. */
function* filesOf({ folder, files }) {
  if (!existsSync(join(root, folder))) return;
  const paths = readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name));
  for (const path of paths.sort()) {
    if (files.test(path) && !/(?:^|\/)(?:target|node_modules)\//.test(path)) yield path;
  }
}

/** The comments of a file, as the numbers of their first and last line, from 0. */
function* commentsOf(lines, comment) {
  let first;
  for (let index = 0; index <= lines.length; ++index) {
    const is = index < lines.length && comment.test(lines[index]);
    if (is) first ??= index;
    else if (first !== undefined) {
      yield { first, last: index - 1 };
      first = undefined;
    }
  }
}

/** The ids of `R-050, R-209..R-217`, in order; undefined when a range goes backwards. */
function idsOf(list) {
  const ids = [];
  for (const item of list.split(", ")) {
    const [from, to = from] = item.split("..").map((id) => Number(id.slice(2)));
    if (to < from) return undefined;
    for (let number = from; number <= to; ++number) ids.push(`R-${String(number).padStart(3, "0")}`);
  }
  return ids;
}

/** The claims of one comment, each `{ id, line }`; what cannot be read goes to `fail(line, message)`. */
function claimsOf(lines, { first, last }, fail) {
  const found = [];
  // One text, so that a list may go on in the next line; `starts` says where each line begins in it.
  const starts = [];
  let text = "";
  for (let index = first; index <= last; ++index) {
    starts.push(text.length);
    text += `${lines[index].replace(/^\s*(?:\/\/[/!]?|\/\*+|\*|#)\s*/, "").trim()} `;
  }
  const lineAt = (offset) => first + starts.filter((start) => start <= offset).length;
  const read = new Set();
  for (const match of text.matchAll(CLAIM)) {
    read.add(match.index);
    const ids = idsOf(match[1]);
    if (ids === undefined) fail(lineAt(match.index), `the range goes backwards in "${match[0]}"`);
    for (const id of ids ?? []) found.push({ id, line: lineAt(match.index) });
  }
  for (const { index } of text.matchAll(ATTEMPT)) {
    if (!read.has(index)) fail(lineAt(index), 'a claim reads "Shows R-001, R-003..R-005."');
  }
  return found;
}

/**
 * Every claim below the root: `claims`, each `{ id, path, line, name }`, without a name when it speaks for the whole file;
 * and `errors`, each with file and line.
 */
export function readClaims() {
  const claims = [];
  const errors = [];
  for (const language of LANGUAGES) {
    for (const path of filesOf(language)) {
      const text = readFileSync(join(root, path), "utf8");
      if (!/shows/i.test(text)) continue;
      const lines = text.split("\n");
      const fail = (line, message) => errors.push(`${path}:${line}: ${message}`);
      lines.forEach((line, index) => {
        if (language.comment.test(line)) return;
        if (language.stray.test(line)) fail(index + 1, "a claim stands above its test, in lines that begin as comments");
      });
      for (const comment of commentsOf(lines, language.comment)) {
        const found = claimsOf(lines, comment, fail);
        if (found.length === 0) continue;
        const name = language.test(lines, comment.last);
        if (name !== undefined || language.header(lines, comment.first)) {
          claims.push(...found.map((claim) => ({ ...claim, path, name })));
        } else {
          fail(found[0].line, "no test stands below this claim");
        }
      }
    }
  }
  return { claims, errors };
}
