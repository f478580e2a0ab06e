// Verifies a whole log in one pass, trusting nothing of where it comes from.

import { equal, fromBase64, toBase64 } from './bytes.js';
import { MAX_BUNDLE_BYTES, MAX_LEVEL, MAX_PARTIALS_BYTES, HASH_SIZE, TILE_WIDTH, parsePartials, splitBundle, splitHashes, tilePath, tilesOf } from './tile.js';
import { parseEntry } from './entry.js';
import { Finding, wrong } from './finding.js';
import { NOTE, VerifierKey } from './key.js';
import { CompactRange, completeRoot, leafHash } from './merkle.js';
import { MAX_NOTE_BYTES, Note, parseCheckpoint } from './note.js';
import { Rules } from './rules.js';
import { receiptIsBy, rotatedKey } from './statement.js';

/** Blocks that are fetched and hashed ahead. */
const AHEAD = 4;
/** How often a log that grew meanwhile is looked at, and how often its checkpoint and
 * its list of partial tiles are read until they are of one moment, with pauses between
 * that add up to 3 s: a slow disk writes them a second apart. */
const PASSES = 3;
const PAIRS = 12;
const PAUSE = 250;
const BLOCK_LEVEL = Math.log2(TILE_WIDTH);

/**
 * @typedef {object} Options
 * @property {(path: string, limit: number) => Promise<Uint8Array|null>} fetchTile
 *   the bytes of a file of the log, null if there is none; at most `limit` bytes
 *   need be taken in to find it too long (one more says so)
 * @property {VerifierKey} [key] a key of the log that was learned elsewhere
 * @property {VerifierKey[]} [witnesses] each must have cosigned the checkpoint or
 *   the remembered one
 * @property {Note} [remembered] a checkpoint seen earlier
 * @property {number} [asOf] when the log is looked at, in minutes since 1970
 * @property {(done: number, of: number) => void} [progress]
 * @property {(entry: object, number: number) => void} [onEntry] is given each
 *   entry that keeps to the rules so far; what it says counts once all holds
 * @property {AbortSignal} [signal]
 * @property {(milliseconds: number) => Promise<void>} [rest] waits
 */

/**
 * Verifies the log: every entry, every stored hash, the checkpoint's signature
 * and the keys before it, and the rules. A log that grows meanwhile is looked at
 * anew, up to three times. Gives a report; throws the first `Finding`.
 * @param {Options} options
 */
export async function verify(options) {
  for (let passes = PASSES; ; passes -= 1) {
    const seen = await readTogether(options);
    try {
      return await new Pass(options, seen).run();
    } catch (finding) {
      if (passes === 1 || !isOfTheLog(finding)) throw finding;
      const now = await readCheckpoint(options);
      if (now.checkpoint.size <= seen.checkpoint.size) throw finding;
    }
  }
}

const isOfTheLog = (finding) => finding instanceof Finding && finding.kind === 'log';

/** As `verify`, with the outcome as a value: `{ok: true, report}` or `{ok: false, finding}`. */
export async function outcome(options) {
  try {
    return { ok: true, report: await verify(options) };
  } catch (finding) {
    if (!(finding instanceof Finding)) throw finding;
    return { ok: false, finding };
  }
}

async function read(options, file, limit) {
  if (options.signal?.aborted) throw new Finding('operator', 'ended');
  const bytes = await options.fetchTile(file, limit);
  if (bytes === null) throw wrong('missing', { file });
  if (bytes.length > limit) throw wrong('too-long', { file, limit });
  return bytes;
}

async function readCheckpoint(options) {
  const note = Note.parse(await read(options, 'checkpoint', MAX_NOTE_BYTES));
  return { note, checkpoint: parseCheckpoint(note.text) };
}

/**
 * The checkpoint, and the list of partial tiles that is of it. A log that is written to
 * places the list before the checkpoint: who comes in between finds two that don't
 * agree, and reads both anew. What they still don't agree in then is the pass's to say.
 */
async function readTogether(options) {
  const rest = options.rest ?? ((milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); }));
  for (let pairs = PAIRS; ; pairs -= 1) {
    const seen = await readCheckpoint(options);
    try {
      const bytes = await read(options, 'partials', MAX_PARTIALS_BYTES);
      return { ...seen, partials: parsePartials(bytes, seen.checkpoint.size) };
    } catch (finding) {
      if (!isOfTheLog(finding)) throw finding;
      if (pairs === 1) return { ...seen, disagreement: finding };
    }
    await rest(PAUSE);
  }
}

/** What one pass carries from block to block. */
class Pass {
  constructor(options, { note, checkpoint, partials, disagreement }) {
    this.options = options;
    this.note = note;
    this.checkpoint = checkpoint;
    this.partials = partials;
    this.disagreement = disagreement;
    this.rules = new Rules();
    this.range = new CompactRange();
    this.edges = Array.from({ length: MAX_LEVEL + 1 }, () => []);
    this.remembered = null;
    this.rememberedKey = null;
  }

