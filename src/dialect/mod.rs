//! A dialect: how one API writes its errors, as data. Chooses the one for a response, and reads the response with it.

mod builtin;
mod format;
mod read;
mod select;

pub(crate) use format::{CATALOG, DIALECT};
pub(crate) use read::{advise, judge, read};
pub(crate) use select::{Catalog, names_host, standard};

use crate::body::{Body, Tree};
use crate::load::{LoadError, load};
use crate::response::Response;

/// How one API writes its errors. Loaded from JSON in the format of `src/dialects/README.md`.
#[derive(Clone, Debug)]
pub struct Dialect {
    /// The document, checked against the format.
    pub(crate) tree: Tree<'static>,
}

impl Dialect {
    /// Loads one dialect.
    ///
    /// # Errors
    /// Where the text is no JSON or no dialect: the place, as a JSON Pointer, and the reason.
    pub fn from_json(text: &str) -> Result<Self, LoadError> {
        Ok(Self { tree: load(text, &DIALECT)?.into_owned() })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        id(&self.tree)
    }
}

/// Where an API reads its idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace<'d> {
    /// The request header of that name.
    Header(&'d str),
    /// The query parameter of that name.
    Query(&'d str),
}

/// A response, where it came from, and what was found in its body.
#[derive(Clone, Copy)]
pub(crate) struct Evidence<'e> {
    pub(crate) response: &'e Response<'e>,
    /// In lower case.
    pub(crate) host: &'e str,
    pub(crate) body: &'e Body<'e>,
    pub(crate) clock_ms: u64,
}

pub(crate) fn id<'d>(dialect: &'d Tree<'_>) -> &'d str {
    dialect.text("id").unwrap_or_default()
}
