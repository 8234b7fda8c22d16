// Time-based one-time passwords (RFC 6238 on RFC 4226), the way an authenticator app computes them.
import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
export const PERIOD_SECS = 30;

/** Bytes of a base32 secret (RFC 4648 section 6); case, spaces and padding do not matter. */
export function decodeBase32(text) {
  const bytes = [];
  let bits = 0;
  let held = 0;
  for (const char of text.toUpperCase().replace(/[\s=]/g, "")) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) throw new Error(`not base32: ${char}`);
    held = (held << 5) | value;
    bits += 5;
    if (8 <= bits) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}

/** The code for one moment. `secret` is bytes. */
export function totp(secret, { unixSecs, digits = 6, algorithm = "sha1" }) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(unixSecs / PERIOD_SECS)));
  const mac = createHmac(algorithm, secret).update(counter).digest();
  const offset = mac[mac.length - 1] & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

const used = new Map();

/**
 * A code for now that was not used before at the same server: a server refuses the second use of one.
 * Waits for the next period when the present code is spent.
 */
export async function freshCode(base32, serverUrl) {
  const key = `${serverUrl} ${base32}`;
  const period = () => Math.floor(Date.now() / 1000 / PERIOD_SECS);
  while (used.get(key) === period()) {
    const untilNext = (period() + 1) * PERIOD_SECS * 1000 - Date.now();
    await new Promise((resolve) => setTimeout(resolve, untilNext + 10));
  }
  used.set(key, period());
  return totp(decodeBase32(base32), { unixSecs: period() * PERIOD_SECS });
}
