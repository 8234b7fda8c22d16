use ids::{ComputerId, FilingKind, ReceiptNumber};
use jiff::civil::Date;
use model::assets::NotifiedItems;
use model::names::{CategoryName, DocumentReference, MakerName, ProductName};
use model::text::TextError;
use serde_json::{Map, Value};
use statute::AssetClass;

use super::head::{Head, put, put_some};
use super::{FilingError, FilingErrorKind, MAX_ROWS};
use crate::node::{Node, ObjectNode};

/// Notification of computers, of changes, or of the end of use (Act Art. 4, Order Arts 2 and 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationBody {
    /// What every body begins with; its kind is that of the rows.
    pub head: Head,
    /// The computers; never empty.
    pub rows: Rows,
}

/// Rows of one kind of notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// 様式第一.
    New(Vec<NotificationRow>),
    /// 様式第二.
    Changed(Vec<ChangeRow>),
    /// 様式第二, end of use.
    Ended(Vec<EndRow>),
}

/// A computer that is notified (Order Art. 2(5)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationRow {
    /// The computer of the register.
    pub computer: ComputerId,
    /// Items (ii) to (v).
    pub items: NotifiedItems,
    /// Day of introduction; not an item of the order, shows how the limit was counted.
    pub introduced_on: Option<Date>,
    /// The ESPA document that takes the form's place (Order Art. 2(4)).
    pub espa_reference: Option<DocumentReference>,
}

/// A computer of which notified items changed (Order Art. 3(1)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// The computer of the register.
    pub computer: ComputerId,
    /// Day of the change.
    pub changed_on: Date,
    /// The notification that changes.
    pub notified_as: ReceiptNumber,
    /// Items as notified.
    pub before: NotifiedItems,
    /// Items now.
    pub after: NotifiedItems,
    /// The ESPA report that takes the form's place (Order Art. 3(3)).
    pub espa_reference: Option<DocumentReference>,
}

/// A computer that is no longer in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndRow {
    /// The computer of the register.
    pub computer: ComputerId,
    /// Day on which use ended.
    pub changed_on: Date,
    /// The notification that ends.
    pub notified_as: ReceiptNumber,
    /// Items as notified.
    pub before: NotifiedItems,
}

impl Rows {
    /// The kind of document that such rows make.
    pub const fn kind(&self) -> FilingKind {
        match self {
            Self::New(_) => FilingKind::AssetNotification,
            Self::Changed(_) => FilingKind::AssetChange,
            Self::Ended(_) => FilingKind::AssetRetirement,
        }
    }

    /// The computers, in order.
    pub fn computers(&self) -> Vec<ComputerId> {
        match self {
            Self::New(rows) => rows.iter().map(|row| row.computer).collect(),
            Self::Changed(rows) => rows.iter().map(|row| row.computer).collect(),
            Self::Ended(rows) => rows.iter().map(|row| row.computer).collect(),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::New(rows) => rows.iter().map(NotificationRow::to_value).collect(),
            Self::Changed(rows) => rows.iter().map(ChangeRow::to_value).collect(),
            Self::Ended(rows) => rows.iter().map(EndRow::to_value).collect(),
        }
    }
}

impl NotificationBody {
    pub(super) fn to_value(&self) -> Value {
        let mut body = Map::new();
        self.head.write(&mut body);
        body.insert("rows".to_owned(), self.rows.to_value());
        Value::Object(body)
    }

    pub(super) fn read(head: Head, mut body: ObjectNode<'_>) -> Result<Self, FilingError> {
        let list = body.required("rows")?;
        let nodes = list.list(MAX_ROWS)?;
        if nodes.is_empty() {
            return Err(list.fail(FilingErrorKind::Value("rows.empty")));
        }
        let rows = match head.kind {
            FilingKind::AssetChange => Rows::Changed(read_all(&nodes, ChangeRow::read)?),
            FilingKind::AssetRetirement => Rows::Ended(read_all(&nodes, EndRow::read)?),
            FilingKind::AssetNotification
            | FilingKind::IncidentPrompt
            | FilingKind::IncidentUpdate
            | FilingKind::IncidentFull
            | FilingKind::IncidentCorrection
            | FilingKind::IncidentWithdrawal => Rows::New(read_all(&nodes, NotificationRow::read)?),
        };
        let mut computers = rows.computers();
        computers.sort_unstable();
        computers.dedup();
        if computers.len() != nodes.len() {
            return Err(list.fail(FilingErrorKind::Value("rows.twice")));
        }
        body.finish()?;
        Ok(Self { head, rows })
    }
}

