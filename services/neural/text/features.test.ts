import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../../shared/message/analyse.ts";
import { newFeatures, phrasesOf, readFeatures } from "./features.ts";
import { pair } from "./hash.ts";
import { named } from "./shape.ts";
import { mostTerms, TermSet } from "./term-set.ts";
import { WeightTable } from "./weight-table.ts";

function read(head: string, body = "", features = newFeatures()) {
  readFeatures(analyse(Buffer.from(`${head}\r\n\r\n${body}`)), features);
  return features;
}

function marksOf(head: string, body = ""): string[] {
  const { marks } = read(head, body);
  return [...marks.hash.subarray(0, marks.count)].map((hash) => named.get(hash)?.name ?? "?");
}

test("the same mail has the same features, whatever was read before it", () => {
  const used = newFeatures();
  read("From: a@b.example\r\nSubject: other", "Something else. ".repeat(100), used);
  const [one, other] = [
    read("From: a@b.example\r\nSubject: hello", "the text"),
    read("From: a@b.example\r\nSubject: hello", "the text", used),
  ];
  assert.deepEqual(one.terms.items.slice(0, one.terms.size), other.terms.items.slice(0, other.terms.size));
  assert.deepEqual(one.marks.hash.slice(0, one.marks.count), other.marks.hash.slice(0, other.marks.count));
});

test("words of the subject are words of the mail too, and no pair crosses from one to the other", () => {
  const { terms, words, subjectWords } = read("From: a@b.example\r\nSubject: win money", "win now");
  assert.equal(subjectWords, 2);
  // win, money, win money; the same of the subject; now, win now.
  assert.equal(terms.size, 8);
  const crossing = pair(words.hash[1] ?? 0, words.hash[2] ?? 0);
  assert.ok(!terms.items.subarray(0, terms.size).includes(crossing));
});

test("phrases have three and four words of one text", () => {
  const found = phrasesOf(read("From: a@b.example\r\nSubject: a b c", "d e f g"));
  assert.equal(found.length, 1 + 3);
});

test("marks say how a mail is made", () => {
  const spam = marksOf(
    "From: <bzqxk@x.example>\r\nReply-To: y@gmail.com\r\nTo: undisclosed-recipients:;\r\nSubject: BUY NOW!!",
    "v.i.a.g.r.a http://198.51.100.7/",
  );
  for (const mark of [
    "subject in capitals",
    "subject with several exclamation marks",
    "recipients not disclosed",
    "answers go to a free mailbox, elsewhere",
    "author's address without vowels",
    "words spelled letter by letter",
    "link to an IP address",
  ]) {
    assert.ok(spam.includes(mark), `${mark} in ${spam.join(", ")}`);
  }
  const ham = marksOf(
    "From: Bob Miller <bob.miller@x.example>\r\nTo: Alice <a@x.example>\r\nIn-Reply-To: <1@x>\r\nSubject: Re: lunch",
    "Hi Alice,\n\ntwelve is fine with me, see you at the usual place near the station. I will bring the maps.\nBob\n\nOn Monday Alice wrote:\n> Lunch?\n",
  );
  for (const mark of ["answers another mail", "says who is quoted", "greets the recipient by name"]) {
    assert.ok(ham.includes(mark), `${mark} in ${ham.join(", ")}`);
  }
  assert.equal(new Set(ham).size, ham.length, "each once");
});

test("who speaks in the name of a known brand from elsewhere is marked, and the brand is not", () => {
  const borrowed = "author's name is a known one, and the domain another's";
  assert.ok(marksOf("From: PayPal Service <a@secure.example.ru>\r\nSubject: x").includes(borrowed));
  assert.ok(!marksOf("From: PayPal <service@paypal.com>\r\nSubject: x").includes(borrowed));
});

test("a domain that adds to a known name is not the brand's", () => {
  const borrowed = "author's name is a known one, and the domain another's";
  assert.ok(marksOf("From: Ledger <support@ledger-recovery-check.com>\r\nSubject: x").includes(borrowed));
  assert.ok(marksOf("From: BBVA and PayPal <a@paypal.click>\r\nSubject: x").includes(borrowed));
  assert.ok(!marksOf("From: Sparkasse <a@sparkasse-town.de>\r\nSubject: x").includes(borrowed));
  assert.ok(!marksOf("From: PayPal <a@paypal.co.uk>\r\nSubject: x").includes(borrowed));
});

test("what a mailing service makes of links says nothing against them", () => {
  const marks = marksOf(
    "From: A Shop <news@shop.com>\r\nSubject: x",
    "https://0a1b2c3d.r.eu-west-1.awstrack.me/L0/https:%2F%2Fwww.shop.com%2Fp/1/0102018\n",
  );
  assert.ok(marks.includes("link to a mailing service"));
  for (const mark of ["link to a host of many labels", "no link to the author's domain", "link to a cheap suffix"]) {
    assert.ok(!marks.includes(mark), mark);
  }
});

test("letters of any language are a reason for base64, ASCII is none", () => {
  const head = "From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64";
  const encoded = (text: string) => Buffer.from(text).toString("base64");
  assert.ok(marksOf(head, encoded("Hello, how are you?")).includes("ASCII text in base64"));
  assert.ok(!marksOf(head, encoded("Привет, как дела?")).includes("ASCII text in base64"));
});

test("the user part of an address is no name to greet", () => {
  const head = "From: a@b.example\r\nTo: Anna Miller <anna.miller@x.org>";
  const [byName, byUser] = ["greets the recipient by name", "greets the recipient by the user part of the address"];
  const friend = marksOf(head, "Hi Anna, see you soon.");
  assert.ok(friend.includes(byName) && !friend.includes(byUser));
  const stranger = marksOf(head, "Dear anna.miller, your mailbox is full.");
  assert.ok(stranger.includes(byUser) && !stranger.includes(byName));
});

test("what is quoted is read when there is nothing else", () => {
  assert.ok(read("From: a@b.example", "> all of it is quoted\n").words.count > 3);
});

test("a mail of nothing, and one of garbage, have features", () => {
  assert.ok(read("").marks.count > 0);
  const garbage = Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 167) & 0xff));
  const features = newFeatures();
  readFeatures(analyse(garbage), features);
  assert.ok(features.terms.size <= mostTerms);
});

test("a set of terms holds each once and no more than it can", () => {
  const set = new TermSet();
  assert.ok(set.add(0));
  assert.ok(!set.add(0));
  assert.ok(set.add(-1));
  set.clear();
  assert.ok(set.add(0));
  for (let i = 1; i < 2 * mostTerms; i++) set.add(i);
  assert.equal(set.size, mostTerms);
});

test("a table of weights knows what was set, and 0 for the rest", () => {
  const table = new WeightTable(1_000);
  for (let i = 0; i < 1_000; i++) table.set(Math.imul(i, 0x9e3779b1), i + 1);
  for (let i = 0; i < 1_000; i++) assert.equal(table.get(Math.imul(i, 0x9e3779b1)), i + 1);
  assert.equal(table.get(12_345), 0);
});
