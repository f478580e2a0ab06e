// Proofs that somebody was handed, checked by themselves: that an entry is in a
// log (C2SP tlog-proof), that an older tree is the beginning of a newer one (the
// body of tlog-witness's add-checkpoint), and a receipt (a signed note).

import { fromBase64, fromDecimal, fromUtf8, toBase64 } from './bytes.js';
import { parseEntry } from './entry.js';
import { wrong } from './finding.js';
import { checkConsistency, checkInclusion, leafHash } from './merkle.js';
import { MAX_NOTE_BYTES, Note, parseCheckpoint } from './note.js';

export const MAX_PROOF_BYTES = 2 * MAX_NOTE_BYTES;
const INCLUSION = 'c2sp.org/tlog-proof@v1\n';

/**
 * Checks that `entry` (bytes) is in the log whose `key` signed the proof's
 * checkpoint, cosigned by every one of `witnesses`. Gives `{index, checkpoint}`.
 */
export async function checkInclusionProof(bytes, entry, key, witnesses = []) {
  let text = readProof(bytes);
  if (!text.startsWith(INCLUSION)) throw wrong('proof-form');
  text = text.slice(INCLUSION.length);
  if (text.startsWith('extra ')) {
    const end = text.indexOf('\n');
    if (end < 0 || fromBase64(text.slice(6, end)) === null) throw wrong('proof-form');
    text = text.slice(end + 1);
  }
  const { number: index, path, note, checkpoint } = await parse(text, 'index ', key, witnesses);
  const root = fromBase64(checkpoint.root);
  if (!(await checkInclusion(path, index, await leafHash(entry), checkpoint.size, root))) {
    throw wrong('proof-inclusion', { index });
  }
  return { index, checkpoint, note };
}

/** Checks that the tree of the checkpoint `old` is the beginning of the proof's. */
export async function checkConsistencyProof(bytes, old, key, witnesses = []) {
  const { number, path, note, checkpoint } = await parse(readProof(bytes), 'old ', key, witnesses);
  const { origin, size, root } = checkpoint;
  const good = number === old.size && old.origin === origin
    && (await checkConsistency(path, old.size, fromBase64(old.root), size, fromBase64(root)));
  if (!good) throw wrong('proof-consistency');
  return { old: number, checkpoint, note };
}

/** Checks a receipt as it is handed out. Gives the fields of its entry. */
export async function checkReceipt(bytes, key) {
  const note = Note.parse(bytes);
  await note.verify(key);
  const [what, origin, line, ...rest] = note.text.split('\n');
  // The line in full, as the log has it: with the signature that the note bears.
  const [signature] = note.by(key);
  const whole = `${line} signature=${toBase64(signature.bytes)}`;
  const good = what === 'rowcall/receipt/v1' && origin === key.name && rest.join('\n') === '';
  const entry = good ? parseEntry(new TextEncoder().encode(whole)) : null;
  if (entry?.kind !== 'destroyed') throw wrong('receipt-form');
  return entry;
}

function readProof(bytes) {
  const text = bytes.length <= MAX_PROOF_BYTES ? fromUtf8(bytes) : null;
  if (text === null) throw wrong('proof-form');
  return text;
}

/** `<head><number>`, hashes, a blank line, the checkpoint. */
async function parse(text, head, key, witnesses) {
  const end = text.indexOf('\n\n');
  const lines = end < 0 ? [] : text.slice(0, end).split('\n', 66);
  const number = lines[0]?.startsWith(head) ? fromDecimal(lines[0].slice(head.length)) : null;
  const path = lines.slice(1).map(fromBase64);
  if (number === null || lines.length > 65 || path.some((hash) => hash?.length !== 32)) {
    throw wrong('proof-form');
  }
  const note = Note.parse(new TextEncoder().encode(text.slice(end + 2)));
  const checkpoint = parseCheckpoint(note.text);
  await note.verify(key);
  for (const witness of witnesses) {
    if ((await note.cosignedAt(witness)) === null) throw wrong('cosignature-none', { key: `${witness}` });
  }
  return { number, path, note, checkpoint };
}
