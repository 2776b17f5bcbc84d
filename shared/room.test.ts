import assert from "node:assert/strict";
import { test } from "node:test";
import { Room } from "./room.ts";

const long = 60_000;
/** Whether it is done by the time all that is ready has run. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  const word = await Promise.race([
    promise.then(() => "done"),
    new Promise((resolve) => setImmediate(resolve, "waits")),
  ]);
  return word === "done";
}

test("what is too much for all is put off, and what leaves makes room", () => {
  const room = new Room({ all: 10, large: 5 });
  const [one, other] = [room.enter(), room.enter()];
  one.add(6);
  assert.throws(() => other.add(5), { code: "busy" });
  other.add(4);
  one.leave();
  one.leave();
  other.add(6);
  assert.equal(room.held, 10);
});

test("large ones wait for each other, in their order", async () => {
  const room = new Room({ all: 100, large: 10 });
  const [first, second, third, fourth] = [room.enter(), room.enter(), room.enter(), room.enter()];
  assert.ok(await isDone(first.becomeLarge(6, long)));
  const [seconds, thirds, fourths] = [second, third, fourth].map((stay, at) =>
    stay.becomeLarge([8, 1, 1][at] ?? 0, long),
  );
  assert.ok(seconds && thirds && fourths);
  assert.ok(!(await isDone(seconds)));
  assert.ok(!(await isDone(thirds)), "it would fit, but has come later");
  first.leave();
  assert.ok(await isDone(seconds));
  assert.ok(await isDone(thirds));
  assert.ok(await isDone(fourths));
});

test("one that is larger than the room has it for itself", async () => {
  const room = new Room({ all: 100, large: 10 });
  const [small, huge, later] = [room.enter(), room.enter(), room.enter()];
  await small.becomeLarge(1, long);
  const turn = huge.becomeLarge(50, long);
  assert.ok(!(await isDone(turn)));
  small.leave();
  assert.ok(await isDone(turn));
  const after = later.becomeLarge(1, long);
  assert.ok(!(await isDone(after)));
  huge.leave();
  assert.ok(await isDone(after));
});

test("what a message does not need is there for others", async () => {
  const room = new Room({ all: 100, large: 10 });
  const [first, second] = [room.enter(), room.enter()];
  first.settle();
  await first.becomeLarge(10, long);
  const turn = second.becomeLarge(6, long);
  first.add(4);
  assert.ok(!(await isDone(turn)));
  first.settle();
  assert.ok(await isDone(turn));
  first.add(5);
  first.settle();
  const third = room.enter().becomeLarge(10, long);
  second.leave();
  assert.ok(!(await isDone(third)), "what is settled does not grow");
  first.leave();
  assert.ok(await isDone(third));
});

test("who left before its turn came has none", async () => {
  const room = new Room({ all: 100, large: 10 });
  const [first, second, third] = [room.enter(), room.enter(), room.enter()];
  await first.becomeLarge(10, long);
  const turn = second.becomeLarge(10, long);
  second.leave();
  first.leave();
  await turn;
  assert.ok(await isDone(third.becomeLarge(10, long)));
});

test("who waits too long is put off, and leaves no trace", async () => {
  const room = new Room({ all: 100, large: 10 });
  const [first, second, third] = [room.enter(), room.enter(), room.enter()];
  await first.becomeLarge(10, long);
  await assert.rejects(second.becomeLarge(10, 1), { code: "busy" });
  second.leave();
  const turn = third.becomeLarge(10, long);
  assert.ok(!(await isDone(turn)));
  first.leave();
  assert.ok(await isDone(turn));
});
