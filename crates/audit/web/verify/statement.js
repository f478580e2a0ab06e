// What a log's key signs besides checkpoints: receipts and key rotations, each
// the text of a signed note of three lines.

import { utf8 } from './bytes.js';
import { Finding, wrong } from './finding.js';
import { NOTE, VerifierKey } from './key.js';
import { Note } from './note.js';

const until = (line, field) => line.slice(0, line.indexOf(` ${field}=`));
const receiptText = (origin, line) => `rowcall/receipt/v1\n${origin}\n${until(line, 'signature')}\n`;
const rotationText = (origin, line) => `rowcall/key-rotation/v1\n${origin}\n${until(line, 'by_old')}\n`;

/** Whether a `destroyed` entry is signed by the key. */
export function receiptIsBy(key, entry) {
  return key.verifies(utf8(receiptText(key.name, entry.line)), entry.fields.signature);
}

/** The key that a `key-rotated` entry hands the log over to; null if it does not. */
export async function rotatedKey(old, entry) {
  const { key, by_old: byOld, by_new: byNew } = entry.fields;
  let next;
  try {
    next = await VerifierKey.of(old.name, NOTE, key);
  } catch (cause) {
    if (cause instanceof Finding && cause.kind === 'operator') return null;
    throw cause;
  }
  const text = utf8(rotationText(old.name, entry.line));
  const good = (await old.verifies(text, byOld)) && (await next.verifies(text, byNew)) && !next.is(old);
  return good ? next : null;
}

/** The receipt in a `destroyed` entry as a signed note that can be handed out. */
export function receiptNote(key, entry) {
  if (entry.kind !== 'destroyed') throw wrong('receipt-form');
  const signature = { name: key.name, id: key.id, bytes: entry.fields.signature };
  return new Note(receiptText(key.name, entry.line), [signature]);
}

