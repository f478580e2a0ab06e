// Looks at every page at both widths, and in both themes: axe-core, requests elsewhere,
// refusals of the content security policy, sizes, screenshots.
//   node pages.mjs OUT [SCREENSHOTS] [PATTERN]
import { readdir, mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

const [out, shots, pattern = ""] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [["desk", 1280, 800], ["tablet", 768, 1024]];
const BUDGET = 150_000;

const lane = await serve(out);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const wrong = [];
const looked = new Map();

/// What axe finds on `page`.
async function check(page) {
  return page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await globalThis.axe.run({ runOnly: tags });
    return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(" | ")}`);
  }).catch((error) => [String(error)]);
}

/// Looks at one page, in every theme that it is to be looked at in, at every width.
async function look(name, themes) {
  const context = await browser.newContext();
  const page = await context.newPage();
  let at = name;
  let weight = 0;
  page.on("console", (line) => { if (line.type() === "error") wrong.push(`${at}: ${line.text()}`); });
  page.on("pageerror", (error) => wrong.push(`${at}: ${error}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(lane.base)) wrong.push(`${at}: asks for ${request.url()}`);
  });
  page.on("response", async (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (!type.startsWith("image/jpeg") && !type.startsWith("text/event-stream")) {
      weight += (await response.body().catch(() => Buffer.alloc(0))).length;
    }
  });
  for (const [size, width, height] of WIDTHS) {
    for (const theme of themes) {
      at = `${name} ${theme} ${size}`;
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height });
      if (looked.has(name)) {
        await page.waitForTimeout(50);
      } else {
        await page.goto(`${lane.base}/${name}`, { waitUntil: "load" });
        await page.waitForTimeout(150);
        if (weight > BUDGET) wrong.push(`${at}: ${weight} bytes without pictures`);
        // Through the debugger, which the page's policy doesn't stop.
        await page.evaluate(axe);
      }
      looked.set(name, (looked.get(name) ?? 0) + 1);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) wrong.push(`${at}: ${overflow} px too wide`);
      wrong.push(...(await check(page)).map((text) => `${at}: ${text}`));
      if (shots) await page.screenshot({ path: join(shots, `${name.replace(".html", "")}-${theme}-${size}.png`) });
    }
  }
  await context.close();
}

try {
  if (shots) await mkdir(shots, { recursive: true });
  const names = (await readdir(join(out, "pages"))).filter((n) => n.includes(pattern)).sort();
  // Another language has other lengths, but the same colours.
  const themes = (name) => (name.endsWith("-en.html") ? ["light", "dark"] : ["light"]);
  // As many at once as there are cores: each is a process of the browser's.
  const work = async () => {
    for (let name = names.shift(); name; name = names.shift()) await look(name, themes(name));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
} finally {
  await browser.close();
  lane.close();
}
for (const text of wrong) console.error(text);
const views = [...looked.values()].reduce((sum, some) => sum + some, 0);
console.log(`${views} views, ${wrong.length} faults`);
process.exitCode = wrong.length || !views ? 1 : 0;
