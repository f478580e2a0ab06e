// The modules by themselves: `node --test web/verify/test/verifier.test.mjs`.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

globalThis.crypto ??= webcrypto;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const {
  Finding, NOT_CHECKED, Note, SENTENCES, VerifierKey, checkReceipt, httpSource, outcome,
  parseEntry, receiptNote, verify,
} = await import('../verifier.js');
const { fromBase64, toBase64, utf8 } = await import('../bytes.js');
const { isPoint, isSmallOrder, importKey, verifySignature } = await import('../crypto.js');
const { checkConsistency, checkInclusion, CompactRange, leafHash, nodeHash } = await import('../merkle.js');
const { Heap } = await import('../heap.js');
const { minuteOf, minuteText } = await import('../entry.js');
const { tilePath, parsePartials, splitBundle } = await import('../tile.js');

const SAMPLE = here('../../../../../samples/audit/');
const bytesOf = async (path) => new Uint8Array(await readFile(path));
const keyOf = async (name) => VerifierKey.parse((await readFile(`${SAMPLE}${name}`, 'utf8')).trim());
const sample = (path) => bytesOf(`${SAMPLE}lane3/${path}`).catch(() => null);

/** Nothing here is being written to: nobody waits. */
const rest = async () => {};

/** What is refused, by code. */
const refusal = async (act) => {
  try {
    await act();
  } catch (finding) {
    if (finding instanceof Finding) return finding.code;
    throw finding;
  }
  return null;
};

test('the sample log holds, with its keys, witness and remembered checkpoint', async () => {
  const seen = [];
  const report = await verify({
    fetchTile: sample,
    key: await keyOf('first.key'),
    witnesses: [await keyOf('witness.key')],
    remembered: Note.parse(await bytesOf(`${SAMPLE}older.checkpoint`)),
    progress: (done, of) => seen.push([done, of]),
  });
  assert.deepEqual(seen, [[256, 355], [355, 355]]);
  assert.equal(report.remembered, 178);
  assert.equal(report.keys.length, 2);
  assert.equal(report.keys[1], `${await keyOf('present.key')}`);
  assert.deepEqual([report.starts, report.uncleanStarts, report.clockSteppedMinutes], [3, 1, 3]);
  assert.deepEqual(report.notChecked, ['own-code', 'folder', 'no-time', 'claims']);
  for (const code of report.notChecked) assert.ok(NOT_CHECKED[code]().length > 40);
});

test('no byte of the sample log can be changed', async () => {
  const options = {
    key: await keyOf('first.key'),
    witnesses: [await keyOf('witness.key')],
    remembered: Note.parse(await sample('checkpoint')),
  };
  assert.equal((await outcome({ fetchTile: sample, rest, ...options })).ok, true);
  const files = ['checkpoint', 'partials', 'tile/0/000', 'tile/0/001.p/54', 'tile/0/001.p/99', 'tile/1/000.p/1', 'tile/entries/000', 'tile/entries/001.p/54', 'tile/entries/001.p/99'];
  const missed = [];
  let seed = 42;
  const random = (below) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (const file of files) {
    const bytes = await sample(file);
    for (let run = 0; run < 6; run += 1) {
      const changed = bytes.slice();
      const at = random(bytes.length);
      changed[at] ^= 1 << random(8);
      const fetchTile = async (path) => (path === file ? changed : sample(path));
      if ((await outcome({ fetchTile, rest, ...options })).ok) missed.push([file, at]);
    }
    for (const other of [null, bytes.slice(1), new Uint8Array()]) {
      const fetchTile = async (path) => (path === file ? other : sample(path));
      if ((await outcome({ fetchTile, rest, ...options })).ok) missed.push([file, other?.length]);
    }
  }
  assert.deepEqual(missed, []);
});

test('a receipt of the sample log is one by itself', async () => {
  const key = await keyOf('first.key');
  const receipts = [];
  await verify({
    fetchTile: sample,
    onEntry: (entry) => entry.kind === 'destroyed' && receipts.push(entry),
  });
  const note = receiptNote(key, receipts[0]).toString();
  const entry = await checkReceipt(utf8(note), key);
  assert.deepEqual(entry, receipts[0]);
  for (const [from, to] of [['images=10', 'images=11'], ['receipt/v1', 'receipt/v2'], ['T06:03Z', 'T06:04Z']]) {
    assert.ok(note.includes(from));
    assert.ok(await refusal(() => checkReceipt(utf8(note.replace(from, to)), key)));
  }
});

