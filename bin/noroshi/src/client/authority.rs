use std::fs;
use std::path::Path;

use peer::Authorities;

use super::failure::Failure;

/// Reads the certificate authorities of a house from a file in PEM.
pub(super) fn read(path: &Path) -> Result<Authorities, Failure> {
    let shown =
        |error| Failure::Unable(anyhow::Error::new(error).context(path.display().to_string()));
    if Authorities::MAX_OCTETS < fs::metadata(path).map_err(shown)?.len() {
        return Err(Failure::unable(format!(
            "{}: too large for certificates",
            path.display()
        )));
    }
    let text = fs::read_to_string(path).map_err(shown)?;
    Authorities::parse(text).ok_or_else(|| {
        Failure::unable(format!(
            "{}: no certificates in PEM（証明書の PEM ファイルではありません）",
            path.display()
        ))
    })
}
