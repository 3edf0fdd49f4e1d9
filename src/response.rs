//! What came back.

use crate::text::{cut, head, span};

/// A response as it was received. Borrows everything; nothing is copied until a `Failure` is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Response<'a> {
    /// The HTTP status.
    pub status: u16,
    /// Names in any letter case; a name may occur more than once.
    pub headers: &'a [(&'a str, &'a str)],
    /// The URL of the request, or empty. Its host helps to tell the API.
    pub url: &'a str,
    /// The content, decoded from any transfer or content coding. Only the first [`MAX_BODY`] bytes are read.
    pub body: &'a [u8],
    /// Milliseconds since the Unix epoch at which the response arrived.
    pub now_ms: u64,
}

/// The number of body bytes that are looked at: 64 KiB.
pub const MAX_BODY: usize = 64 * 1024;

impl<'a> Response<'a> {
    /// The first header of that name, without surrounding white space.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers
            .iter()
            .find(|(candidate, _)| candidate.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_ascii())
    }

    /// The host in `url`, as it is written there, without user information and port.
    #[must_use]
    pub fn host(&self) -> &'a str {
        host(self.url)
    }

    pub(crate) fn content(&self) -> &'a [u8] {
        self.body.get(..MAX_BODY).unwrap_or(self.body)
    }
}

/// The host in an absolute URL; empty where there is none.
pub(crate) fn host(url: &str) -> &str {
    let after_scheme = cut(url, b':').and_then(|(_, rest)| rest.strip_prefix("//"));
    let Some(rest) = after_scheme else { return "" };
    let (mut host, _) = span(rest, |byte| !matches!(byte, b'/' | b'?' | b'#' | b'\\'));
    while let Some((_, after_user)) = cut(host, b'@') {
        host = after_user;
    }
    // The colons of an IPv6 address stand in brackets.
    if host.starts_with('[') { host } else { head(host, b':').0 }
}
