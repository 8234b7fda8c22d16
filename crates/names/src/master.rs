use std::collections::HashMap;
use std::sync::Arc;

use thiserror::Error;

const MAKERS: &str = include_str!("../master/makers.csv");
const PRODUCTS: &str = include_str!("../master/products.csv");
const RELATED: &str = include_str!("../master/related.csv");

/// Rows of a file given by an instance.
const MAX_ROWS: usize = 500_000;
/// Characters of one field.
const MAX_FIELD_CHARS: usize = 4_000;

/// A maker or provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maker {
    /// Stable id, for example `fortinet`.
    pub id: String,
    /// Official Japanese name.
    pub ja: String,
    /// English name.
    pub en: String,
    /// Corporate number (法人番号), where publicly known.
    pub corporate_number: Option<String>,
    /// Makers that share a group sell each other's products under their own name.
    pub group: Option<String>,
    /// Other and former names.
    pub aliases: Vec<String>,
}

/// A product or family of products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Stable id, for example `fortinet.fortigate`.
    pub id: String,
    /// Id of its maker.
    pub maker: String,
    /// Name as written in Japan.
    pub ja: String,
    /// English name.
    pub en: String,
    /// What kind of thing it is.
    pub unit: Unit,
    /// Vendor and product of CPE, where known.
    pub cpe: Option<(String, String)>,
    /// Other names.
    pub aliases: Vec<String>,
    /// How its model numbers begin: small letters and digits, `#` any digit, `@` any letter.
    pub models: Vec<String>,
}

/// What kind of thing a product is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A device with its firmware.
    Hardware,
    /// An operating system or firmware by itself.
    Os,
    /// Databases, application servers, libraries.
    Middleware,
    /// An application.
    Application,
    /// A service used over a network.
    Cloud,
}

/// Why a master cannot be read. Lines are counted from 1, the heading included.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum MasterError {
    /// Not comma-separated values with the right headings.
    #[error("line {line} is not a row of the master")]
    Row { line: u64 },
    /// A product names a maker that is not there.
    #[error("line {line} names an unknown maker")]
    UnknownMaker { line: u64 },
    /// The kind of thing is none of the known ones.
    #[error("line {line} has an unknown unit")]
    UnknownUnit { line: u64 },
    /// An id is missing or too long.
    #[error("line {line} lacks an id or has a field that is too long")]
    Field { line: u64 },
    /// More rows than may be read.
    #[error("more than 500000 rows")]
    TooManyRows,
}

/// Makers and products that names are matched with. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Master {
    makers: Arc<Vec<Maker>>,
    products: Arc<Vec<Product>>,
    related: Arc<HashMap<String, Vec<String>>>,
}

impl Master {
    /// The master that comes with the program.
    pub fn embedded() -> Result<Self, MasterError> {
        let mut makers = Vec::new();
        for (line, row) in rows(MAKERS, MAKER_COLUMNS)? {
            makers.push(maker(line, &row)?);
        }
        let mut products = Vec::new();
        for (line, row) in rows(PRODUCTS, PRODUCT_COLUMNS)? {
            products.push(product(line, &row)?);
        }
        let mut related: HashMap<String, Vec<String>> = HashMap::new();
        for (line, row) in rows(RELATED, RELATED_COLUMNS)? {
            let [product, software] = row.as_slice() else {
                return Err(MasterError::Row { line });
            };
            related
                .entry(product.clone())
                .or_default()
                .push(software.clone());
        }
        Ok(Self {
            makers: Arc::new(makers),
            products: Arc::new(products),
            related: Arc::new(related),
        })
    }

    /// The products that run on this one, or of which it is a version: `FortiOS` of a `FortiGate`.
    pub fn related(&self, product: &str) -> &[String] {
        self.related
            .get(product)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// A master that is only what a file says: see [`Master::extended`] for its columns.
    pub fn read(file: &str) -> Result<Self, MasterError> {
        Self {
            makers: Arc::default(),
            products: Arc::default(),
            related: Arc::default(),
        }
        .extended(file)
    }

    /// Adds what a file of the instance says. Columns: `maker`, `maker_ja`, `maker_en`,
    /// `maker_aliases`, `product`, `ja`, `en`, `unit`, `cpe`, `aliases`, `models`; lists are parted
    /// by `;`. A known id gets the names and aliases in addition; a row without product adds a
    /// maker only.
    pub fn extended(&self, file: &str) -> Result<Self, MasterError> {
        let mut makers = self.makers.as_ref().clone();
        let mut products = self.products.as_ref().clone();
        let mut maker_at: HashMap<String, usize> = ids(makers.iter().map(|each| &each.id));
        let mut product_at: HashMap<String, usize> = ids(products.iter().map(|each| &each.id));
        for (line, row) in rows(file, FILE_COLUMNS)? {
            let [maker_id, ja, en, aliases, rest @ ..] = row.as_slice() else {
                return Err(MasterError::Row { line });
            };
            let added = maker(
                line,
                &[maker_id, ja, en, "", "", aliases].map(|each| (*each).to_owned()),
            )?;
            if let Some(known) = maker_at.get(maker_id).and_then(|at| makers.get_mut(*at)) {
                known.take_names(added);
            } else {
                maker_at.insert(maker_id.clone(), makers.len());
                makers.push(added);
            }
            let [product_id, ja, en, unit, cpe, aliases, models] = rest else {
                return Err(MasterError::Row { line });
            };
            if product_id.is_empty() {
                continue;
            }
            let columns = [product_id, maker_id, ja, en, unit, cpe, aliases, models];
            let added = product(line, &columns.map(String::clone))?;
            match product_at
                .get(product_id)
                .and_then(|at| products.get_mut(*at))
            {
                Some(known) if known.maker == added.maker => known.take_names(added),
                Some(_) => return Err(MasterError::UnknownMaker { line }),
                None => {
                    product_at.insert(product_id.clone(), products.len());
                    products.push(added);
                }
            }
        }
        Ok(Self {
            makers: Arc::new(makers),
            products: Arc::new(products),
            related: Arc::clone(&self.related),
        })
    }

    /// All makers.
    pub fn makers(&self) -> &[Maker] {
        &self.makers
    }

    /// All products.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// The maker with this id.
    pub fn maker(&self, id: &str) -> Option<&Maker> {
        self.makers.iter().find(|maker| maker.id == id)
    }

    /// The product with this id.
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }
}

