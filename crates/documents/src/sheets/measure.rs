//! How large a workbook is, found out before it is unpacked.

use std::io::{Cursor, Read as _, copy, sink};

use app::documents::sheet::UnreadableWorkbook;
use zip::ZipArchive;
use zip::result::ZipError;

/// Octets of a workbook as it is uploaded.
const MOST_PACKED: usize = 64 * 1024 * 1024;
/// Octets of all its parts unpacked.
const MOST_UNPACKED: u64 = 192 * 1024 * 1024;
/// Parts of a workbook.
const MOST_PARTS: usize = 2_000;
/// How many times larger a part may become, where it becomes large at all.
const MOST_RATIO: u64 = 250;
/// From this size on the ratio counts: small parts may be as repetitive as they like.
const RATIO_FROM: u64 = 8 * 1024 * 1024;

/// Compound files, which hold encrypted workbooks and those of before 2007 (MS-CFB 2.2).
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Refuses what is no workbook, what is encrypted and what would become too large.
///
/// What the file says of its size is believed only to refuse it; a part that becomes larger than it says is refused too,
/// as soon as it does.
pub(super) fn measure(file: &[u8]) -> Result<(), UnreadableWorkbook> {
    if MOST_PACKED < file.len() {
        return Err(UnreadableWorkbook::TooLarge);
    }
    if file.starts_with(COMPOUND) {
        return Err(compound(file));
    }
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(problem)?;
    if MOST_PARTS < archive.len() {
        return Err(UnreadableWorkbook::TooLarge);
    }
    let mut claimed = 0_u64;
    for part in 0..archive.len() {
        let part = archive.by_index_raw(part).map_err(problem)?;
        if part.encrypted() {
            return Err(UnreadableWorkbook::Encrypted);
        }
        let (packed, unpacked) = (part.compressed_size(), part.size());
        claimed = claimed.saturating_add(unpacked);
        let out_of_proportion =
            RATIO_FROM < unpacked && packed.saturating_mul(MOST_RATIO) < unpacked;
        if out_of_proportion || MOST_UNPACKED < claimed {
            return Err(UnreadableWorkbook::TooLarge);
        }
    }
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(problem)?;
        let claimed = part.size();
        let read = copy(&mut part.take(claimed.saturating_add(1)), &mut sink())
            .map_err(|_| UnreadableWorkbook::NotAWorkbook)?;
        if claimed < read {
            return Err(UnreadableWorkbook::NotAWorkbook);
        }
    }
    Ok(())
}

/// A compound file with the stream of an encrypted package, or an old workbook, which is not read.
fn compound(file: &[u8]) -> UnreadableWorkbook {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    if file
        .windows(name.len())
        .any(|window| window == name.as_slice())
    {
        UnreadableWorkbook::Encrypted
    } else {
        UnreadableWorkbook::NotAWorkbook
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "stands where an error is mapped"
)]
fn problem(error: ZipError) -> UnreadableWorkbook {
    match error {
        ZipError::UnsupportedArchive(reason) if reason == ZipError::PASSWORD_REQUIRED => {
            UnreadableWorkbook::Encrypted
        }
        _ => UnreadableWorkbook::NotAWorkbook,
    }
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
mod tests {
    use app::documents::sheet::UnreadableWorkbook;

    use super::measure;

    /// Bits as deflate packs them, the lowest first (RFC 1951 section 3.1.1).
    #[derive(Default)]
    struct Bits {
        octets: Vec<u8>,
        used: usize,
    }

    impl Bits {
        fn push(&mut self, bits: &str) {
            for bit in bits.bytes() {
                if self.used.is_multiple_of(8) {
                    self.octets.push(0);
                }
                *self.octets.last_mut().unwrap() |= (bit - b'0') << (self.used % 8);
                self.used += 1;
            }
        }
    }

    /// A run of zeros, packed: one literal, then copies of 258 octets at distance 1 in the fixed code.
    fn zeros(copies: usize) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.push("110");
        bits.push("00110000");
        for _ in 0..copies {
            bits.push("1100010100000");
        }
        bits.push("0000000");
        bits.octets
    }

    /// An archive with one part that says it has `claimed` octets (APPNOTE 4.3).
    fn archive(packed: &[u8], claimed: u32) -> Vec<u8> {
        let name = b"xl/worksheets/sheet1.xml";
        let sizes = |out: &mut Vec<u8>| {
            out.extend([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]);
            out.extend(0_u32.to_le_bytes());
            out.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
            out.extend(claimed.to_le_bytes());
            out.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            out.extend([0, 0]);
        };
        let mut file = b"PK\x03\x04".to_vec();
        sizes(&mut file);
        file.extend(name);
        file.extend(packed);
        let directory = file.len();
        file.extend(b"PK\x01\x02");
        file.extend([20, 0]);
        sizes(&mut file);
        file.extend([0; 14]);
        file.extend(name);
        let length = file.len() - directory;
        file.extend(b"PK\x05\x06");
        file.extend([0, 0, 0, 0, 1, 0, 1, 0]);
        file.extend(u32::try_from(length).unwrap().to_le_bytes());
        file.extend(u32::try_from(directory).unwrap().to_le_bytes());
        file.extend([0, 0]);
        file
    }

    #[test]
    fn a_bomb_of_a_gigabyte_is_refused_without_unpacking_it() {
        let copies = 4_200_000;
        let bomb = archive(&zeros(copies), u32::try_from(copies * 258 + 1).unwrap());
        assert!(bomb.len() < 8 * 1024 * 1024);
        assert_eq!(measure(&bomb), Err(UnreadableWorkbook::TooLarge));
    }

    #[test]
    fn a_bomb_that_says_it_is_small_is_refused_as_soon_as_it_grows() {
        let bomb = archive(&zeros(4_200_000), 100);
        assert_eq!(measure(&bomb), Err(UnreadableWorkbook::NotAWorkbook));
    }

    #[test]
    fn a_part_out_of_proportion_is_refused() {
        let claimed = 100 * 1024 * 1024;
        assert_eq!(
            measure(&archive(&zeros(100), claimed)),
            Err(UnreadableWorkbook::TooLarge)
        );
    }

    #[test]
    fn an_encrypted_workbook_says_so() {
        let mut file = super::COMPOUND.to_vec();
        file.extend([0; 512]);
        assert_eq!(measure(&file), Err(UnreadableWorkbook::NotAWorkbook));
        file.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(measure(&file), Err(UnreadableWorkbook::Encrypted));
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        for file in [b"".as_slice(), b"PK", b"PK\x03\x04", b"hello, world"] {
            assert_eq!(measure(file), Err(UnreadableWorkbook::NotAWorkbook));
        }
    }
}
