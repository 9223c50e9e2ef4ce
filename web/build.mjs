// Bundles the widget into dist/footnote.js and writes the licences of all that is in it.
// The same sources give the same bytes: tests/web/test_bundle.py rebuilds and compares.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "dist");

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/index.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2021", "safari16.4", "chrome100", "firefox115"],
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/*! Footnote, Apache-2.0. Bundled parts and their licences: licences.txt */" },
  outfile: join(out, "footnote.js"),
  plugins: [
    { name: "small-styles", setup: shrinkStyles },
    { name: "leave-out", setup: leaveOut },
  ],
  metafile: true,
  logLevel: "warning",
});

writeFileSync(join(out, "licences.txt"), licences(Object.keys(result.metafile.inputs)));

/** What the widget never uses of socket.io-client: WebTransport and binary messages. */
function leaveOut(step) {
  step.onLoad({ filter: /engine\.io-client\/build\/esm\/transports\/webtransport\.js$/ }, () => ({
    contents: "export const WT = undefined;",
  }));
  step.onLoad({ filter: /socket\.io-parser\/build\/esm\/(is-)?binary\.js$/ }, () => ({
    contents: `
      export const isBinary = () => false;
      export const hasBinary = () => false;
      export const deconstructPacket = () => undefined;
      export const reconstructPacket = () => undefined;`,
  }));
  step.onLoad({ filter: /engine\.io-parser\/build\/esm\/encodePacket\.browser\.js$/ }, () => ({
    contents: `
      import { PACKET_TYPES } from "./commons.js";
      export const encodePacket = ({ type, data }, _, done) => done(PACKET_TYPES[type] + (data || ""));
      export const encodePacketToBinary = undefined;`,
    resolveDir: join(here, "node_modules/engine.io-parser/build/esm"),
  }));
}

/** Styles are a template text, which the minifier leaves alone: take out comments and indents. */
function shrinkStyles(step) {
  const shrink = (text) =>
    text
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/\s+/g, " ")
      .replace(/ ?([{};,]) ?/g, "$1")
      .replace(/: /g, ":")
      .replace(/;}/g, "}");
  step.onLoad({ filter: /src\/styles\.ts$/ }, (file) => ({
    loader: "ts",
    contents: readFileSync(file.path, "utf8").replace(/`[^`]*`/, shrink),
  }));
}

/** The licence texts of the packages whose files went into the bundle. */
function licences(inputs) {
  const names = inputs
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((name) => name !== undefined);
  const texts = [...new Set(names)].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}\n`;
  });
  const head = "dist/footnote.js holds the widget of Footnote (Apache-2.0) and these packages:\n";
  return [head, ...texts].join(`\n${"-".repeat(80)}\n\n`);
}
