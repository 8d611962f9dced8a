// Builds ../static/vendor from what package-lock.json pins: one folder NAME-VERSION per library, and vendor.json with
// version, licence and the SHA-384 of every file. `make vendor` runs `npm ci` first; the output is committed.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const out = join(here, "..", "static", "vendor");
const modules = join(here, "node_modules");
const manifest = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));

const libraries = [
  {
    name: "pico", package: "@picocss/pico",
    files: { "css/pico.min.css": "pico.min.css", "LICENSE.md": "LICENSE.md" },
  },
  {
    name: "katex", package: "katex",
    files: { "dist/katex-swap.min.css": "katex.min.css", "dist/fonts": "fonts", "LICENSE": "LICENSE" },
    bundle: { entry: "katex.entry.mjs", file: "katex.min.js" },
  },
  {
    name: "codemirror", package: "codemirror",
    files: { "LICENSE": "LICENSE" },
    bundle: { entry: "codemirror.entry.mjs", file: "codemirror.min.js" },
  },
];

function walk(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

rmSync(out, { recursive: true, force: true });
const vendor = {};
for (const library of libraries) {
  const { version, license } = manifest(library.package);
  const folder = join(out, `${library.name}-${version}`);
  mkdirSync(folder, { recursive: true });
  for (const [from, to] of Object.entries(library.files)) {
    // Every browser that runs ES modules reads woff2; the older formats would triple the size.
    const woff2 = (path) => !/\.(ttf|woff)$/.test(path);
    cpSync(join(modules, library.package, from), join(folder, to), { recursive: true, filter: woff2 });
  }
  if (library.name === "katex") {
    const css = join(folder, "katex.min.css");
    writeFileSync(css, readFileSync(css, "utf8").replace(/,url\(fonts\/[^)]+\.(woff|ttf)\) format\("[a-z]+"\)/g, ""));
  }
  if (library.bundle) {
    await build({
      entryPoints: [join(here, library.bundle.entry)], outfile: join(folder, library.bundle.file),
      bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "eof",
    });
  }
  const files = {};
  for (const path of walk(folder)) {
    const digest = createHash("sha384").update(readFileSync(path)).digest("base64");
    files[relative(folder, path)] = `sha384-${digest}`;
  }
  vendor[library.name] = { package: library.package, version, license, folder: `${library.name}-${version}`, files };
}
writeFileSync(join(out, "vendor.json"), JSON.stringify(vendor, null, 2) + "\n");
