// Where a log's tiles lie, and what is in them (C2SP tlog-tiles).

import { fromDecimal, fromUtf8 } from './bytes.js';
import { wrong } from './finding.js';
import { MAX_ENTRY_BYTES } from './entry.js';

export const TILE_WIDTH = 256;
export const HASH_SIZE = 32;
/** The levels that a log of up to 2⁴⁰ entries has. */
export const MAX_LEVEL = 5;
export const MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + MAX_ENTRY_BYTES);
export const MAX_PARTIALS_BYTES = 8 * 1024;

/** A tile's path: `kind` is a level or 'entries'; 256 is a full one's width. */
export function tilePath(kind, index, width) {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return `tile/${kind}/${groups.join('/')}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/** How many full tiles a level has, and the width of the one after them. */
export function tilesOf(level, size) {
  const nodes = Math.floor(size / TILE_WIDTH ** level);
  return { full: Math.floor(nodes / TILE_WIDTH), partial: nodes % TILE_WIDTH };
}

/** The hashes of a tile. */
export function splitHashes(bytes, width, file) {
  const expected = width * HASH_SIZE;
  if (bytes.length !== expected) {
    throw wrong('tile-length', { file, length: bytes.length, expected });
  }
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE));
}

/** The entries of a bundle: big-endian 16-bit lengths before each. */
export function splitBundle(bytes, width) {
  const entries = [];
  let at = 0;
  while (at + 2 <= bytes.length && entries.length <= width) {
    const end = at + 2 + ((bytes[at] << 8) | bytes[at + 1]);
    if (end > bytes.length) throw wrong('bundle-cut');
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (at !== bytes.length || entries.length !== width) {
    throw wrong('bundle-count', { found: entries.length, expected: width });
  }
  return entries;
}

/**
 * Reads the list of the partial tiles that were published, at a checkpoint of
 * `size` entries: a map from level to widths, ascending.
 */
export function parsePartials(bytes, size) {
  const refuse = (why) => wrong('partials', { why }).in('partials');
  const text = fromUtf8(bytes);
  if (text === null) throw refuse('not text');
  const [header, ...lines] = text.split('\n');
  if (header !== 'rowcall/partials/v1' || lines.pop() !== '') throw refuse('not in its canonical form');
  const partials = new Map();
  let before = -1;
  for (const line of lines) {
    const [level, ...widths] = line.split(' ').map((word) => fromDecimal(word, 0xffff));
    if (level === null) throw refuse('a line without a level');
    if (widths.includes(null)) throw refuse('a width that is no number');
    const ascending = widths.every((width, at) => at === 0 || width > widths[at - 1]);
    if (level <= before || !ascending) throw refuse('not in its canonical form');
    if (level > MAX_LEVEL || !(widths[0] > 0)) throw refuse('a level or width that no log has');
    partials.set(level, widths);
    before = level;
  }
  for (let level = 0; level <= MAX_LEVEL; level += 1) {
    if ((partials.get(level)?.at(-1) ?? 0) !== tilesOf(level, size).partial) {
      throw refuse('it is of another checkpoint');
    }
  }
  return partials;
}
