//! Reads the fields of one pack entry by hand, so that an error can name the field and the reason.

use jiff::civil::Date;
use toml::{Table, Value};

/// Why one entry of a pack cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// A required field is absent.
    #[error("field `{field}` is missing")]
    Missing { field: &'static str },
    /// A field has the wrong TOML type.
    #[error("field `{field}` must be {expected}")]
    WrongType {
        field: &'static str,
        expected: &'static str,
    },
    /// A text field is empty.
    #[error("field `{field}` is empty")]
    Empty { field: &'static str },
    /// A field that no reader knows.
    #[error("field `{field}` is not known for this kind of entry")]
    Unknown { field: String },
    /// A field whose value is outside the allowed set or range.
    #[error("field `{field}` has a value that is not allowed: {allowed}")]
    NotAllowed {
        field: &'static str,
        allowed: &'static str,
    },
}

/// The unread fields of one entry.
#[derive(Debug)]
pub(crate) struct Fields {
    table: Table,
}

impl Fields {
    pub(crate) fn new(table: Table) -> Self {
        Self { table }
    }

    /// The key of the entry, for error messages, before anything was read.
    pub(crate) fn peek_key(&self) -> Option<&str> {
        self.table.get("key").and_then(Value::as_str)
    }

    pub(crate) fn has(&self, field: &'static str) -> bool {
        self.table.contains_key(field)
    }

    pub(crate) fn text(&mut self, field: &'static str) -> Result<String, FieldError> {
        self.optional_text(field)?
            .ok_or(FieldError::Missing { field })
    }

    pub(crate) fn optional_text(
        &mut self,
        field: &'static str,
    ) -> Result<Option<String>, FieldError> {
        let Some(value) = self.table.remove(field) else {
            return Ok(None);
        };
        let Value::String(text) = value else {
            return Err(FieldError::WrongType {
                field,
                expected: "a text",
            });
        };
        if text.trim().is_empty() {
            return Err(FieldError::Empty { field });
        }
        Ok(Some(text))
    }

    pub(crate) fn date(&mut self, field: &'static str) -> Result<Date, FieldError> {
        self.optional_date(field)?
            .ok_or(FieldError::Missing { field })
    }

    pub(crate) fn optional_date(
        &mut self,
        field: &'static str,
    ) -> Result<Option<Date>, FieldError> {
        let Some(value) = self.table.remove(field) else {
            return Ok(None);
        };
        let wrong = FieldError::WrongType {
            field,
            expected: "a date such as 2026-10-01",
        };
        let Value::Datetime(moment) = value else {
            return Err(wrong);
        };
        moment
            .to_string()
            .parse::<Date>()
            .map(Some)
            .map_err(|_| wrong)
    }

    pub(crate) fn number(&mut self, field: &'static str) -> Result<u32, FieldError> {
        let value = self
            .table
            .remove(field)
            .ok_or(FieldError::Missing { field })?;
        as_number(field, &value)
    }

    pub(crate) fn small_number(&mut self, field: &'static str) -> Result<i8, FieldError> {
        let number = self.number(field)?;
        i8::try_from(number).map_err(|_| FieldError::NotAllowed {
            field,
            allowed: "0 to 127",
        })
    }

    /// A yes-or-no field; absent means no.
    pub(crate) fn flag(&mut self, field: &'static str) -> Result<bool, FieldError> {
        let Some(value) = self.table.remove(field) else {
            return Ok(false);
        };
        value.as_bool().ok_or(FieldError::WrongType {
            field,
            expected: "true or false",
        })
    }

    /// A list of texts; absent means empty.
    pub(crate) fn texts(&mut self, field: &'static str) -> Result<Vec<String>, FieldError> {
        let mut texts = Vec::new();
        for value in self.list(field)? {
            let Value::String(text) = value else {
                return Err(FieldError::WrongType {
                    field,
                    expected: "a list of texts",
                });
            };
            if text.trim().is_empty() {
                return Err(FieldError::Empty { field });
            }
            texts.push(text);
        }
        Ok(texts)
    }

    /// A list of whole numbers; absent means empty.
    pub(crate) fn numbers(&mut self, field: &'static str) -> Result<Vec<u32>, FieldError> {
        let mut numbers = Vec::new();
        for value in self.list(field)? {
            numbers.push(as_number(field, &value)?);
        }
        Ok(numbers)
    }

    /// A list of tables, each to be read with its own [`Fields`]; absent means empty.
    pub(crate) fn tables(&mut self, field: &'static str) -> Result<Vec<Self>, FieldError> {
        let mut tables = Vec::new();
        for value in self.list(field)? {
            let Value::Table(table) = value else {
                return Err(FieldError::WrongType {
                    field,
                    expected: "a list of tables",
                });
            };
            tables.push(Self::new(table));
        }
        Ok(tables)
    }

    /// One of a fixed set of codes, read by `parse`.
    pub(crate) fn code<T>(
        &mut self,
        field: &'static str,
        allowed: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, FieldError> {
        let text = self.text(field)?;
        parse(&text).ok_or(FieldError::NotAllowed { field, allowed })
    }

    /// One of a fixed set of codes, or nothing.
    pub(crate) fn optional_code<T>(
        &mut self,
        field: &'static str,
        allowed: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, FieldError> {
        if self.has(field) {
            self.code(field, allowed, parse).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Refuses fields that nobody read.
    pub(crate) fn finish(self) -> Result<(), FieldError> {
        match self.table.into_iter().next() {
            Some((field, _)) => Err(FieldError::Unknown { field }),
            None => Ok(()),
        }
    }

    fn list(&mut self, field: &'static str) -> Result<Vec<Value>, FieldError> {
        match self.table.remove(field) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => Ok(values),
            Some(_) => Err(FieldError::WrongType {
                field,
                expected: "a list",
            }),
        }
    }
}

fn as_number(field: &'static str, value: &Value) -> Result<u32, FieldError> {
    let wrong = FieldError::WrongType {
        field,
        expected: "a whole number that is not negative",
    };
    let Some(number) = value.as_integer() else {
        return Err(wrong);
    };
    u32::try_from(number).map_err(|_| wrong)
}