  async run() {
    const { checkpoint, options } = this;
    this.#openRemembered();
    if (this.disagreement) throw this.disagreement;
    await this.#checkRemembered();
    const blocks = Math.ceil(checkpoint.size / TILE_WIDTH);
    const ahead = [];
    let next = 0;
    for (let index = 0; index < blocks; index += 1) {
      for (; next < Math.min(index + AHEAD, blocks); next += 1) {
        const block = this.#readBlock(next);
        // Its failure is looked at in its turn, or never.
        block.catch(() => {});
        ahead.push(block);
      }
      await this.#take(await ahead.shift());
      options.progress?.(this.range.size, checkpoint.size);
    }
    return this.#finish();
  }

  #openRemembered() {
    const { remembered } = this.options;
    if (!remembered) return;
    let old;
    try {
      old = parseCheckpoint(remembered.text);
    } catch (finding) {
      throw finding.in('the remembered checkpoint');
    }
    const { origin, size } = this.checkpoint;
    if (old.origin !== origin) throw wrong('other-origin', { old: old.origin, origin });
    if (old.size > size) throw wrong('rolled-back', { old: old.size, size });
    this.remembered = old;
  }

  /** One block of up to 256 entries, checked as far as it can be by itself. */
  async #readBlock(index) {
    const first = index * TILE_WIDTH;
    const block = { entries: [], leaves: [], root: null, finding: null };
    try {
      await this.#fill(index, block);
    } catch (finding) {
      if (!(finding instanceof Finding)) throw finding;
      block.finding = finding.entry === null ? finding.at(first) : finding;
    }
    if (block.leaves.length === TILE_WIDTH) block.root = await completeRoot(block.leaves);
    return block;
  }

  async #fill(index, block) {
    const first = index * TILE_WIDTH;
    const width = Math.min(this.checkpoint.size - first, TILE_WIDTH);
    const bundle = tilePath('entries', index, width);
    const hashes = tilePath(0, index, width);
    const [bytes, tile] = await Promise.all([
      read(this.options, bundle, MAX_BUNDLE_BYTES),
      read(this.options, hashes, width * HASH_SIZE),
    ]);
    const stored = splitHashes(tile, width, hashes);
    let raw;
    try {
      raw = splitBundle(bytes, width);
    } catch (finding) {
      throw finding.in(bundle);
    }
    const leaves = await Promise.all(raw.map(leafHash));
    for (let at = 0; at < width; at += 1) {
      if (!equal(leaves[at], stored[at])) throw wrong('hash-of-entry', {}, first + at);
      let entry;
      try {
        entry = parseEntry(raw[at]);
      } catch (finding) {
        throw finding.at(first + at);
      }
      block.entries.push(entry);
      block.leaves.push(leaves[at]);
    }
    if (width === TILE_WIDTH) return;
    for (const narrower of this.partials.get(0) ?? []) {
      const file = tilePath('entries', index, narrower);
      const part = await read(this.options, file, bytes.length);
      const length = raw.slice(0, narrower).reduce((sum, entry) => sum + entry.length + 2, 0);
      if (!equal(part, bytes.subarray(0, length))) throw wrong('bundle-narrower', { file, of: bundle });
    }
  }

  async #take(block) {
    const first = this.range.size;
    const last = first + block.leaves.length;
    const old = this.remembered?.size ?? 0;
    // A whole block is pushed as one, unless the remembered tree ends in it.
    const whole = block.root !== null && !(old > first && old < last);
    const signed = await this.#signatures(block.entries);
    for (const [at, entry] of block.entries.entries()) {
      try {
        this.rules.apply(entry, signed[at]);
      } catch (finding) {
        throw finding.at(first + at);
      }
      this.options.onEntry?.(entry, first + at);
      if (!whole) {
        await this.range.push(block.leaves[at]);
        await this.#checkRemembered();
      }
    }
    if (whole) {
      await this.range.push(block.root, BLOCK_LEVEL);
      await this.#checkRemembered();
    }
    if (block.finding) throw block.finding;
    if (block.root === null) this.edges[0] = block.leaves;
    else await this.#push(1, block.root);
  }

  /** What the signatures in some entries are worth, in their order. */
  async #signatures(entries) {
    let { key } = this.rules;
    const signed = [];
    for (const entry of entries) {
      if (entry.kind === 'created') {
        const made = await VerifierKey.of(this.checkpoint.origin, NOTE, entry.fields.key)
          .catch((finding) => (finding.kind === 'operator' ? wrong(finding.code, finding.params) : Promise.reject(finding)));
        if (!key && made instanceof VerifierKey) key = made;
        signed.push(made);
      } else if (entry.kind === 'key-rotated' && key) {
        const next = await rotatedKey(key, entry);
        signed.push(next);
        key = next ?? key;
      } else {
        signed.push(entry.kind === 'destroyed' && key ? receiptIsBy(key, entry) : undefined);
      }
    }
    return Promise.all(signed);
  }

  /** Adds a hash to a level above the leaves; a full tile is held against the stored one. */
  async #push(level, hash) {
    const edge = this.edges[level];
    if (edge === undefined) return;
    edge.push(hash);
    if (edge.length < TILE_WIDTH) return;
    const index = tilesOf(level, this.range.size).full - 1;
    await this.#checkTile(level, index, edge);
    const root = await completeRoot(edge);
    this.edges[level] = [];
    await this.#push(level + 1, root);
  }

  /** Holds a stored tile against the hashes that the entries give. */
  async #checkTile(level, index, expected) {
    const file = tilePath(level, index, expected.length);
    const bytes = await read(this.options, file, expected.length * HASH_SIZE);
    const stored = splitHashes(bytes, expected.length, file);
    const at = stored.findIndex((hash, place) => !equal(hash, expected[place]));
    if (at >= 0) {
      throw wrong('hash-in-tile', { file }, (index * TILE_WIDTH + at) * TILE_WIDTH ** level);
    }
  }

  async #checkRemembered() {
    const old = this.remembered;
    if (old?.size !== this.range.size) return;
    this.rememberedKey = this.rules.key ?? null;
    if (toBase64(await this.range.root()) !== old.root) throw wrong('other-history', { old: old.size });
  }

  async #finish() {
    const { checkpoint, options, rules } = this;
    for (const [level, widths] of this.partials) {
      const { full } = tilesOf(level, checkpoint.size);
      for (const width of widths) await this.#checkTile(level, full, this.edges[level].slice(0, width));
    }
    if (!equal(await this.range.root(), fromBase64(checkpoint.root))) throw wrong('root-false');
    const signer = rules.key;
    if (!signer) throw wrong('empty');
    if (options.key && !rules.keys.some((key) => key.is(options.key))) {
      throw wrong('key-unknown', { key: `${options.key}`, first: `${rules.keys[0]}`, signer: `${signer}` });
    }
    await this.#checkSigned(signer);
    const witnesses = [];
    for (const witness of options.witnesses ?? []) witnesses.push(await this.#cosigned(witness));
    if (options.asOf === undefined) rules.checkAtEnd();
    else rules.checkAt(options.asOf);
    return this.#report(witnesses);
  }

  /** Every line by a key that the log ever had holds, and its last one signed. */
  async #checkSigned(signer) {
    const { note, rules, rememberedKey } = this;
    await placed('checkpoint', async () => {
      await note.verify(signer);
      await note.rejectFalse(rules.keys);
    });
    const old = this.options.remembered;
    if (!old) return;
    await placed('the remembered checkpoint', async () => {
      if (rememberedKey) await old.verify(rememberedKey);
      await old.rejectFalse(rules.keys);
    });
    // Two copies of one checkpoint: what was signed stays signed.
    if (this.remembered.size === this.checkpoint.size) {
      const present = note.lines;
      const gone = [...old.lines].sort().find((line) => !present.has(line));
      if (gone) throw wrong('signature-removed', { line: gone }).in('checkpoint');
    }
  }

  /** What a witness cosigned: the checkpoint, or the remembered one. */
  async #cosigned(witness) {
    const of = (note, size, place) => placed(place, async () => {
      const time = await note.cosignedAt(witness);
      return time === null ? null : { witness: `${witness}`, time: Number(time), size };
    });
    const present = await of(this.note, this.checkpoint.size, 'checkpoint');
    const old = this.options.remembered;
    const remembered = old ? await of(old, this.remembered.size, 'the remembered checkpoint') : null;
    const found = present ?? remembered;
    if (!found) throw wrong('cosignature-none', { key: `${witness}` }).in('checkpoint');
    return found;
  }

  #report(witnesses) {
    const { checkpoint, options, rules } = this;
    const known = new Set([...rules.keys, ...(options.witnesses ?? [])].map((key) => key.line));
    const notChecked = ['own-code', 'folder'];
    if (!options.key) notChecked.push('no-key');
    if (!options.remembered) notChecked.push('no-remembered');
    if (witnesses.length === 0) notChecked.push('no-witness');
    if (options.asOf === undefined) notChecked.push('no-time');
    notChecked.push('claims');
    return Object.freeze({
      checkpoint,
      note: this.note,
      keys: rules.keys.map(String),
      keyWasGiven: Boolean(options.key),
      witnesses,
      unknownSignatures: [...this.note.lines].filter((line) => !known.has(line)).sort(),
      remembered: this.remembered?.size ?? null,
      lastMinute: rules.lastMinute,
      running: rules.running,
      starts: rules.starts,
      uncleanStarts: rules.uncleanStarts,
      clockSteppedMinutes: rules.clockStepped,
      openTransactions: [...rules.transactions.keys()],
      liveHolds: [...rules.holds.keys()],
      counts: { ...rules.counts },
      /** Codes of `NOT_CHECKED` in sentences.js. */
      notChecked,
    });
  }
}

async function placed(place, act) {
  try {
    return await act();
  } catch (finding) {
    throw finding instanceof Finding ? finding.in(place) : finding;
  }
}
