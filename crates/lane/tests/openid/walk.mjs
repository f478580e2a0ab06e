// What a browser does from the lane's log-in page to the provider and back, without one:
// follows redirects, fills forms, keeps cookies by site.
//
//   node walk.mjs LANE-ADDRESS WHO [TAMPER]
//
// WHO logs in at the provider. TAMPER changes what comes back to the lane: `state`,
// `code`, or `cookie` (another browser's). It says, as JSON, how the lane answered, whom
// it takes the browser for, and what the browser was told on the way.

import { request } from 'node:http';

const [lane, who, tamper] = process.argv.slice(2);

const jars = new Map();

function jar(url) {
  const { origin } = new URL(url);
  if (!jars.has(origin)) jars.set(origin, new Map());
  return jars.get(origin);
}

// Each request has a connection of its own: none waits long enough to be closed.
function send(url, method, headers, body) {
  return new Promise((done, failed) => {
    const sent = request(url, { method, headers, agent: false }, async (answer) => {
      const chunks = [];
      for await (const chunk of answer) chunks.push(chunk);
      done({
        status: answer.statusCode,
        to: answer.headers.location,
        cookies: answer.headers['set-cookie'] ?? [],
        text: Buffer.concat(chunks).toString(),
      });
    });
    sent.on('error', (error) => failed(new Error(`${method} ${url}: ${error.message}`)));
    sent.end(body);
  });
}

async function ask(url, form) {
  const cookies = [...jar(url)].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = cookies ? { cookie: cookies } : {};
  const body = form && new URLSearchParams(form).toString();
  if (body !== undefined) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    headers['content-length'] = Buffer.byteLength(body);
  }
  const answer = await send(url, form ? 'POST' : 'GET', headers, body);
  for (const line of answer.cookies) {
    const [pair] = line.split(';');
    const at = pair.indexOf('=');
    const value = pair.slice(at + 1);
    if (value && !/max-age=0/i.test(line)) jar(url).set(pair.slice(0, at), value);
    else jar(url).delete(pair.slice(0, at));
  }
  return answer;
}

function changed(url) {
  const back = new URL(url);
  if (tamper === 'state') back.searchParams.set('state', '0'.repeat(64));
  if (tamper === 'code') back.searchParams.set('code', 'x'.repeat(43));
  if (tamper === 'cookie') jar(lane).set('rowcall-login', '0'.repeat(64));
  return back.href;
}

let url = `${lane}/login/openid`;
let answer = await ask(url);
const begun = answer.to ?? '';
const isLane = (at) => new URL(at).origin === new URL(lane).origin;
for (let step = 0; step < 20; step += 1) {
  const { to } = answer;
  if (to) {
    url = new URL(to, url).href;
    if (isLane(url)) url = changed(url);
    answer = await ask(url);
    continue;
  }
  if (isLane(url)) break;
  const page = answer.text;
  const action = page.match(/<form[^>]*action="([^"]+)"/)?.[1];
  if (!action) throw new Error(`no form at ${url}: ${page}`);
  const fields = [...page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
    input.match(/name="([^"]+)"/)[1],
    input.match(/value="([^"]*)"/)?.[1] ?? '',
  ]);
  const form = Object.fromEntries(fields);
  if (page.includes('name="login"')) Object.assign(form, { login: who, password: 'any' });
  url = new URL(action, url).href;
  answer = await ask(url, form);
}
const home = jar(lane).has('rowcall') ? await ask(`${lane}/`) : undefined;
console.log(
  JSON.stringify({
    status: answer.status,
    cookies: answer.cookies,
    session: jar(lane).has('rowcall'),
    home: home?.to ?? null,
    begun: Object.fromEntries(new URL(begun, lane).searchParams),
    told: answer.text,
  }),
);
