// What a sequence of entries must satisfy: everything that was opened is
// destroyed within its limit, every hold ends, nothing happens after an end.
// The same rules in the same order as the crate's, so that both name the same
// entry (docs/audit.md, "Rules that `verify` checks").
//
// Times are compared on the log's own time line: the entries' minutes, with each
// declared step of the clock taken out.

import { isOrder } from './entry.js';
import { wrong } from './finding.js';
import { Heap } from './heap.js';
import { toBase64 } from './bytes.js';

/** How many minutes later than its limit an end may be recorded. */
export const GRACE_MINUTES = 2;

const BETWEEN_RUNS = new Set(['created', 'started', 'clock-stepped', 'key-rotated']);
const COUNT_MOST = 65_535;

export class Rules {
  constructor() {
    /** Every key so far, the one that signs now last. */
    this.keys = [];
    this.size = 0;
    this.lastMinute = null;
    this.running = false;
    this.starts = 0;
    this.uncleanStarts = 0;
    /** By how many minutes the clock was set in all. */
    this.clockStepped = 0;
    /** What has not ended, by the entry that began it. */
    this.transactions = new Map();
    this.holds = new Map();
    /** How many entries there are of each kind. */
    this.counts = {};
    this.#known = new Set();
  }

  #known;
  #offset = 0;
  #configuration = null;
  #configuredRun = 0;
  #ofThisRun = new Set();
  #last = new Heap();
  #due = new Heap();
  #recentHolds = [];
  /** The last minute in which each may end. */
  #setUps = new Map();

  get key() {
    return this.keys.at(-1);
  }

  /**
   * Takes the next entry. What its signatures are worth was found out before:
   * `signed` is, for a receipt, whether the present key signed it, and for
   * `created` and `key-rotated` the key that follows, or the finding about it.
   */
  apply(entry, signed) {
    const now = this.#advance(entry);
    this.#checkPlace(entry.kind);
    // A process that comes up finds things overdue; it ends them then.
    if (!BETWEEN_RUNS.has(entry.kind)) this.#checkDue(now);
    const { fields } = entry;
    switch (entry.kind) {
      case 'created':
        this.#follow(signed);
        break;
      case 'started':
        this.#start(now);
        break;
      case 'stopped': {
        const [open] = this.transactions.keys();
        if (open !== undefined) throw wrong('rule-stop-open', { transaction: open });
        this.running = false;
        this.#setUps.clear();
        break;
      }
      case 'configured':
        this.#configuration = fields;
        this.#configuredRun = this.starts;
        break;
      case 'clock-stepped':
        break;
      case 'opened': {
        if (fields.limit > this.#configured().transaction_limit) throw wrong('rule-limit');
        const last = now + fields.limit + GRACE_MINUTES;
        const { minute: opened } = entry;
        const { commitment } = fields;
        this.transactions.set(this.size, {
          opened, commitment, documents: 0, holds: 0, last, run: this.starts,
        });
        this.#ofThisRun.add(this.size);
        this.#last.push(last, this.size);
        break;
      }
      case 'document':
        this.#open(fields.transaction).documents += 1;
        break;
      case 'arrived':
      case 'seat':
      case 'adjudicated':
        this.#open(fields.transaction);
        break;
      case 'hold-made': {
        this.#checkHold(fields, now);
        this.#open(fields.transaction).holds += 1;
        const due = now + fields.length;
        this.holds.set(this.size, { made: entry.minute, last: due + GRACE_MINUTES });
        this.#last.push(due + GRACE_MINUTES, this.size);
        this.#due.push(due, this.size);
        break;
      }
      case 'hold-viewed':
        this.#live(fields.hold);
        break;
      case 'hold-released':
      case 'hold-expired':
        this.#live(fields.hold);
        this.holds.delete(fields.hold);
        break;
      case 'destroyed':
        if (!this.key) throw wrong('rule-no-key');
        if (signed !== true) throw wrong('rule-receipt');
        this.#end(fields);
        break;
      case 'set-up-began': {
        this.#configured();
        const last = now + fields.limit + GRACE_MINUTES;
        this.#setUps.set(this.size, last);
        this.#last.push(last, this.size);
        break;
      }
      case 'set-up-ended':
        this.#liveSetUp(fields.set_up);
        this.#setUps.delete(fields.set_up);
        break;
      case 'lane-file-written':
        this.#liveSetUp(fields.set_up);
        break;
      case 'key-rotated':
        if (!this.key) throw wrong('rule-no-key');
        if (signed === null) throw wrong('rule-rotation');
        this.#follow(signed);
        break;
      default:
        throw wrong('entry-kind');
    }
    this.counts[entry.kind] = (this.counts[entry.kind] ?? 0) + 1;
    this.size += 1;
  }

  /** Checks that nothing is overdue at a minute on the clock of the last entry. */
  checkAt(minute) {
    const now = Math.max(minute + this.#offset, this.#now);
    try {
      this.#checkDue(now);
    } catch (finding) {
      throw this.running ? finding : wrong(finding.code, { ...finding.params, stopped: true });
    }
  }

  /** Checks that nothing is overdue at the last entry. */
  checkAtEnd() {
    if (this.running) this.#checkDue(this.#now);
  }

  get #now() {
    return (this.lastMinute ?? 0) + this.#offset;
  }

  /** Checks the entry's minute and gives it on the log's own time line. */
  #advance(entry) {
    const expected = entry.kind === 'clock-stepped' ? entry.fields.was : entry.minute;
    if (this.lastMinute !== null && expected < this.lastMinute) throw wrong('rule-time');
    const step = expected - entry.minute;
    this.#offset += step;
    this.clockStepped += Math.abs(step);
    this.lastMinute = entry.minute;
    return entry.minute + this.#offset;
  }

