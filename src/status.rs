//! What an HTTP status says by itself.

use crate::failure::Kind;

/// The kind of a failed response of which only the status is known.
///
/// RFC 9110 section 15 unless noted; the unregistered ones are those of widely used proxies and frameworks.
#[must_use]
pub(crate) fn kind(status: u16) -> Kind {
    match status {
        // 15.5.2, 15.5.8; RFC 6585 section 6. Laravel 419, Microsoft IIS 440, Esri 498.
        401 | 407 | 419 | 440 | 498 | 511 => Kind::Unauthenticated,
        // 15.5.3
        402 => Kind::PaymentRequired,
        // 15.5.4; RFC 7725 section 3.
        403 | 451 => Kind::PermissionDenied,
        // 15.5.5, 15.5.11
        404 | 410 => Kind::NotFound,
        // 15.5.9, 15.6.5. Cloudflare 522 and 524, proxies 598 and 599.
        408 | 504 | 522 | 524 | 598 | 599 => Kind::Timeout,
        // 15.5.10, 15.5.13; RFC 4918 section 11.3. Microsoft 449.
        409 | 412 | 423 | 449 => Kind::Conflict,
        // RFC 6585 section 4. Twitter 420, Shopify 430, cPanel 509.
        420 | 429 | 430 | 509 => Kind::RateLimited,
        // RFC 8470 section 5.2; 15.6.4. Envoy and Fly 477, Anthropic and Qualys 529.
        425 | 477 | 503 | 529 => Kind::Unavailable,
        // nginx: the client closed the connection.
        499 => Kind::Cancelled,
        // 15.6.3. Cloudflare 520 to 530.
        502 | 520 | 521 | 523 | 525 | 526 | 527 | 530 => Kind::BadGateway,
        400..=499 => Kind::InvalidRequest,
        500..=599 => Kind::ServerError,
        _ => Kind::Unknown,
    }
}

/// The kind once a `Retry-After` is taken into account: a 403 that names a time is a limit, not a missing permission.
#[must_use]
pub(crate) fn kind_with_delay(status: u16, has_retry_after: bool) -> Kind {
    if status == 403 && has_retry_after { Kind::RateLimited } else { kind(status) }
}

/// Where the status knows better than its kind whether the identical request may succeed later.
#[must_use]
pub(crate) fn transient(status: u16, has_retry_after: bool) -> Option<bool> {
    match status {
        // Not implemented (15.6.2), HTTP version (15.6.6), RFC 2295, RFC 5842, RFC 2774, RFC 6585; Cloudflare 526: the certificate is invalid.
        501 | 505 | 506 | 508 | 510 | 511 | 526 => Some(false),
        // Microsoft 449: "retry with".
        449 => Some(true),
        // 15.5.14: a 413 with Retry-After is temporary; RFC 4918: a lock that says when it ends.
        413 | 423 if has_retry_after => Some(true),
        _ => None,
    }
}
