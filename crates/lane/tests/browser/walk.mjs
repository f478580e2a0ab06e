// What an officer does, by keyboard alone, against a stand-in for the lane: what is
// sent, what changes, and that nothing of a vehicle is left when it has gone.
//   node walk.mjs OUT
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

const out = process.argv[2];
const json = async (name) => JSON.parse(await readFile(join(out, name), "utf8"));
const lane = await serve(out);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
let failed = 0;

async function walk(title, name, steps) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  lane.posts.length = 0;
  lane.answers.clear();
  lane.counts.clear();
  try {
    await page.goto(`${lane.base}/${name}`);
    await page.waitForFunction(() => document.querySelector("#link").textContent !== "");
    await steps(page);
    assert.deepEqual(errors, []);
    console.log(`well: ${title}`);
  } catch (error) {
    failed += 1;
    console.error(`FAILED: ${title}\n${error.stack}`);
  }
  await context.close();
}

const posted = async (count = 1) => {
  for (let tries = 0; lane.posts.length < count && tries < 100; tries += 1) await new Promise((done) => setTimeout(done, 30));
  return lane.posts.map(({ path, body }) => [path, JSON.parse(body)]);
};
const current = (page) => page.evaluate(() => document.querySelector("[aria-current]")?.dataset.subject);
const shown = (page) => page.evaluate(() => [...document.querySelectorAll("[data-detail]:not([hidden])")].map((d) => d.dataset.detail));

await walk("what is to do first is selected and has focus", "officer-extra-person-en.html", async (page) => {
  assert.equal(await current(page), "seat-2-left");
  assert.deepEqual(await shown(page), ["seat-2-left"]);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.subject), "seat-2-left");
  assert.equal(await page.evaluate(() => document.querySelectorAll("[data-subject][tabindex='0']").length), 1);
});

await walk("arrows go where the eye goes", "officer-nine-seats-en.html", async (page) => {
  const path = [["ArrowUp", "seat-1-centre"], ["ArrowLeft", "seat-1-left"], ["ArrowDown", "seat-2-left"], ["ArrowRight", "seat-2-centre"], ["ArrowDown", "seat-3-centre"]];
  for (const [key, subject] of path) {
    await page.keyboard.press(key);
    assert.equal(await current(page), subject, key);
  }
  await page.keyboard.press("n");
  assert.equal(await current(page), "seat-2-centre");
  await page.keyboard.press("v");
  assert.equal(await current(page), "vehicle");
});

await walk("a referral is judged blind first", "officer-blind-en.html", async (page) => {
  const detail = page.locator("#detail-seat-1-left");
  for (const text of ["Score", "Machine says", "Your decision"]) assert.equal(await detail.getByText(text, { exact: true }).count(), 0, text);
  // The line of keys names what does something here.
  const keys = () => page.locator("#keys span:not(.off) > kbd").allTextContents();
  assert.deepEqual((await keys()).filter((key) => /[QWE1-6]/.test(key)), ["Q", "W", "E"]);
  // Numbers are decisions', here as everywhere.
  await page.keyboard.press("1");
  await page.keyboard.press("q");
  const body = { seat: "1-left", document: 0, judgement: "same" };
  assert.deepEqual(await posted(), [["/v1/transactions/blind/judgements", body]]);
  assert.equal(lane.posts[0].csrf, "token");
  lane.emit("fragments", await json("fragments-judged.json"));
  await detail.getByText("Machine says").waitFor();
  await detail.getByText("The same person").waitFor();
  assert.deepEqual((await keys()).filter((key) => /[QWE1-6]/.test(key)), ["1", "6"]);
  // Pressed twice in haste it decides nothing.
  await page.keyboard.press("q");
  // Then a reason code.
  await page.keyboard.press("1");
  const decision = { subject: "seat-1-left", reason: "confirmed-by-eye" };
  assert.deepEqual((await posted(2))[1][1], decision);
  assert.equal((await posted(2)).length, 2, "one press, one decision");
});

await walk("opting out is asked first, and can't be sent by one slip", "officer-extra-person-en.html", async (page) => {
  await page.keyboard.press("o");
  await page.locator("#ask[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#ask[open]").waitFor({ state: "detached" });
  assert.equal(lane.posts.length, 0);
  await page.keyboard.press("o");
  await page.keyboard.press("Enter");
  const sent = [["/v1/transactions/extra-person/opt-outs", { seat: "2-left" }]];
  assert.deepEqual(await posted(), sent);
  // Taken back and asked for again before the browser tells that the dialog has closed.
  await page.evaluate(() => {
    const button = document.querySelector("[data-detail='seat-2-left'] [data-key='o']");
    button.click();
    document.querySelector("#ask").close("no");
    button.click();
  });
  await page.locator("#ask[open]").waitFor();
  await page.keyboard.press("Enter");
  assert.deepEqual(await posted(2), [...sent, ...sent]);
});

