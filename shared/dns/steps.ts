// Work in steps, some of which wait for the DNS. What the cache knows is there at once, and so is the result of work that
// needs nothing else: most mail is checked without one promise.

/** There already, or later. */
export type Soon<Value> = Value | Promise<Value>;

/** The work of a generator: it yields what it waits for, by `wait`, and returns its result. */
export type Steps<Value> = Generator<Promise<unknown>, Value, unknown>;

/** `const answer = yield* wait(dns.query(...))` */
export function* wait<Value>(value: Soon<Value>): Steps<Value> {
  // `finish` hands back what the promise brought.
  return value instanceof Promise ? ((yield value) as Value) : value;
}

/** Does the work. The result is a promise only where a step had to wait; a promise that rejects ends the work with it. */
export function finish<Value>(steps: Steps<Value>): Soon<Value> {
  const step = steps.next();
  return step.done === true ? step.value : finishLater(steps, step.value);
}

async function finishLater<Value>(steps: Steps<Value>, first: Promise<unknown>): Promise<Value> {
  let awaited = first;
  for (;;) {
    const step = steps.next(await awaited);
    if (step.done === true) return step.value;
    awaited = step.value;
  }
}

/** What is made of a value, as soon as it is there. */
export function after<Value, Next>(value: Soon<Value>, make: (value: Value) => Next): Soon<Next> {
  return value instanceof Promise ? value.then(make) : make(value);
}

/** All of them, as soon as the last is there. */
export function all<Value>(values: readonly Soon<Value>[]): Soon<readonly Value[]> {
  const there: Value[] = [];
  for (const value of values) {
    if (value instanceof Promise) return Promise.all(values);
    there.push(value);
  }
  return there;
}
