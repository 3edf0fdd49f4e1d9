//! What does a failed HTTP request mean, and should it be sent again: when, how often?
//!
//! ```text
//! Response ──► classify ──► Failure ──► Policy::decide ──► Decision
//!                 │                         │
//!         body    what it is made of    Partition
//!         generic what errors have in common
//!         dialect what one API writes otherwise
//!         words   what a code says, whoever says it
//!         status  what is left
//! ```
//!
//! The core has no clock, no randomness and does no I/O: the time and a random number are arguments.
//!
//! ```
//! use reprieve::{Decision, Partition, Policy, Progress, Request, Response, Ticket, classify};
//!
//! let response = Response {
//!     status: 503,
//!     headers: &[("content-type", "application/json"), ("retry-after", "2")],
//!     url: "https://api.rooom.com/spaces",
//!     body: br#"{"error":{"code":"service_unavailable","message":"Back soon"}}"#,
//!     now_ms: 1_700_000_000_000,
//! };
//! let failure = classify(&response).expect("a 503 is a failure");
//! assert_eq!(failure.kind.name(), "unavailable");
//! assert_eq!(failure.retry_after_ms, Some(2000));
//!
//! let request = Request { path: "/spaces", ..Request::get() };
//! let progress = Progress { attempt: 1, elapsed_ms: 80, now_ms: response.now_ms, random: 0.5 };
//! let (mut ticket, mut partition) = (Ticket::new(), Partition::new());
//! let decision = Policy::DEFAULT.decide(&failure, request, progress, &mut ticket, &mut partition);
//! assert_eq!(decision, Decision::Retry { delay_ms: 3000 });
//! ```
//!
//! # Features
//!
//! - `serde`, on by default: [`Failure`], [`Decision`], [`Basis`] and what they are made of implement `serde::Serialize`, in the shape that JavaScript sees.
//! - `http`: `Headers` makes what a [`Response`] takes from the `HeaderMap` of the crate `http`, which reqwest, hyper and axum share.
//! - `wasm`: the boundary of the npm package. Of no use to a back end.
//!
//! In a page the same core answers behind `fetch`: `import { createFetch } from 'reprieve'`.

#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod body;
mod classify;
mod delay;
mod dialect;
mod failure;
mod generic;
#[cfg(feature = "http")]
mod headers;
mod load;
mod policy;
mod response;
mod status;
mod text;
#[cfg(feature = "wasm")]
mod wasm;
mod words;

pub use classify::{Dialects, Transport, classify};
pub use dialect::{Dialect, KeyPlace};
pub use failure::{Advice, Failure, FieldError, Kind, Source, Step};
#[cfg(feature = "http")]
pub use headers::Headers;
pub use load::LoadError;
pub use policy::{
    Admission, Backoff, Basis, Breaker, Budget, Decision, Gate, Input, Jitter, Partition, Policy, Progress,
    Reason, Request, RetryAfter, Ticket, Trip,
};
pub use response::{MAX_BODY, Response};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
