// The Merkle tree of RFC 6962, section 2.1, over SHA-256.

import { concat, equal } from './bytes.js';
import { sha256 } from './crypto.js';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (entry) => sha256(concat(LEAF, entry));
export const nodeHash = (left, right) => sha256(concat(NODE, left, right));

/** The root of a complete subtree: a power of two of hashes. */
export async function completeRoot(hashes) {
  let row = hashes;
  while (row.length > 1) {
    const pairs = Array.from({ length: row.length / 2 }, (_, at) => at);
    const below = row;
    row = await Promise.all(pairs.map((at) => nodeHash(below[2 * at], below[2 * at + 1])));
  }
  return row[0];
}

/** The right edge of a growing tree: its complete subtrees' roots, largest first. */
export class CompactRange {
  constructor() {
    this.size = 0;
    this.roots = [];
  }

  /** Appends a complete subtree of `2^level` entries at a place that is its own. */
  async push(root, level = 0) {
    let joined = root;
    let bits = Math.floor(this.size / 2 ** level);
    // A set bit is a complete left sibling of what has just been completed.
    for (; bits % 2 === 1; bits = Math.floor(bits / 2)) {
      joined = await nodeHash(this.roots.pop(), joined);
    }
    this.roots.push(joined);
    this.size += 2 ** level;
  }

  /** The tree's root (MTH). */
  async root() {
    if (this.roots.length === 0) return sha256(new Uint8Array());
    let root = this.roots.at(-1);
    for (let at = this.roots.length - 2; at >= 0; at -= 1) root = await nodeHash(this.roots[at], root);
    return root;
  }
}

/** Whether `leaf` is entry `index` of the tree (RFC 9162, section 2.1.3.2). */
export async function checkInclusion(path, index, leaf, size, root) {
  if (index >= size) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(hash, root);
}

/** Whether the old tree is a prefix of the new one (RFC 9162, section 2.1.4.2). */
export async function checkConsistency(path, old, oldRoot, size, root) {
  if (old > size) return false;
  if (old === 0) return path.length === 0 && equal(oldRoot, await sha256(new Uint8Array()));
  if (old === size) return path.length === 0 && equal(oldRoot, root);
  let [node, last] = [old - 1, size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  const isPower = Number.isInteger(Math.log2(old));
  if (!isPower && path.length === 0) return false;
  const first = isPower ? oldRoot : path[0];
  let [fromOld, fromNew] = [first, first];
  for (const sibling of path.slice(isPower ? 0 : 1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      fromOld = await nodeHash(sibling, fromOld);
      fromNew = await nodeHash(sibling, fromNew);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      fromNew = await nodeHash(fromNew, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(fromOld, oldRoot) && equal(fromNew, root);
}

// Sizes reach 2⁴⁰, beyond what shifts can do.
const half = (number) => Math.floor(number / 2);
