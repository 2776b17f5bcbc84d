// Small archives for tests, made from their formats' rules; those of 7z by 7-zip.

import { crc32, deflateRawSync, gzipSync } from "node:zlib";

export interface SampleFile {
  readonly name: string;
  readonly content: Buffer | string;
  /** Name in the local header of a zip, when it differs. */
  readonly localName?: string;
  readonly stored?: boolean;
  /** Sizes behind the content of a zip. */
  readonly descriptor?: boolean;
  /** Left out of the central directory. */
  readonly hidden?: boolean;
  readonly flags?: number;
}

export const numbers = Array.from({ length: 300 }, (_, i) => `${i + 1}\n`).join("");
export const program = "MZ program";

function sevenZip(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}

/** Of numbers.txt and run.exe, by method. */
export const sevenZips: Readonly<Record<string, Buffer>> = {
  lzma: sevenZip(
    "N3q8ryccAAQvNlckhAEAAAAAAAAiAAAAAAAAAFhD9aIAGIKCjyJO+KZV9/CZpSUNkEWRWlG0m8qs3AUy7IVSn7FIbe/c6Eu5Ybrg" +
      "nFN/mMipVA78PSrTBtdmRD1WZKbNPdfHH0T0GN8CCz/ixsZ74ed/eUQcebdCrmW4G7UOhOGaggYjOVp/cqpD+qWaH5LAvkVxeUrV" +
      "k8aQCjmtnGWHKrYaOMfhkxfK0D4J6rBS8BBgJsBeXxCRDbl5eH2XQmDQpjh34SPouyhPiFItdVgmP2b94pzr069h2TV6//tisTx8" +
      "kxzyZLhNHIUqsVwABjYBSuu8BUjvXGi1PHGBnixs5GcGz4UqdQkZjLwXRA3NPGnGNsSenNLuOzUSPpNSl52Lg+9irkJdiwM/Vp3M" +
      "MmAAAIEzB64P1TghPLnGZtqOHGFTG/1yGtk9a4kwvJavRBxlCGuCNgv1MHXUAPVbMQF7te/wTmQbFmOoElYYcXmPdcd8cIo0YueB" +
      "Pd65jTS4sjFuBh9ipk+MUes8nlK8EuHkCdForn5YliYpobouRdKmcH1boQAAFwaBDgEJdgAHCwEAASMDAQEFXQAQAAAMgI4KAaeG" +
      "3cYAAA==",
  ),
  lzma2: sevenZip(
    "N3q8ryccAAQp9D/ahQEAAAAAAAAhAAAAAAAAAN1Z0rjgBE0BDV0AGIKCjyJO+KZV9/CZpSUNkEWRWlG0m8qs3AUy7IVSn7FIbe/c" +
      "6Eu5YbrgnFN/mMipVA78PSrTBtdmRD1WZKbNPdfHH0T0GN8CCz/ixsZ74ed/eUQcebdCrmW4G7UOhOGaggYjOVp/cqpD+qWaH5LA" +
      "vkVxeUrVk8aQCjmtnGWHKrYaOMfhkxfK0D4J6rBS8BBgJsBeXxCRDbl5eH2XQmDQpjh34SPouyhPiFItdVgmP2b94pzr069h2TV6" +
      "//tisTx8kxzyZLhNHIUqsVwABjYBSuu8BUjvXGi1PHGBnixs5GcGz4UqdQkZjLwXRA3NPGnGNsSenNLuOzUSPpNSl52Lg+9irkJd" +
      "iwM/Vp3MMmAAAACBMweuD9U4SPJ5xmbajfPzA6PQ0cYAKOT3OIWrRT511lsPq3rgNPqErxteHK5EYAAixnVCtmJ0gk8GM/BmGYKc" +
      "iFixUXfiiEebdsBewV9UbRUS69/wm9RlAkUzHeBtheAvz9AQlW+XeY/Q6YAAABcGgRUBCXAABwsBAAEjAwEBBV0AEAAADH4KAYXq" +
      "A5YAAA==",
  ),
  deflate: sevenZip(
    "N3q8ryccAAQ8D9X+CgIAAAAAAAAhAAAAAAAAAGnTRV0d07l1WDEMRNF8qnAJxA4W4QacOXLkIx31H+hRwc3mLxwCJlcoVWqNVld2" +
      "ZCZzWchSVrKWjWxlV37kPOPykKe85C0f+cqv4ihMwStDkYpStGIUq7jKozSlK/liKkvZylGu8qqOylSuChU/VKpWjWpVV33UpnZ1" +
      "qFPN/7Z61Ku+mqMxjWtCk5rScJzRrOZqj9a0rg1takvbWk672qt7dE3XdUM3dUu3dUeXMl4bBwZHIFFoDBbkfmoj94p7zb3qXnev" +
      "vNfeq8/I+cHr1xFIFBqDBbk4MLyLCCQKjcGCXB4YHO/GEoXGYEGuDgyOwLvaQmOwINcHBkcg8WagMViQmwODI5AovGEZLMjtgcER" +
      "SBQab6oW5O6BwRFIFBqDN35v/g4MjkCi0BgsyNkbVIMjkCg0BuTePL+B/ploRyBRaAwW5OLA8EY/kCg0BgtyeWBwvB1JFBqDBbk6" +
      "MDgCb5kKjcGCXB8YHIHE27rGYEFuDgyOQKLw1nOwILcHBkcgUWi8PV6QuwcGRyBRaAzewr+NP/r959fn18e/r7//vwEAAIEzB64P" +
      "1TtBG9ZsKR9HS782ZZgi3emtuv6eL+ty4QV871mnBT2vCqDBqBuUBeI7hZGGKQq1T6sBa5ivxb8AnWAY/SHx9Fx1/t4Vht5B/laP" +
      "SYgoPWQGP8QJUxOV+geiivz7HAgUppqRr1XgAAAXBoGbAQlvAAcLAQABIwMBAQVdABAAAAx+CgGYS/ySAAA=",
  ),
};

