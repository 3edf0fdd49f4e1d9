//! What was found.

use super::phrase::is_phrase;
use crate::failure::FieldError;

/// What a body says, as far as it can be known without knowing whose it is.
#[derive(Default)]
pub(crate) struct Reading<'t> {
    pub(crate) code: Option<&'t str>,
    pub(crate) message: Option<&'t str>,
    /// A message that only repeats a reason phrase.
    pub(super) phrase: Option<&'t str>,
    pub(crate) request_id: Option<&'t str>,
    pub(crate) docs_url: Option<&'t str>,
    pub(crate) retry_after_ms: Option<u64>,
    /// The HTTP status inside the envelope.
    pub(crate) status: Option<u16>,
    /// What the error says of itself.
    pub(crate) transient: Option<bool>,
    pub(crate) fields: Vec<FieldError>,
}

/// Takes a message; one that only repeats a reason phrase gives way to another.
pub(super) fn offer<'t>(text: &'t str, code: Option<&str>, out: &mut Reading<'t>) {
    if Some(text) == code {
    } else if is_phrase(text) {
        out.phrase = out.phrase.or(Some(text));
    } else {
        out.message = out.message.or(Some(text));
    }
}