fn read_all<T>(
    nodes: &[Node<'_>],
    read: impl Fn(ObjectNode<'_>) -> Result<T, FilingError>,
) -> Result<Vec<T>, FilingError> {
    let mut rows = Vec::with_capacity(nodes.len());
    for node in nodes {
        rows.push(read(node.object()?)?);
    }
    Ok(rows)
}

impl NotificationRow {
    fn to_value(&self) -> Value {
        let mut row = Map::new();
        put(&mut row, "computer", self.computer.to_string());
        write_items(&self.items, &mut row);
        put_some(
            &mut row,
            "introduced_on",
            self.introduced_on.map(|day| day.to_string()),
        );
        put_some(
            &mut row,
            "espa_reference",
            self.espa_reference.as_ref().map(DocumentReference::as_str),
        );
        Value::Object(row)
    }

    fn read(mut row: ObjectNode<'_>) -> Result<Self, FilingError> {
        let introduced_on = row.optional("introduced_on");
        let espa_reference = row.optional("espa_reference");
        let read = Self {
            computer: row.required("computer")?.code()?,
            items: read_items(&mut row)?,
            introduced_on: introduced_on.map(|node| read_day(&node)).transpose()?,
            espa_reference: read_reference(espa_reference)?,
        };
        row.finish()?;
        Ok(read)
    }
}

impl ChangeRow {
    fn to_value(&self) -> Value {
        let mut row = Map::new();
        put(&mut row, "computer", self.computer.to_string());
        put(&mut row, "changed_on", self.changed_on.to_string());
        put(&mut row, "notified_as", self.notified_as.as_str());
        row.insert("before".to_owned(), items_value(&self.before));
        row.insert("after".to_owned(), items_value(&self.after));
        put_some(
            &mut row,
            "espa_reference",
            self.espa_reference.as_ref().map(DocumentReference::as_str),
        );
        Value::Object(row)
    }

    fn read(mut row: ObjectNode<'_>) -> Result<Self, FilingError> {
        let espa_reference = row.optional("espa_reference");
        let read = Self {
            computer: row.required("computer")?.code()?,
            changed_on: read_day(&row.required("changed_on")?)?,
            notified_as: row.required("notified_as")?.code()?,
            before: read_own_items(&row.required("before")?)?,
            after: read_own_items(&row.required("after")?)?,
            espa_reference: read_reference(espa_reference)?,
        };
        row.finish()?;
        Ok(read)
    }
}

impl EndRow {
    fn to_value(&self) -> Value {
        let mut row = Map::new();
        put(&mut row, "computer", self.computer.to_string());
        put(&mut row, "changed_on", self.changed_on.to_string());
        put(&mut row, "notified_as", self.notified_as.as_str());
        row.insert("before".to_owned(), items_value(&self.before));
        Value::Object(row)
    }

    fn read(mut row: ObjectNode<'_>) -> Result<Self, FilingError> {
        let read = Self {
            computer: row.required("computer")?.code()?,
            changed_on: read_day(&row.required("changed_on")?)?,
            notified_as: row.required("notified_as")?.code()?,
            before: read_own_items(&row.required("before")?)?,
        };
        row.finish()?;
        Ok(read)
    }
}

fn write_items(items: &NotifiedItems, row: &mut Map<String, Value>) {
    put(row, "facility_category", items.facility_category.as_str());
    put(row, "class", items.class.code());
    put(row, "unit", items.unit.code());
    put(row, "product", items.product.as_str());
    put(row, "maker", items.maker.as_str());
}

fn items_value(items: &NotifiedItems) -> Value {
    let mut value = Map::new();
    write_items(items, &mut value);
    Value::Object(value)
}

fn read_items(row: &mut ObjectNode<'_>) -> Result<NotifiedItems, FilingError> {
    Ok(NotifiedItems {
        facility_category: row
            .required("facility_category")?
            .parse(CategoryName::parse, TextError::code)?,
        class: read_class(&row.required("class")?)?,
        unit: row.required("unit")?.code()?,
        product: row
            .required("product")?
            .parse(ProductName::parse, TextError::code)?,
        maker: row
            .required("maker")?
            .parse(MakerName::parse, TextError::code)?,
    })
}

fn read_own_items(node: &Node<'_>) -> Result<NotifiedItems, FilingError> {
    let mut items = node.object()?;
    let read = read_items(&mut items)?;
    items.finish()?;
    Ok(read)
}

pub(super) fn read_class(node: &Node<'_>) -> Result<AssetClass, FilingError> {
    AssetClass::parse(node.text()?).ok_or_else(|| node.fail(FilingErrorKind::Value("code.unknown")))
}

/// Reads a day in its one canonical writing.
pub(super) fn read_day(node: &Node<'_>) -> Result<Date, FilingError> {
    let text = node.text()?;
    text.parse::<Date>()
        .ok()
        .filter(|day| day.to_string() == text)
        .ok_or_else(|| node.fail(FilingErrorKind::Value("date.not_a_date")))
}

fn read_reference(node: Option<Node<'_>>) -> Result<Option<DocumentReference>, FilingError> {
    node.map(|node| node.parse(DocumentReference::parse, TextError::code))
        .transpose()
}