/** Its names are encrypted. */
export const sevenZipEncrypted = sevenZip(
  "N3q8ryccAATg8cfYgAAAAAAAAAAuAAAAAAAAAP8IcS8dxqFS698Hz2tKfkjEbhwLlAxfMfo42zIMSkXrDuJ5lHmycp1+t1QfSJhO" +
    "H7wdIS4pS70zLaQrOfZq8nwNVkHfCs0k2zkUJs6aw//eX1NOnwZHJDwedDhrDHFdoYePCRg6swbgiT0fg+o2BONpCEvjUx2g1yAx" +
    "WkfgCq29+UsJbxcGEAEJcAAHCwEAASQG8QcBElMPa1+lYAZbZTTj2ZwaSttY0AxqCgE/HHBhAAA=",
);

function numbersOf(...fields: readonly (readonly [bytes: number, value: number])[]): Buffer {
  return Buffer.concat(
    fields.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}

export function makeZip(files: readonly SampleFile[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const content = Buffer.from(file.content);
    const method = file.stored === true ? 0 : 8;
    const packed = method === 0 ? content : deflateRawSync(content);
    const flags = (file.flags ?? 0) | (file.descriptor === true ? 8 : 0);
    const sum = crc32(content);
    const sizes = numbersOf([4, sum], [4, packed.length], [4, content.length]);
    const inner = Buffer.from(file.localName ?? file.name);
    const blank = Buffer.alloc(12);
    const local = Buffer.concat([
      numbersOf([4, 0x04034b50], [2, 20], [2, flags], [2, method], [4, 0]),
      file.descriptor === true ? blank : sizes,
      numbersOf([2, inner.length], [2, 0]),
      inner,
      packed,
      ...(file.descriptor === true ? [Buffer.from("PK\x07\x08", "latin1"), sizes] : []),
    ]);
    const name = Buffer.from(file.name);
    const head = numbersOf([4, 0x02014b50], [2, 20], [2, 20], [2, flags], [2, method], [4, 0]);
    const tail = numbersOf([2, name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    if (file.hidden !== true) centrals.push(Buffer.concat([head, sizes, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const count = Math.min(centrals.length, 0xffff);
  const end = numbersOf([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, directory.length], [4, offset], [2, 0]);
  return Buffer.concat([...locals, directory, end]);
}

export function makeTar(files: readonly SampleFile[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { name, content } of files) {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100, "latin1");
    header.write(bytes.length.toString(8).padStart(11, "0"), 124, "latin1");
    header.write("        0ustar\x0000", 148, "latin1");
    let sum = 0;
    for (const byte of header) sum += byte;
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    blocks.push(header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function makeTarGzip(files: readonly SampleFile[]): Buffer {
  return gzipSync(makeTar(files));
}

/** A rar 4 of stored files; `flags` of its main header. */
export function makeRar4(files: readonly SampleFile[], flags = 0): Buffer {
  const block = (kind: number, own: number, body: Buffer, data = Buffer.alloc(0)) =>
    Buffer.concat([numbersOf([2, 0], [1, kind], [2, own], [2, 7 + body.length]), body, data]);
  const main = block(0x73, flags, Buffer.alloc(6));
  const bodies = files.map((file) => {
    const content = Buffer.from(file.content);
    const name = Buffer.from(file.name);
    const sizes = numbersOf([4, content.length], [4, content.length], [1, 2], [4, crc32(content)], [4, 0]);
    const rest = numbersOf([1, 29], [1, 0x30], [2, name.length], [4, 32]);
    return block(0x74, 0x8000 | (file.flags ?? 0), Buffer.concat([sizes, rest, name]), content);
  });
  return Buffer.concat([
    Buffer.from("Rar!\x1a\x07\0", "latin1"),
    main,
    ...bodies,
    block(0x7b, 0x4000, Buffer.alloc(0)),
  ]);
}

function short(value: number): Buffer {
  return Buffer.from(value < 128 ? [value] : [(value & 127) | 128, value >> 7]);
}

/** A rar 5 of stored files; `flags` of its main header. */
export function makeRar5(files: readonly SampleFile[], flags = 0): Buffer {
  const block = (fields: readonly (number | Buffer)[], data = Buffer.alloc(0)) => {
    const body = Buffer.concat(fields.map((field) => (typeof field === "number" ? short(field) : field)));
    return Buffer.concat([Buffer.alloc(4), short(body.length), body, data]);
  };
  const bodies = files.map((file) => {
    const content = Buffer.from(file.content);
    const name = Buffer.from(file.name);
    return block([2, 2, content.length, 0, content.length, 0, 0, 0, name.length, name], content);
  });
  const mark = Buffer.from("Rar!\x1a\x07\x01\0", "latin1");
  return Buffer.concat([mark, block([1, 0, flags]), ...bodies, block([5, 0, 0])]);
}

/** A disc image of ISO 9660 whose root folder holds the files. */
export function makeIso(files: readonly SampleFile[]): Buffer {
  const sector = 2048;
  const record = (name: Buffer, block: number, size: number, flags: number) => {
    const length = 34 + name.length + (name.length % 2);
    const bytes = Buffer.alloc(length);
    bytes[0] = length;
    bytes.writeUInt32LE(block, 2);
    bytes.writeUInt32LE(size, 10);
    bytes[25] = flags;
    bytes[32] = name.length;
    name.copy(bytes, 33);
    return bytes;
  };
  const root = record(Buffer.from([0]), 18, sector, 2);
  const descriptor = Buffer.alloc(sector);
  descriptor.write("\x01CD001\x01", 0, "latin1");
  root.copy(descriptor, 156);
  const end = Buffer.alloc(sector);
  end.write("\xffCD001\x01", 0, "latin1");
  const records = [root, record(Buffer.from([1]), 18, sector, 2)];
  const contents: Buffer[] = [];
  for (const [i, file] of files.entries()) {
    const content = Buffer.from(file.content);
    records.push(record(Buffer.from(`${file.name};1`), 19 + i, content.length, 0));
    contents.push(Buffer.concat([content, Buffer.alloc(sector)]).subarray(0, sector));
  }
  const folder = Buffer.concat([...records, Buffer.alloc(sector)]).subarray(0, sector);
  return Buffer.concat([Buffer.alloc(16 * sector), descriptor, end, folder, ...contents]);
}

/** The list of a cabinet, without its data. */
export function makeCab(names: readonly string[]): Buffer {
  const header = Buffer.concat([Buffer.from("MSCF"), Buffer.alloc(12), numbersOf([4, 36]), Buffer.alloc(4)]);
  const counts = numbersOf([1, 3], [1, 1], [2, 0], [2, names.length], [2, 0], [4, 0]);
  const files = names.map((name) => Buffer.concat([numbersOf([4, 10]), Buffer.alloc(12), Buffer.from(`${name}\0`)]));
  return Buffer.concat([header, counts, ...files]);
}

/** An arj of stored files. */
export function makeArj(files: readonly SampleFile[]): Buffer {
  const header = (kind: number, name: string, size: number) => {
    const first = Buffer.concat([
      numbersOf([1, 30], [1, 11], [1, 1], [1, 0], [1, 0], [1, 0], [1, kind], [1, 0], [4, 0]),
      numbersOf([4, size], [4, size]),
      Buffer.alloc(10),
    ]);
    const body = Buffer.concat([first, Buffer.from(`${name}\0\0`)]);
    return Buffer.concat([
      Buffer.from([0x60, 0xea]),
      numbersOf([2, body.length]),
      body,
      Buffer.alloc(4),
      Buffer.alloc(2),
    ]);
  };
  const bodies = files.flatMap(({ name, content }) => [header(0, name, content.length), Buffer.from(content)]);
  return Buffer.concat([header(2, "a.arj", 0), ...bodies, Buffer.from([0x60, 0xea, 0, 0])]);
}
