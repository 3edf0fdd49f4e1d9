//! The headers of a response of the crate `http`, which `reqwest`, `hyper`, `axum` and `ureq` share.

use std::borrow::Cow;

use ::http::HeaderMap;

/// The headers of a [`HeaderMap`] as a [`Response`](crate::Response) takes them, and as `fetch` shows them to a page: sorted by their names, the
/// values of a repeated one joined with commas. So both sides give the same verdict.
///
/// Names and values are borrowed; only a value that has to be written anew is copied: that of a repeated header, and one with bytes beyond ASCII,
/// whether UTF-8 or not. Nothing is lost of it: each such byte becomes the character of its number (Latin-1), which is what `fetch` makes of it.
///
/// ```
/// use http::{Response as Answer, StatusCode};
/// use reprieve::{Headers, Response, classify};
///
/// let answer = Answer::builder().status(StatusCode::TOO_MANY_REQUESTS).header("Retry-After", "7").body("").unwrap();
///
/// let headers = Headers::new(answer.headers());
/// let failure = classify(&Response {
///     status: answer.status().as_u16(),
///     headers: &headers.pairs(),
///     url: "https://api.rooom.com/spaces",
///     body: answer.body().as_bytes(),
///     now_ms: 1_700_000_000_000,
/// });
/// assert_eq!(failure.and_then(|failure| failure.retry_after_ms), Some(7000));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Headers<'a> {
    /// Looks through all headers once.
    #[must_use]
    pub fn new(map: &'a HeaderMap) -> Self {
        let mut list: Vec<_> =
            map.iter().map(|(name, value)| (name.as_str(), text(value.as_bytes()))).collect();
        // Stable: the values of one name stay in their order.
        list.sort_by_key(|(name, _)| *name);
        list.dedup_by(|(name, value), (first, values)| {
            let is_repeated = name == first && *name != "set-cookie";
            if is_repeated {
                let values = values.to_mut();
                values.push_str(", ");
                values.push_str(value);
            }
            is_repeated
        });
        Self(list)
    }

    /// What [`Response::headers`](crate::Response::headers) takes.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, &**value)).collect()
    }
}

/// A byte beyond ASCII becomes the character of its number.
fn text(value: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(value) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => value.iter().map(|byte| char::from(*byte)).collect(),
    }
}
