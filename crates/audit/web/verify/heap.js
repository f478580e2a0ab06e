// Entry numbers by a time, the earliest first; at equal times the lowest number.

export class Heap {
  #items = [];

  get first() {
    return this.#items[0];
  }

  push(time, number) {
    const items = this.#items;
    const item = { time, number };
    let at = items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!before(item, items[above])) break;
      items[at] = items[above];
      at = above;
    }
    items[at] = item;
  }

  pop() {
    const items = this.#items;
    const first = items[0];
    const item = items.pop();
    if (items.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && before(items[below + 1], items[below])) below += 1;
      if (!before(items[below], item)) break;
      items[at] = items[below];
      at = below;
    }
    items[at] = item;
    return first;
  }
}

const before = (a, b) => a.time < b.time || (a.time === b.time && a.number < b.number);
