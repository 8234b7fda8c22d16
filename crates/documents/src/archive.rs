use std::io::{Cursor, Write as _};

use app::documents::archive::{ArchiveError, Archiver};
use zip::write::SimpleFileOptions;
use zip::{AesMode, CompressionMethod, ZipWriter};

/// ZIP files with AES-256 (`WinZip` AE-2), which 7-Zip, `WinZip` and the file manager of macOS open.
#[derive(Clone, Copy, Debug, Default)]
pub struct EncryptedZip;

impl Archiver for EncryptedZip {
    fn lock(&self, files: &[(String, Vec<u8>)], password: &str) -> Result<Vec<u8>, ArchiveError> {
        pack(files, password).map_err(|_| ArchiveError::Failed)
    }
}

fn pack(files: &[(String, Vec<u8>)], password: &str) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .with_aes_encryption(AesMode::Aes256, password);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(content)?;
    }
    zip.finish().map(Cursor::into_inner)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use app::documents::archive::Archiver as _;

    use super::EncryptedZip;

    const PASSWORD: &str = "abcde-fghij-kmnpq-rstuv";

    #[test]
    fn another_program_opens_the_archive_with_the_password_and_only_with_it() {
        let secret = "監視サーバが暗号化された。".repeat(200);
        let files = [
            ("1.json".to_owned(), secret.clone().into_bytes()),
            ("2.pdf".to_owned(), Vec::new()),
        ];
        let archive = EncryptedZip.lock(&files, PASSWORD).unwrap();
        let part = "暗号化された".as_bytes();
        assert!(!archive.windows(part.len()).any(|octets| octets == part));
        let folder = tempfile::tempdir().unwrap();
        let (zip, text) = (folder.path().join("a.zip"), folder.path().join("secret"));
        std::fs::write(&zip, archive).unwrap();
        std::fs::write(&text, secret).unwrap();
        let script = "import sys, pyzipper\n\
            def opened(password):\n\
            \x20   with pyzipper.AESZipFile(sys.argv[1]) as zip:\n\
            \x20       assert zip.namelist() == ['1.json', '2.pdf']\n\
            \x20       for info in zip.infolist():\n\
            \x20           assert info.flag_bits & 1 and info.wz_aes_strength == 3, info\n\
            \x20       zip.setpassword(password)\n\
            \x20       assert zip.read('2.pdf') == b''\n\
            \x20       return zip.read('1.json')\n\
            assert opened(sys.argv[3].encode()) == open(sys.argv[2], 'rb').read()\n\
            for wrong in (b'abcde-fghij-kmnpq-rstuw', b''):\n\
            \x20   try:\n\
            \x20       opened(wrong)\n\
            \x20   except RuntimeError:\n\
            \x20       continue\n\
            \x20   raise AssertionError('opened without the password')\n";
        let output = Command::new("python3")
            .args(["-c", script])
            .args([&zip, &text])
            .arg(PASSWORD)
            .output()
            .unwrap();
        let talk = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "this test needs python3 with the packages of tests/submissions/requirements.txt, which \
             `cargo xtask test` installs: {talk}"
        );
    }
}
