use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use app::documents::page::PrintError;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// Files looked at, at most; a folder with more is no folder of fonts.
const MAX_FILES: usize = 5_000;
/// Octets of one font file at most; Noto CJK with all its weights in one file has 180 MB.
const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;
/// Folders inside folders.
const MAX_DEPTH: usize = 8;
/// Characters that any Japanese font has.
const JAPANESE: [char; 4] = ['あ', '漢', '。', '届'];

/// Stands for a character that no font has.
pub(super) const REPLACEMENT: char = '〓';

/// The fonts of some folders: known by what they hold, read when they are used.
pub(super) struct Fonts {
    book: LazyHash<FontBook>,
    faces: Vec<Face>,
    families: Vec<String>,
}

struct Face {
    path: PathBuf,
    index: u32,
    font: Mutex<Option<Font>>,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fonts")
            .field("faces", &self.faces.len())
            .field("families", &self.families)
            .finish_non_exhaustive()
    }
}

impl Fonts {
    /// Looks at every font of some folders.
    ///
    /// # Errors
    /// [`PrintError::NoFont`] when none has Japanese.
    pub(super) fn find(folders: &[PathBuf], wanted: &[String]) -> Result<Self, PrintError> {
        let mut files = Vec::new();
        for folder in folders {
            collect(folder, 0, &mut files);
        }
        // Whatever order the folders are read in, the same fonts are chosen.
        files.sort();
        files.dedup();
        let mut infos = Vec::new();
        let mut faces = Vec::new();
        for path in files {
            // A file that cannot be read or is no font is not a font of ours.
            let Ok(octets) = fs::read(&path) else {
                continue;
            };
            for (index, info) in FontInfo::iter(&octets).enumerate() {
                infos.push(info);
                faces.push(Face {
                    path: path.clone(),
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                    font: Mutex::new(None),
                });
            }
        }
        let families = families(&infos, wanted);
        if families.is_empty() {
            let folders: Vec<String> = folders
                .iter()
                .map(|folder| folder.display().to_string())
                .collect();
            return Err(PrintError::NoFont {
                folders: folders.join(", "),
            });
        }
        Ok(Self {
            book: LazyHash::new(FontBook::from_infos(infos)),
            faces,
            families,
        })
    }

    pub(super) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    /// Families with Japanese, the best first.
    pub(super) fn families(&self) -> &[String] {
        &self.families
    }

    /// Whether some font has a glyph for a character.
    pub(super) fn covers(&self, character: char) -> bool {
        let code = u32::from(character);
        (0..self.faces.len()).any(|index| {
            self.book
                .info(index)
                .is_some_and(|info| !info.is_last_resort() && info.coverage.contains(code))
        })
    }

    /// A font by its place in the book.
    pub(super) fn font(&self, index: usize) -> Option<Font> {
        let face = self.faces.get(index)?;
        let mut font = face.font.lock().unwrap_or_else(PoisonError::into_inner);
        if font.is_none() {
            let octets = fs::read(&face.path).ok()?;
            *font = Font::new(Bytes::new(octets), face.index);
        }
        font.clone()
    }
}

/// The wanted families that are there and have Japanese; else the first others that have it.
fn families(infos: &[FontInfo], wanted: &[String]) -> Vec<String> {
    let japanese = |info: &&FontInfo| {
        JAPANESE
            .iter()
            .all(|character| info.coverage.contains(u32::from(*character)))
    };
    let mut found: Vec<String> = wanted
        .iter()
        .filter_map(|family| {
            let same = |info: &&FontInfo| info.family.eq_ignore_ascii_case(family);
            infos.iter().filter(japanese).find(same)
        })
        .map(|info| info.family.clone())
        .collect();
    if found.is_empty() {
        found.extend(infos.iter().find(japanese).map(|info| info.family.clone()));
    }
    found
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if MAX_FILES <= files.len() {
            return;
        }
        let path = entry.path();
        let Ok(meta) = fs::metadata(&path) else {
            continue;
        };
        if meta.is_dir() {
            if depth < MAX_DEPTH {
                collect(&path, depth.saturating_add(1), files);
            }
        } else if is_font(&path) && meta.len() <= MAX_FILE_BYTES {
            files.push(path);
        }
    }
}

fn is_font(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| {
            ["otf", "ttf", "ttc", "otc"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_japanese_font_the_error_says_what_to_install_and_what_to_set() {
        let empty = tempfile::tempdir().unwrap();
        let error = Fonts::find(&[empty.path().to_owned()], &[]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("fonts-noto-cjk"), "{text}");
        assert!(text.contains("documents.font_folders"), "{text}");
        assert!(text.contains(empty.path().to_str().unwrap()), "{text}");
    }

    #[test]
    fn a_file_that_is_no_font_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("broken.ttf"), b"no font").unwrap();
        let error = Fonts::find(&[folder.path().to_owned()], &[]).unwrap_err();
        assert_eq!(error.code(), "print_no_font");
    }
}