  #checkPlace(kind) {
    if ((this.size === 0) !== (kind === 'created')) throw wrong('rule-first');
    if (!this.running && !BETWEEN_RUNS.has(kind)) throw wrong('rule-stopped', { kind });
  }

  /** A start fixes the deadline of everything that was due while no lane ran. */
  #start(now) {
    this.uncleanStarts += this.running ? 1 : 0;
    this.running = true;
    this.starts += 1;
    const last = now + GRACE_MINUTES;
    const fix = (of, number) => {
      const open = of.get(number);
      if (open !== undefined) {
        open.last = last;
        this.#last.push(last, number);
      }
    };
    // The memory that held these is gone: their receipts are due now.
    for (const number of this.#ofThisRun) fix(this.transactions, number);
    this.#ofThisRun.clear();
    // Who looked sees nothing any more, and nothing was stored.
    this.#setUps.clear();
    while (this.#due.first !== undefined && this.#due.first.time <= now) {
      fix(this.holds, this.#due.pop().number);
    }
  }

  #configured() {
    if (this.#configuration === null || this.#configuredRun !== this.starts) {
      throw wrong('rule-configured');
    }
    return this.#configuration;
  }

  /** The transaction, which must have been opened since the lane started. */
  #open(number) {
    const open = this.transactions.get(number);
    if (open?.run !== this.starts) throw wrong('rule-transaction', { number });
    return open;
  }

  #live(number) {
    if (!this.holds.has(number)) throw wrong('rule-hold', { number });
  }

  #liveSetUp(number) {
    if (!this.#setUps.has(number)) throw wrong('rule-set-up', { number });
  }

  #checkHold(hold, now) {
    const configuration = this.#configured();
    if (hold.second === hold.officer) throw wrong('rule-two-officers');
    if (configuration.approval === 'two-officers' && hold.second === 'none') throw wrong('rule-second');
    const limit = isOrder(hold.reason) ? configuration.order_limit : configuration.hold_limit;
    if (hold.length > limit) throw wrong('rule-hold-length');
    // A day less the coarseness of two times.
    const dayAgo = now - (24 * 60 - 1);
    this.#recentHolds = this.#recentHolds.filter((made) => made > dayAgo);
    this.#recentHolds.push(now);
    if (this.#recentHolds.length > configuration.holds_per_day) throw wrong('rule-holds');
  }

  #end(receipt) {
    const number = receipt.transaction;
    const open = this.transactions.get(number);
    if (open === undefined) throw wrong('rule-transaction', { number });
    if ((open.run !== this.starts) !== (receipt.cause === 'process-ended')) {
      throw wrong('rule-process-ended', { transaction: number, cause: receipt.cause });
    }
    const agrees = receipt.opened === open.opened
      && receipt.commitment === open.commitment
      && receipt.documents === Math.min(open.documents, COUNT_MOST)
      && receipt.holds === Math.min(open.holds, COUNT_MOST);
    if (!agrees) throw wrong('rule-receipt-agrees', { transaction: number });
    this.transactions.delete(number);
    this.#ofThisRun.delete(number);
  }

  /** Takes the next key, or the finding that there is none. */
  #follow(key) {
    if (key instanceof Error) throw key;
    const bytes = toBase64(key.bytes);
    if (this.#known.has(bytes)) throw wrong('rule-key-again');
    this.#known.add(bytes);
    this.keys.push(key);
  }

  /** Checks that nothing is open beyond its time. */
  #checkDue(now) {
    for (let first = this.#last.first; first !== undefined && first.time < now; first = this.#last.first) {
      const { time, number } = first;
      if (this.transactions.get(number)?.last === time) throw wrong('rule-transaction-late', { number });
      if (this.holds.get(number)?.last === time) throw wrong('rule-hold-late', { number });
      if (this.#setUps.get(number) === time) throw wrong('rule-set-up-late', { number });
      this.#last.pop();
    }
  }
}
