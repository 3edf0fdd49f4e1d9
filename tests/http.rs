//! What becomes of the headers of the crate `http`. That all vectors give the same verdict through it is a part of
//! `tests/native.rs`, where the feature is on.

use http::{HeaderMap, HeaderValue};
use reprieve::{Headers, Response, classify};

fn map(pairs: &[(&'static str, &[u8])]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        map.append(*name, HeaderValue::from_bytes(value).unwrap());
    }
    map
}

#[test]
fn names_are_sorted_and_repeated_values_are_joined() {
    let map = map(&[
        ("retry-after", b"3"),
        ("content-type", b"text/plain"),
        ("retry-after", b"8"),
        ("age", b""),
        ("retry-after", b"5"),
    ]);
    let headers = Headers::new(&map);
    assert_eq!(headers.pairs(), [("age", ""), ("content-type", "text/plain"), ("retry-after", "3, 8, 5")]);

    // As for a page: the longest wait, and not the first.
    let response = Response { status: 503, headers: &headers.pairs(), ..Response::default() };
    assert_eq!(classify(&response).unwrap().retry_after_ms, Some(8000));
}

#[test]
fn cookies_stay_apart() {
    let map = map(&[("set-cookie", b"a=1"), ("set-cookie", b"b=2")]);
    assert_eq!(Headers::new(&map).pairs(), [("set-cookie", "a=1"), ("set-cookie", "b=2")]);
}

#[test]
fn bytes_beyond_ascii_become_characters() {
    let map = map(&[
        ("x-latin-1", b"Gr\xF6\xDFe"),
        ("x-utf-8", "Größe".as_bytes()),
        ("x-utf-8", b"\xFF"),
        ("x-plain", b"a\tb"),
    ]);
    assert_eq!(
        Headers::new(&map).pairs(),
        [("x-latin-1", "Größe"), ("x-plain", "a\tb"), ("x-utf-8", "GrÃ¶Ã\u{9f}e, ÿ")]
    );
}

#[test]
fn what_can_be_borrowed_is() {
    let map = map(&[("retry-after", b"3"), ("x-a", b"1"), ("x-a", b"2")]);
    let headers = Headers::new(&map);
    let pairs = headers.pairs();
    let borrows = |index: usize, value: &HeaderValue| pairs[index].1.as_ptr() == value.as_bytes().as_ptr();
    assert!(borrows(0, &map["retry-after"]));
    assert!(!borrows(1, &map["x-a"]));
}

#[test]
fn nothing_is_there_without_headers() {
    assert!(Headers::new(&HeaderMap::new()).pairs().is_empty());
    assert!(Headers::default().pairs().is_empty());
}
