/// What someone wrote.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// The maker, if there is a column or field for it.
    pub maker: Option<&'a str>,
    /// The product.
    pub product: &'a str,
}

/// Which maker and product may be meant. A person decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Id of the maker in the master.
    pub maker_id: String,
    /// Its official name.
    pub maker_ja: String,
    /// Its name in English.
    pub maker_en: String,
    /// Id of the product in the master; `None` when only the maker is known.
    pub product_id: Option<String>,
    /// Its name as written in Japan.
    pub product_ja: Option<String>,
    /// Its name in English.
    pub product_en: Option<String>,
    /// How well it fits, 0 to 1000. For ordering; not a probability.
    pub score: u16,
    /// Sure enough to be chosen in the form beforehand, still for a person to confirm. At most one
    /// suggestion of an answer is.
    pub preselected: bool,
    /// Why it is suggested, strongest first.
    pub reasons: Vec<Reason>,
}

/// Why something is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Someone of the organisation confirmed this spelling.
    Learned,
    /// The product is written as it is called, or as one of its other names.
    ProductName,
    /// A part of the text is a name of the product.
    ProductNamePart,
    /// The model number belongs to the family.
    ModelNumber,
    /// The product is written almost like this.
    ProductSimilar,
    /// The maker is written as it is called, or as one of its other or former names.
    MakerName,
    /// The maker is written almost like this.
    MakerSimilar,
    /// The maker stands in the text of the product.
    MakerInProduct,
    /// The maker given is another; it may be a dealer.
    MakerDiffers,
    /// The maker given is not in the master.
    MakerUnknown,
}

impl Reason {
    /// The stable text that names the reason to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Learned => "learned",
            Self::ProductName => "product_name",
            Self::ProductNamePart => "product_name_part",
            Self::ModelNumber => "model_number",
            Self::ProductSimilar => "product_similar",
            Self::MakerName => "maker_name",
            Self::MakerSimilar => "maker_similar",
            Self::MakerInProduct => "maker_in_product",
            Self::MakerDiffers => "maker_differs",
            Self::MakerUnknown => "maker_unknown",
        }
    }
}