impl Maker {
    fn take_names(&mut self, added: Self) {
        self.aliases.extend([added.ja, added.en]);
        self.aliases.extend(added.aliases);
    }
}

impl Product {
    fn take_names(&mut self, added: Self) {
        self.aliases.extend([added.ja, added.en]);
        self.aliases.extend(added.aliases);
        self.models.extend(added.models);
        if added.cpe.is_some() {
            self.cpe = added.cpe;
        }
    }
}

impl Unit {
    /// The text in the files of the master.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hardware => "hardware",
            Self::Os => "os",
            Self::Middleware => "middleware",
            Self::Application => "application",
            Self::Cloud => "cloud",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [
            Self::Hardware,
            Self::Os,
            Self::Middleware,
            Self::Application,
            Self::Cloud,
        ]
        .into_iter()
        .find(|unit| unit.code() == code)
    }
}

const MAKER_COLUMNS: &[&str] = &["maker", "ja", "en", "corporate_number", "group", "aliases"];
const PRODUCT_COLUMNS: &[&str] = &[
    "product", "maker", "ja", "en", "unit", "cpe", "aliases", "models",
];
const RELATED_COLUMNS: &[&str] = &["product", "software"];
const FILE_COLUMNS: &[&str] = &[
    "maker",
    "maker_ja",
    "maker_en",
    "maker_aliases",
    "product",
    "ja",
    "en",
    "unit",
    "cpe",
    "aliases",
    "models",
];

fn rows(file: &str, columns: &[&str]) -> Result<Vec<(u64, Vec<String>)>, MasterError> {
    let file = file.strip_prefix('\u{FEFF}').unwrap_or(file);
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    if !reader.headers().is_ok_and(|heads| heads == columns) {
        return Err(MasterError::Row { line: 1 });
    }
    let mut rows = Vec::new();
    let mut line: u64 = 1;
    for record in reader.records() {
        line = line.saturating_add(1);
        let record = record.map_err(|_| MasterError::Row { line })?;
        line = record.position().map_or(line, csv::Position::line);
        if record
            .iter()
            .any(|field| MAX_FIELD_CHARS < field.chars().count())
        {
            return Err(MasterError::Field { line });
        }
        if MAX_ROWS <= rows.len() {
            return Err(MasterError::TooManyRows);
        }
        rows.push((
            line,
            record.iter().map(|field| field.trim().to_owned()).collect(),
        ));
    }
    Ok(rows)
}

fn maker(line: u64, row: &[String]) -> Result<Maker, MasterError> {
    let [id, ja, en, number, group, aliases] = row else {
        return Err(MasterError::Row { line });
    };
    if id.is_empty() {
        return Err(MasterError::Field { line });
    }
    let ja = first_of(&[ja, en, id]);
    Ok(Maker {
        id: id.clone(),
        en: first_of(&[en, &ja]),
        ja,
        corporate_number: filled(number),
        group: filled(group),
        aliases: list(aliases),
    })
}

fn product(line: u64, row: &[String]) -> Result<Product, MasterError> {
    let [id, maker, ja, en, unit, cpe, aliases, models] = row else {
        return Err(MasterError::Row { line });
    };
    if id.is_empty() || maker.is_empty() {
        return Err(MasterError::Field { line });
    }
    let ja = first_of(&[ja, en, id]);
    Ok(Product {
        id: id.clone(),
        maker: maker.clone(),
        en: first_of(&[en, &ja]),
        ja,
        unit: Unit::parse(unit).ok_or(MasterError::UnknownUnit { line })?,
        cpe: cpe
            .split_once(':')
            .map(|(vendor, product)| (vendor.to_owned(), product.to_owned())),
        aliases: list(aliases),
        models: list(models),
    })
}

fn first_of(names: &[&String]) -> String {
    let name = names.iter().find(|name| !name.is_empty());
    name.map(|name| (*name).clone()).unwrap_or_default()
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn list(text: &str) -> Vec<String> {
    text.split(';')
        .map(str::trim)
        .filter(|each| !each.is_empty())
        .map(str::to_owned)
        .collect()
}

fn ids<'a>(each: impl Iterator<Item = &'a String>) -> HashMap<String, usize> {
    each.cloned().zip(0..).collect()
}
