// The section `qr`: how far pictures are looked at.

import { bytes, duration, integer, section } from "../../../shared/config/schema.ts";

const megapixel = 1_000_000;

export const qrConfig = {
  qr: section("How far codes are looked for in pictures, all of a message together.", {
    time: duration(500, "Time for the pictures of one message.", { min: 10, max: 3_000 }),
    images: integer(50, "Pictures that are looked at, the small ones first.", { min: 0, max: 1_000 }),
    // A page of A4 at 300 dots an inch has nearly 9 million.
    pixels: integer(9 * megapixel, "Pixels of one picture; 16 bits, progressive JPEG and GIF count twice.", {
      min: 0,
      max: 25 * megapixel,
    }),
    all_pixels: integer(12 * megapixel, "Pixels of all pictures.", { min: 0, max: 100 * megapixel }),
    bytes: bytes(12 * 1024 * 1024, "Bytes of all pictures.", { min: 0, max: 100 * 1024 * 1024 }),
    little_text: integer(400, "Characters of text up to which a mail has little of its own.", { min: 0 }),
  }),
};
