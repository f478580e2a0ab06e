// A demonstration as a person meets it: log-in, a vehicle that is confirmed, a referral
// judged blind first, an opt-out, a hold, roles that are refused, the log verified, and
// nothing left of a vehicle that has gone.
//   node live.mjs ADDRESS PASSWORD [SCREENSHOTS]
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [address, password, shots] = process.argv.slice(2);
if (shots) await mkdir(shots, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const LONG = 120_000;
const wrong = [];

async function person(role) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(LONG);
  page.on("pageerror", (error) => wrong.push(`${role}: ${error}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(address)) wrong.push(`${role}: asks for ${request.url()}`);
  });
  await page.goto(address);
  await page.fill("input[name=name]", role);
  await page.fill("input[name=password]", password);
  await page.click("form button");
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  return page;
}

const shot = async (page, name) => shots && page.screenshot({ path: join(shots, `${name}.png`) });
const transaction = (page) => page.evaluate(() => document.querySelector("#transaction")?.dataset.transaction ?? "");
const begun = performance.now();
const done = (step) => console.log(`well, after ${Math.round((performance.now() - begun) / 1000)} s: ${step}`);

/// What a seat's card says.
const card = (page, seat) => page.locator(`[data-subject="seat-${seat}"]`);
async function reads(page, seat, words) {
  await page.waitForFunction(
    ([subject, wanted]) => document.querySelector(`[data-subject="${subject}"]`)?.textContent.includes(wanted),
    [`seat-${seat}`, words],
  );
}

/// Presses a key as an officer does who sees what it is for: once the action it stands
/// for is on the page. Before, a key does nothing, and nobody would press it.
async function press(page, key) {
  await page.waitForFunction((key) => {
    const parts = [document.querySelector("[data-detail]:not([hidden])"), document.querySelector("#headline")];
    return parts.some((part) => part?.querySelector(`[data-key="${key}"]`));
  }, key);
  await page.keyboard.press(key);
}

/// Chooses a seat, and waits until what belongs to it is shown.
async function choose(page, seat) {
  await card(page, seat).click();
  await page.waitForFunction((seat) =>
    document.querySelector("[data-detail]:not([hidden])")?.dataset.detail === `seat-${seat}`, seat);
}

/// Closes the vehicle by its key, and waits until nothing of it is left.
async function close(page) {
  const id = await transaction(page);
  await press(page, "c");
  const dialog = page.locator("dialog[open]");
  if (await dialog.count()) await dialog.locator("button[value=yes]").click();
  await page.waitForFunction((id) => (document.querySelector("#transaction")?.dataset.transaction ?? "") !== id, id);
  const pictures = await page.evaluate((id) => [...document.images].filter((i) => i.src.includes(id)).length, id);
  assert.equal(pictures, 0, "a picture of the vehicle that has gone");
  const gone = await page.evaluate(async (id) => (await fetch(`/v1/transactions/${id}`)).status, id);
  assert.equal(gone, 404);
}

const officer = await person("officer");
try {
  // A couple, both confirmed.
  await reads(officer, "1-left", "Confirmed");
  await reads(officer, "1-right", "Confirmed");
  await shot(officer, "confirmed");
  done("a couple is confirmed");
  // It goes on by itself; the next has one person too many.
  await reads(officer, "2-left", "No document fits");
  await shot(officer, "extra-person");
  await press(officer, "6");
  const view = async () => officer.evaluate(async () => (await fetch(`/v1/transactions/${document.querySelector("#transaction").dataset.transaction}`)).json());
  await officer.waitForFunction(async () => {
    const id = document.querySelector("#transaction").dataset.transaction;
    const view = await (await fetch(`/v1/transactions/${id}`)).json();
    return view.seats.some((s) => s.seat === "2-left" && s.adjudication?.reason === "sent-to-secondary");
  });
  done("a referral is decided by key");
  // A pair is kept for a while: of a seat that was confirmed.
  await choose(officer, "1-left");
  await press(officer, "h");
  const hold = officer.locator("#hold[open]");
  await hold.locator("[name=reason]").first().check();
  await hold.locator("[name=minutes]").fill("30");
  await hold.locator("button[value=yes]").click();
  await officer.waitForFunction(async () => {
    const id = document.querySelector("#transaction").dataset.transaction;
    return (await (await fetch(`/v1/transactions/${id}`)).json()).holds.length === 1;
  });
  await shot(officer, "hold");
  done("a pair is put on hold");
  await close(officer);
  done("nothing is left of a vehicle that has gone");
  // Somebody with another's document: two pictures first, everything else after.
  await officer.waitForFunction(() => document.querySelector("[data-post*='judgements']"));
  const before = await view();
  const blind = before.seats.find((s) => s.blind);
  assert.ok(blind, JSON.stringify(before.seats));
  assert.equal(blind.score, null);
  const text = await officer.locator(`[data-detail="seat-${blind.seat}"]`).textContent();
  assert.ok(!/score|stranger/i.test(text), text);
  await shot(officer, "blind");
  await choose(officer, blind.seat);
  const judge = officer.locator(`[data-detail="seat-${blind.seat}"] [data-post$="judgements"]`);
  await judge.nth(1).click();
  await officer.waitForFunction(async (seat) => {
    const id = document.querySelector("#transaction").dataset.transaction;
    const view = await (await fetch(`/v1/transactions/${id}`)).json();
    return view.seats.some((s) => s.seat === seat && s.judgement && s.score !== null);
  }, blind.seat);
  await shot(officer, "judged");
  done("a referral is judged blind first");
  // Who opts out is seen no more.
  const other = before.seats.find((s) => s.state === "confirmed").seat;
  await choose(officer, other);
  await press(officer, "o");
  const ask = officer.locator("#ask[open]");
  if (await ask.count()) await ask.locator("button[value=yes]").click();
  await officer.waitForFunction((seat) => !document.querySelector(`[data-subject="seat-${seat}"] img[src*="/seats/"]`), other);
  const id = await transaction(officer);
  const picture = await officer.evaluate(async ([id, seat]) => (await fetch(`/v1/transactions/${id}/seats/${seat}/picture`)).status, [id, other]);
  assert.equal(picture, 404);
  await shot(officer, "opted-out");
  done("who opts out is seen by nobody");
  await close(officer);
  // No way back to the last vehicle.
  await officer.goto(`${address}/notice`);
  await officer.goBack();
  await officer.waitForSelector("#transaction, #idle");
  assert.notEqual(await transaction(officer), id);
  done("no way back to the last vehicle");
  // Roles.
  for (const path of ["/supervisor", "/auditor", "/administrator", "/log/checkpoint"]) {
    const status = await officer.evaluate(async (path) => (await fetch(path)).status, path);
    assert.equal(status, 403, path);
  }
  const auditor = await person("auditor");
  await shot(auditor, "auditor");
  for (const path of ["/lanes/booth-1", "/v1/transactions", "/administrator"]) {
    const status = await auditor.evaluate(async (path) => (await fetch(path)).status, path);
    assert.equal(status, 403, path);
  }
  for (const role of ["supervisor", "administrator"]) {
    const page = await person(role);
    await shot(page, role);
    assert.ok(page.url().endsWith(`/${role}`), page.url());
  }
  done("roles see what is theirs");
  await auditor.goto(`${address}/auditor/verify`);
  await auditor.locator("button[type=submit]").click();
  // The lane goes on writing to it meanwhile.
  await auditor.waitForSelector("[data-outcome]");
  const said = await auditor.locator("[data-outcome]").innerText();
  assert.match(said, /The log holds/, said);
  await shot(auditor, "verified");
  done("the auditor's browser verifies the log");
  assert.deepEqual(wrong, []);
} catch (error) {
  await shot(officer, "failed");
  console.error(`FAILED: ${error.stack}`);
  console.error(wrong.join("\n"));
  process.exitCode = 1;
}
await browser.close();
