import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";

/** Ends three parts in a process of their own, which a timer that nobody clears would keep. */
function endThree(failing: string): Promise<{ readonly code: unknown; readonly said: string }> {
  const script = `
    import { closeAll } from "${new URL("./close-all.ts", import.meta.url)}";
    const parts = ["one", "two", "three"].map((name) => ({
      async close() {
        console.log(name);
        if (name === "${failing}") throw new Error("it cannot end");
      },
    }));
    setInterval(() => {}, 1_000);
    process.exitCode = await closeAll(parts, { error: (_, text) => console.log(text) });
  `;
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script];
  return new Promise((done) => {
    execFile(process.execPath, args, (error, said) => done({ code: error === null ? 0 : error.code, said }));
  });
}

test("what was started last ends first, and what is left open does not keep the process", async () => {
  assert.deepEqual(await endThree(""), { code: 0, said: "three\ntwo\none\n" });
});

test("a part that does not end keeps neither the others nor the process", async () => {
  const { code, said } = await endThree("two");
  assert.equal(code, 70);
  assert.equal(said, "three\ntwo\na part of the filter did not end properly\none\n");
});
