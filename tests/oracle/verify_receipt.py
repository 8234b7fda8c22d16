#!/usr/bin/env python3
"""An independent verifier of noroshi-receipt/v1, written from docs/ledger/FORMAT.md alone.

Usage: verify_receipt.py --trust FILE RECEIPT [RECEIPT ...]
       verify_receipt.py --each-trust RECEIPT FILE [FILE ...]

Prints one line for each receipt, or each trust file: verdict, tab, file, tab, reason. The verdict is `witnessed`,
`not_witnessed`, `invalid` or `bad_trust`. The exit code is that of the last line: 0, 3, 1 or 2; 2 also for wrong usage.
"""

import base64
import binascii
import hashlib
import json
import re
import sys
import unicodedata

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAX_INTEGER = 2**53 - 1
MAX_SIZE = 2**64 - 1
LOG, WITNESS = 1, 4


class Refused(Exception):
    """The file is not valid."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def from_base64(text):
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise Refused("base64") from None
    if base64.b64encode(raw).decode("ascii") != text:
        raise Refused("base64 spelling")
    return raw


def from_base64_32(text):
    raw = from_base64(text)
    if len(raw) != 32:
        raise Refused("not 32 bytes")
    return raw


def from_decimal(text):
    if not re.fullmatch(r"0|[1-9][0-9]{0,19}", text, re.ASCII) or int(text) > MAX_SIZE:
        raise Refused("decimal")
    return int(text)


def utf8(raw):
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("not UTF-8") from None


# --- section 1: names and keys


def check_origin(text):
    if not re.fullmatch(r"[a-z0-9._~:/-]{1,200}", text, re.ASCII):
        raise Refused("origin")
    if any(part in ("", ".", "..") for part in text.split("/")):
        raise Refused("origin part")
    return text


def check_key_name(text):
    bad = any(c == "+" or c.isspace() or unicodedata.category(c) == "Cc" for c in text)
    if bad or not 1 <= len(text) <= 256:
        raise Refused("key name")
    return text


class Key:
    def __init__(self, text, kind):
        if len(text.encode("utf-8")) > 512 or text.count("+") < 2:
            raise Refused("key form")
        name, key_id, material = text.split("+", 2)
        self.name = check_key_name(name)
        raw = from_base64(material)
        if len(raw) != 33 or raw[0] != kind:
            raise Refused("key type or length")
        self.kind, self.public = kind, raw[1:]
        self.id = sha256(name.encode("utf-8"), b"\n", raw)[:4]
        if self.id.hex() != key_id:
            raise Refused("key id")

    def confirms(self, text, signature):
        """Verifies a signature over a text (bytes)."""
        if self.kind == WITNESS:
            if len(signature) != 72:
                return False
            time = int.from_bytes(signature[:8], "big")
            if time > 2**63 - 1:
                return False
            text = b"cosignature/v1\ntime %d\n" % time + text
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


# --- sections 2 and 3: notes and checkpoints


class Note:
    def __init__(self, raw):
        if len(raw) > 1_000_000:
            raise Refused("note size")
        whole = utf8(raw)
        if any(c < " " and c != "\n" for c in whole):
            raise Refused("control character")
        head, divider, tail = whole.rpartition("\n\n")
        if not divider or not head or not tail.endswith("\n"):
            raise Refused("note form")
        self.text = (head + "\n").encode("utf-8")
        lines = tail[:-1].split("\n")
        if len(lines) > 64:
            raise Refused("too many signatures")
        self.lines = [self.signature_line(line) for line in lines]

    @staticmethod
    def signature_line(line):
        if not line.startswith("\u2014 ") or line.count(" ") < 2:
            raise Refused("signature line")
        _, name, encoded = line.split(" ", 2)
        raw = from_base64(encoded)
        if not 5 <= len(raw) <= 4 + 8192:
            raise Refused("signature length")
        return check_key_name(name), raw[:4], raw[4:]

    def confirmed(self, keys):
        """The keys with a valid line; a false line of a known key condemns the note."""
        found = []
        for key in keys:
            own = [sig for name, key_id, sig in self.lines if (name, key_id) == (key.name, key.id)]
            if not all(key.confirms(self.text, signature) for signature in own):
                raise Refused("false signature of a known key")
            if own:
                found.append(key)
        return found


def read_checkpoint(note):
    lines = note.text.decode("utf-8")[:-1].split("\n")
    if len(lines) < 3 or "" in lines:
        raise Refused("checkpoint lines")
    origin, size, root = check_origin(lines[0]), from_decimal(lines[1]), from_base64_32(lines[2])
    if size == 0 and root != sha256():
        raise Refused("root of the empty tree")
    return origin, size, root


# --- section 4: records and leaves


def canonical(value, depth=64):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise Refused("integer too large")
        return str(value)
    if isinstance(value, str):
        return canonical_string(value)
    if depth == 0:
        raise Refused("nested too deep")
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth - 1) for item in value) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    members = (canonical_string(name) + ":" + canonical(value[name], depth - 1) for name in names)
    return "{" + ",".join(members) + "}"


def canonical_string(text):
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    escaped = (short.get(c) or ("\\u%04x" % ord(c) if c < " " else c) for c in text)
    return '"' + "".join(escaped) + '"'


def read_code(text):
    if not isinstance(text, str) or not re.fullmatch(r"[a-z0-9._-]{1,64}", text, re.ASCII):
        raise Refused("public code")
    return text


def leaf_hash(record, salt, code):
    try:
        commitment = sha256(b"noroshi-commitment/v1\n", salt, canonical(record).encode("utf-8"))
    except UnicodeEncodeError:
        raise Refused("lone surrogate") from None
    if code is None:
        return sha256(b"\x00", b"\x01", commitment)
    if not isinstance(record, dict) or record.get("act") != code:
        raise Refused("public code is not the act of the record")
    return sha256(b"\x00", b"\x02", commitment, code.encode("ascii"))


# --- section 5: inclusion, by the recursive definition of RFC 6962 section 2.1.1 read backwards


def root_from_proof(leaf, index, size, proof):
    """The root that `proof` (leaf to root) leads to; the last hash belongs to the topmost split."""
    if size == 1:
        if proof:
            raise Refused("proof too long")
        return leaf
    if not proof:
        raise Refused("proof too short")
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return sha256(b"\x01", root_from_proof(leaf, index, split, proof[:-1]), proof[-1])
    return sha256(b"\x01", proof[-1], root_from_proof(leaf, index - split, size - split, proof[:-1]))


# --- section 7: trust


class Trust:
    def __init__(self, raw):
        if len(raw) > 65_536:
            raise Refused("trust size")
        text = utf8(raw)
        if any(unicodedata.category(c) == "Cc" and c != "\n" for c in text):
            raise Refused("trust characters")
        first, *lines = text.split("\n")
        if first != "noroshi-trust/v1":
            raise Refused("trust header")
        self.logs, self.witnesses, self.quorum, self.exercise = [], [], None, None
        for line in lines:
            if line and not line.startswith("#"):
                self.read(*line.split(" "))
        if not self.logs or self.quorum is None:
            raise Refused("trust is incomplete")
        if not 1 <= self.quorum <= max(1, len({key.name for key in self.witnesses})):
            raise Refused("quorum")

    def read(self, directive, *words):
        if directive == "log" and words:
            options = {}
            for word in words[1:]:
                name, equals, size = word.partition("=")
                if not equals or name not in ("first-size", "last-size") or name in options:
                    raise Refused("log option")
                options[name] = from_decimal(size)
            first, last = options.get("first-size", 0), options.get("last-size", MAX_SIZE)
            if last < first:
                raise Refused("log sizes")
            key = self.own_key(words[0], LOG)
            check_origin(key.name)
            self.logs.append((key, first, last))
        elif directive == "witness" and len(words) == 1:
            self.witnesses.append(self.own_key(words[0], WITNESS))
        elif directive == "quorum" and len(words) == 1 and self.quorum is None:
            self.quorum = from_decimal(words[0])
        elif directive == "exercise" and words in (("accept",), ("refuse",)) and self.exercise is None:
            self.exercise = words[0]
        else:
            raise Refused("trust line")

    def own_key(self, text, kind):
        key = Key(text, kind)
        listed = [log[0] for log in self.logs] + self.witnesses
        if any(key.public == other.public for other in listed):
            raise Refused("key listed twice")
        return key


# --- section 6: receipts


def members_once(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise Refused("member named twice")
    return dict(pairs)


def refuse_number(text):
    raise Refused("number")


def read_integer(text):
    if text == "-0" or len(text) > 17:
        raise Refused("number")
    return int(text)


def read_json(raw):
    if len(raw) > 8_000_000:
        raise Refused("receipt size")
    try:
        return json.loads(
            utf8(raw),
            object_pairs_hook=members_once,
            parse_int=read_integer,
            parse_float=refuse_number,
            parse_constant=refuse_number,
        )
    except (ValueError, RecursionError):
        raise Refused("JSON") from None


def read_receipt(raw):
    receipt = read_json(raw)
    required = {"format", "origin", "index", "salt", "record", "proof", "checkpoint"}
    if not isinstance(receipt, dict) or set(receipt) - {"public_code"} != required:
        raise Refused("members")
    if any(not isinstance(receipt[name], str) for name in ("format", "origin", "salt", "checkpoint")):
        raise Refused("member types")
    if receipt["format"] != "noroshi-receipt/v1":
        raise Refused("format")
    index, proof = receipt["index"], receipt["proof"]
    if type(index) is not int or not 0 <= index <= MAX_INTEGER:
        raise Refused("index")
    if not isinstance(proof, list) or len(proof) > 64 or not all(isinstance(h, str) for h in proof):
        raise Refused("proof")
    return receipt


def verify(raw, trust):
    receipt = read_receipt(raw)
    origin = check_origin(receipt["origin"])
    salt = from_base64_32(receipt["salt"])
    code = read_code(receipt["public_code"]) if "public_code" in receipt else None
    proof = [from_base64_32(text) for text in receipt["proof"]]
    try:
        note = Note(receipt["checkpoint"].encode("utf-8"))
    except UnicodeEncodeError:
        raise Refused("checkpoint characters") from None
    named, size, root = read_checkpoint(note)
    if named != origin:
        raise Refused("checkpoint of another log")
    leaf = leaf_hash(receipt["record"], salt, code)

    own = [(key, first, last) for key, first, last in trust.logs if key.name == origin]
    if not own:
        raise Refused("unknown log")
    if origin.split("/")[0] == "exercise" and trust.exercise != "accept":
        raise Refused("exercise")
    signers = note.confirmed([key for key, _, _ in own])
    if not any(key in signers and first <= size <= last for key, first, last in own):
        raise Refused("not signed by a key in force")
    if receipt["index"] >= size:
        raise Refused("index beyond the tree")
    if root_from_proof(leaf, receipt["index"], size, proof) != root:
        raise Refused("not in the log")
    seen = note.confirmed(trust.witnesses)
    # No public key is listed twice, so signers differ by name alone.
    return "witnessed" if len({key.name for key in seen}) >= trust.quorum else "not_witnessed"


def verdict(receipt, trust):
    try:
        trust = Trust(trust)
    except Refused as refused:
        return "bad_trust", str(refused)
    try:
        return verify(receipt, trust), ""
    except Refused as refused:
        return "invalid", str(refused)


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def main(arguments):
    if len(arguments) < 3 or arguments[0] not in ("--trust", "--each-trust"):
        print(__doc__, file=sys.stderr)
        return 2
    mode, first, *others = arguments
    for path in others:
        pair = (path, first) if mode == "--trust" else (first, path)
        try:
            found, reason = verdict(*map(contents, pair))
        except OSError as error:
            print(error, file=sys.stderr)
            return 2
        print(f"{found}\t{path}\t{reason}")
    return {"witnessed": 0, "not_witnessed": 3, "invalid": 1, "bad_trust": 2}[found]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
