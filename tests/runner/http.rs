//! Every response of a vector once more, as one of the crate `http`.

use std::sync::atomic::{AtomicUsize, Ordering};

use http::{HeaderName, HeaderValue};
use reprieve::{Dialects, Failure, Headers, Response};

static SAME: AtomicUsize = AtomicUsize::new(0);
/// No server can send them: a status or a header that is not HTTP.
static NOT_HTTP: AtomicUsize = AtomicUsize::new(0);

/// How many there were.
pub fn line() -> String {
    let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    assert!(count(&SAME) > 20 * count(&NOT_HTTP), "too few responses went through http::Response");
    format!("through http::Response: {} the same, {} are not HTTP", count(&SAME), count(&NOT_HTTP))
}

/// The verdict has to be the same.
pub fn check(response: &Response<'_>, dialects: &Dialects, expected: Option<&Failure>) {
    let Some(answer) = answer(response) else {
        NOT_HTTP.fetch_add(1, Ordering::Relaxed);
        return;
    };
    let headers = Headers::new(answer.headers());
    let found = dialects.classify(&Response {
        status: answer.status().as_u16(),
        headers: &headers.pairs(),
        body: answer.body(),
        ..*response
    });
    assert_eq!(found.as_ref(), expected, "through http::Response: {response:?}");
    SAME.fetch_add(1, Ordering::Relaxed);
}

fn answer<'b>(response: &Response<'b>) -> Option<http::Response<&'b [u8]>> {
    let mut answer = http::Response::builder().status(response.status);
    for (name, value) in response.headers {
        let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(c).ok()).collect();
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        answer = answer.header(name, HeaderValue::from_bytes(&bytes?).ok()?);
    }
    answer.body(response.body).ok()
}
