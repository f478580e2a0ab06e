// What is wrong with a log: a code for the program, a sentence for people.

import { SENTENCES } from './sentences.js';

/**
 * The first thing that is wrong.
 * `kind`: 'log' where the log does not hold; 'operator' where what was given to
 * look with is wrong; 'device' where something could not be fetched, and 'us'
 * where this browser cannot do it: then nothing is known of the log.
 * `code` and `params` name it (a catalogue of another language can say it);
 * `entry` is the entry it was found at, or null.
 */
export class Finding extends Error {
  constructor(kind, code, params = {}, entry = null) {
    super(code);
    this.name = 'Finding';
    this.kind = kind;
    this.code = code;
    this.params = params;
    this.entry = entry;
  }

  /** The same, found at an entry. */
  at(entry) {
    return new Finding(this.kind, this.code, this.params, entry);
  }

  /** The same, found in a file or another place. */
  in(place) {
    return new Finding(this.kind, this.code, { place, ...this.params }, this.entry);
  }

  /** In a sentence. @param {Record<string, (p: object) => string>} sentences */
  sentence(sentences = SENTENCES) {
    const said = (sentences[this.code] ?? SENTENCES[this.code])(this.params);
    const placed = this.params.place ? `${this.params.place}: ${said}` : said;
    return this.entry === null ? placed : `entry ${this.entry}: ${placed}`;
  }
}

/** A log that does not hold. */
export const wrong = (code, params, entry) => new Finding('log', code, params, entry);