test('a file that is too long ends it, whatever the source does', async () => {
  for (const [file, code] of [['checkpoint', 'too-long'], ['partials', 'too-long'], ['tile/0/000', 'too-long'], ['tile/entries/000', 'too-long']]) {
    const fetchTile = async (path, limit) => (path === file ? new Uint8Array(limit + 1) : sample(path));
    const { ok, finding } = await outcome({ fetchTile, rest });
    assert.equal(ok, false, file);
    assert.equal(finding.code, code, file);
  }
});

test('a log that grows meanwhile is looked at anew', async () => {
  // The older tree's partial tiles are gone once it has grown.
  let asked = 0;
  const older = await bytesOf(`${SAMPLE}older.checkpoint`);
  const fetchTile = async (path) => {
    if (path !== 'checkpoint') return sample(path);
    asked += 1;
    return asked === 1 ? older : sample(path);
  };
  const report = await verify({ fetchTile, rest });
  assert.equal(report.checkpoint.size, 355);
});

test('a log that is caught while its checkpoint is replaced is read anew', async () => {
  // The list of partial tiles is placed first: for a while it is of the next checkpoint.
  const older = await bytesOf(`${SAMPLE}older.checkpoint`);
  let waited = 0;
  const fetchTile = async (path) => (path === 'checkpoint' && waited < 5 ? older : sample(path));
  const patient = async () => { waited += 1; };
  const report = await verify({ fetchTile, rest: patient });
  assert.deepEqual([report.checkpoint.size, waited], [355, 5]);
  // Two that never agree are told, however long anybody waits.
  const never = async (path) => (path === 'checkpoint' ? older : sample(path));
  assert.equal(await refusal(() => verify({ fetchTile: never, rest })), 'partials');
});

test('an end from outside is told as one', async () => {
  const stop = new AbortController();
  const { finding } = await outcome({
    fetchTile: sample,
    signal: stop.signal,
    progress: () => stop.abort(),
    asOf: 0,
  });
  // All may have been read ahead; one that was ended never says more than that.
  assert.ok(finding === undefined || finding.code === 'ended', finding?.code);
});