await walk("a new picture of one seat, and a refusal in words beside it", "officer-extra-person-en.html", async (page) => {
  lane.answers.set("/v1/transactions/extra-person/recaptures", { status: 409, body: JSON.stringify({ title: "Camera left shows nothing", detail: "Check its cable." }) });
  await page.keyboard.press("r");
  const note = page.locator("#detail-seat-2-left [role=alert]");
  await note.waitFor();
  assert.match(await note.textContent(), /Camera left shows nothing.*Check its cable/s);
  // It stays while the page changes, and goes with the next thing that works.
  lane.emit("fragments", await json("fragments-extra-person.json"));
  await page.waitForTimeout(100);
  assert.equal(await note.count(), 1);
  lane.answers.clear();
  await page.keyboard.press("r");
  await note.waitFor({ state: "detached" });
});

await walk("a pair is kept with a reason and a time", "officer-judged-en.html", async (page) => {
  await page.keyboard.press("h");
  await page.locator("#hold[open]").waitFor();
  await page.getByLabel("Perhaps not the holder").check();
  await page.getByLabel("For how many minutes").fill("30");
  await page.locator("#hold").getByRole("button", { name: "Keep" }).click();
  const body = { seat: "1-left", document: 0, reason: "suspected-impostor", minutes: 30 };
  assert.deepEqual(await posted(), [["/v1/transactions/judged/holds", body]]);
});

await walk("people are declared", "officer-just-opened-en.html", async (page) => {
  await page.keyboard.press("d");
  await page.keyboard.type("4");
  await page.keyboard.press("Enter");
  assert.deepEqual(await posted(), [["/v1/transactions/just-opened/declaration", { occupants: 4 }]]);
});

await walk("changes keep focus, what is folded out, and pictures", "officer-extra-person-en.html", async (page) => {
  await page.locator("#more-seat-2-left > summary").click();
  await page.locator("#declared").fill("7");
  const asked = new Map(lane.counts);
  const parts = await json("fragments-extra-person.json");
  for (const part of parts) part.html = part.html.replaceAll("Confirmed", "Confirmed now").replaceAll("No document fits", "No document suits");
  const layout = () => page.evaluate(() => [...document.querySelectorAll("#headline, .card, .detail:not([hidden])")].map((e) => { const b = e.getBoundingClientRect(); return [b.x, b.y, b.width].map(Math.round).join(); }));
  const before = await layout();
  const start = await page.evaluate(() => performance.now());
  lane.emit("fragments", parts);
  await page.getByText("No document suits").first().waitFor();
  console.log(`  fragments to pixels and seen by the test in ${Math.round(await page.evaluate(() => performance.now()) - start)} ms`);
  assert.deepEqual(await layout(), before, "the layout shifts");
  assert.equal(await page.locator("#more-seat-2-left").evaluate((d) => d.open), true);
  assert.equal(await page.locator("#declared").inputValue(), "7");
  assert.equal(await page.evaluate(() => document.activeElement.id), "declared");
  assert.deepEqual(lane.counts, asked, "pictures were asked for again");
});

await walk("a button that comes to stand for something else is another one", "officer-judged-en.html", async (page) => {
  const act = page.locator("#detail-seat-1-left .decisions .act").nth(1);
  const [to, content] = await act.evaluate((button) => [button.dataset.post, button.dataset.body]);
  // The officer's finger is down on it when the decisions before it go.
  const { x, y, width, height } = await act.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  const parts = await json("fragments-judged.json");
  const first = await page.locator("#detail-seat-1-left .decisions .act").first().evaluate((button) => button.dataset.body);
  for (const part of parts) {
    part.html = await page.evaluate(([html, body]) => {
      const template = document.createElement("template");
      template.innerHTML = html;
      for (const button of template.content.querySelectorAll("[data-post]")) if (button.dataset.body === body) button.remove();
      return template.innerHTML;
    }, [part.html, first]);
  }
  const gone = page.locator(`#detail-seat-1-left [data-body='${first}']`);
  assert.equal(await gone.count(), 1);
  lane.emit("fragments", parts);
  await gone.waitFor({ state: "detached" });
  await page.mouse.up();
  await page.waitForTimeout(150);
  assert.ok(lane.posts.every(({ path, body }) => path === to && body === content), JSON.stringify(lane.posts));
});

