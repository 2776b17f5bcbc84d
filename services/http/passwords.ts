// Passwords as an operator writes them: plain, or hashed in the PHC string format with scrypt (RFC 7914) or
// Argon2id (RFC 9106).

import {
  type Argon2Parameters,
  argon2,
  createHash,
  createHmac,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from "node:crypto";

export type Password =
  | { readonly kind: "none" }
  | { readonly kind: "plain"; readonly digest: Buffer; readonly guessable: boolean }
  | {
      readonly kind: "scrypt";
      readonly cost: number;
      readonly blockSize: number;
      readonly parallelization: number;
      readonly salt: Buffer;
      readonly hash: Buffer;
    }
  | {
      readonly kind: "argon2id";
      readonly memory: number;
      readonly passes: number;
      readonly parallelism: number;
      readonly salt: Buffer;
      readonly hash: Buffer;
    };

/** One guess may cost no more memory than this: guesses come from outside. */
const maxMemory = 256 * 1024 * 1024;
/** Longer guesses are refused unread. */
const maxLength = 1024;
/** What Rspamd's documentation uses as an example: never good enough for a peer on another machine. */
const exampleWords: ReadonlySet<string> = new Set(["q1", "q2"]);

/** Reads a configured password; "" is none. Answers with an Error that never repeats the password. */
export function parsePassword(text: string): Password | Error {
  if (text === "") return { kind: "none" };
  if (!text.startsWith("$")) return { kind: "plain", digest: sha256(text), guessable: exampleWords.has(text) };
  const [, name = "", ...rest] = text.split("$");
  if (name === "scrypt") return parseScrypt(rest);
  if (name === "argon2id") return parseArgon2id(rest);
  return new Error(
    `hashes of the kind "$${name.slice(0, 16)}$" are not understood: 'sluice password' makes one that is`,
  );
}

function parseScrypt(rest: readonly string[]): Password | Error {
  const [settings = "", salt = "", hash = "", ...more] = rest;
  const match = /^ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})$/.exec(settings);
  const [logCost, blockSize, parallelization] = numbers(match);
  const bytes = saltAndHash(salt, hash);
  if (
    logCost === undefined ||
    blockSize === undefined ||
    parallelization === undefined ||
    bytes === null ||
    more.length > 0
  ) {
    return new Error("a scrypt hash looks like $scrypt$ln=15,r=8,p=1$salt$hash");
  }
  const cost = 2 ** logCost;
  if (
    logCost < 10 ||
    blockSize < 1 ||
    parallelization < 1 ||
    parallelization > 16 ||
    128 * cost * blockSize > maxMemory
  ) {
    return new Error("a scrypt hash must have ln from 10, p from 1 to 16 and need no more than 256 MB");
  }
  return { kind: "scrypt", cost, blockSize, parallelization, ...bytes };
}

function parseArgon2id(rest: readonly string[]): Password | Error {
  const [version = "", settings = "", salt = "", hash = "", ...more] = rest;
  const match = /^m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})$/.exec(settings);
  const [memory, passes, parallelism] = numbers(match);
  const bytes = saltAndHash(salt, hash);
  if (
    version !== "v=19" ||
    memory === undefined ||
    passes === undefined ||
    parallelism === undefined ||
    bytes === null ||
    more.length > 0
  ) {
    return new Error("an Argon2 hash looks like $argon2id$v=19$m=65536,t=3,p=4$salt$hash");
  }
  if (
    parallelism < 1 ||
    passes < 1 ||
    passes > 64 ||
    memory < 8 * parallelism ||
    memory * 1024 > maxMemory ||
    bytes.salt.length < 8
  ) {
    return new Error("an Argon2 hash must have t from 1 to 64, a salt of 8 bytes and need no more than 256 MB");
  }
  return { kind: "argon2id", memory, passes, parallelism, ...bytes };
}

function numbers(match: RegExpExecArray | null): number[] {
  return match === null ? [] : match.slice(1).map(Number);
}

function saltAndHash(salt: string, hash: string): { salt: Buffer; hash: Buffer } | null {
  const both = { salt: Buffer.from(salt, "base64"), hash: Buffer.from(hash, "base64") };
  return both.salt.length === 0 || both.hash.length < 16 || both.hash.length > 64 ? null : both;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}

/** Makes the hash that belongs into a configuration. Takes about 50 ms. */
export async function hashPassword(text: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await scryptHash(text, salt, 32, 2 ** 15, 8, 1);
  const plain = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  return `$scrypt$ln=15,r=8,p=1$${plain(salt)}$${plain(hash)}`;
}

function scryptHash(text: string, salt: Buffer, length: number, N: number, r: number, p: number): Promise<Buffer> {
  const options = { N, r, p, maxmem: maxMemory + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(text, salt, length, options, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}

function argon2Hash(parameters: Argon2Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2("argon2id", parameters, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}

/** Whether `guess` is the password. Hashing runs on Node's thread pool; the comparison takes the same time always. */
export async function matches(password: Password, guess: string): Promise<boolean> {
  if (password.kind === "none" || guess.length > maxLength) return false;
  if (password.kind === "plain") return timingSafeEqual(password.digest, sha256(guess));
  const { salt, hash } = password;
  const made =
    password.kind === "scrypt"
      ? await scryptHash(guess, salt, hash.length, password.cost, password.blockSize, password.parallelization)
      : await argon2Hash({
          message: guess,
          nonce: salt,
          parallelism: password.parallelism,
          tagLength: hash.length,
          memory: password.memory,
          passes: password.passes,
        });
  return timingSafeEqual(made, hash);
}

/** Names a guess without keeping it, so that a right one need not be hashed again. The key never leaves the process. */
const fingerprintKey = randomBytes(32);
export function fingerprint(guess: string): string {
  return createHmac("sha256", fingerprintKey).update(guess, "utf8").digest("base64");
}
