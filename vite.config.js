// Builds assets/ into assets/dist/, which Django serves as static files. Names are stable: Django's own storage adds the
// hashes in production, and templates can name a file without asking a manifest.
import { globSync } from "node:fs";
import path from "node:path";

import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

const fonts = new Set([".woff", ".woff2"]);

/** Every entry by its output name: `app`, `pages/<page>`, and stylesheets of their own under `css/<name>`. */
function entries() {
  const scripts = globSync(["assets/js/*.js", "assets/js/pages/*.js"]).map((file) => [
    path.relative("assets/js", file).replace(/\.js$/, ""),
    path.resolve(file),
  ]);
  const styles = globSync(["assets/css/{app,admin}.css", "assets/css/pages/*.css"]).map((file) => [
    `css/${path.relative("assets/css", file).replace(/\.css$/, "")}`,
    path.resolve(file),
  ]);
  return Object.fromEntries([...scripts, ...styles].sort());
}

function nameOfAsset(asset) {
  const name = asset.names[0] ?? "asset";
  const extension = path.extname(name);
  if (fonts.has(extension)) return "fonts/[name][extname]";
  if (extension === ".css") return nameOfStylesheet(name, asset.originalFileNames);
  return "images/[name][extname]";
}

/** A stylesheet of its own keeps its name; one that a page's script imports lies beside that script. */
function nameOfStylesheet(name, sources) {
  const isImportedByPage = sources.some((source) => source.includes("assets/js/pages/"));
  return isImportedByPage ? `pages/${name}` : name.replace(/^css\//, "");
}

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [tailwindcss()],
  build: {
    outDir: "assets/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: false,
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    target: "es2022",
    cssTarget: ["chrome111", "firefox128", "safari16.4"],
    rolldownOptions: {
      input: entries(),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: nameOfAsset,
      },
    },
  },
});