test('notes as others write them', async () => {
  // Go's sumdb/note and C2SP signed-note.
  const cases = [
    ['PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"],
    ['example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
      'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'],
  ];
  for (const [text, note] of cases) {
    const key = await VerifierKey.parse(text);
    assert.equal(`${key}`, text);
    const whole = utf8(note);
    await Note.parse(whole).verify(key);
    const missed = [];
    for (let at = 0; at < whole.length; at += 1) {
      const bytes = whole.slice();
      bytes[at] ^= 1 << (at % 8);
      if ((await refusal(() => Note.parse(bytes).verify(key))) === null) missed.push(at);
    }
    assert.deepEqual(missed, []);
  }
});

test('a signature has one form', async () => {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const key = await importKey(raw);
  const message = utf8('message');
  const good = new Uint8Array(await crypto.subtle.sign({ name: 'Ed25519' }, pair.privateKey, message));
  assert.equal(await verifySignature(key, message, good), true);
  // S + L in place of S.
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  let s = order;
  for (let at = 0; at < 32; at += 1) s += BigInt(good[32 + at]) << BigInt(8 * at);
  const malleated = good.slice();
  for (let at = 0; at < 32; at += 1) malleated[32 + at] = Number((s >> BigInt(8 * at)) & 255n);
  assert.equal(await verifySignature(key, message, malleated), false);
  assert.equal(await verifySignature(key, message, good.slice(1)), false);
  // Keys and R of small order, canonical and not.
  const P = 2n ** 255n - 19n;
  const encoded = (y) => Uint8Array.from({ length: 32 }, (_, at) => Number((y >> BigInt(8 * at)) & 255n));
  for (const y of [0n, 1n, P - 1n, P, P + 1n]) {
    assert.equal(await importKey(encoded(y)), null, `${y}`);
    const weak = good.slice();
    weak.set(encoded(y));
    assert.equal(await verifySignature(key, message, weak), false);
  }
  // Those of order 8: twice such a point has y = 0, so x² = -y².
  const y8 = fromBase64('xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA3o=');
  assert.ok(isSmallOrder(y8) && isPoint(y8));
  assert.equal(await importKey(y8), null);
  // Half of all numbers are no point's y.
  const points = Array.from({ length: 64 }, (_, at) => isPoint(encoded(BigInt(at + 2))));
  assert.ok(points.includes(true) && points.includes(false));
  assert.equal(await importKey(encoded(BigInt(2 + points.indexOf(false)))), null);
});

test('keys in another form than theirs', async () => {
  const good = `${await keyOf('first.key')}`;
  await VerifierKey.parse(good);
  const [name, id, encoded] = [good.split('+')[0], good.split('+')[1], good.split('+').slice(2).join('+')];
  const bad = [
    '', name, `${name}+${id}`, `+${id}+${encoded}`, `rowcall/x+${id}+${encoded}`, `a b+${id}+${encoded}`,
    `${name}+${id.replace(/^./, (c) => (c === '0' ? '1' : '0'))}+${encoded}`, `${name}+${id}+${encoded}=`,
    `${name}+${id}+${encoded.slice(4)}`, `${name}+${id}+\n${encoded}`, `${good} `, `${'x'.repeat(129)}+${id}+${encoded}`,
  ];
  for (const text of bad) assert.ok(await refusal(() => VerifierKey.parse(text)), text);
});

test('base64 has one spelling', () => {
  assert.deepEqual(fromBase64('AAE='), Uint8Array.of(0, 1));
  for (const text of ['AAE', 'AAF=', 'AAE==', 'AA\nE=', '====', 'A===', 'AAE=AAE=', 'AA-_']) {
    assert.equal(fromBase64(text), null, text);
  }
  const long = new Uint8Array(100_000).map((_, at) => at);
  assert.deepEqual(fromBase64(toBase64(long)), long);
});

test('minutes of the calendar', () => {
  assert.equal(minuteText(minuteOf('2026-11-24T03:25Z')), '2026-11-24T03:25Z');
  assert.equal(minuteOf('1970-01-01T00:00Z'), 0);
  assert.equal(minuteOf('9999-12-31T23:59Z'), 4_223_371_679);
  assert.notEqual(minuteOf('2024-02-29T00:00Z'), undefined);
  for (const text of ['2026-02-29T00:00Z', '2026-00-01T00:00Z', '2026-01-00T00:00Z', '1969-12-31T23:59Z', '2026-01-01T24:00Z', '2026-01-01T00:60Z', '2026-01-01 00:00Z', '02026-01-01T00:00Z']) {
    assert.equal(minuteOf(text), undefined, text);
  }
});

test('tiles lie where C2SP says', () => {
  assert.equal(tilePath(0, 1_234_067, 256), 'tile/0/x001/x234/067');
  assert.equal(tilePath('entries', 1000, 1), 'tile/entries/x001/000.p/1');
  assert.equal(tilePath(1, 1, 17), 'tile/1/001.p/17');
  assert.throws(() => splitBundle(Uint8Array.of(0, 2, 1), 1), { code: 'bundle-cut' });
  assert.throws(() => splitBundle(Uint8Array.of(0, 0, 0, 0), 1), { code: 'bundle-count' });
  const list = (text, size) => parsePartials(utf8(`rowcall/partials/v1\n${text}`), size);
  assert.deepEqual([...list('0 54 99\n1 1\n', 355)], [[0, [54, 99]], [1, [1]]]);
  for (const text of ['', '0 99\n', '0 54 54 99\n1 1\n', '0 99 54\n1 1\n', '1 1\n0 99\n', '0 0 99\n1 1\n', '0 54 99\n1 1\n2\n', '0 54 99\n1 1\n6 1\n', '0 54 99\n1 1', '0 54  99\n1 1\n', '00 99\n1 1\n']) {
    assert.throws(() => list(text, 355), { code: 'partials' }, text);
  }
});

test('trees and proofs of every size', async () => {
  const leaves = await Promise.all(Array.from({ length: 40 }, (_, at) => leafHash(Uint8Array.of(at))));
  // RFC 6962, section 2.1, as it is written.
  const tree = async (of) => {
    if (of.length === 1) return of[0];
    const split = 2 ** Math.floor(Math.log2(of.length - 1));
    return nodeHash(await tree(of.slice(0, split)), await tree(of.slice(split)));
  };
  const path = async (index, of) => {
    if (of.length === 1) return [];
    const split = 2 ** Math.floor(Math.log2(of.length - 1));
    const [left, right] = [of.slice(0, split), of.slice(split)];
    return index < split
      ? [...await path(index, left), await tree(right)]
      : [...await path(index - split, right), await tree(left)];
  };
  const subproof = async (old, of, whole) => {
    if (old === of.length) return whole ? [] : [await tree(of)];
    const split = 2 ** Math.floor(Math.log2(of.length - 1));
    const [left, right] = [of.slice(0, split), of.slice(split)];
    return old <= split
      ? [...await subproof(old, left, whole), await tree(right)]
      : [...await subproof(old - split, right, false), await tree(left)];
  };
  const range = new CompactRange();
  const wrong = [];
  for (let size = 1; size <= leaves.length; size += 1) {
    await range.push(leaves[size - 1]);
    const of = leaves.slice(0, size);
    const root = await tree(of);
    if (toBase64(await range.root()) !== toBase64(root)) wrong.push(['range', size]);
    for (let index = 0; index < size; index += 3) {
      const proof = await path(index, of);
      if (!(await checkInclusion(proof, index, leaves[index], size, root))) wrong.push(['in', index, size]);
      if (await checkInclusion(proof, index, leaves[(index + 1) % 40], size, root)) wrong.push(['leaf', index, size]);
      if (await checkInclusion([...proof, root], index, leaves[index], size, root)) wrong.push(['longer', index, size]);
    }
    for (let old = 1; old <= size; old += 2) {
      const proof = await subproof(old, of, true);
      const oldRoot = await tree(leaves.slice(0, old));
      if (!(await checkConsistency(proof, old, oldRoot, size, root))) wrong.push(['old', old, size]);
      if (await checkConsistency(proof, old, leaves[0], size, root) && old > 1) wrong.push(['false old', old, size]);
      if (await checkConsistency([...proof, root], old, oldRoot, size, root)) wrong.push(['longer old', old, size]);
    }
  }
  assert.deepEqual(wrong, []);
});

test('a heap gives what is earliest', () => {
  const heap = new Heap();
  let seed = 7;
  const items = Array.from({ length: 500 }, (_, number) => {
    seed = (seed * 48271) % 2147483647;
    return { time: seed % 50, number };
  });
  for (const { time, number } of items) heap.push(time, number);
  const sorted = [...items].sort((a, b) => a.time - b.time || a.number - b.number);
  assert.deepEqual(items.map(() => heap.pop()), sorted);
  assert.equal(heap.first, undefined);
});

test('numbers that no double holds name no transaction', () => {
  const line = (number) => utf8(`v1 2026-11-24T03:25Z hold-viewed hold=${number} officer=0011223344556677`);
  assert.equal(parseEntry(line('9007199254740991')).fields.hold, 9007199254740991);
  assert.equal(parseEntry(line('9007199254740993')).fields.hold, 9007199254740993n);
  assert.equal(parseEntry(line('18446744073709551615')).fields.hold, 2n ** 64n - 1n);
  assert.throws(() => parseEntry(line('18446744073709551616')), { code: 'entry-field' });
});

test('every code that is thrown has its sentence', async () => {
  const thrown = new Set();
  for (const file of await readdir(here('..'))) {
    if (!file.endsWith('.js')) continue;
    const source = await readFile(here(`../${file}`), 'utf8');
    for (const [, code] of source.matchAll(/(?:wrong\(|Finding\('(?:log|operator|device|us)', )'([a-z0-9-]+)'/g)) {
      thrown.add(code);
    }
  }
  assert.ok(thrown.size > 40, `${thrown.size}`);
  const missing = [...thrown].filter((code) => !(code in SENTENCES));
  assert.deepEqual(missing, []);
  assert.deepEqual(Object.keys(SENTENCES).filter((code) => !thrown.has(code)), []);
});

test('nothing is evaluated or written as markup', async () => {
  for (const file of await readdir(here('..'))) {
    if (!/\.(js|html)$/.test(file)) continue;
    const source = await readFile(here(`../${file}`), 'utf8');
    const found = source.match(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function|<script>|style="|onclick=|https?:\/\//g);
    assert.equal(found, null, file);
  }
});

test('a server is read with a cap, and what it answers is told', async () => {
  const answers = {
    '/log/gone': [404, 'x'], '/log/broken': [500, 'x'], '/log/good': [200, 'good'], '/log/long': [200, 'x'.repeat(100)],
  };
  const before = globalThis.fetch;
  globalThis.fetch = async (url) => {
    const [status, body] = answers[url.pathname] ?? [];
    if (status === undefined) throw new TypeError('connection refused');
    return new Response(body, { status });
  };
  try {
    const get = httpSource('http://lane.test/log/');
    assert.equal(await get('gone', 10), null);
    assert.deepEqual(await get('good', 10), utf8('good'));
    assert.equal(await refusal(() => get('long', 99)), 'too-long');
    assert.equal((await get('long', 100)).length, 100);
    for (const path of ['broken', 'refused']) assert.equal(await refusal(() => get(path, 10)), 'not-fetched');
  } finally {
    globalThis.fetch = before;
  }
});
