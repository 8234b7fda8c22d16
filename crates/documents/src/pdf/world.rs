use app::documents::page::PrintError;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use super::content::Content;
use super::fonts::Fonts;

const TEMPLATE: &str = include_str!("page.typ");

/// All that a print can reach: the template, the content as data, the fonts. No file, no network, no clock.
pub(super) struct PageWorld<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    template: Source,
    data: (FileId, Bytes),
    files: Vec<(FileId, Bytes)>,
}

impl<'a> PageWorld<'a> {
    pub(super) fn new(fonts: &'a Fonts, content: &Content) -> Result<Self, PrintError> {
        let mut files = Vec::with_capacity(content.files.len());
        for (number, file) in content.files.iter().enumerate() {
            files.push((id(&format!("/files/{number}"))?, Bytes::new(file.clone())));
        }
        Ok(Self {
            library: LazyHash::new(Library::default()),
            fonts,
            template: Source::new(id("/page.typ")?, TEMPLATE.to_owned()),
            data: (id("/content.json")?, Bytes::new(content.json.clone())),
            files,
        })
    }
}

fn id(path: &str) -> Result<FileId, PrintError> {
    let path = VirtualPath::new(path).map_err(|_| PrintError::Failed("path".to_owned()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for PageWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        std::iter::once(&self.data)
            .chain(&self.files)
            .find(|(known, _)| *known == id)
            .map(|(_, octets)| octets.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
