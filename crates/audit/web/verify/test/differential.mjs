// Verifies logs that another verifier was given too: reads
// `{cases: [{folder, overlay, key, witnesses, remembered, asOf}]}` from standard
// input, writes `[{ok, kind, entry, sentence}]`. An overlay has, by path, what is
// in place of a file of the folder: base64, or null where it is gone. A case with
// a `proof` (base64) has a proof instead, of `inclusion` (of an `entry`),
// `consistency` (with the checkpoint `old`, its text) or a `receipt`.

import { readFile } from 'node:fs/promises';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';

globalThis.crypto ??= webcrypto;
const {
  Note, VerifierKey, Finding, outcome, checkConsistencyProof, checkInclusionProof, checkReceipt, parseCheckpoint,
} = await import('../verifier.js');

const fromBase64 = (text) => new Uint8Array(Buffer.from(text, 'base64'));

function source({ folder, overlay }) {
  return async (path) => {
    if (Object.hasOwn(overlay, path)) return overlay[path] === null ? null : fromBase64(overlay[path]);
    return readFile(join(folder, path)).then((bytes) => new Uint8Array(bytes), () => null);
  };
}

async function prove({ what, proof, entry, old, key, witnesses }) {
  const bytes = fromBase64(proof);
  const log = await VerifierKey.parse(key);
  const by = await Promise.all(witnesses.map((text) => VerifierKey.parse(text)));
  if (what === 'inclusion') await checkInclusionProof(bytes, fromBase64(entry), log, by);
  else if (what === 'consistency') await checkConsistencyProof(bytes, parseCheckpoint(old), log, by);
  else await checkReceipt(bytes, log);
  return { ok: true };
}

async function run(given) {
  try {
    if (given.proof) return await prove(given);
    const { ok, finding } = await outcome({
      fetchTile: source(given),
      rest: async () => {},
      key: given.key ? await VerifierKey.parse(given.key) : undefined,
      witnesses: await Promise.all(given.witnesses.map((text) => VerifierKey.parse(text))),
      remembered: given.remembered ? Note.parse(fromBase64(given.remembered)) : undefined,
      asOf: given.asOf ?? undefined,
    });
    return ok ? { ok } : said(finding);
  } catch (finding) {
    if (!(finding instanceof Finding)) throw finding;
    return said(finding);
  }
}

const said = (finding) => ({
  ok: false,
  kind: finding.kind,
  entry: finding.entry,
  sentence: finding.sentence(),
});

let input = '';
for await (const part of process.stdin) input += part;
const outcomes = [];
for (const given of JSON.parse(input).cases) outcomes.push(await run(given));
process.stdout.write(JSON.stringify(outcomes));
