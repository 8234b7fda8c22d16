import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeBase32, freshCode, totp } from "../lib/totp.mjs";

// RFC 6238, appendix B: the seed repeated to the length of each hash.
const SEEDS = { sha1: 20, sha256: 32, sha512: 64 };
const seed = (algorithm) => Buffer.from("1234567890".repeat(7).slice(0, SEEDS[algorithm]));

const VECTORS = [
  [59, { sha1: "94287082", sha256: "46119246", sha512: "90693936" }],
  [1111111109, { sha1: "07081804", sha256: "68084774", sha512: "25091201" }],
  [1111111111, { sha1: "14050471", sha256: "67062674", sha512: "99943326" }],
  [1234567890, { sha1: "89005924", sha256: "91819424", sha512: "93441116" }],
  [2000000000, { sha1: "69279037", sha256: "90698825", sha512: "38618901" }],
  [20000000000, { sha1: "65353130", sha256: "77737706", sha512: "47863826" }],
];

test("every vector of RFC 6238 appendix B comes out", () => {
  for (const [unixSecs, codes] of VECTORS) {
    for (const [algorithm, code] of Object.entries(codes)) {
      assert.equal(totp(seed(algorithm), { unixSecs, digits: 8, algorithm }), code);
    }
  }
});

test("a six-digit code is the end of the eight-digit one", () => {
  assert.equal(totp(seed("sha1"), { unixSecs: 59 }), "287082");
});

test("base32 follows RFC 4648 section 10 and refuses other letters", () => {
  for (const [text, bytes] of [
    ["", ""], ["MY======", "f"], ["MZXQ====", "fo"], ["MZXW6===", "foo"],
    ["MZXW6YQ=", "foob"], ["MZXW6YTB", "fooba"], ["mzxw 6ytb oi", "foobar"],
  ]) {
    assert.equal(decodeBase32(text).toString(), bytes);
  }
  assert.throws(() => decodeBase32("MZXW1"), /not base32: 1/);
});

test("a fresh code is the code of now", async () => {
  const secret = "GEZDGNBVGY3TQOJQ";
  const before = Math.floor(Date.now() / 1000);
  const code = await freshCode(secret, "http://127.0.0.1:1");
  const around = [before, before + 30].map((unixSecs) => totp(decodeBase32(secret), { unixSecs }));
  assert.ok(around.includes(code));
});