await walk("a connection that comes back changes nothing of what the officer is about", "officer-judged-en.html", async (page) => {
  const { transaction } = await page.evaluate(() => document.querySelector("#transaction").dataset);
  await page.keyboard.press("h");
  await page.locator("#hold[open]").waitFor();
  await page.getByLabel("For how many minutes").fill("30");
  const whole = await page.evaluate(() => document.querySelector("#transaction").outerHTML.replaceAll("The same person", "One person"));
  lane.emit("opened", [{ id: "transaction", html: whole }]);
  await page.getByText("One person").first().waitFor({ state: "attached" });
  assert.equal(await page.locator("#hold[open]").count(), 1, transaction);
  assert.equal(await page.getByLabel("For how many minutes").inputValue(), "30");
  assert.equal(await current(page), "seat-1-left");
});

await walk("nothing of a vehicle is left when it has gone", "officer-tampered-en.html", async (page) => {
  lane.emit("gone", {});
  await page.getByRole("heading", { name: "No vehicle" }).waitFor();
  const html = await page.evaluate(() => document.documentElement.outerHTML);
  for (const trace of ["CORVADO", "tampered", "X142", "<img"]) assert.ok(!html.includes(trace), trace);
  // The next one comes.
  lane.emit("opened", await json("opened-filling.json"));
  await page.getByText("CORVADO TOMAS").first().waitFor();
  assert.equal(await current(page), "seat-2-left");
});

await walk("there is no way back to the last vehicle", "officer-tampered-en.html", async (page) => {
  await page.goto(`${lane.base}/notice-en.html`);
  lane.posts.length = 0;
  await page.goBack();
  await page.waitForFunction(() => document.querySelector("#link")?.textContent);
  // The page was asked for anew, not taken from a cache.
  const kind = await page.evaluate(() => performance.getEntriesByType("navigation")[0].transferSize);
  assert.ok(kind > 0, "from a cache");
});

await walk("a vehicle is started", "officer-idle-en.html", async (page) => {
  await page.getByLabel("People inside").fill("3");
  await page.getByLabel("Exit").check();
  await page.getByLabel("People inside").press("Enter");
  assert.deepEqual(await posted(), [["/v1/transactions", { lane: "A1", direction: "exit", occupants: 3 }]]);
});

await walk("single keys can be switched off", "officer-extra-person-en.html", async (page) => {
  await page.getByRole("button", { name: "Keys" }).click();
  await page.locator("[data-subject='seat-2-left']").focus();
  await page.keyboard.press("r");
  await page.waitForTimeout(150);
  assert.equal(lane.posts.length, 0);
});

await walk("700 vehicles leave nothing behind", "officer-idle-en.html", async (page) => {
  const names = ["filling", "extra-person", "judged", "nine-seats"];
  const opened = await Promise.all(names.map((name) => json(`opened-${name}.json`)));
  const parts = await Promise.all(names.map((name) => json(`fragments-${name}.json`)));
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    await page.waitForTimeout(150);
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    const { nodes } = await session.send("Memory.getDOMCounters");
    return { kilobytes: Math.round(usedSize / 1024), nodes };
  };
  // Garbage goes when the browser sees fit; what is held never goes.
  const settled = async (isEnough) => {
    let now = await heap();
    for (let tries = 0; tries < 40 && !isEnough(now); tries += 1) now = await heap();
    return now;
  };
  const vehicles = async (count) => {
    for (let at = 0; at < count; at += 1) {
      lane.emit("opened", opened[at % 4]);
      lane.emit("fragments", parts[at % 4]);
      lane.emit("gone", {});
      if (at % 10 === 9) await page.waitForTimeout(60);
    }
    await page.waitForTimeout(500);
  };
  await vehicles(50);
  const before = await settled(({ nodes }) => nodes < 2000);
  await vehicles(700);
  const after = await settled(({ kilobytes, nodes }) => kilobytes < before.kilobytes + 512 && nodes < before.nodes + 500);
  console.log(`  heap after 50 and after 750 vehicles: ${JSON.stringify([before, after])}`);
  assert.ok(after.kilobytes < before.kilobytes + 512, "the heap grows");
  assert.ok(after.nodes < before.nodes + 500, "nodes are left");
});

await browser.close();
lane.close();
process.exitCode = failed ? 1 : 0;
